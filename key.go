package keyconv

import (
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/sshkey"
)

// Generate makes a new private key of the system's random numbers: "ed25519", "ed448",
// "ecdsa" (256, 384 or 521 bits), "rsa" (2048 to 8192 bits; a large one takes seconds), "dsa"
// (1024, 2048 or 3072 bits; for very old servers: OpenSSH 10 has no DSA) or
// "mldsa44-ed25519", which only OpenSSH 10.6 and later takes. 0 bits mean the default of the
// type: 256 for ecdsa, 3072 for rsa, 1024 for dsa. The comment is empty. It returns an
// *sshkey.UnsupportedError for another type or size.
func Generate(keyType string, bits int) (*sshkey.Key, error) {
	return engine.Generate(keyType, bits)
}

// AddCertificate adds the certificate of a "-cert.pub" file to the key. It returns an
// *sshkey.InvalidKeyError for a plain public key, which would change nothing, and for a
// certificate of another key. It does not check the signature: only a server can say which
// authority it trusts. A program that has an *ssh.Certificate sets Certificate of the key,
// and calls Check of it.
func AddCertificate(key *sshkey.Key, data []byte) error {
	return public(engine.AddCertificate(key, data))
}
