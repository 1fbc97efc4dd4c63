package pemkey

import (
	"crypto/sha256"

	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Format is the kind of structure inside a file.
type Format string

// The formats that Decode distinguishes.
const (
	FormatPKCS1   Format = "PKCS#1"         // RFC 8017: RSA PRIVATE KEY
	FormatSEC1    Format = "SEC 1"          // RFC 5915: EC PRIVATE KEY
	FormatDSA     Format = "DSA"            // OpenSSL's: DSA PRIVATE KEY
	FormatPKCS8   Format = "PKCS#8"         // RFC 5208: PRIVATE KEY, ENCRYPTED PRIVATE KEY
	FormatOpenSSH Format = "openssh-key-v1" // PROTOCOL.key: OPENSSH PRIVATE KEY
	FormatSSHCom  Format = "ssh.com"        // SSH2 ENCRYPTED PRIVATE KEY
)

// KDF describes how the passphrase of a file becomes a key.
type KDF struct {
	Name   string // "bcrypt", "PBKDF2-HMAC-SHA256", "scrypt", "MD5" (legacy PEM, ssh.com), ...
	Rounds uint64 // rounds or iterations; for scrypt see [sshkey.MaxScryptWork]
	Memory uint64 // in KiB; 0 if the derivation does not depend on it
	// Parallelism is p of scrypt; 0 for other derivations.
	Parallelism uint64
}

// File holds what a key file has in the clear, and its private half still closed.
type File struct {
	Format     Format
	Label      string        // of the block: "RSA PRIVATE KEY" for example
	Line       int           // of the block's BEGIN line, counted from 1
	Encryption string        // "none", or the cipher as the file names it
	KDF        *KDF          // nil if not encrypted
	Comment    string        // empty if the format has none or it is encrypted
	HasComment bool          // whether Comment is what the file says
	PublicKey  ssh.PublicKey // nil if it is not in the clear
	Keys       int           // how many private keys the file holds; the first is read
	Extra      bool          // whether there is text, or another block, besides the keys
	Token      *sshkey.Token // what is known of the token of the key; nil for a key that is not on one

	// digest is of what the block holds, and how that is encrypted. It is a function, as few
	// ask for it; it is nil in a File that did not come from Decode.
	digest func() [sha256.Size]byte
	// half is a function, since fmt does not look into functions with any verb. File
	// cannot have a method Format, as it has a field of that name.
	half func() sealed
	// plain returns a copy of a key that was read with the file; nil for any other file.
	plain func() *sshkey.Key
}

func seal(s sealed) func() sealed { return func() sealed { return s } }

// sealed is the private half as the file has it. Each container has an implementation. No
// method changes it, so that another passphrase can be tried.
type sealed interface {
	// usable returns an error if no passphrase could open this key.
	usable() error
	// derive runs the key derivation once; it returns nil if there is none.
	derive(passphrase []byte) []byte
	// openWith decrypts with the result of derive and builds the key. Marshal calls it
	// alone to verify what it wrote, without deriving again.
	openWith(derived []byte) (*sshkey.Key, error)
}

// sealed returns the private half; that of a File that did not come from Decode is one that
// nothing opens.
func (f *File) sealed() sealed {
	if f == nil || f.half == nil {
		return noHalf{}
	}
	return f.half()
}

type noHalf struct{}

var errNotDecoded = &sshkey.InvalidKeyError{Msg: "the file did not come from Decode"}

func (noHalf) usable() error                        { return errNotDecoded }
func (noHalf) derive([]byte) []byte                 { return nil }
func (noHalf) openWith([]byte) (*sshkey.Key, error) { return nil, errNotDecoded }

// BlockKeys returns how many keys the block has that the key was read from: 1 but for
// openssh-key-v1.
func (f *File) BlockKeys() int {
	if s, ok := f.sealed().(*opensshFile); ok {
		return len(s.publics)
	}
	return 1
}

// SameContent reports whether both files have the same content whatever the label and
// the lines look like.
func (f *File) SameContent(other *File) bool {
	return f != nil && other != nil && f.digest != nil && other.digest != nil &&
		f.Encryption == other.Encryption && f.digest() == other.digest()
}

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f != nil && f.Encryption != encryptionNone }

const encryptionNone = "none"

// Pick returns the file with another key of the same block, that of the index (from 0). It
// returns an *sshkey.InvalidKeyError for an index that is not below BlockKeys. Only
// openssh-key-v1 has room for several keys, and no program is known to write them.
func (f *File) Pick(index int) (*File, error) {
	s, ok := f.sealed().(*opensshFile)
	if !ok && index == 0 && f.Usable() == nil {
		return f, nil
	}
	if !ok || index < 0 || index >= len(s.publics) {
		return nil, prefixed(invalidf("the block has no key %d", index))
	}
	other := *s
	other.index = index
	file, err := other.file()
	if err != nil {
		return nil, prefixed(err)
	}
	file.Label, file.Line, file.Keys, file.Extra = f.Label, f.Line, f.Keys, f.Extra
	return file, nil
}
