package p12key

import (
	"bytes"
	"testing"

	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// fuzzLimits allow only files with one iteration, so that tries cost nothing.
var fuzzLimits = sshkey.Limits{KDFWork: 10}

func cheapSeeds(t testing.TB) [][]byte {
	t.Helper()
	return [][]byte{
		read(t, "plain.p12"), read(t, "plain-ed25519.p12"),
		seal(t, contentOf(t, read(t, "plain-mac.p12")), passphrase, 1),
		read(t, "no-key-plain.p12"),
	}
}

// FuzzParse: any bytes give a good key or an error that the documentation names.
func FuzzParse(f *testing.F) {
	for _, r := range manifest(f) {
		f.Add(r.data)
	}
	for _, data := range cheapSeeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		file, err := DecodeLimits(data, fuzzLimits)
		require.Equal(t, before, data, "the input is changed")
		if err != nil {
			require.Nil(t, file)
			requireDocumented(t, err)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			return
		}
		require.Equal(t, file.Encrypted(), file.KDF != nil)
		require.Equal(t, file.Encrypted(), file.PublicKey == nil)
		w := &work{limits: fuzzLimits}
		key, err := file.open(w, []byte(passphrase))
		requireBounded(t, w, err)
		if err != nil {
			requireDocumented(t, prefixed(err))
			require.True(t, file.Encrypted(), "Decode has opened the file already")
			return
		}
		require.NoError(t, key.Check())
	})
}

// FuzzContent changes the content under a MAC that is right.
func FuzzContent(f *testing.F) {
	seeds := 0
	for _, r := range readable(f) {
		if len(r.passphrase) > 0 {
			f.Add(contentOf(f, r.data))
			seeds++
		}
	}
	require.GreaterOrEqual(f, seeds, 15)
	f.Fuzz(func(t *testing.T, content []byte) {
		requireKeyOrError(t, seal(t, content, passphrase, 1), passphrase)
	})
}
