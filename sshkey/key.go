package sshkey

import (
	"crypto"
	"fmt"

	"golang.org/x/crypto/ssh"
)

// DefaultComment is the comment of a key that comes from a format without
// comments. It is the one that PuTTY gives (import.c).
const DefaultComment = "imported-openssh-key"

// Key is one SSH private key with what travels beside it in a key file.
type Key struct {
	// Private is always one of *rsa.PrivateKey, *dsa.PrivateKey,
	// *ecdsa.PrivateKey, ed25519.PrivateKey, ed448.PrivateKey (of circl): never
	// a pointer to an Ed25519 or Ed448 key; or *MLDSA44Ed25519PrivateKey; and *CarriedKey where a
	// caller asked for one. An RSA key has two primes, in the
	// order of the file it came from, and its D as the file gave it.
	Private crypto.PrivateKey
	// Comment is free text, in no certain encoding. Empty means no comment.
	Comment string
	// Certificate is the OpenSSH certificate that certifies this key, or nil for
	// a plain key.
	Certificate *ssh.Certificate
	// Deviations are how the file that the key was read from departs from its format, nil
	// for not at all. They are not part of the key: nothing writes or compares them.
	Deviations []Deviation
}

// material is a private key of one type. Each type is in a file of its own.
type material interface {
	// complete makes sure that all numbers are there and in range, which public and
	// secret need. It computes nothing with them: every use of a key calls it.
	complete() error
	// check makes sure that the halves match; complete has passed. Parsers call it once
	// for every key.
	check() error
	// validate does the rest of the thorough check; check has passed.
	validate() error
	// public returns the SSH public half.
	public() (ssh.PublicKey, error)
	// secret returns a canonical encoding of the whole private half.
	secret() []byte
}

// material returns the key with the methods of its type, once it is complete.
func (k Key) material() (material, error) {
	if private, ok := k.Private.(*CarriedKey); ok && private != nil {
		m := carried{private}
		return m, m.complete()
	}
	for _, t := range types {
		if t.material == nil {
			continue
		}
		if m := t.material(k.Private); m != nil {
			return m, m.complete()
		}
	}
	return nil, &UnsupportedError{Code: UnsupportedKey, What: fmt.Sprintf("a private key of Go type %T", k.Private)}
}

// checked checks a key that was put together from numbers.
func checked(m material) error {
	if err := m.complete(); err != nil {
		return err
	}
	return m.check()
}

// Check makes sure that the key is complete and that its halves match, at the
// cost of a few multiplications: numbers present and in range, n = p*q, e*d = 1
// modulo p-1 and q-1, points and public numbers as the private ones say, and the
// certificate (if any) for this key. Parsers have done it; [Key.Validate] does
// more. It returns an *InvalidKeyError, *UnsupportedError or *LimitError.
func (k Key) Check() error {
	m, err := k.material()
	if err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return err
	}
	return k.checkCertificate(m)
}

// Validate makes the thorough check: [Key.Check], then everything that takes longer,
// above all whether the primes are prime (5 to 50 ms for an RSA key). It returns the
// errors of Check.
func (k Key) Validate() error {
	if err := k.Check(); err != nil {
		return err
	}
	m, err := k.material()
	if err != nil {
		return err
	}
	return m.validate()
}

// Public returns the SSH public half of the private key as it is in the key, without
// regard to the certificate. That the private half belongs to it is what parsers and
// [Key.Check] prove. It returns an *UnsupportedError, or an *InvalidKeyError for a key
// with missing numbers, which no parser makes.
func (k Key) Public() (ssh.PublicKey, error) {
	m, err := k.material()
	if err != nil {
		return nil, err
	}
	return m.public()
}

// Equal reports whether both hold the same private key: all numbers, with the
// primes of RSA as a set and its D exactly. Comment and certificate do not count.
// It takes the same time whatever differs. A key with missing numbers equals none. As no
// proof is made, the answer holds for a key that no parser made too.
func (k Key) Equal(other Key) bool {
	a, errA := k.material()
	b, errB := other.material()
	if errA != nil || errB != nil {
		return false
	}
	mine, theirs := a.secret(), b.secret()
	defer clear(mine)
	defer clear(theirs)
	return constantTimeEqual(mine, theirs)
}
