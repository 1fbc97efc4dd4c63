package keyconv_test

import (
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// FuzzParseContext: only errors that the package page names, and what is read is written in
// every format that takes it.
func FuzzParseContext(f *testing.F) {
	for _, name := range []string{"ed25519.v3.ppk", "ed25519.v3.enc.ppk", "ecdsa256.openssh", "ecdsa256.pkcs8.pem", "ed25519.pub"} {
		f.Add(keytest.Read(f, "twins", name), 0, false)
		f.Add(keytest.Read(f, "twins", name), 1, true)
	}
	limits := sshkey.Limits{KDFMemory: 1024, KDFWork: 2, Work: 20_000_000, PassphraseWork: 20_000_000}
	f.Fuzz(func(t *testing.T, data []byte, index int, mend bool) {
		key, err := keyconv.ParseContext(t.Context(), data, &keyconv.ParseOptions{
			Limits: limits, Mend: mend, Index: index, Passphrase: answer("correct horse"),
		})
		if err != nil {
			require.True(t, isNamed(err), "%T %v", err, err)
			return
		}
		pub, err := key.Public()
		require.NoError(t, err)
		for _, format := range keyconv.Formats() {
			if _, _, err := keyconv.Write(key, format, nil, nil); err != nil {
				require.True(t, isNamed(err), "%T %v", err, err)
			} else {
				require.True(t, format.Takes(pub.Type()))
			}
		}
	})
}
