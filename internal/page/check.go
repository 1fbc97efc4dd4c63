package page

import (
	"context"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// check opens the private key, proves it, and compares it with what is expected.
func check(ctx context.Context, r Request, files [][]byte) (*Answer, error) {
	want, err := expected(r.Public)
	if err != nil {
		return nil, err
	}
	j := newJob(r, files)
	defer j.end(ctx)
	f, _, err := j.Open(ctx)
	if err != nil {
		return nil, err
	}
	if !f.Private {
		return nil, convert.NotPrivate(f)
	}
	// Before a person types a passphrase for the wrong key. Of a damaged text only the
	// passphrase shows which repair is right, and some fingerprints are of the private half.
	onlyPrivate := want != nil && want.keys == nil && want.fingerprint.NeedsPrivate()
	if f.PublicKey != nil && len(f.Repairs) == 0 && !onlyPrivate {
		if _, err := want.matches(f.PublicKey, nil); err != nil {
			return nil, err
		}
	}
	key, _, err := j.Unlock(ctx, f)
	if err == nil {
		err = key.Validate()
	}
	if err != nil {
		return nil, err
	}
	pub, err := key.Public()
	if err != nil {
		return nil, err
	}
	matched, err := want.matches(pub, key)
	if err != nil {
		return nil, err
	}
	j.NoteRepairs(f)
	return &Answer{Notes: j.notes, Key: keyOf(pub, key.Comment, f.Encrypted()), Matched: matched}, nil
}

// expectation is what a key is compared with: one of some keys, or a fingerprint; nil
// means nothing.
type expectation struct {
	keys        []ssh.PublicKey
	fingerprint engine.WantedFingerprint
}

// expected reads a public key in any form, several as lines, or a fingerprint, alone or in
// a line such as ssh-keygen -l prints.
func expected(text string) (*expectation, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	var want expectation
	for _, part := range append([]string{text}, strings.Split(text, "\n")...) {
		if f, err := engine.Open([]byte(part), engine.Limits{}); err == nil && f.PublicKey != nil {
			want.keys = append(want.keys, rawkey.WithoutCertificate(f.PublicKey))
		}
	}
	if want.keys != nil {
		return &want, nil
	}
	if f, ok := engine.ParseFingerprint(text); ok {
		return &expectation{fingerprint: f}, nil
	}
	for _, word := range strings.Fields(text) {
		if f, ok := engine.ParseFingerprint(word); ok && !f.Bare {
			return &expectation{fingerprint: f}, nil
		}
	}
	return nil, fault.New(fault.Usage, "this is neither a public key nor a whole fingerprint")
}

// matches returns what of the key is the expected: a kind of fingerprint, or "public-key".
func (want *expectation) matches(pub ssh.PublicKey, key *sshkey.Key) (string, error) {
	if want == nil {
		return "", nil
	}
	pub = rawkey.WithoutCertificate(pub)
	for _, k := range want.keys {
		if convert.SamePublicKey(k, pub) {
			return "public-key", nil
		}
	}
	if want.keys != nil {
		return "", fault.New(fault.OtherKey, "this is another key: it is %s, not %s", sshkey.FingerprintSHA256(pub), sshkey.FingerprintSHA256(want.keys[0]))
	}
	if kind, ok := want.fingerprint.Match(pub, key); ok {
		return string(kind), nil
	}
	var others []string
	for _, f := range want.fingerprint.Near(pub, key) {
		others = append(others, f.Text)
	}
	return "", fault.New(fault.OtherKey, "this is another key: it is %s, not %s", strings.Join(others, " or "), want.fingerprint.Text)
}
