package main

import (
	"fmt"

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
right, its halves match, its primes are prime. It prints which key it is and whether
it is encrypted. The exit code tells a script the reason, if it is not usable. An
encrypted key is opened, so its passphrase is needed.

With --public it also has to be the key that belongs to that public key, else the exit
code is 8. What --public takes: a file with a public key in any form, a certificate, a
private key, or several public keys as authorized_keys has them, of which one has to
match; a public key as text; a fingerprint, or the whole line of ssh-keygen -l.`,
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
	cmd.Flags().StringVar(&public, "public", "", "the key must be that of the public key in `FILE`, of a public key, or of a fingerprint")
	a.addInputFlags(cmd)
	a.addJobsFlags(cmd)
	a.addPassphraseFlags(cmd)
	a.addLimitFlags(cmd)
	a.addStrictFlag(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
	return a.takeInputEnv(cmd)
}

func (a *app) check(name string, want expectation) error {
	f, err := a.open(name)
	if err != nil {
		return err
	}
	if !f.Private {
		return notPrivate(f)
	}
	// Before anybody types a passphrase for the wrong key. Of a damaged text only the
	// passphrase shows which repair is right.
	if f.Encrypted() && len(f.Repairs) == 0 {
		if err := want.of(f.PublicKey); err != nil {
			return err
		}
	}
	key, _, err := a.unlockStrict(name, f)
	if is[*needsPassphrase](err) {
		a.noteLocked(name, f)
	}
	if err != nil {
		return err
	}
	a.settle()
	if _, err := interruptible(a.ctx, func() (any, error) { return nil, key.Validate() }); err != nil {
		return err
	}
	pub, err := sshkey.PublicOf(key.Private)
	if err != nil {
		return err
	}
	if err := want.of(pub); err != nil {
		return err
	}
	a.noteRepairs(name, f)
	a.warnOfWeakness(name, append(f.Findings(), sshkey.Findings(*key)...))
	return a.reportCheck(name, f, pub, key.Comment, want)
}

func (a *app) reportCheck(name string, f *keyconv.File, pub ssh.PublicKey, comment string, want expectation) error {
	a.record.from(f)
	a.record.key(pub, comment)
	if a.flags.quiet || a.flags.json {
		return nil
	}
	matches := ""
	if want != nil {
		matches = ", the expected key"
	}
	_, err := fmt.Fprintf(a.stdout, "%s: good private key, %s, %s%s\n", displayName(name), describeKey(pub), protection(f), matches)
	return err
}

// noteLocked says which key it is that nobody has the passphrase of, where the file
// shows it.
func (a *app) noteLocked(name string, f *keyconv.File) {
	if f.PublicKey != nil {
		a.note(name, "it claims to be %s, %s", describeKey(sshkey.WithoutCertificate(f.PublicKey)), protection(f))
	}
}

// describeKey is the type, size and fingerprint, as ssh-keygen -l has them.
func describeKey(pub ssh.PublicKey) string {
	return fmt.Sprintf("%s %d %s", pub.Type(), sshkey.Bits(pub), sshkey.FingerprintSHA256(pub))
}

func protection(f *keyconv.File) string {
	if f.Encrypted() {
		return "encrypted"
	}
	return "not encrypted"
}
