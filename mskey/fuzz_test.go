package mskey

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse: whatever the bytes, there is a good key or an error that the documentation
// names.
func FuzzParse(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		FormOf(data)
		key, err := ParseWithPassphrase(data, []byte(passphrase))
		require.Equal(t, before, data, "the input is changed")
		if err != nil {
			requireDocumented(t, err)
			return
		}
		require.NoError(t, key.Check())
	})
}
