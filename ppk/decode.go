package ppk

import (
	"bytes"
	"crypto/sha1" // versions 1 and 2 are made of SHA-1
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

const (
	magic           = "PuTTY-User-Key-File-"
	encryptionNone  = "none"
	encryptionAES   = "aes256-cbc"
	macHeader       = "Private-MAC"
	hashHeader      = "Private-Hash" // of version 1 alone
	cipherBlockSize = 16
)

// File is what a PuTTY key file has in the clear, and its private half still closed.
// Nothing of it is verified before Decrypt: the MAC covers everything.
type File struct {
	Version    int           // 1, 2 or 3
	Algorithm  string        // as the first line names it; "ssh-rsa" for example
	Encryption string        // "none" or "aes256-cbc"
	Comment    string        // in no certain encoding
	PublicKey  ssh.PublicKey // an *ssh.Certificate where the file holds one
	Argon2     *Argon2Params // nil unless version 3 and encrypted
	Extra      bool          // whether something follows the MAC, which PuTTY ignores

	salt    []byte
	public  []byte // the blob as in the file
	private []byte // the blob as in the file: encrypted and padded if Encrypted
	mac     []byte
	hashed  bool // version 1 with Private-Hash: a bare SHA-1 in place of a MAC
	macLine int
}

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f != nil && f.Encryption == encryptionAES }

// Decode reads everything that can be read without the passphrase. It returns a
// *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or *sshkey.InvalidKeyError.
func Decode(data []byte) (*File, error) { return DecodeLimits(data, sshkey.Limits{}) }

// DecodeLimits does what Decode does, with other limits than the defaults.
func DecodeLimits(data []byte, limits sshkey.Limits) (*File, error) {
	f, err := decode(data, limits)
	if err != nil {
		return nil, prefixed(err)
	}
	return f, nil
}

func decode(data []byte, limits sshkey.Limits) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	f, t := &File{}, &text{rest: data, line: 1, next: 1}
	// The order is that of the file; PuTTY allows no other.
	for _, read := range []func(*text) error{f.readClear, f.readPrivate} {
		if err := read(t); err != nil {
			return nil, err
		}
	}
	if err := f.checkSupported(); err != nil {
		return nil, err
	}
	if f.Argon2 != nil {
		if err := f.Argon2.check(limits); err != nil {
			return nil, err
		}
	}
	pub, err := rawkey.ParsePublic(f.public)
	if err != nil {
		return nil, err
	}
	if pub.Type() != blobAlgorithm(f.Algorithm) { // the blob names the type again
		return nil, &sshkey.InvalidKeyError{Msg: fmt.Sprintf("the public key is of type %q, but the first line says %s", pub.Type(), quote.Short(f.Algorithm))}
	}
	f.PublicKey = pub
	return f, nil
}

// readClear reads the first line, and the headers before the private half. It refuses an
// unknown encryption at once, since what follows depends on it.
func (f *File) readClear(t *text) error {
	line, err := t.readLine()
	if err != nil {
		return t.errorf("the file is empty")
	}
	rest, ok := strings.CutPrefix(string(line), magic)
	if !ok {
		return t.errorf("this is not a PuTTY key file: it does not begin with %q", magic)
	}
	version, algorithm, ok := strings.Cut(rest, ": ")
	if !ok || version == "" {
		return t.errorf("the first line should be %q", magic+"VERSION: KEYTYPE")
	}
	if len(version) != 1 || version < "1" || version > "3" {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedPPK, What: fmt.Sprintf("version %s of the PuTTY key format", quote.Short(version))}
	}
	f.Version, f.Algorithm = int(version[0]-'0'), algorithm
	if f.Encryption, err = t.header("Encryption"); err != nil {
		return err
	}
	if f.Encryption != encryptionNone && f.Encryption != encryptionAES {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedCipher, What: fmt.Sprintf("the encryption %s in a PuTTY key file", quote.Short(f.Encryption))}
	}
	if f.Comment, err = t.header("Comment"); err != nil {
		return err
	}
	if strings.ContainsRune(f.Comment, 0) {
		return t.errorf("the comment has a NUL byte")
	}
	if f.public, err = t.blob("Public-Lines"); err != nil || f.Version < 3 || !f.Encrypted() {
		return err
	}
	return f.readKeyDerivation(t)
}

// readKeyDerivation reads the headers that only an encrypted file of version 3 has.
func (f *File) readKeyDerivation(t *text) error {
	variant, err := t.header("Key-Derivation")
	if err != nil {
		return err
	}
	f.Argon2 = &Argon2Params{Variant: Argon2Variant(variant)}
	for _, number := range []struct {
		header string
		value  *uint32
	}{
		{"Argon2-Memory", &f.Argon2.Memory},
		{"Argon2-Passes", &f.Argon2.Passes},
		{"Argon2-Parallelism", &f.Argon2.Parallelism},
	} {
		if *number.value, err = t.number(number.header); err != nil {
			return err
		}
		if *number.value == 0 {
			return t.errorf("%s is 0", number.header)
		}
	}
	f.salt, err = readHex(t, "Argon2-Salt")
	return err
}

// readPrivate reads the private half and the MAC. PuTTY ignores whatever follows.
func (f *File) readPrivate(t *text) (err error) {
	if f.private, err = t.blob("Private-Lines"); err != nil {
		return err
	}
	if f.Encrypted() && len(f.private)%cipherBlockSize != 0 {
		return t.errorf("the encrypted part has %d bytes, no multiple of %d", len(f.private), cipherBlockSize)
	}
	name := macHeader
	if f.Version == 1 && bytes.HasPrefix(t.rest, []byte(hashHeader)) {
		name, f.hashed = hashHeader, true
	}
	if f.mac, err = readHex(t, name); err != nil {
		return err
	}
	f.macLine, f.Extra = t.line, len(bytes.TrimSpace(t.rest)) > 0
	want := sha1.Size
	if f.Version == 3 {
		want = sha256.Size
	}
	if len(f.mac) != want {
		return t.errorf("%s has %d bytes, not %d", name, len(f.mac), want)
	}
	return nil
}

// readHex reads hexadecimal digits: either case for a salt, lower case for a MAC,
// which PuTTY compares as text.
func readHex(t *text, name string) ([]byte, error) {
	value, err := t.header(name)
	if err != nil {
		return nil, err
	}
	b, err := hex.DecodeString(value)
	if err != nil {
		return nil, t.errorf("%s is not hexadecimal", name)
	}
	if name != "Argon2-Salt" && value != strings.ToLower(value) {
		return nil, t.errorf("%s is not in lower case", name)
	}
	return b, nil
}

func (f *File) checkSupported() error {
	if _, ok := typeOf(f.Algorithm); !ok {
		code := sshkey.UnsupportedKeyType
		switch t, known := rawkey.TypeOf(f.Algorithm); {
		case t.Token:
			code = sshkey.UnsupportedToken
		case known:
			code = sshkey.UnsupportedType
		}
		return &sshkey.UnsupportedError{Code: code, Algorithm: f.Algorithm, What: fmt.Sprintf("the key type %s in a PuTTY key file", quote.Short(f.Algorithm))}
	}
	return nil
}

// refused is the error of a choice for writing that the format does not have.
func refused(format string, args ...any) error {
	return &sshkey.UnsupportedError{Code: sshkey.UnsupportedOption, What: fmt.Sprintf(format, args...)}
}

// errNotDecoded is the error of a File that did not come from Decode.
var errNotDecoded = &sshkey.InvalidKeyError{Msg: "the file did not come from Decode"}

// prefixed puts the package's name before an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("ppk", err) }
