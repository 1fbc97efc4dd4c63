package cli

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// expectation is what --public expects: a fingerprint, or one of some keys.
type expectation struct {
	name        string // what a message calls the keys
	keys        []ssh.PublicKey
	fingerprint engine.WantedFingerprint
}

func (want *expectation) needsPrivate() bool {
	return want != nil && want.keys == nil && want.fingerprint.NeedsPrivate()
}

// matches returns what of the key is the expected: a kind of fingerprint, or "public-key". A
// nil private half is one that is not known.
func (want *expectation) matches(pub ssh.PublicKey, key *sshkey.Key) (string, error) {
	if want == nil {
		return "", nil
	}
	pub = rawkey.WithoutCertificate(pub)
	if want.keys != nil {
		return matchedKey, want.matchesKeys(pub)
	}
	if kind, ok := want.fingerprint.Match(pub, key); ok {
		return string(kind), nil
	}
	var others []string
	for _, f := range want.fingerprint.Near(pub, key) {
		text := f.Text
		if shown := shownBy.Get()[f.Kind]; shown != "" {
			text += " (" + shown + ")"
		}
		others = append(others, text)
	}
	wanted := want.fingerprint.Text
	if want.fingerprint.Bare { // it may be the secret of a key as well
		wanted = "what --public says"
	}
	return "", fault.New(fault.OtherKey, "this is another key: it is %s, not %s", strings.Join(others, " or "), wanted)
}

// matchedKey is what matched where --public has a key.
const matchedKey = "public-key"

// shownBy says where a kind of fingerprint is shown that is not the one of ssh-keygen -l.
var shownBy = lazy.Map[engine.FingerprintKind, string]{Make: func() map[engine.FingerprintKind]string {
	return map[engine.FingerprintKind]string{
		engine.FingerprintSSHMD5:     "MD5 of the SSH key",
		engine.FingerprintSPKIMD5:    "as AWS shows an imported key, and Oracle Cloud",
		engine.FingerprintPKCS8SHA1:  "as AWS shows a key that it made",
		engine.FingerprintSPKISHA256: "as GitHub shows the key of an App",
		engine.FingerprintSSHSHA1:    "SHA-1 of the SSH key",
		engine.FingerprintSPKISHA1:   "SHA-1 of the public key in DER",
	}
}}

func (want *expectation) matchesKeys(pub ssh.PublicKey) error {
	for _, key := range want.keys {
		if convert.SamePublicKey(key, pub) {
			return nil
		}
	}
	got := sshkey.FingerprintSHA256(pub)
	if len(want.keys) > 1 {
		return fault.New(fault.OtherKey, "this is another key: it is %s, which is none of the %d in %s", got, len(want.keys), want.name)
	}
	return fault.New(fault.OtherKey, "this is another key: it is %s, and %s is %s", got, want.name, sshkey.FingerprintSHA256(want.keys[0]))
}

// expected reads --public: a fingerprint, a line with one such as ssh-keygen -l or puttygen
// -l prints, a public key as one line, or the name of a file with a public or private key.
func expected(ctx context.Context, t *convert.Task) (*expectation, error) {
	public := t.Name
	if public == "" {
		return nil, nil
	}
	// The key itself comes first: its comment could be the fingerprint of another.
	if f, err := engine.Open([]byte(public), engine.Limits{}); err == nil && f.Format == engine.Public {
		return &expectation{name: "the public key of --public", keys: []ssh.PublicKey{f.PublicKey}}, nil
	}
	if f, ok := findFingerprint(t, public); ok {
		return &expectation{fingerprint: f}, nil
	}
	for _, prefix := range []string{"SHA256:", "SHA1:", "MD5:"} { // rather than the name of a file
		if len(public) >= len(prefix) && strings.EqualFold(public[:len(prefix)], prefix) {
			return nil, usagef("--public %s is not a whole fingerprint", public)
		}
	}
	keys, err := expectedKeys(ctx, t)
	if err != nil {
		return nil, err
	}
	return &expectation{name: input.Shown(public), keys: keys}, nil
}

// findFingerprint finds a fingerprint among the words of a line. One without a prefix and
// colons has to be the whole of it, and no file of that name may be there.
func findFingerprint(t *convert.Task, line string) (engine.WantedFingerprint, bool) {
	if f, ok := engine.ParseFingerprint(line); ok {
		found, _ := t.Place.Find(strings.TrimSpace(line))
		return f, !f.Bare || !found
	}
	for _, word := range strings.Fields(line) {
		if f, ok := engine.ParseFingerprint(word); ok && !f.Bare {
			return f, true
		}
	}
	return engine.WantedFingerprint{}, false
}

// expectedKeys reads a file with a public or private key, or several public keys, as
// authorized_keys has them.
func expectedKeys(ctx context.Context, t *convert.Task) ([]ssh.PublicKey, error) {
	f, data, err := t.OpenOther(ctx, t.Name)
	if err != nil {
		return nil, fault.In(input.Shown(t.Name), err)
	}
	if f.PublicKey == nil {
		return nil, usagef("%s has its public key encrypted; give the .pub file or the fingerprint", input.Shown(t.Name))
	}
	keys := []ssh.PublicKey{f.PublicKey}
	if f.Format != engine.Public {
		return keys, nil
	}
	for line := range bytes.Lines(data) {
		f, err := engine.Open(line, engine.Limits{})
		if err != nil || f.Format != engine.Public {
			continue
		}
		same := func(key ssh.PublicKey) bool { return convert.SamePublicKey(key, f.PublicKey) }
		if !slices.ContainsFunc(keys, same) {
			keys = append(keys, f.PublicKey)
		}
	}
	return keys, nil
}
