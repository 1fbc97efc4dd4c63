package keyconv

import (
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/sshkey"
)

// A File is opened by [Open].
type (
	// File is a key file of any format.
	File = engine.File
	// Format names a form of key file.
	Format = engine.Format
	// Options are choices for writing an encrypted file.
	Options = engine.Options
	// Mended is what Mend made of a text.
	Mended = engine.Mended
	// NotPrivateError says what a file is that does not hold a private key.
	NotPrivateError = engine.NotPrivateError
	// Limits bounds what a file may ask for.
	Limits = sshkey.Limits
)

// The formats.
const (
	PPK     = engine.PPK
	PPK2    = engine.PPK2
	PEM     = engine.PEM
	PKCS8   = engine.PKCS8
	OpenSSH = engine.OpenSSH
	SSHCom  = engine.SSHCom
	Public  = engine.Public
	RFC4716 = engine.RFC4716
	SPKI    = engine.SPKI
)

// Detect returns what a file is by its content.
func Detect(data []byte) Format { return engine.Detect(data) }

// Open reads everything that can be read without the passphrase.
func Open(data []byte, limits Limits) (*File, error) { return engine.Open(data, limits) }

// Parse reads a private key of any format, and calls ask if the file is encrypted.
func Parse(data []byte, ask func(*File) ([]byte, error)) (*sshkey.Key, error) {
	return engine.Parse(data, ask)
}

// MendLimits turns a damaged text back into the key files it was.
func MendLimits(data []byte, limits Limits) *Mended { return engine.MendLimits(data, limits) }

// OpenMended is Open for a text that Mend returned.
func OpenMended(m *Mended, index int, limits Limits) (*File, error) {
	return engine.OpenMended(m, index, limits)
}

// Marshal writes an unencrypted file.
func Marshal(key *sshkey.Key, format Format, opts *Options) ([]byte, error) {
	return engine.Marshal(key, format, opts)
}

// MarshalWithPassphrase writes an encrypted file.
func MarshalWithPassphrase(key *sshkey.Key, passphrase []byte, format Format, opts *Options) ([]byte, error) {
	return engine.MarshalWithPassphrase(key, passphrase, format, opts)
}

// Generate makes a new private key.
func Generate(keyType string, bits int) (*sshkey.Key, error) {
	return engine.Generate(keyType, bits)
}

// AddCertificate adds the certificate of a "-cert.pub" file to the key.
func AddCertificate(key *sshkey.Key, data []byte) error { return engine.AddCertificate(key, data) }
