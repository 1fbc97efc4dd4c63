// Package redact describes a key file in a line that has nothing of its private half.
package redact

import (
	"strings"

	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Describe returns name(parts, fingerprint), without the parts that are empty and without
// the fingerprint of a nil pub.
func Describe(name string, pub ssh.PublicKey, parts ...string) string {
	if pub != nil {
		parts = append(parts, pub.Type(), sshkey.FingerprintSHA256(pub))
	}
	var known []string
	for _, part := range parts {
		if part != "" {
			known = append(known, part)
		}
	}
	return name + "(" + strings.Join(known, ", ") + ")"
}
