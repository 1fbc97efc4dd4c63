package engine

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Options are choices for writing an encrypted file; a field that the format does
// not have must be zero. The zero value and nil mean the defaults of each format.
type Options struct {
	// Cipher is for openssh ("aes256-ctr") and pkcs8 ("aes256-cbc").
	Cipher string
	// KDF is "argon2id", "argon2i" or "argon2d" for ppk, "bcrypt" for openssh,
	// "pbkdf2" or "scrypt" for pkcs8.
	KDF string
	// Memory is for Argon2 and scrypt, in KiB.
	Memory uint64
	// Rounds is the passes of Argon2, rounds of bcrypt or iterations of PBKDF2.
	Rounds uint64
	// Parallelism is for Argon2, and p of scrypt.
	Parallelism uint64
}

// Marshal writes an unencrypted file. What the format has no room for (see
// [Holds]) is left out. It returns the errors of the writing package, or an
// error for a format that is not written. See [MarshalFile] for what is checked.
func Marshal(key *sshkey.Key, format Format, opts *Options) ([]byte, error) {
	out, _, err := MarshalFile(key, nil, format, opts)
	return out, err
}

// MarshalWithPassphrase writes an encrypted file. The passphrase must not be empty,
// and the format must be one of a private key. Otherwise it is as [Marshal].
func MarshalWithPassphrase(key *sshkey.Key, passphrase []byte, format Format, opts *Options) ([]byte, error) {
	if len(passphrase) == 0 {
		return nil, prefixed(unsupportedOption("an empty passphrase"))
	}
	out, _, err := MarshalFile(key, passphrase, format, opts)
	return out, err
}

// MarshalFile is [Marshal], or with a passphrase [MarshalWithPassphrase], and returns the output
// opened again as well. It refuses an output that does not open, is not of the format and key
// that were asked for, or is not encrypted exactly where there is a passphrase.
func MarshalFile(key *sshkey.Key, passphrase []byte, format Format, opts *Options) ([]byte, *File, error) {
	r, ok := findRow(format)
	switch {
	case !ok || r.marshal == nil && r.marshalPublic == nil:
		return nil, nil, prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedWriting, What: fmt.Sprintf("writing the format %q", string(format))})
	case len(passphrase) > 0 && r.marshalPublic != nil:
		return nil, nil, prefixed(unsupportedOption(fmt.Sprintf("a passphrase in the format %q, which holds no private key,", string(format))))
	case len(passphrase) > 0 && !r.encrypts:
		return nil, nil, prefixed(unsupportedOption(fmt.Sprintf("a passphrase in the format %q", string(format))))
	}
	if opts == nil {
		opts = &Options{}
	}
	if key == nil {
		return nil, nil, prefixed(&sshkey.InvalidKeyError{Msg: "there is no key"})
	}
	pub, err := key.Public()
	if err != nil {
		return nil, nil, prefixed(err)
	}
	if err := format.CheckType(pub.Type()); err != nil {
		return nil, nil, err
	}
	written, _ := findRow(format.Resolve(pub.Type()))
	if *opts != (Options{}) {
		if err := written.checkOptions(*opts, len(passphrase) > 0); err != nil {
			return nil, nil, err
		}
	}
	var out []byte
	if r.marshal != nil {
		out, err = r.marshal(key, passphrase, opts)
	} else {
		out, err = r.marshalCertified(key)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := reopen(out, r, key, pub, len(passphrase) > 0)
	if err != nil {
		clear(out)
		return nil, nil, prefixed(err)
	}
	return out, f, nil
}

// checkOptions returns an *sshkey.UnsupportedError for a choice that the format does not have, or that
// has no meaning without a passphrase. The names of ciphers are checked where they are used.
func (r *row) checkOptions(o Options, encrypted bool) error {
	k, known := r.kdf(o.KDF)
	switch {
	case !encrypted:
		return prefixed(unsupportedOption("a choice of encryption without a passphrase"))
	case o.Cipher != "" && !r.takesCipher:
		return prefixed(unsupportedOption(fmt.Sprintf("a choice of cipher in the format %q", string(r.format))))
	case o == Options{Cipher: o.Cipher}:
		return nil
	case !known:
		return prefixed(unsupportedOption(fmt.Sprintf("the key derivation %s in the format %q", quote.Short(o.KDF), string(r.format))))
	case o.Memory != 0 && k.Memory == 0, o.Rounds != 0 && k.Rounds == 0, o.Parallelism != 0 && k.Parallelism == 0:
		return prefixed(unsupportedOption("this choice of costs for " + k.Name))
	}
	return nil
}

// kdf returns the key derivation of that name, the default for "".
func (r *row) kdf(name string) (KDFChoice, bool) {
	for _, k := range r.kdfs {
		if name == "" || strings.EqualFold(k.Name, name) {
			return k, true
		}
	}
	return KDFChoice{}, false
}

func unsupportedOption(what string) error {
	return &sshkey.UnsupportedError{Code: sshkey.UnsupportedOption, What: what}
}

// marshalCertified writes the public half, with the certificate if there is one.
func (r *row) marshalCertified(key *sshkey.Key) ([]byte, error) {
	pub, err := rawkey.CertifiedPublic(key.Private, key.Certificate)
	if err != nil {
		return nil, prefixed(err)
	}
	out, err := r.marshalPublic(pub, key.Comment)
	return out, prefixed(err)
}

var errAnotherKey = errors.New("the written file holds another key")

// reopen opens what a writer made, and compares it with the key; nil for the public half alone.
// It trusts no writer, and above all not to have used the passphrase. The writing package
// verifies the private half of an encrypted output: it can do so without running the key
// derivation again.
func reopen(out []byte, r *row, key *sshkey.Key, pub ssh.PublicKey, encrypted bool) (*File, error) {
	if key != nil && key.Certificate != nil && r.holds.Certificate {
		pub = key.Certificate
	}
	f, err := open(out, Detect(out), Limits{})
	switch {
	case err != nil:
		return nil, fmt.Errorf("the written file does not open: %w", err)
	case !f.Encrypted() && encrypted:
		return nil, errors.New("the written file is not encrypted, although there is a passphrase")
	case f.Encrypted() && !encrypted:
		return nil, errors.New("the written file is encrypted, although there is no passphrase")
	case f.Private != r.holds.Private || f.Format != r.format.Resolve(rawkey.WithoutCertificate(pub).Type()):
		return nil, fmt.Errorf("the written file is of the format %s, not %s", f.Format, r.format)
	case f.PublicKey != nil && !bytes.Equal(rawkey.Blob(f.PublicKey), rawkey.Blob(pub)):
		return nil, errAnotherKey
	case !f.Private || encrypted:
		return f, nil
	}
	opens := f
	if _, ok := key.Private.(*rawkey.CarriedKey); ok {
		if opens = f.Carried(); opens == nil {
			return nil, errAnotherKey
		}
	}
	switch back, err := opens.decrypt(nil); {
	case err != nil:
		return nil, fmt.Errorf("the written file does not open: %w", err)
	case !back.Equal(key):
		return nil, errAnotherKey
	}
	return f, nil
}

// MarshalPublic writes a public key or certificate in one of the public formats. It
// returns an *sshkey.UnsupportedError for a format of a private key, or where SPKI lacks
// the type.
func MarshalPublic(pub ssh.PublicKey, comment string, format Format) ([]byte, error) {
	r, _ := findRow(format)
	if rawkey.IsNil(pub) {
		return nil, prefixed(&sshkey.InvalidKeyError{Msg: "there is no public key"})
	}
	if r.marshalPublic == nil {
		return nil, prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedWriting, What: fmt.Sprintf("writing a public key in the format %q", string(format))})
	}
	out, err := r.marshalPublic(pub, comment)
	if err != nil {
		return nil, prefixed(err)
	}
	if !r.holds.Certificate {
		pub = rawkey.WithoutCertificate(pub)
	}
	if _, err := reopen(out, r, nil, pub, false); err != nil {
		clear(out)
		return nil, prefixed(err)
	}
	return out, nil
}

func marshalPPK(key *sshkey.Key, passphrase []byte, o *Options, version int) ([]byte, error) {
	opts := &ppk.Options{Version: version}
	if *o != (Options{}) {
		opts.Argon2 = o.argon2()
	}
	if len(passphrase) == 0 {
		return ppk.Marshal(key, opts)
	}
	return ppk.MarshalWithPassphrase(key, passphrase, opts)
}

func marshalPEM(key *sshkey.Key, passphrase []byte, o *Options, encoding pemkey.Encoding) ([]byte, error) {
	opts := &pemkey.Options{
		Encoding: encoding, Cipher: o.Cipher, KDF: o.KDF, Rounds: o.Rounds, Memory: o.Memory, Parallelism: o.Parallelism,
	}
	if len(passphrase) == 0 {
		return pemkey.Marshal(key, opts)
	}
	return pemkey.MarshalWithPassphrase(key, passphrase, opts)
}

// argon2 makes a KDF of another format a variant that ppk refuses by its name.
func (o *Options) argon2() *ppk.Argon2Params {
	p := &ppk.Argon2Params{
		Memory: clamp(o.Memory), Passes: clamp(o.Rounds), Parallelism: clamp(o.Parallelism),
		Variant: ppk.Argon2Variant(o.KDF),
	}
	for _, known := range []ppk.Argon2Variant{ppk.Argon2id, ppk.Argon2i, ppk.Argon2d} {
		if strings.EqualFold(o.KDF, string(known)) {
			p.Variant = known
		}
	}
	return p
}

// clamp replaces a number that is too large for the format by the largest one, which is
// over every limit.
func clamp(n uint64) uint32 { return uint32(min(n, 1<<32-1)) }
