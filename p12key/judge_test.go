package p12key

import (
	"testing"

	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"software.sslmate.com/src/go-pkcs12"
)

// TestJudge compares with an independent library: both read the same keys from the files of
// OpenSSL, and this package reads what the library writes.
func TestJudge(t *testing.T) {
	beyond := map[string]bool{"ed448.p12": true, "dsa1024.p12": true, "no-certificate.p12": true, "mac-sha384.p12": true, "no-mac.p12": true, "camellia.p12": true}
	judged := 0
	for _, r := range readable(t) {
		if beyond[r.name] {
			continue
		}
		private, certificate, _, err := pkcs12.DecodeChain(r.data, r.passphrase)
		require.NoError(t, err, r.name)
		key, err := ParseWithPassphrase(r.data, []byte(r.passphrase))
		require.NoError(t, err, r.name)
		assert.True(t, key.Equal(&sshkey.Key{Private: private}), r.name)
		for name, encoder := range map[string]*pkcs12.Encoder{
			"RC2": pkcs12.LegacyRC2, "3DES": pkcs12.LegacyDES, "none": pkcs12.Passwordless, "2023": pkcs12.Modern2023, "2026": pkcs12.Modern2026,
		} {
			for _, pass := range []string{"", "wörd €"} {
				if name == "none" && pass != "" {
					continue
				}
				data, err := encoder.WithIterations(3).Encode(private, certificate, nil, pass)
				require.NoError(t, err)
				again, err := ParseWithPassphrase(data, []byte(pass))
				require.NoError(t, err, "%s, %s, %q", r.name, name, pass)
				assert.True(t, key.Equal(again))
				if name != "none" {
					_, err = ParseWithPassphrase(data, []byte("wrong"))
					require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
				}
				judged++
			}
		}
	}
	assert.GreaterOrEqual(t, judged, 100)
}
