package quote

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPackages(t *testing.T) {
	bad := errors.New("bad")
	assert.NoError(t, InPackage("ppk", nil))
	assert.EqualError(t, InPackage("ppk", bad), "ppk: bad")
	assert.ErrorIs(t, InPackage("ppk", bad), bad)
	for want, err := range map[string]error{
		"bad":                bad,
		"line 3: bad":        InPackage("ppk", fmt.Errorf("line 3: %w", bad)),
		"cert.pub: bad":      fmt.Errorf("cert.pub: %w", InPackage("keyconv", InPackage("dropbear", bad))),
		"ppk: in the middle": errors.New("ppk: in the middle"),
	} {
		assert.Equal(t, want, WithoutPackages(err))
	}
}
