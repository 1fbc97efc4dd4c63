package engine_test

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAddCertificate puts a certificate of ssh-keygen's into a .ppk, as puttygen
// does, and takes it out again.
func TestAddCertificate(t *testing.T) {
	for _, kt := range keytest.Types() {
		if kt.Name == "dsa1024" || kt.Name == "ed448" {
			continue // which x/crypto/ssh and OpenSSH do not certify
		}
		t.Run(kt.Name, func(t *testing.T) {
			key := kt.New(t)
			plain := marshal(t, key, engine.PPK, false)
			line := certify(t, key, "-I", "an id", "-n", "root")
			require.NoError(t, engine.AddCertificate(key, line))
			certified := marshal(t, key, engine.PPK, false)
			want := puttygen(t, plain, "-O", "private", "--certificate", keytest.WriteFile(t, t.TempDir(), "c", line))
			assert.Equal(t, string(want), string(certified))

			back := mustParse(t, certified)
			require.NotNil(t, back.Certificate)
			assert.Equal(t, key.Certificate.Marshal(), back.Certificate.Marshal())
			for _, format := range []engine.Format{engine.Public, engine.RFC4716} {
				data, err := engine.Marshal(back, format, nil)
				require.NoError(t, err)
				flag := map[engine.Format]string{engine.Public: "-L", engine.RFC4716: "-p"}[format]
				assert.Equal(t, string(puttygen(t, certified, flag)), string(data))
			}
			for _, format := range []engine.Format{engine.PEM, engine.PKCS8, engine.OpenSSH} {
				assert.Nil(t, mustParse(t, marshal(t, back, format, false)).Certificate, "%s holds none", format)
			}
			back.Certificate = nil
			assert.Equal(t, string(plain), string(marshal(t, back, engine.PPK, false)))
		})
	}
}

func TestAddCertificateRefuses(t *testing.T) {
	key, other := keytest.Type(t, "ed25519").New(t), keytest.Type(t, "ed25519").New(t)
	var (
		invalid    *sshkey.InvalidKeyError
		notPrivate *engine.NotPrivateError
	)
	pub, err := key.Public()
	require.NoError(t, err)
	x509 := "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
	certified := keytest.Type(t, "ed25519").New(t)
	require.NoError(t, engine.AddCertificate(certified, certify(t, certified, "-I", "id")))
	for name, test := range map[string]struct {
		data    []byte
		target  any
		message string
	}{
		"of another key":    {certify(t, other, "-I", "id"), &invalid, "the certificate is for another key"},
		"plain public key":  {sshkey.AuthorizedKey(pub, ""), &invalid, "this is an OpenSSH public key, not a certificate"},
		"private key":       {marshal(t, key, engine.OpenSSH, false), &invalid, "this is an OpenSSH private key (openssh-key-v1), not a certificate"},
		"certified private": {marshal(t, certified, engine.PPK, false), &invalid, "this is a PuTTY private key, version 3, not a certificate"},
		"X.509":             {[]byte(x509), &notPrivate, "X.509"},
		"empty":             {nil, &notPrivate, "the file is empty"},
		"cut":               {[]byte(strings.Repeat("x", 10)), &notPrivate, "there is no key in it"},
	} {
		t.Run(name, func(t *testing.T) {
			err := engine.AddCertificate(key, test.data)
			require.ErrorAs(t, err, test.target)
			require.ErrorContains(t, err, test.message)
			assert.Nil(t, key.Certificate, "the key changed")
		})
	}
}
