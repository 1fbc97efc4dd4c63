// Package pbes implements the password-based encryption of PKCS#8 and PKCS#12: PBES1 and PBES2
// (RFC 8018), the schemes of PKCS#12 (RFC 7292 appendix C), and the MACs of PKCS#12.
//
// A caller reads a [Scheme] or [MAC] with its parameters first, then compares it with the
// limits, and only then derives a key. The errors are those of package sshkey.
package pbes

import (
	"fmt"
	"slices"

	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/sshkey"
)

// Scheme is a cipher with the key derivation for it and all their parameters. For PBES2
// (RFC 8018 section 6.2) the derivation gives the key and the file has the IV; for PBES1
// the derivation gives both.
type Scheme struct {
	// Cipher is "aes256-cbc", "3des-cbc" and the like.
	Cipher string

	form    string // of the file, for messages: "PKCS#8"
	kdf     kdf
	cipher  ciphers.Cipher
	iv      []byte // nil for PBES1
	gcm     bool   // AES-GCM, for which only the key size of cipher counts
	tagSize int    // of AES-GCM alone
}

// KDF is a key derivation and its cost, as the file gives them.
type KDF struct {
	Name        string // "PBKDF2-HMAC-SHA256", "scrypt"; "PBE-SHA1-3DES" where cipher and derivation share a name
	Rounds      uint64 // iterations; for scrypt see [sshkey.MaxScryptWork]
	Memory      uint64 // in KiB; 0 where it does not count
	Parallelism uint64 // p of scrypt; 0 where there is none
}

// kdf is a key derivation with its parameters.
type kdf interface {
	describe() KDF
	check(limits sshkey.Limits) error
	// derive returns keySize+ivSize bytes.
	derive(p Passphrase, keySize, ivSize int) []byte
}

const oidPBES2 = "1.2.840.113549.1.5.13"

// Read reads an AlgorithmIdentifier, whose content d is. The form, "PKCS#8" for example,
// is for messages.
func Read(d *der.Reader, form string) (*Scheme, error) {
	oid := d.OID("the encryption")
	params := d.Sequence("the parameters of the encryption")
	if err := d.End("the encryption"); err != nil {
		return nil, err
	}
	s := &Scheme{form: form}
	read := s.readPBES1
	if oid == oidPBES2 {
		read = s.readPBES2
	}
	if err := read(oid, params); err != nil {
		return nil, err
	}
	return s, nil
}

// readPBES2 reads two algorithms: the key derivation and the cipher, whose parameter is
// the IV in most cases.
func (s *Scheme) readPBES2(_ string, d *der.Reader) error {
	derivation, encryption := d.Sequence("the key derivation"), d.Sequence("the cipher")
	oid := encryption.OID("the cipher")
	if err := firstError(d.End("the parameters of the encryption"), encryption.Err()); err != nil {
		return err
	}
	if err := s.readCipher(oid, encryption); err != nil {
		return err
	}
	var err error
	s.kdf, err = readKDF(derivation, s.form)
	return err
}

// KDF describes the key derivation.
func (s *Scheme) KDF() KDF { return s.kdf.describe() }

// Check compares the cost of the key derivation with the limits.
func (s *Scheme) Check(limits sshkey.Limits) error { return s.kdf.check(limits) }

// CheckSize compares the parameters with the size of the encrypted data: the rest of the
// syntax first, then what is supported.
func (s *Scheme) CheckSize(encrypted int) error {
	switch c := s.cipher; {
	case s.gcm && (s.tagSize < gcmTagDefault || s.tagSize > gcmTagMax):
		return syntaxError("%s: the authentication tag has %d bytes", s.form, s.tagSize)
	case s.gcm && (len(s.iv) == 0 || encrypted < s.tagSize):
		return syntaxError("%s: the nonce or the authentication tag is missing", s.form)
	case !s.gcm && s.iv != nil && len(s.iv) != c.IVSize:
		return syntaxError("%s: the IV has %d bytes, not %d", s.form, len(s.iv), c.IVSize)
	case !s.gcm && (encrypted == 0 || encrypted%c.BlockSize != 0):
		return syntaxError("%s: the encrypted data has %d bytes, not a multiple of %d", s.form, encrypted, c.BlockSize)
	case s.gcm && s.tagSize != gcmTagMax && len(s.iv) != gcmNonceSize:
		return unsupported(sshkey.UnsupportedForm, "AES-GCM with a nonce of %d bytes and a tag of %d", len(s.iv), s.tagSize)
	}
	return nil
}

// Derive runs the key derivation, whose result Open and Seal take.
func (s *Scheme) Derive(p Passphrase) []byte {
	if s.iv != nil {
		return s.kdf.derive(p, s.cipher.KeySize, 0)
	}
	return s.kdf.derive(p, s.cipher.KeySize, s.cipher.IVSize)
}

func (s *Scheme) keyAndIV(derived []byte) (key, iv []byte) {
	key, iv = derived[:s.cipher.KeySize], s.iv
	if iv == nil {
		iv = derived[s.cipher.KeySize:]
	}
	return key, iv
}

// Open decrypts data whose size CheckSize has accepted. It returns false if the
// authentication tag or the padding is wrong.
func (s *Scheme) Open(derived, encrypted []byte) ([]byte, bool) {
	key, iv := s.keyAndIV(derived)
	if s.gcm {
		out, err := newGCM(key, len(iv), s.tagSize).Open(nil, iv, encrypted, nil)
		return out, err == nil
	}
	return Unpad(s.cipher.Open(key, iv, encrypted), s.cipher.BlockSize)
}

// Seal pads and encrypts. New does not choose AES-GCM.
func (s *Scheme) Seal(derived, plain []byte) []byte {
	key, iv := s.keyAndIV(derived)
	padded := Pad(plain, s.cipher.BlockSize)
	defer clear(padded)
	return s.cipher.Seal(key, iv, padded)
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func syntaxError(format string, args ...any) error {
	return &sshkey.SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

func unsupported(code sshkey.UnsupportedCode, format string, args ...any) error {
	return &sshkey.UnsupportedError{Code: code, What: fmt.Sprintf(format, args...)}
}

// must returns the value. It is for keys whose size the tables give.
func must[T any](value T, err error) T {
	if err != nil {
		panic("pbes: " + err.Error())
	}
	return value
}

// opensslReads are the identifiers of what openssl reads and this package does not: the key
// wrap of AES with padding (RFC 5649).
var opensslReads = []string{"2.16.840.1.101.3.4.1.8", "2.16.840.1.101.3.4.1.28", "2.16.840.1.101.3.4.1.48"}

// codeOf returns the code of an identifier that is not supported in a file of that form:
// another program may read it, or none is known to.
func codeOf(form, oid string) sshkey.UnsupportedCode {
	switch {
	case !slices.Contains(opensslReads, oid):
		return sshkey.UnsupportedForm
	case form == "PKCS#12":
		return sshkey.UnsupportedPKCS12
	}
	return sshkey.UnsupportedEncryption
}
