package pemkey

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"math/big"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// Encoding names a form that Marshal writes.
type Encoding int

// The forms. The zero value is the one that every program reads.
const (
	// Traditional is PKCS#1, SEC 1 or OpenSSL's DSA form, and openssh-key-v1 for
	// Ed25519 and Ed448, which have no such form. Its encryption is weak: the key is one
	// MD5 of the passphrase.
	Traditional Encoding = iota
	// PKCS8 is PKCS#8, encrypted with PBES2.
	PKCS8
	// OpenSSH is openssh-key-v1.
	OpenSSH
	// SSHCom is the form of ssh.com (Tectia), for RSA and DSA only.
	SSHCom
)

// The default costs of key derivations.
const (
	// DefaultBcryptRounds is ssh-keygen's default since OpenSSH 9.4 (16 before).
	DefaultBcryptRounds = 24
	// DefaultPBKDF2Iterations is OWASP's figure for PBKDF2-HMAC-SHA256 (2023).
	DefaultPBKDF2Iterations = pbes.DefaultIterations
	// DefaultScryptMemory in KiB is the maximum that openssl reads.
	DefaultScryptMemory = pbes.DefaultMemory
	// DefaultScryptParallelism is p for the default memory.
	DefaultScryptParallelism = pbes.DefaultP
)

// Options are choices for writing. The zero value and nil mean the traditional form
// with the default parameters. The passphrase is not among them: a forgotten field must
// not put a plaintext key on a disk.
type Options struct {
	Encoding Encoding
	// Cipher is for encrypted OpenSSH ("aes256-ctr" if empty) and PKCS8
	// ("aes256-cbc" if empty) files.
	Cipher string
	// KDF is "pbkdf2" (if empty) or "scrypt" for encrypted PKCS8 files, "bcrypt"
	// (if empty) for OpenSSH.
	KDF string
	// Rounds is the rounds of bcrypt (24 if 0; about 0.2 s) or the iterations of
	// PBKDF2 (600,000 if 0).
	Rounds uint64
	// Memory is for scrypt, in KiB, a power of two (16384 if 0): N, with r = 8.
	Memory uint64
	// Parallelism is p of scrypt. If it is 0 the memory decides, as in OWASP's Password
	// Storage Cheat Sheet: 5 for 16384 KiB.
	Parallelism uint64
}

// Marshal writes an unencrypted file. Only OpenSSH and SSHCom keep the comment; no form
// has room for a certificate. It returns an *sshkey.InvalidKeyError for a key that is not whole,
// and an *sshkey.UnsupportedError for a type that the form lacks and for options that do not
// fit, such as a cipher where nothing is encrypted.
func Marshal(key *sshkey.Key, opts *Options) ([]byte, error) {
	out, err := marshal(key, nil, opts, rand.Reader)
	return out, prefixed(err)
}

// MarshalWithPassphrase writes an encrypted file. The passphrase is taken as it is,
// byte for byte, and must not be empty. It returns the errors of [Marshal], and a
// *sshkey.LimitError for parameters that [Decode] would refuse.
func MarshalWithPassphrase(key *sshkey.Key, passphrase []byte, opts *Options) ([]byte, error) {
	if len(passphrase) == 0 {
		return nil, prefixed(refused("an empty passphrase"))
	}
	out, err := marshal(key, passphrase, opts, rand.Reader)
	return out, prefixed(err)
}

// encoder writes one form. The passphrase is empty for an unencrypted file. It also
// returns the result of the key derivation, for the verification.
type encoder func(key *sshkey.Key, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error)

var encoders = lazy.Map[Encoding, encoder]{Make: func() map[Encoding]encoder {
	return map[Encoding]encoder{
		Traditional: encodeTraditional,
		PKCS8:       encodePKCS8,
		OpenSSH:     encodeOpenSSH,
		SSHCom:      encodeSSHCom,
	}
}}

func marshal(key *sshkey.Key, passphrase []byte, opts *Options, random io.Reader) ([]byte, error) {
	if opts == nil {
		opts = &Options{}
	}
	if key == nil {
		return nil, invalidf("there is no key to write")
	}
	if len(passphrase) == 0 && *opts != (Options{Encoding: opts.Encoding}) {
		return nil, refused("a choice of cipher or key derivation without encryption")
	}
	if err := rawkey.CheckCertificate(key.Private, key.Certificate); err != nil {
		return nil, err
	}
	encode, ok := encoders.Get()[opts.Encoding]
	if !ok {
		return nil, refused("the encoding %d", opts.Encoding)
	}
	out, derived, err := encode(key, passphrase, *opts, random)
	if err != nil {
		return nil, err
	}
	defer clear(derived)
	if err := verify(out, derived, key); err != nil {
		clear(out)
		if err := key.Check(); err != nil {
			return nil, err // the key was bad before it was written
		}
		return nil, err
	}
	return out, nil
}

// verify reads what was written and compares it with the key, without running the key
// derivation again. A mistake in writing would lock the user out.
func verify(out, derived []byte, key *sshkey.Key) error {
	f, err := DecodeLimits(out, sshkey.Limits{})
	if err != nil {
		return fmt.Errorf("the written key does not read back: %w", err)
	}
	if _, ok := key.Private.(*rawkey.CarriedKey); ok {
		if f = f.Carried(); f == nil {
			return errAnotherKey
		}
	}
	var back *sshkey.Key
	if f.plain != nil {
		back = f.plain()
	} else if back, err = f.sealed().openWith(derived); err != nil {
		return fmt.Errorf("the written key does not read back: %w", err)
	}
	if !back.Equal(key) || (f.Format == FormatOpenSSH && back.Comment != key.Comment) {
		return errAnotherKey
	}
	return nil
}

var errAnotherKey = &sshkey.InvalidKeyError{Msg: "the written key reads back as another key"}

// traditional returns label and DER, or "" if the key type has no such form.
func traditional(key *sshkey.Key) (label string, data []byte) {
	switch private := key.Private.(type) {
	case *rsa.PrivateKey:
		return labelRSA, marshalPKCS1(private)
	case *dsa.PrivateKey:
		// OpenSSL made this form up: version 0, p, q, g, y, x.
		return labelDSA, der.MustMarshal([]*big.Int{big.NewInt(0), private.P, private.Q, private.G, private.Y, private.X})
	case *ecdsa.PrivateKey:
		return labelEC, marshalSEC1(private, true)
	}
	return "", nil
}

func encodeTraditional(key *sshkey.Key, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	label, data := traditional(key)
	defer clear(data)
	if label == "" {
		return encodeOpenSSH(key, passphrase, o, random)
	}
	if len(passphrase) > 0 {
		return encodeLegacy(label, data, passphrase, o, random)
	}
	return pemblock.Encode(label, nil, data), nil, nil
}

// refuseOptions returns an error for any option. It is for forms without a choice.
func refuseOptions(o Options, form string) error {
	if o != (Options{Encoding: o.Encoding}) {
		return refused("a choice of cipher and key derivation in %s", form)
	}
	return nil
}

func randomBytes(random io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(random, b)
	return b, err
}
