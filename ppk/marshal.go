package ppk

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// Options are choices for writing. The zero value and nil mean version 3 with the
// default parameters. The passphrase is not one of them: a forgotten field must not put
// a plaintext key on a disk.
type Options struct {
	// Version is 2 or 3; 0 means 3, which needs PuTTY 0.75 (2021) or later.
	Version int
	// Argon2 is for encrypted files of version 3; nil means the defaults.
	Argon2 *Argon2Params
}

// Marshal writes an unencrypted file. It returns an *sshkey.InvalidKeyError for a key that
// is not whole, and an *sshkey.UnsupportedError for a type that the format does not have,
// for a comment with a line end or NUL, which would change the file's structure, and for
// options that do not fit, such as Argon2 where nothing is encrypted.
func Marshal(key *sshkey.Key, opts *Options) ([]byte, error) {
	out, err := marshal(key, nil, opts, rand.Reader, runArgon2)
	if err != nil {
		return nil, prefixed(err)
	}
	return out, nil
}

// MarshalWithPassphrase writes an encrypted file. The passphrase is taken as it
// is, byte for byte, and must not be empty or contain NUL, at which PuTTY would cut
// it off. It returns the errors of [Marshal], and a *sshkey.LimitError for Argon2
// parameters that [Decode] would refuse.
func MarshalWithPassphrase(key *sshkey.Key, passphrase []byte, opts *Options) ([]byte, error) {
	if len(passphrase) == 0 {
		return nil, prefixed(refused("an empty passphrase"))
	}
	if bytes.IndexByte(passphrase, 0) >= 0 {
		return nil, prefixed(refused("a passphrase with a NUL byte"))
	}
	out, err := marshal(key, passphrase, opts, rand.Reader, runArgon2)
	return out, prefixed(err)
}

// marshal takes an empty passphrase for an unencrypted file. It reads the salt from
// random.
func marshal(key *sshkey.Key, passphrase []byte, opts *Options, random io.Reader, derive deriver) ([]byte, error) {
	if key == nil {
		return nil, &sshkey.InvalidKeyError{Msg: "there is no key to write"}
	}
	f, err := newFile(key, len(passphrase) > 0, opts)
	if err != nil {
		return nil, err
	}
	k := plainKeys(f.Version)
	if f.Encrypted() {
		if err := key.Check(); err != nil { // before the key derivation, which takes longer
			return nil, err
		}
		if f.Argon2 != nil {
			f.salt = make([]byte, saltSize)
			if _, err := io.ReadFull(random, f.salt); err != nil {
				return nil, err
			}
		}
		k = f.deriveKeys(passphrase, derive)
		defer k.clear()
	}
	// The private half, encrypted if the file is, and the MAC over all of it.
	t, _ := typeOf(f.Algorithm)
	plain := t.marshal(key.Private)
	defer func() { clear(plain) }()
	if f.Encrypted() {
		unpadded := plain
		plain = pad(unpadded)
		clear(unpadded)
		f.private = k.encrypt(plain)
	} else {
		f.private = bytes.Clone(plain)
	}
	f.mac = f.computeMAC(k.mac, plain)
	out := f.encode()
	if err := verify(out, key, k); err != nil {
		clear(out)
		if err := key.Check(); err != nil {
			return nil, err // the key was bad before it was written
		}
		return nil, err
	}
	return out, nil
}

// newFile returns a file with everything that is in the clear.
func newFile(key *sshkey.Key, encrypted bool, opts *Options) (*File, error) {
	if opts == nil {
		opts = &Options{}
	}
	f := &File{Version: opts.Version, Encryption: encryptionNone, Comment: key.Comment}
	if f.Version == 0 {
		f.Version = 3
	}
	if f.Version != 2 && f.Version != 3 {
		return nil, refused("writing version %d of the PuTTY key format (only 2 and 3)", f.Version)
	}
	if strings.ContainsAny(f.Comment, "\r\n\x00") {
		return nil, refused("a comment with a line end or a NUL byte in a PuTTY key file")
	}
	if encrypted {
		f.Encryption = encryptionAES
	}
	if encrypted || opts.Argon2 != nil {
		if err := f.setArgon2(opts.Argon2); err != nil {
			return nil, err
		}
	}
	pub, err := key.Public()
	if err != nil {
		return nil, err
	}
	if key.Certificate != nil {
		if err := rawkey.CheckCertificate(key.Private, key.Certificate); err != nil {
			return nil, err
		}
		pub = key.Certificate
	}
	f.Algorithm, f.PublicKey, f.public = pub.Type(), pub, rawkey.Blob(pub)
	if len(f.public) > maxBlobLines*base64Width/4*3 {
		return nil, &sshkey.UnsupportedError{Code: sshkey.UnsupportedForm, What: fmt.Sprintf("a public key of %d bytes in a PuTTY key file", len(f.public))}
	}
	_, err = typeOf(f.Algorithm)
	return f, err
}

func (f *File) setArgon2(p *Argon2Params) error {
	if p != nil && f.Version == 2 {
		return refused("Argon2 in version 2 of the PuTTY key format")
	}
	if p != nil && !f.Encrypted() {
		return refused("Argon2 without encryption")
	}
	if f.Version == 2 || !f.Encrypted() {
		return nil
	}
	if p == nil {
		p = &Argon2Params{}
	}
	f.Argon2 = &Argon2Params{
		Variant:     cmp.Or(p.Variant, Argon2id),
		Memory:      cmp.Or(p.Memory, DefaultArgon2Memory),
		Passes:      cmp.Or(p.Passes, DefaultArgon2Passes),
		Parallelism: cmp.Or(p.Parallelism, DefaultArgon2Parallelism),
	}
	return f.Argon2.check(sshkey.Limits{})
}

// encode writes the lines in the order of the file, with LF line ends on every system,
// as puttygen does since 0.75.
func (f *File) encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%d: %s\n", magic, f.Version, f.Algorithm)
	fmt.Fprintf(&b, "Encryption: %s\n", f.Encryption)
	fmt.Fprintf(&b, "Comment: %s\n", f.Comment)
	writeBlob(&b, "Public-Lines", f.public)
	if f.Argon2 != nil {
		fmt.Fprintf(&b, "Key-Derivation: %s\n", f.Argon2.Variant)
		fmt.Fprintf(&b, "Argon2-Memory: %d\n", f.Argon2.Memory)
		fmt.Fprintf(&b, "Argon2-Passes: %d\n", f.Argon2.Passes)
		fmt.Fprintf(&b, "Argon2-Parallelism: %d\n", f.Argon2.Parallelism)
		fmt.Fprintf(&b, "Argon2-Salt: %s\n", hex.EncodeToString(f.salt))
	}
	writeBlob(&b, "Private-Lines", f.private)
	fmt.Fprintf(&b, "%s: %s\n", macHeader, hex.EncodeToString(f.mac))
	return b.Bytes()
}

func writeBlob(b *bytes.Buffer, name string, blob []byte) {
	const perLine = base64Width / 4 * 3
	fmt.Fprintf(b, "%s: %d\n", name, (len(blob)+perLine-1)/perLine)
	for len(blob) > 0 {
		n := min(perLine, len(blob))
		b.WriteString(base64.StdEncoding.EncodeToString(blob[:n]))
		b.WriteByte('\n')
		blob = blob[n:]
	}
}

// verify reads what was written and compares it with the key, without running the key
// derivation again. A mistake here would lock the owner out of a server.
func verify(out []byte, key *sshkey.Key, k keys) error {
	f, err := DecodeLimits(out, sshkey.Limits{})
	if err != nil {
		return fmt.Errorf("the written key does not read back: %w", err)
	}
	back, err := f.open(k)
	if err != nil {
		return fmt.Errorf("the written key does not read back: %w", err)
	}
	has, want := back.Certificate, key.Certificate
	isSame := has == want || has != nil && want != nil && bytes.Equal(rawkey.Blob(has), rawkey.Blob(want))
	if !isSame || !back.Equal(key) || back.Comment != key.Comment {
		return &sshkey.InvalidKeyError{Msg: "the written key reads back as another key"}
	}
	return nil
}
