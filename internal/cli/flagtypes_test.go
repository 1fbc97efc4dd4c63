package cli

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSize(t *testing.T) {
	for text, want := range map[string]uint64{
		"65536": 65536, "64K": 64, "64k": 64, "64KiB": 64, "64KB": 64, "64M": 65536, "64m": 65536, "64MB": 65536, "64MiB": 65536,
		"64 MiB": 65536, "1G": 1 << 20, "1gib": 1 << 20, "2T": 2 << 30, "0": 0,
	} {
		var s size
		shown, err := s.set(text)
		assert.NoError(t, err, text)
		assert.Equal(t, want, uint64(s), text)
		assert.Equal(t, fmt.Sprint(want), shown)
	}
	for _, text := range []string{"", "M", "64B", "64iB", "64X", "6.4G", "-1", "-1M", "0x40", "64MM", "M64", "18446744073709551616", "17592186044416T"} {
		s := size(7)
		_, err := s.set(text)
		assert.Error(t, err, text)
		assert.Equal(t, size(7), s, "a value that is refused changes nothing")
	}
}
