package engine

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// KeyTypes returns the names of the types that [Generate] makes, the default first.
func KeyTypes() []string {
	var names []string
	for _, t := range rawkey.Types() {
		if t.CanGenerate() {
			names = append(names, t.Name)
		}
	}
	return names
}

// Generate makes a new private key of the system's random numbers: "ed25519",
// "ed448", "ecdsa" (256, 384 or 521 bits), "rsa" (2048 to 8192 bits; a large one
// takes seconds) or "dsa" (1024, 2048 or 3072 bits; for very old servers: OpenSSH 10
// has no DSA). 0 bits mean the default of the type: 256 for ecdsa, 3072 for rsa, 1024
// for dsa, since OpenSSH never took more. "mldsa44-ed25519" (256) is ML-DSA-44 with Ed25519,
// which only OpenSSH 10.6 and later takes.
// The comment is empty. It returns an *sshkey.UnsupportedError for another type or size.
func Generate(keyType string, bits int) (*sshkey.Key, error) {
	for _, t := range rawkey.Types() {
		if t.Name != keyType || !t.CanGenerate() {
			continue
		}
		private, err := t.Generate(bits)
		if err != nil {
			return nil, prefixed(err)
		}
		return &sshkey.Key{Private: private}, nil
	}
	return nil, prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedOption, What: fmt.Sprintf("the key type %q", keyType)})
}
