package main

import (
	"bytes"
	"slices"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"
)

var publicFormats = []string{string(keyconv.Public), string(keyconv.RFC4716), string(keyconv.SPKI)}

func (a *app) publicCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "public FILE",
		Short: "Print the public key",
		Long: `Prints the public key of a private key (or of a public one, in another form): one
line for ~/.ssh/authorized_keys on a server.

A passphrase is asked for only where the file has the public key encrypted too. The
comment of an encrypted OpenSSH key is, and so is left out then.`,
		Example: `  keyconv public key.ppk >> ~/.ssh/authorized_keys
  keyconv public --to rfc4716 key.pem          # as PuTTYgen saves it
  keyconv public --to spki key.pem | openssl pkey -pubin -text -noout`,
		Args: needFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return withHint(usagef("one file at a time, not %d", len(args)), "keyconv convert --to public FILE... writes a .pub beside each")
			}
			if a.flags.to == "" {
				a.flags.to = string(keyconv.Public)
			}
			if !slices.Contains(publicFormats, a.flags.to) {
				return usagef("there is no public form %q%s", a.flags.to, choices(publicFormats))
			}
			if a.flags.output == "" {
				a.flags.output = stdio
			}
			return a.publicAll(args, keyconv.Format(a.flags.to), "")
		},
	}
	f := cmd.Flags()
	f.StringVar(&a.flags.to, "to", "", "`FORMAT` to print: "+strings.Join(publicFormats, ", "))
	f.StringVarP(&a.flags.output, "output", "o", "", "write to `FILE` in place of standard output")
	f.BoolVarP(&a.flags.force, "force", "f", false, "replace an output that exists")
	f.BoolVar(&a.flags.withCertificate, "with-certificate", false, "print the certificate, if the key has one")
	a.addCommentFlag(cmd)
	a.addPassphraseFlags(cmd)
	a.addLimitFlags(cmd)
	a.addStrictFlag(cmd)
	a.addQuietFlags(cmd)
	return a.takeInputEnv(cmd)
}

func (a *app) publicAll(args []string, format keyconv.Format, extension string) error {
	inputs, err := a.expand(args, isPrivate)
	if err != nil {
		return err
	}
	a.inputs.done, a.inputs.canContinue = "converted", true
	if err := a.checkJSON(inputs); err != nil {
		return err
	}
	if err := a.checkInputs(inputs, always(extension)); err != nil {
		return err
	}
	defer a.clearSecrets()
	a.eachInput(inputs, func(one *app, name string) error { return one.public(name, format, extension) })
	return nil
}

func (a *app) public(name string, format keyconv.Format, extension string) error {
	f, err := a.open(name)
	if err != nil {
		return err
	}
	if err := a.refuseSeen(f); err != nil {
		return err
	}
	g := goal{output: a.outputName(name, extension), format: format}
	if done, err := a.isDone(name, f, g); done || err != nil {
		return err
	}
	output := g.output
	if err := a.checkOutput(output, false); err != nil {
		return err
	}
	if a.flags.dryRun {
		return a.rehearse(name, f, g)
	}
	pub, comment, err := a.publicHalf(name, f)
	if err != nil {
		return err
	}
	if a.flags.commentSet {
		comment = a.flags.comment
	}
	if output == stdio {
		comment = a.showable(name, comment)
	}
	data, err := keyconv.MarshalPublic(pub, comment, format)
	if err != nil {
		return err
	}
	if err := a.write(output, data, false); err != nil {
		return err
	}
	a.record.public(output, format, pub, comment)
	a.reportPublicLoss(name, f, pub, comment, format)
	a.warnOfWeakness(name, sshkey.PublicFindings(pub))
	return nil
}

// publicHalf asks for a passphrase only if it has to.
func (a *app) publicHalf(name string, f *keyconv.File) (ssh.PublicKey, string, error) {
	pub, comment := f.PublicKey, f.Comment
	if pub == nil {
		key, _, err := a.unlock(name, f)
		if err != nil {
			return nil, "", err
		}
		if pub, err = sshkey.PublicOf(key.Private); err != nil {
			return nil, "", err
		}
	}
	cert, ok := pub.(*ssh.Certificate)
	if ok && f.Private && !a.flags.withCertificate {
		pub = cert.Key
	}
	return pub, comment, nil
}

// samePublicKey compares the keys, whatever certificates are around them.
func samePublicKey(a, b ssh.PublicKey) bool {
	return bytes.Equal(sshkey.WithoutCertificate(a).Marshal(), sshkey.WithoutCertificate(b).Marshal())
}
