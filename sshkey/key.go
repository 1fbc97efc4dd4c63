package sshkey

import (
	"crypto"
	"encoding/base64"

	"github.com/keyconv/keyconv/internal/rawkey"
	"golang.org/x/crypto/ssh"
)

// Key is one SSH private key with what travels beside it in a key file. [New] makes one of
// a private key of another package. The methods that work with the key give an
// *InvalidKeyError for a nil pointer.
type Key struct {
	// Private is always one of *rsa.PrivateKey, *dsa.PrivateKey,
	// *ecdsa.PrivateKey, ed25519.PrivateKey, ed448.PrivateKey (of circl): never
	// a pointer to an Ed25519 or Ed448 key; or *MLDSA44Ed25519PrivateKey. An RSA key has two
	// primes, in the order of the file it came from, and its D as the file gave it. The key
	// of a File that pemkey.File.Carried returned is of a type of this module's own: it was not
	// understood, and can only be written as openssh-key-v1 again.
	Private crypto.PrivateKey
	// Comment is free text, in no certain encoding. Empty means no comment. A format without
	// comments gives "imported-openssh-key", as PuTTY does.
	Comment string
	// Certificate is the OpenSSH certificate that certifies this key, or nil for
	// a plain key.
	Certificate *ssh.Certificate
	// Deviations are how the file that the key was read from departs from its format; nil
	// if it does not. They are not part of the key: nothing writes or compares them.
	Deviations []Deviation
}

// MLDSA44Ed25519PrivateKey is a private key of ML-DSA-44 together with Ed25519
// (draft-ietf-sshm-composite-sigs), which OpenSSH has since version 10.4. Its fields are
// Algorithm, the name of the type; Seeds, the seed of ML-DSA-44 followed by that of
// Ed25519, 32 bytes each; and Public, the public key of ML-DSA-44 followed by that of
// Ed25519, which must be those of the seeds.
type MLDSA44Ed25519PrivateKey = rawkey.MLDSA44Ed25519PrivateKey

// Package rawkey, which does the work, is below this one and has its errors from it.
func init() {
	rawkey.NewInvalid = func(msg string) error { return &InvalidKeyError{Msg: msg} }
	rawkey.NewSyntax = func(line int, msg string) error { return &SyntaxError{Line: line, Msg: msg} }
	rawkey.NewUnsupported = func(code, what, algorithm string) error {
		return &UnsupportedError{Code: UnsupportedCode(code), What: what, Algorithm: algorithm}
	}
	rawkey.NewKeySize = func(what string, bits, max int) error {
		return &LimitError{Kind: LimitKeySize, What: what, Value: uint64(bits), Max: uint64(max)}
	}
}

// errNil is what a nil key gives.
var errNil error = &InvalidKeyError{Msg: "there is no key"}

// Check makes sure that the key is complete and that its halves match, at the
// cost of a few multiplications: numbers present and in range, n = p*q, e*d = 1
// modulo p-1 and q-1, points and public numbers as the private ones say, and the
// certificate (if any) for this key. Parsers and [New] have done it; [Key.Validate] does
// more. It returns an *InvalidKeyError, *UnsupportedError or *LimitError.
func (k *Key) Check() error {
	if k == nil {
		return errNil
	}
	if err := rawkey.Check(k.Private); err != nil {
		return err
	}
	return rawkey.CheckCertificate(k.Private, k.Certificate)
}

// Validate makes the thorough check: [Key.Check], then everything that takes longer,
// above all whether the primes are prime (5 to 50 ms for an RSA key). It returns the
// errors of Check.
func (k *Key) Validate() error {
	if k == nil {
		return errNil
	}
	if err := rawkey.CheckCertificate(k.Private, k.Certificate); err != nil {
		return err
	}
	return rawkey.Validate(k.Private)
}

// Public returns the SSH public half of the private key as it is in the key, without
// regard to the certificate. That the private half belongs to it is what parsers and
// [Key.Check] prove. It returns an *UnsupportedError, or an *InvalidKeyError for a key
// with missing numbers, which no parser makes.
func (k *Key) Public() (ssh.PublicKey, error) {
	if k == nil {
		return nil, errNil
	}
	return rawkey.Public(k.Private)
}

// Equal reports whether both hold the same private key: all numbers, with the
// primes of RSA as a set and its D exactly. Comment and certificate do not count.
// It takes the same time whatever differs. A key with missing numbers, or nil,
// equals none. It proves nothing, so it works for a key that no parser made, too.
func (k *Key) Equal(other *Key) bool {
	return k != nil && other != nil && rawkey.Equal(k.Private, other.Private)
}

// ParsePublic reads an SSH public key blob (RFC 4253 section 6.6): a plain key, a
// certificate or a key on a token, also of the types that golang.org/x/crypto/ssh does not
// have. Bytes after the last field are refused, as ssh-keygen does: with them the fingerprint
// would be another. A key of an unknown type can be shown, compared and written. It returns
// an *InvalidKeyError, an *UnsupportedError or a *LimitError.
func ParsePublic(blob []byte) (ssh.PublicKey, error) { return rawkey.ParsePublic(blob) }

// AuthorizedKey returns a line of an authorized_keys file, with its line end. Line ends
// and NUL bytes in the comment become spaces, since they would end the line. Nothing
// follows the key if the comment is empty. The line of a nil key or certificate is empty.
func AuthorizedKey(pub ssh.PublicKey, comment string) []byte {
	if rawkey.IsNil(pub) {
		return nil
	}
	line := pub.Type() + " " + base64.StdEncoding.EncodeToString(rawkey.Blob(pub))
	if comment != "" {
		line += " " + rawkey.OneLine(comment)
	}
	return []byte(line + "\n")
}

// FingerprintSHA256 returns the fingerprint that OpenSSH and PuTTY show: "SHA256:" and
// unpadded base64. For a certificate it is that of the certified key, as in both
// programs; for a nil key it is empty.
func FingerprintSHA256(pub ssh.PublicKey) string {
	if rawkey.IsNil(pub) {
		return ""
	}
	return ssh.FingerprintSHA256(rawkey.WithoutCertificate(pub))
}

// FingerprintMD5 returns the older fingerprint, hexadecimal with colons and without
// "MD5:". For a certificate it is that of the certified key, for a nil key it is empty.
func FingerprintMD5(pub ssh.PublicKey) string {
	if rawkey.IsNil(pub) {
		return ""
	}
	return ssh.FingerprintLegacyMD5(rawkey.WithoutCertificate(pub))
}
