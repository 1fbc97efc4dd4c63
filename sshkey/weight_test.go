package sshkey_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLibraryImportsLittle: what every program that reads a key would have to load. encoding/xml
// would come for one method that MarshalText makes needless, and the command's packages for none.
func TestLibraryImportsLittle(t *testing.T) {
	library := []string{"./sshkey", "./ppk", "./pemkey", "./ssh1key", "./p12key", "./jkskey", "./jwkkey", "./dropbearkey", "./mskey", "."}
	list := exec.Command(keytest.Tool(t, "go"), append([]string{"list", "-deps"}, library...)...)
	list.Dir = keytest.Root(t)
	out, err := list.Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	assert.Contains(t, deps, "golang.org/x/crypto/ssh")
	for _, path := range deps {
		for _, heavy := range []string{"encoding/xml", "text/template", "html/template", "net/http", "github.com/titanous", "github.com/spf13", "github.com/stretchr"} {
			assert.False(t, path == heavy || strings.HasPrefix(path, heavy+"/"), "the library imports %s", path)
		}
	}
}
