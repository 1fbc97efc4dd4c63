package engine

import (
	"cmp"
	"context"
	"encoding/pem"
	"slices"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// File is a key file of any format: what it has in the clear, and its private half
// still closed. Its methods may be called from several goroutines at a time.
type File struct {
	Format     Format
	Title      string              // what a person calls it: "PuTTY private key, version 3"
	Encryption string              // "none", or the cipher as the file names it
	KDF        *KDF                // nil if not encrypted
	Comment    string              // empty where the format has none or it is encrypted
	HasComment bool                // whether Comment is what the file says
	PublicKey  ssh.PublicKey       // nil where it is not in the clear; a certificate where the file has one
	Keys       int                 // how many keys the file holds; the first is read
	Extra      bool                // whether there is text, or other blocks, besides the keys
	Private    bool                // false for a public key
	Damaged    []int               // the lines where other keys begin that Mend could not mend
	Unreadable []int               // in a form that has no lines: the other keys that cannot be read, counted from 1
	Lines      []rawkey.PublicLine // of authorized_keys with several lines, or known_hosts; nil for any other file
	Repairs    []Repair            // what Mend changed in the text, as far as it is known without the passphrase

	Token *sshkey.Token // what the file says of the token of the key; nil for a key that is not on one

	// The private half is in closures, which fmt does not look into, whatever the verb:
	// File cannot have the method Format, as it has a field of that name.

	limits     Limits                         // that it was opened with, and the meter of its work
	ppk        func() *ppk.File               // nil if not a .ppk
	pem        func() *pemkey.File            // nil if not PEM
	ppkVersion int                            // 0 if not a .ppk
	usable     func() error                   // nil for a file that is always usable
	pick       func(index int) (*File, error) // nil for a form with room for one key
	decrypt    func(passphrase []byte) (*sshkey.Key, error)
	candidates []*File // of a damaged text, where there are several
	respelled  bool    // whether Comment is in UTF-8, and the text has it in a code page
	guess      bool    // whether mending put letters in place of others
	// mended replaces decrypt in Decrypt where there are candidates.
	mended func(ctx context.Context, passphrase []byte) (*sshkey.Key, []Repair, error)
	clean  func() (text []byte, repairs []Repair)
}

// KDF is what a file says about how its passphrase becomes a key. A field that does
// not count is 0.
type KDF struct {
	Name        string // "Argon2id", "bcrypt", "PBKDF2-HMAC-SHA256", "SHA-1", ...
	Memory      uint64 // in KiB
	Rounds      uint64 // passes, rounds or iterations; for scrypt see [sshkey.MaxScryptWork]
	Parallelism uint64 // lanes of Argon2, p of scrypt
}

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f.Private && f.Encryption != "none" }

// Usable returns an *sshkey.UnsupportedError where no passphrase could make the file a key, as
// with a key on a token, and a *NotPrivateError for a public key. A program calls it
// before it asks for a passphrase.
func (f *File) Usable() error {
	switch {
	case !f.Private:
		return prefixed(f.notPrivate())
	case f.usable != nil:
		return f.usable()
	}
	return nil
}

// notPrivate returns the error of a public key.
func (f *File) notPrivate() *NotPrivateError {
	format := f.Format
	for _, l := range f.Lines {
		if l.Hosts != "" {
			format = knownHosts
		}
	}
	return &NotPrivateError{Format: cmp.Or(format, Unknown), Title: f.Title}
}

// Findings returns the known weaknesses of the file itself, nil for none: an obsolete
// form, or an encryption whose passphrase is quick to guess. They are not a reason to
// refuse the key. See [File.KeyFindings] for the key in it.
func (f *File) Findings() []rawkey.Finding {
	var found []rawkey.Finding
	if f.Format == SSH1 {
		found = append(found, ofSSH1)
	}
	if f.ppkVersion == 1 {
		old := ofPPK1
		old.Advice.Formats = slices.Clone(old.Advice.Formats) // the caller's own
		found = append(found, old)
	}
	if f.Encrypted() && f.KDF != nil {
		found = append(found, f.KDF.findings()...)
		found = append(found, f.cipherFindings()...)
	}
	return found
}

// Carried returns the file with a private half that Decrypt does not refuse, but returns as
// an *rawkey.CarriedKey: for a key in openssh-key-v1 that is of an unknown type or on a
// security token, and so can only be written in that form again. nil for any other file.
func (f *File) Carried() *File {
	if f.pem == nil {
		return nil
	}
	p := f.pem().Carried()
	if p == nil {
		return nil
	}
	carried := *f
	carried.usable, carried.decrypt, carried.mended = p.Usable, p.Decrypt, nil
	return &carried
}

// Decrypt opens the private half. The passphrase is ignored where the file is not
// encrypted. It does not change f, so that the next passphrase can be tried on it. For a
// public key it returns a *NotPrivateError, otherwise the errors of the reading package.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	switch {
	case f.mended != nil:
		key, _, err := f.mended(context.Background(), passphrase)
		return key, err
	case f.decrypt == nil: // the zero value
		return nil, prefixed(f.notPrivate())
	case f.KDF != nil:
		budget.SpendDerivation(f.limits, f.KDF.steps())
	}
	return f.decrypt(passphrase)
}

// DecryptMended is Decrypt that also returns what was changed in the text that the
// passphrase has proved to be right. File.Repairs has the changes of the likeliest text,
// before any passphrase; the two differ where the text can be read in more than one way.
func (f *File) DecryptMended(passphrase []byte) (*sshkey.Key, []Repair, error) {
	return f.DecryptContext(context.Background(), passphrase)
}

// DecryptContext is DecryptMended that returns the error of the context if that is done
// before a key derivation begins.
func (f *File) DecryptContext(ctx context.Context, passphrase []byte) (*sshkey.Key, []Repair, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if f.mended != nil {
		return f.mended(ctx, passphrase)
	}
	key, err := f.Decrypt(passphrase)
	return key, nil, err
}

// Parse reads a private key of any format. It calls ask only if the file is encrypted,
// and only when everything but the passphrase has been read. If ask is nil, an encrypted
// file gives a *sshkey.PassphraseMissingError. An error of ask is returned as it is;
// otherwise Parse returns the errors of [Open] and [File.Decrypt].
func Parse(data []byte, ask func(*File) ([]byte, error)) (*sshkey.Key, error) {
	f, err := Open(data, sshkey.Limits{})
	if err != nil {
		return nil, err
	}
	if !f.Encrypted() {
		return f.Decrypt(nil)
	}
	if err := f.Usable(); err != nil {
		return nil, err
	}
	if ask == nil {
		return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
	}
	passphrase, err := ask(f)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(passphrase)
}

func openPPK(data []byte, limits sshkey.Limits) (*File, error) {
	p, err := ppk.DecodeLimits(data, limits)
	if err != nil {
		return nil, err
	}
	f := &File{
		Title:      "PuTTY private key, version " + string('0'+rune(p.Version)),
		Encryption: p.Encryption, Comment: p.Comment, HasComment: true,
		PublicKey: p.PublicKey, Keys: 1, Extra: p.Extra, ppk: func() *ppk.File { return p }, ppkVersion: p.Version, decrypt: p.Decrypt,
	}
	switch {
	case p.Argon2 != nil:
		a := p.Argon2
		f.KDF = &KDF{string(a.Variant), uint64(a.Memory), uint64(a.Passes), uint64(a.Parallelism)}
	case p.Encrypted():
		f.KDF = &KDF{Name: "SHA-1", Rounds: 1}
	}
	return f, nil
}

func openPEM(data []byte, limits sshkey.Limits) (*File, error) {
	p, err := pemkey.DecodeLimits(data, limits)
	if err != nil && isPublicInside(data) {
		return nil, prefixed(&NotPrivateError{Format: SPKI, Title: "public key under the label of a private key"})
	}
	if err != nil {
		return nil, err
	}
	return pemFile(p), nil
}

// isPublicInside reports whether the first PEM block has the content of a public key,
// whatever its label says.
func isPublicInside(data []byte) bool {
	block, _ := pem.Decode(data)
	if block == nil {
		return false
	}
	for _, label := range []string{"PUBLIC KEY", "RSA PUBLIC KEY"} {
		if _, err := rawkey.DecodeSPKI(pemblock.Encode(label, nil, block.Bytes)); err == nil {
			return true
		}
	}
	return false
}

func pemFile(p *pemkey.File) *File {
	title := "PEM private key (" + string(p.Format) + ", " + p.Label + ")"
	switch p.Format {
	case pemkey.FormatOpenSSH:
		title = "OpenSSH private key (openssh-key-v1)"
	case pemkey.FormatSSHCom:
		title = "ssh.com private key"
	}
	f := &File{
		Title:      title,
		Encryption: p.Encryption, Comment: p.Comment, HasComment: p.HasComment,
		PublicKey: p.PublicKey, Keys: p.Keys, Extra: p.Extra, Token: p.Token,
		pem: func() *pemkey.File { return p }, usable: p.Usable,
		pick: func(index int) (*File, error) {
			other, err := p.Pick(index)
			if err != nil {
				return nil, err
			}
			return pemFile(other), nil
		},
		decrypt: p.Decrypt,
	}
	if p.KDF != nil {
		f.KDF = &KDF{Name: p.KDF.Name, Memory: p.KDF.Memory, Rounds: p.KDF.Rounds, Parallelism: p.KDF.Parallelism}
	}
	return f
}

// openDER reads a binary key as the PEM block that it is the content of.
func openDER(data []byte, limits sshkey.Limits) (*File, error) {
	f, err := openPEM(pemblock.Encode(pemblock.LabelOf(data), nil, data), limits)
	if err == nil {
		f.Title = ""
	}
	return f, err
}
