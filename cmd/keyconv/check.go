package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"
)

func (a *app) checkCommand() *cobra.Command {
	var public string
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Tell whether a file is a usable private key, and the right one",
		Long: `Tells whether each FILE is a usable private key: it can be read, its passphrase is
right, its halves match, its primes are prime. The exit code tells a script the
reason, if not. An encrypted key is opened, so its passphrase is needed.

With --public it also has to be the key that belongs to that public key or
fingerprint, else the exit code is 8.`,
		Example: `  keyconv check key.pem
  keyconv check --public key.pub key.pem
  keyconv check --public SHA256:7oN9HZFy+dkwlCKSgnxTm1QbJVmsIBU/+2yQTdpWVqQ key.pem`,
		Args: needFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			defer a.clearSecrets()
			want, err := a.expected(public)
			if err != nil {
				return err
			}
			names, err := a.expand(args, isPrivate)
			if err != nil {
				return err
			}
			a.inputs.done = "good"
			a.eachInput(names, func(one *app, name string) error { return one.check(name, want) })
			return nil
		},
	}
	cmd.Flags().StringVar(&public, "public", "", "the key must be that of the public key in `FILE`, or of a fingerprint")
	a.addInputFlags(cmd)
	a.addJobsFlags(cmd)
	a.addPassphraseFlags(cmd)
	a.addLimitFlags(cmd)
	a.addStrictFlag(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
	return cmd
}

// otherKey is a key that is good, but not the one that was expected.
type otherKey struct{ msg string }

func (e *otherKey) Error() string { return e.msg }

// expectation is a test of a public key; nil expects nothing.
type expectation func(pub ssh.PublicKey) error

var sha256Fingerprint = regexp.MustCompile(`^SHA256:[A-Za-z0-9+/]{43}=?$`)

var md5Fingerprint = regexp.MustCompile(`^(?:MD5:)?([0-9a-f]{2}(?::[0-9a-f]{2}){15})$`)

// expected reads --public: a fingerprint as ssh-keygen and puttygen show them, or the
// name of a file with a public or private key.
func (a *app) expected(public string) (expectation, error) {
	if public == "" {
		return nil, nil
	}
	if sha256Fingerprint.MatchString(public) {
		return expectText(public, sshkey.FingerprintSHA256), nil
	}
	if m := md5Fingerprint.FindStringSubmatch(public); m != nil {
		return expectText(m[1], sshkey.FingerprintMD5), nil
	}
	if strings.HasPrefix(public, "SHA256:") || strings.HasPrefix(public, "MD5:") {
		return nil, usagef("--public %s is no whole fingerprint", public)
	}
	f, err := a.open(public)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", displayName(public), withoutPath(err))
	}
	if f.PublicKey == nil {
		return nil, usagef("%s has its public key encrypted; give the .pub file or the fingerprint", displayName(public))
	}
	want := sshkey.WithoutCertificate(f.PublicKey)
	return func(pub ssh.PublicKey) error {
		if bytes.Equal(pub.Marshal(), want.Marshal()) {
			return nil
		}
		return &otherKey{fmt.Sprintf("this is another key: it is %s, and %s is %s",
			sshkey.FingerprintSHA256(pub), displayName(public), sshkey.FingerprintSHA256(want))}
	}, nil
}

func expectText(want string, fingerprint func(ssh.PublicKey) string) expectation {
	return func(pub ssh.PublicKey) error {
		if got := fingerprint(pub); got != strings.TrimRight(want, "=") {
			return &otherKey{fmt.Sprintf("this is another key: it is %s, not %s", got, want)}
		}
		return nil
	}
}

func (a *app) check(name string, want expectation) error {
	f, err := a.open(name)
	if err != nil {
		return err
	}
	if !f.Private {
		return notPrivate(f)
	}
	key, _, err := a.unlockStrict(name, f)
	if err != nil {
		return err
	}
	a.settle()
	if _, err := interruptible(a.ctx, func() (any, error) { return nil, key.Validate() }); err != nil {
		return err
	}
	pub, err := key.Public()
	if err != nil {
		return err
	}
	if want != nil {
		if err := want(pub); err != nil {
			return err
		}
	}
	a.noteRepairs(name, f)
	a.warnOfWeakness(name, append(f.Findings(), sshkey.Findings(*key)...))
	return a.reportCheck(name, f, pub, key.Comment)
}

func (a *app) reportCheck(name string, f *keyconv.File, pub ssh.PublicKey, comment string) error {
	a.record.from(f)
	a.record.key(pub, comment)
	if a.flags.quiet || a.flags.json {
		return nil
	}
	protection := "not encrypted"
	if f.Encrypted() {
		protection = "encrypted"
	}
	_, err := fmt.Fprintf(a.stdout, "%s: good private key, %s %d %s, %s\n",
		displayName(name), pub.Type(), sshkey.Bits(pub), sshkey.FingerprintSHA256(pub), protection)
	return err
}
