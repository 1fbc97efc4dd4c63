package pemkey

import (
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Format is the kind of structure inside a file.
type Format string

// The formats that Decode tells apart.
const (
	FormatPKCS1   Format = "PKCS#1"         // RFC 8017: RSA PRIVATE KEY
	FormatSEC1    Format = "SEC 1"          // RFC 5915: EC PRIVATE KEY
	FormatDSA     Format = "DSA"            // OpenSSL's: DSA PRIVATE KEY
	FormatPKCS8   Format = "PKCS#8"         // RFC 5208: PRIVATE KEY, ENCRYPTED PRIVATE KEY
	FormatOpenSSH Format = "openssh-key-v1" // PROTOCOL.key: OPENSSH PRIVATE KEY
	FormatSSHCom  Format = "ssh.com"        // SSH2 ENCRYPTED PRIVATE KEY
)

// KDF is what a file says about how its passphrase becomes a key.
type KDF struct {
	Name   string // "bcrypt", "PBKDF2-HMAC-SHA256", "scrypt", "MD5" (legacy PEM, ssh.com), ...
	Rounds uint64 // rounds or iterations; for scrypt see [sshkey.MaxScryptWork]
	Memory uint64 // in KiB; 0 where it does not count
	// Parallelism is p of scrypt; 0 where there is none.
	Parallelism uint64
}

// File is what a key file has in the clear, and its private half still closed.
type File struct {
	Format     Format
	Label      string        // of the block: "RSA PRIVATE KEY" for example
	Line       int           // of the block's BEGIN line, counted from 1
	Encryption string        // "none", or the cipher as the file names it
	KDF        *KDF          // nil if not encrypted
	Comment    string        // empty where the format has none or it is encrypted
	PublicKey  ssh.PublicKey // nil where it is not in the clear
	Keys       int           // how many private keys the file holds; the first is read
	Extra      bool          // whether there is text, or another block, besides the keys

	// sealed is behind a function, into which fmt does not look, whatever the verb: File
	// cannot have the method Format, as it has a field of that name.
	sealed func() sealed
}

func seal(s sealed) func() sealed { return func() sealed { return s } }

// sealed is the private half as the file has it; one implementation a container.
// No method changes it, so that another passphrase can be tried.
type sealed interface {
	// usable returns an error where no passphrase could make this a key.
	usable() error
	// derive runs the key derivation, once; nil where there is none.
	derive(passphrase []byte) []byte
	// openWith decrypts with what derive returned and puts the key together. It is
	// apart from derive so that what was just written is verified without deriving
	// again.
	openWith(derived []byte) (*sshkey.Key, error)
}

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f.Encryption != encryptionNone }

const encryptionNone = "none"

// Decode reads everything that can be read without the passphrase. It returns a
// *SyntaxError, *UnsupportedError, *LimitError or *InvalidKeyError. A key on a
// token (sk-*) decodes, since its public half is there; Decrypt refuses it.
func Decode(data []byte) (*File, error) { return DecodeLimits(data, Limits{}) }

// DecodeLimits is Decode with other limits than the defaults.
func DecodeLimits(data []byte, limits Limits) (*File, error) {
	f, err := decode(data, limits)
	return f, prefixed(err)
}

// Pick returns the file with another key of the same block as the one that is read: that
// of the index, from 0. Only openssh-key-v1 has room for several, which no program is
// known to write; nil where the block has no such key.
func (f *File) Pick(index int) *File {
	s, ok := f.sealed().(*opensshFile)
	if !ok || index < 0 || index >= len(s.publics) {
		return nil
	}
	other := *s
	other.index = index
	file, err := other.file()
	if err != nil {
		return nil // Decode has opened all that is not encrypted
	}
	file.Label, file.Line, file.Keys, file.Extra = f.Label, f.Line, f.Keys, f.Extra
	return file
}

// Usable returns an *UnsupportedError where no passphrase could make the file a key,
// as that of a key on a token: so that nobody is asked for one.
func (f *File) Usable() error { return prefixed(f.sealed().usable()) }

// Decrypt opens the private half, which takes as long as the file's key derivation
// does, and checks that the halves match. The passphrase is ignored where the file
// is not encrypted. f stays as it is, so that the next passphrase can be tried on
// it. It returns ErrIncorrectPassphrase, a *SyntaxError, an *InvalidKeyError or an
// *UnsupportedError.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	if err := f.sealed().usable(); err != nil {
		return nil, prefixed(err)
	}
	derived := f.sealed().derive(passphrase)
	defer clear(derived)
	key, err := f.sealed().openWith(derived)
	return key, prefixed(err)
}

// Parse reads an unencrypted file. For an encrypted one it returns a
// *PassphraseMissingError; else the errors of [Decode] and [File.Decrypt].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if err := f.sealed().usable(); err != nil {
		return nil, prefixed(err)
	}
	if f.Encrypted() {
		return nil, prefixed(&PassphraseMissingError{PublicKey: f.PublicKey})
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase reads a file, encrypted or not: the passphrase is ignored
// where there is nothing to decrypt. It returns the errors of [Decode] and
// [File.Decrypt].
func ParseWithPassphrase(data, passphrase []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(passphrase)
}
