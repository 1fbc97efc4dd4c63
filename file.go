package keyconv

import (
	"context"
	"errors"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/redact"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// File is a key file: what it has in the clear, and its private half still closed. Its
// methods may be called from several goroutines at a time. The zero value is a file without
// a key.
type File struct {
	Format     Format
	Private    bool          // false for a public key or certificate
	Encryption string        // "none", or the cipher as the file names it
	KDF        *KDF          // nil where the file is not encrypted
	Comment    string        // empty where the format has none, or it is encrypted
	HasComment bool          // whether Comment is what the file says
	PublicKey  ssh.PublicKey // nil where it is not in the clear; an *ssh.Certificate where the file has one
	Keys       int           // how many keys the file holds; see ParseOptions.Index
	Extra      bool          // whether there is text, or other blocks, besides the keys
	// Repairs says what mending changed, as far as that is known without the passphrase, in
	// codes that stay as they are, those of --json: "utf-16", "one-line", ... nil where nothing
	// was wrong.
	Repairs []string
	// Damaged has the lines where other keys begin that mending could not mend.
	Damaged []int

	file *engine.File // nil in the zero value
}

// KDF is what a file says about how its passphrase becomes a key. A cost that the key
// derivation does not have is 0.
type KDF struct {
	Name        string // "Argon2id", "bcrypt", "PBKDF2-HMAC-SHA256", "SHA-1", ...
	Memory      uint64 // in KiB
	Rounds      uint64 // passes of Argon2, rounds of bcrypt, iterations; for scrypt see sshkey.MaxScryptWork
	Parallelism uint64 // lanes of Argon2, p of scrypt
}

// Open reads all that can be read without the passphrase, of private keys, public keys and
// certificates. The passphrase function of the options is not called; nil options are those
// of [Parse]. It returns a *NotPrivateError for a file without a key, and otherwise the
// errors of sshkey.
func Open(data []byte, opts *ParseOptions) (*File, error) {
	return openContext(context.Background(), data, opts)
}

func openContext(ctx context.Context, data []byte, opts *ParseOptions) (*File, error) {
	if opts == nil {
		opts = &ParseOptions{}
	}
	if ctx == nil {
		ctx = context.Background()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := opts.open(ctx, data)
	if err != nil {
		return nil, public(err)
	}
	file := &File{
		Format: Format(f.Format), Private: f.Private, Encryption: f.Encryption, Comment: f.Comment, HasComment: f.HasComment,
		PublicKey: f.PublicKey, Keys: f.Keys, Extra: f.Extra, Damaged: f.Damaged, file: f,
	}
	if f.KDF != nil {
		file.KDF = &KDF{f.KDF.Name, f.KDF.Memory, f.KDF.Rounds, f.KDF.Parallelism}
	}
	for _, r := range f.Repairs {
		file.Repairs = append(file.Repairs, r.Code)
	}
	return file, nil
}

// open opens the key of the index. A text with several keys is taken apart as a damaged one
// is: it is damaged where something had to be repaired.
func (o *ParseOptions) open(ctx context.Context, data []byte) (*engine.File, error) {
	if !o.Mend && o.Index == 0 {
		return engine.Open(data, o.Limits)
	}
	f, _, err := engine.OpenKey(ctx, data, o.Index, o.Limits)
	if err == nil && !o.Mend && len(f.Repairs) > 0 {
		return nil, prefixed(&sshkey.SyntaxError{Msg: "the file is damaged: " + f.Repairs[0].Message})
	}
	return f, err
}

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f.engine().Encrypted() }

// engine returns the file of the engine, or one without a key for the zero value and nil.
func (f *File) engine() *engine.File {
	if f == nil || f.file == nil {
		return &engine.File{}
	}
	return f.file
}

// Usable returns an *sshkey.UnsupportedError where no passphrase could make the file a key,
// as with a key on a security token, and a *NotPrivateError for a public key. A program
// calls it before it asks for a passphrase.
func (f *File) Usable() error { return public(f.engine().Usable()) }

// Decrypt opens the private half. The passphrase is ignored where the file is not encrypted;
// nil is a *sshkey.PassphraseMissingError where it is, while an empty one that is not nil is
// tried, as there are PKCS#12 files with it. Decrypt does not change f, so that the next
// passphrase can be tried. It returns sshkey.ErrIncorrectPassphrase for a wrong one, and the
// errors of [File.Usable].
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	return f.DecryptContext(context.Background(), passphrase)
}

// DecryptContext is Decrypt that returns the error of the context if that is done before a
// key derivation begins. Of a mended text there may be several, one after the other. It does
// not stop one that has begun, nor does it leave one behind in a goroutine: when it returns,
// its memory is free for the next. With [ServerLimits] that takes 2 seconds at most.
func (f *File) DecryptContext(ctx context.Context, passphrase []byte) (*sshkey.Key, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	if err := f.Usable(); err != nil {
		return nil, err
	}
	if f.Encrypted() && passphrase == nil {
		return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
	}
	key, _, err := f.engine().DecryptContext(ctx, passphrase)
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil, ctx.Err()
	}
	return key, public(err)
}

// String describes the file in a line, without anything of its private half.
func (f *File) String() string {
	if f == nil {
		return "keyconv.File(<nil>)"
	}
	return redact.Describe("keyconv.File", f.PublicKey, string(f.Format), f.Encryption)
}
