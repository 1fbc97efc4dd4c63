package ssh1key

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// FuzzParse: whatever the bytes, there is a good key or an error that the
// documentation names.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(keytest.Testdata(f, "ssh1"), "*.key"))
	require.NoError(f, err)
	require.Len(f, files, 4)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		file, err := Decode(data)
		require.Equal(t, before, data, "the input is changed")
		if err != nil {
			require.Nil(t, file)
			requireDocumented(t, err)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			return
		}
		key, err := file.Decrypt([]byte(passphrase))
		if err != nil {
			requireDocumented(t, err)
			require.Equal(t, file.Encrypted(), err.Error() == "ssh1key: "+sshkey.ErrIncorrectPassphrase.Error())
			return
		}
		require.NoError(t, key.Check())
		pub, err := key.Public()
		require.NoError(t, err)
		require.Equal(t, file.PublicKey.Marshal(), pub.Marshal())
	})
}
