package ppk

import (
	"bytes"

	"github.com/keyconv/keyconv/sshkey"
)

// Decrypter tries one passphrase on several files, such as the readings of a damaged one
// that differ in the comment: the key derivation runs once for all files with the same
// parameters and salt. It must not be used from several goroutines at a time.
type Decrypter struct {
	passphrase []byte
	derived    map[derivation]keys
	derive     deriver
}

// derivation is what the keys depend on, besides the passphrase.
type derivation struct {
	version int
	params  Argon2Params
	salt    string
}

// NewDecrypter returns a Decrypter for a passphrase, of which it keeps a copy until
// Close.
func NewDecrypter(passphrase []byte) *Decrypter {
	return &Decrypter{passphrase: bytes.Clone(passphrase), derived: map[derivation]keys{}, derive: runArgon2}
}

// Close wipes the passphrase and the keys derived from it.
func (d *Decrypter) Close() {
	if d == nil {
		return
	}
	clear(d.passphrase)
	for _, k := range d.derived {
		k.clear()
	}
	clear(d.derived)
}

// Has reports whether Decrypt has no derivation to run for a file: it is not encrypted,
// or shares the derivation with an earlier one.
func (d *Decrypter) Has(f *File) bool {
	if !f.Encrypted() {
		return true
	}
	if d == nil {
		return false
	}
	_, ok := d.derived[f.derivation()]
	return ok
}

// Decrypt does what [File.Decrypt] does.
func (d *Decrypter) Decrypt(f *File) (*sshkey.Key, error) {
	key, err := d.decrypt(f)
	return key, prefixed(err)
}

func (d *Decrypter) decrypt(f *File) (*sshkey.Key, error) {
	if f == nil || f.mac == nil {
		return nil, errNotDecoded
	}
	if !f.Encrypted() {
		return f.open(plainKeys(f.Version))
	}
	if d == nil || d.passphrase == nil {
		return nil, &sshkey.PassphraseMissingError{PublicKey: f.PublicKey}
	}
	id := f.derivation()
	k, ok := d.derived[id]
	if !ok {
		k = f.deriveKeys(d.passphrase, d.derive)
		d.derived[id] = k
	}
	return f.open(k)
}

// derivation returns the same value for files whose keys are the same for the same
// passphrase. Versions 1 and 2 have neither parameters nor a salt.
func (f *File) derivation() derivation {
	id := derivation{version: f.Version, salt: string(f.salt)}
	if f.Argon2 != nil {
		id.params = *f.Argon2
	}
	return id
}
