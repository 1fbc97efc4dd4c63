package sshkey

import (
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// Token is what a file says of a key on a security token.
type Token struct {
	Application string // "ssh:", or what ssh-keygen -O application= named
	// Flags are those of the private half, in sk-api.h of OpenSSH; they count where HasFlags
	// says that the file shows them.
	Flags    byte
	HasFlags bool
}

// The flags of a key on a token.
const (
	TokenTouch    = 0x01 // each use takes a touch of the token
	TokenVerify   = 0x04 // each use takes its PIN, or a fingerprint of its owner
	TokenResident = 0x20 // ssh-keygen -K gets the file from the token again
)

// TokenOf returns what a public key says of its token, nil for one that is not on a token.
func TokenOf(pub ssh.PublicKey) *Token {
	if rawkey.IsNil(pub) {
		return nil
	}
	pub = rawkey.WithoutCertificate(pub)
	if t, _ := rawkey.TypeOf(pub.Type()); !t.Token {
		return nil
	}
	r := wire.NewReader(pub.Marshal())
	r.String("key type")
	if pub.Type() == ssh.KeyAlgoSKECDSA256 {
		r.String("curve name")
	}
	r.String("public key")
	return &Token{Application: string(r.String("application"))}
}
