package cli

import (
	"bytes"
	"context"
	"regexp"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// expectation is a test of a public key; nil expects nothing.
type expectation func(pub ssh.PublicKey) error

func (want expectation) of(pub ssh.PublicKey) error {
	if want == nil || pub == nil {
		return nil
	}
	return want(sshkey.WithoutCertificate(pub))
}

var sha256Fingerprint = regexp.MustCompile(`^SHA256:[A-Za-z0-9+/]{43}=?$`)

var md5Fingerprint = regexp.MustCompile(`^(?i:MD5:)?((?i:[0-9a-f]{2}(?::[0-9a-f]{2}){15}))$`)

// awsFingerprint is what AWS shows of a key pair that it made: the SHA-1 of the
// private key in PKCS#8.
var awsFingerprint = regexp.MustCompile(`^(?i:[0-9a-f]{2}(?::[0-9a-f]{2}){19})$`)

// expected reads --public: a fingerprint, a line that ssh-keygen -l or puttygen -l
// prints, a public key as one line, or the name of a file with a public or private key.
func expected(ctx context.Context, t *convert.Task) (expectation, error) {
	public := t.Name
	if public == "" {
		return nil, nil
	}
	// The key itself comes first: its comment could be the fingerprint of another.
	if f, err := keyconv.Open([]byte(public), keyconv.Limits{}); err == nil && f.Format == keyconv.Public {
		return expectOneOf("the public key of --public", []ssh.PublicKey{f.PublicKey}), nil
	}
	if want := expectFingerprint(public); want != nil {
		return want, nil
	}
	if awsFingerprint.MatchString(public) {
		return nil, usagef("--public %s is a fingerprint of the private key, as AWS alone makes it", public).
			With(say("give the public key, or the fingerprint of ssh-keygen -l"))
	}
	if strings.HasPrefix(public, "SHA256:") || strings.HasPrefix(public, "MD5:") {
		return nil, usagef("--public %s is no whole fingerprint", public)
	}
	keys, err := expectedKeys(ctx, t)
	if err != nil {
		return nil, err
	}
	return expectOneOf(input.Shown(public), keys), nil
}

// expectFingerprint finds the fingerprint among the words of a line, nil if there is
// none.
func expectFingerprint(line string) expectation {
	for _, word := range strings.Fields(line) {
		if sha256Fingerprint.MatchString(word) {
			return expectText(strings.TrimRight(word, "="), sshkey.FingerprintSHA256)
		}
		if m := md5Fingerprint.FindStringSubmatch(word); m != nil {
			return expectText(strings.ToLower(m[1]), sshkey.FingerprintMD5)
		}
	}
	return nil
}

func expectText(want string, fingerprint func(ssh.PublicKey) string) expectation {
	return func(pub ssh.PublicKey) error {
		if got := fingerprint(pub); got != want {
			return fault.New(fault.OtherKey, "this is another key: it is %s, not %s", got, want)
		}
		return nil
	}
}

// expectedKeys reads a file with a public or private key, or several public keys, as
// authorized_keys has them.
func expectedKeys(ctx context.Context, t *convert.Task) ([]ssh.PublicKey, error) {
	f, data, err := t.Open(ctx)
	if err != nil {
		return nil, fault.In(input.Shown(t.Name), err)
	}
	if f.PublicKey == nil {
		return nil, usagef("%s has its public key encrypted; give the .pub file or the fingerprint", input.Shown(t.Name))
	}
	keys := []ssh.PublicKey{f.PublicKey}
	if f.Format != keyconv.Public {
		return keys, nil
	}
	for line := range bytes.Lines(data) {
		if f, err := keyconv.Open(line, keyconv.Limits{}); err == nil && f.Format == keyconv.Public {
			keys = append(keys, f.PublicKey)
		}
	}
	return keys, nil
}

func expectOneOf(name string, keys []ssh.PublicKey) expectation {
	blobs := map[string]bool{}
	for _, key := range keys {
		blobs[string(sshkey.WithoutCertificate(key).Marshal())] = true
	}
	first := sshkey.FingerprintSHA256(sshkey.WithoutCertificate(keys[0]))
	return func(pub ssh.PublicKey) error {
		got := sshkey.FingerprintSHA256(pub)
		switch {
		case blobs[string(pub.Marshal())]:
			return nil
		case len(blobs) > 1:
			return fault.New(fault.OtherKey, "this is another key: it is %s, which is none of the %d in %s", got, len(blobs), name)
		}
		return fault.New(fault.OtherKey, "this is another key: it is %s, and %s is %s", got, name, first)
	}
}
