package sshkey_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// certifiedKey is a key of OpenSSH's with its certificate.
func certifiedKey(t *testing.T) *sshkey.Key {
	t.Helper()
	private, err := ssh.ParseRawPrivateKey(keytest.Read(t, "corpus", "generated", "ecdsa256.openssh-new"))
	require.NoError(t, err)
	cert, _, err := rawkey.DecodeAuthorizedKey(keytest.Read(t, "corpus", "generated", "ecdsa256-cert.pub"))
	require.NoError(t, err)
	return &sshkey.Key{Private: private, Certificate: cert.(*ssh.Certificate)}
}

func TestCertifiedPublic(t *testing.T) {
	key := certifiedKey(t)
	require.NoError(t, key.Validate())
	pub, err := rawkey.CertifiedPublic(key.Private, key.Certificate)
	require.NoError(t, err)
	assert.Equal(t, key.Certificate, pub)
	plain, err := key.Public()
	require.NoError(t, err)
	assert.Equal(t, "ecdsa-sha2-nistp256", plain.Type())
	assert.Equal(t, sshkey.FingerprintSHA256(plain), sshkey.FingerprintSHA256(pub), "of the key, not of the certificate")
	assert.Equal(t, sshkey.FingerprintMD5(plain), sshkey.FingerprintMD5(pub))
	assert.Equal(t, 256, rawkey.Bits(pub))
	assert.Contains(t, string(sshkey.AuthorizedKey(pub, "")), "ecdsa-sha2-nistp256-cert-v01@openssh.com ")

	key.Certificate = nil
	pub, err = rawkey.CertifiedPublic(key.Private, key.Certificate)
	require.NoError(t, err)
	assert.Equal(t, plain, pub)
}

func TestCertificateOfAnotherKey(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		key := kt.New(t)
		for name, cert := range map[string]*ssh.Certificate{"another": certifiedKey(t).Certificate, "empty": {}} {
			key.Certificate = cert
			for _, err := range []error{key.Check(), key.Validate()} {
				var invalid *sshkey.InvalidKeyError
				require.ErrorAs(t, err, &invalid, "%s %s", kt.Name, name)
				require.ErrorContains(t, err, "the certificate is for another key")
			}
			_, err := rawkey.CertifiedPublic(key.Private, key.Certificate)
			require.ErrorContains(t, err, "the certificate is for another key")
			_, err = key.Public()
			require.NoError(t, err, "the plain half does not depend on it")
		}
	}
}

func TestEqualIsAboutThePrivateKey(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		a := kt.New(t)
		b := &sshkey.Key{Private: a.Private, Comment: "another", Certificate: certifiedKey(t).Certificate}
		assert.True(t, a.Equal(b), kt.Name)
		assert.False(t, a.Equal(kt.New(t)), kt.Name)
		assert.False(t, a.Equal(certifiedKey(t)), kt.Name)
		assert.False(t, a.Equal(&sshkey.Key{}), kt.Name)
	}
}
