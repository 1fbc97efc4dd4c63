package ppk

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1" // versions 1 and 2 are made of SHA-1
	"crypto/sha256"
	"encoding/binary"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Parse reads an unencrypted file. It returns the errors of [Decode] and [File.Decrypt],
// and for an encrypted file a *sshkey.PassphraseMissingError with the public key.
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if f.Encrypted() {
		return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase reads a file, encrypted or not: the passphrase is ignored
// where there is nothing to decrypt. It returns the errors of [Decode] and
// [File.Decrypt]; an empty passphrase is a missing one.
func ParseWithPassphrase(data, passphrase []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if len(passphrase) == 0 {
		passphrase = nil
	}
	return f.Decrypt(passphrase)
}

// Decrypt opens the private half, which takes as long as the file's key derivation, and
// checks the MAC and that the halves match. The passphrase is ignored if the file is not
// encrypted. f stays as it is, so that the next passphrase can be tried on it. It
// returns sshkey.ErrIncorrectPassphrase, a *sshkey.PassphraseMissingError for a nil passphrase, a
// *sshkey.SyntaxError for an unencrypted file whose MAC does not match, or an
// *sshkey.InvalidKeyError.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	var d *Decrypter
	if f.Encrypted() {
		d = NewDecrypter(passphrase)
		defer d.Close()
	}
	return d.Decrypt(f)
}

// open needs only the derived keys, so that what was just written can be verified
// without deriving them again.
func (f *File) open(k keys) (*sshkey.Key, error) {
	plain := f.private
	if f.Encrypted() {
		plain = k.decrypt(f.private)
		defer clear(plain)
	}
	switch {
	case hmac.Equal(f.computeMAC(k.mac, plain), f.mac):
		return f.parsePrivate(plain)
	case f.Encrypted():
		return nil, sshkey.ErrIncorrectPassphrase
	}
	return nil, &sshkey.SyntaxError{Line: f.macLine, Msg: "the MAC does not match: the file was changed or damaged after it was written"}
}

// maxPadding is a whole block: PuTTY fills up the last one with 0 to 15 bytes, phpseclib
// with 1 to 16.
const maxPadding = cipherBlockSize

// parsePrivate takes any padding after the last field of an encrypted file, since
// programs pad with what they like. In an unencrypted file nothing may follow that
// field.
func (f *File) parsePrivate(plain []byte) (*sshkey.Key, error) {
	key := &sshkey.Key{Comment: f.Comment}
	pub := f.PublicKey
	if cert, ok := pub.(*ssh.Certificate); ok {
		key.Certificate, pub = cert, cert.Key
	}
	t, _ := typeOf(f.Algorithm)
	var err error
	r := wire.NewReader(plain)
	if key.Private, err = t.parse(pub, r); err != nil {
		return nil, err
	}
	if key.Certificate != nil && rawkey.HasUnsortedOptions(key.Certificate) {
		key.Deviations = append(key.Deviations, sshkey.DeviationCertificateOrder)
	}
	if t.seedSize > 0 && len(wire.NewReader(plain).String("private key")) != t.seedSize {
		key.Deviations = append(key.Deviations, sshkey.DeviationSeedNumber)
	}
	if f.Encrypted() && len(r.Rest()) <= maxPadding {
		return key, nil
	}
	if err := r.End(); err != nil {
		return nil, privateError(err)
	}
	return key, nil
}

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
	if f == nil || f.mac == nil {
		return nil, prefixed(errNotDecoded)
	}
	k := plainKeys(f.Version)
	if f.Encrypted() {
		if d == nil || d.passphrase == nil {
			return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
		}
		id, ok := f.derivation(), false
		if k, ok = d.derived[id]; !ok {
			k = f.deriveKeys(d.passphrase, d.derive)
			d.derived[id] = k
		}
	}
	key, err := f.open(k)
	if err != nil {
		return nil, prefixed(err)
	}
	return key, nil
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

// keys are derived from a passphrase. An unencrypted file has a MAC key too.
type keys struct {
	cipher, iv, mac []byte
}

func (k keys) clear() {
	clear(k.cipher)
	clear(k.iv)
	clear(k.mac)
}

const (
	cipherKeySize = 32
	macKeySize    = 32 // of version 3
	// macKeyPrefix is what versions 1 and 2 hash for the MAC key, before the
	// passphrase. With no passphrase it is still there; version 3 has an empty key.
	macKeyPrefix = "putty-private-key-file-mac-key"
)

// plainKeys returns the keys of an unencrypted file.
func plainKeys(version int) keys {
	if version == 3 {
		return keys{}
	}
	return keys{mac: sha1Of([]byte(macKeyPrefix))}
}

// deriveKeys runs the key derivation of the file's version, once.
func (f *File) deriveKeys(passphrase []byte, derive deriver) keys {
	if f.Version == 3 {
		k := derive(*f.Argon2, passphrase, f.salt, cipherKeySize+cipherBlockSize+macKeySize)
		return keys{cipher: k[:32], iv: k[32:48], mac: k[48:]}
	}
	// Two SHA-1 of a counter and the passphrase: 40 bytes, of which AES takes 32.
	first := sha1Of([]byte{0, 0, 0, 0}, passphrase)
	second := sha1Of([]byte{0, 0, 0, 1}, passphrase)
	return keys{
		cipher: append(first, second...)[:cipherKeySize],
		iv:     make([]byte, cipherBlockSize),
		mac:    sha1Of([]byte(macKeyPrefix), passphrase),
	}
}

func sha1Of(parts ...[]byte) []byte {
	h := sha1.New()
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

// pad fills a private blob up to a whole number of blocks with the beginning of its
// own SHA-1, as PuTTY does (its manual says random). No reader checks it.
func pad(blob []byte) []byte {
	n := -len(blob) & (cipherBlockSize - 1)
	return append(bytes.Clone(blob), sha1Of(blob)[:n]...)
}

func (k keys) encrypt(plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(k.block(), k.iv).CryptBlocks(out, plain)
	return out
}

func (k keys) decrypt(encrypted []byte) []byte {
	out := make([]byte, len(encrypted))
	cipher.NewCBCDecrypter(k.block(), k.iv).CryptBlocks(out, encrypted)
	return out
}

func (k keys) block() cipher.Block {
	block, err := aes.NewCipher(k.cipher)
	if err != nil {
		panic("ppk: the cipher key has a wrong size: " + err.Error())
	}
	return block
}

// computeMAC returns the MAC of the plaintext of the private blob, padding included, and
// from version 2 on also of everything before it.
func (f *File) computeMAC(key, plain []byte) []byte {
	if f.hashed {
		return sha1Of(plain)
	}
	newHash := sha1.New
	if f.Version == 3 {
		newHash = sha256.New
	}
	m := hmac.New(newHash, key)
	if f.Version == 1 {
		m.Write(plain)
		return m.Sum(nil)
	}
	const fields, lengthSize = 5, 4
	inClear := make([]byte, 0, fields*lengthSize+len(f.Algorithm)+len(f.Encryption)+len(f.Comment)+len(f.public))
	inClear = wire.AppendString(wire.AppendString(wire.AppendString(inClear, f.Algorithm), f.Encryption), f.Comment)
	inClear = wire.AppendString(inClear, f.public)
	m.Write(binary.BigEndian.AppendUint32(inClear, uint32(len(plain)))) // what follows is not copied: it is secret
	m.Write(plain)
	return m.Sum(nil)
}
