package sshkey_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"golang.org/x/crypto/ssh"
)

// TestPublicKeysThatAreNotWhole: package ssh panics for some of these.
func TestPublicKeysThatAreNotWhole(t *testing.T) {
	pub := certifiedKey(t).Certificate.Key
	for _, pub := range []ssh.PublicKey{nil, (*ssh.Certificate)(nil), &ssh.Certificate{}, &ssh.Certificate{Key: pub}, &ssh.Certificate{SignatureKey: pub}} {
		assert.Empty(t, sshkey.AuthorizedKey(pub, "comment"))
		assert.Empty(t, sshkey.FingerprintSHA256(pub))
		assert.Empty(t, sshkey.FingerprintMD5(pub))
		assert.Nil(t, sshkey.TokenOf(pub))
	}
	for _, blob := range [][]byte{nil, {}, make([]byte, 4), make([]byte, 64)} {
		_, err := rawkey.ParsePublic(blob)
		assert.True(t, named(err), "%v", err)
	}
}
