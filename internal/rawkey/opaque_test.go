package rawkey_test

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// unknownTypes are types of drafts and of programs, and one that does not exist.
var unknownTypes = []string{
	"ssh-mldsa-44", "ssh-mldsa-65", "ssh-mldsa-87", "ssh-mldsa87-p384", "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
	"sk-ssh-moon@openssh.com", "ssh-moon-cert-v01@openssh.com", "ssh-moon", "!", "ssh-mldsa44-ed25519-cert",
}

// TestOpaque: a public key of an unknown type is shown and written as it is, in every
// public form that has its bytes.
func TestOpaque(t *testing.T) {
	for _, name := range unknownTypes {
		b := blob(name, bytes.Repeat([]byte{7}, 1952), "more")
		pub, err := rawkey.ParsePublic(b)
		require.NoError(t, err, name)
		assert.True(t, rawkey.IsOpaque(pub), name)
		assert.Equal(t, name, pub.Type())
		assert.Equal(t, b, pub.Marshal())
		assert.Zero(t, rawkey.Bits(pub))
		assert.Equal(t, ssh.FingerprintSHA256(pub), sshkey.FingerprintSHA256(pub))
		assert.Empty(t, rawkey.PublicFindings(pub))
		assert.Empty(t, rawkey.PublicParts(pub))
		assert.Nil(t, sshkey.TokenOf(pub))
		require.Error(t, pub.Verify(nil, &ssh.Signature{Format: name}))
		_, err = rawkey.SPKI(pub)
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError))

		line := sshkey.AuthorizedKey(pub, "a comment")
		assert.Equal(t, name+" "+base64.StdEncoding.EncodeToString(b)+" a comment\n", string(line))
		back, comment, err := rawkey.DecodeAuthorizedKey(line)
		require.NoError(t, err)
		assert.Equal(t, pub, back)
		assert.Equal(t, "a comment", comment)
		back, comment, err = rawkey.DecodeRFC4716(rawkey.RFC4716(pub, "a comment"))
		require.NoError(t, err)
		assert.Equal(t, pub, back)
		assert.Equal(t, "a comment", comment)
		b[len(b)-1] ^= 1
		assert.NotEqual(t, b, pub.Marshal(), "the key shares memory with the file")
	}
	pub, err := rawkey.ParsePublic(blob("ssh-ed25519", make([]byte, 32)))
	require.NoError(t, err)
	assert.False(t, rawkey.IsOpaque(pub))
}

// TestCarried: a private half that is not understood is the same only if all its bytes are.
func TestCarried(t *testing.T) {
	pub, err := rawkey.ParsePublic(blob("ssh-moon", "key"))
	require.NoError(t, err)
	key := &sshkey.Key{Private: &rawkey.CarriedKey{Public: pub, Fields: []byte("secret")}}
	require.NoError(t, key.Validate())
	got, err := key.Public()
	require.NoError(t, err)
	assert.Equal(t, pub, got)
	assert.True(t, key.Equal(key))
	assert.False(t, key.Equal(&sshkey.Key{Private: &rawkey.CarriedKey{Public: pub, Fields: []byte("Secret")}}))
	assert.Empty(t, rawkey.Findings(key.Private))
	assert.NotContains(t, key.String(), "secret")
	for _, none := range []*rawkey.CarriedKey{nil, {}} {
		require.Error(t, (&sshkey.Key{Private: none}).Check())
	}
}

func TestTokenOf(t *testing.T) {
	point, _ := generated(t, rawkey.Curves()[0])
	for _, b := range [][]byte{
		blob("sk-ssh-ed25519@openssh.com", make([]byte, 32), "ssh:work"),
		blob("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", point, "ssh:work"),
	} {
		pub, err := rawkey.ParsePublic(b)
		require.NoError(t, err)
		assert.Equal(t, &sshkey.Token{Application: "ssh:work"}, sshkey.TokenOf(pub))
	}
	assert.Nil(t, sshkey.TokenOf(nil))
}

// FuzzParsePublic: any blob is an error that the documentation names, or a key that can be
// described; what is not understood keeps its bytes.
func FuzzParsePublic(f *testing.F) {
	private, err := rawkey.NewMLDSA44Ed25519(compositeNames[1], nil, compositeSeeds())
	require.NoError(f, err)
	f.Add(blob(compositeNames[1], private.Public))
	f.Add(blob("ssh-moon", "key"))
	f.Add(blob("sk-ssh-ed25519@openssh.com", make([]byte, 32), "ssh:"))
	f.Add(blob(compositeCertificate, "nonce", private.Public))
	f.Fuzz(func(t *testing.T, b []byte) {
		pub, err := rawkey.ParsePublic(b)
		if err != nil {
			requireKnownError(t, err)
			return
		}
		_, composite := pub.(rawkey.MLDSA44Ed25519PublicKey)
		_, shown := pub.(*rawkey.ShownCertificate)
		if composite || shown || rawkey.IsOpaque(pub) {
			require.Equal(t, b, rawkey.Blob(pub))
		}
		rawkey.Bits(pub)
		rawkey.PublicFindings(pub)
		rawkey.PublicParts(pub)
		sshkey.TokenOf(pub)
		rawkey.CertificateFindings(pub, 1)
		require.NotEmpty(t, sshkey.FingerprintSHA256(pub))
	})
}
