package sshkey

import (
	"crypto"
	"crypto/ed25519"

	"github.com/cloudflare/circl/sign/ed448"
)

// New returns the key with that private half, after [Key.Check], whose errors it returns. It
// takes what Private may be, and pointers to Ed25519 and Ed448 keys too: what
// ssh.ParseRawPrivateKey and x509.ParsePKCS8PrivateKey return goes in. The numbers are
// shared with the argument, which must not change any more.
func New(private crypto.PrivateKey) (*Key, error) {
	switch p := private.(type) {
	case *ed25519.PrivateKey:
		if p != nil {
			private = *p
		}
	case *ed448.PrivateKey:
		if p != nil {
			private = *p
		}
	}
	key := &Key{Private: private}
	if err := key.Check(); err != nil {
		return nil, err
	}
	return key, nil
}
