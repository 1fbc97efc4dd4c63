package keyconv

import (
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Options are choices for writing an encrypted file. The zero value and nil mean the defaults
// of each format. A choice that the format does not have is refused, and so is any where
// nothing is encrypted.
type Options struct {
	Cipher      string // for OpenSSH ("aes256-ctr") and PKCS8 ("aes256-cbc")
	KDF         string // "argon2id", "argon2i", "argon2d" (PPK), "bcrypt" (OpenSSH), "pbkdf2", "scrypt" (PKCS8)
	Memory      uint64 // of Argon2 and scrypt, in KiB
	Rounds      uint64 // passes of Argon2, rounds of bcrypt, iterations of PBKDF2
	Parallelism uint64 // lanes of Argon2, p of scrypt
}

// Dropped is what of a key its new format has no room for. The zero value means nothing.
type Dropped struct {
	Comment     string
	Certificate *ssh.Certificate
}

// Write writes the key in a format: encrypted if there is a passphrase, as it is if that is
// nil, and only the public half, or the certificate, in a public format. What the format has
// no room for is returned, for the caller to keep elsewhere or to warn of.
//
// The output is opened again, and refused unless it holds the same key, encrypted exactly if
// there is a passphrase. Write refuses an empty passphrase that is not nil, and one for a
// private format that has no encryption: a passphrase never gets lost. In a public format,
// which holds no secret, it has no meaning. The errors are an *sshkey.UnsupportedError for a
// format or option that there is not, an *sshkey.LimitError for a cost over the limits that
// readers have, and an *sshkey.InvalidKeyError for a key that cannot be written.
func Write(key *sshkey.Key, format Format, passphrase []byte, opts *Options) ([]byte, Dropped, error) {
	out, dropped, err := engine.Write(key, engine.Format(format), passphrase, (*engine.Options)(opts))
	if err != nil {
		return nil, Dropped{}, public(err)
	}
	return out, Dropped(dropped), nil
}

// WritePublic writes a public key or certificate in one of the public formats, with the
// comment where the format has room for one. It returns an *sshkey.UnsupportedError for a
// format of a private key, or where [SPKI] does not have the type, and an
// *sshkey.InvalidKeyError for nil.
func WritePublic(pub ssh.PublicKey, comment string, format Format) ([]byte, error) {
	out, err := engine.MarshalPublic(pub, comment, engine.Format(format))
	return out, public(err)
}
