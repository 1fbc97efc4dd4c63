package main

import (
	"fmt"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// rehearseKey is --dry-run for a private key. All is checked that can be without a
// passphrase.
func (a *app) rehearseKey(name string, f *keyconv.File, g goal) error {
	if err := f.Usable(); err != nil {
		return err
	}
	if !f.Encrypted() {
		key, err := a.decryptBytes(f, nil)
		if err != nil {
			return err
		}
		if a.flags.strict {
			if err := refuseWeak(sshkey.Findings(*key)); err != nil {
				return err
			}
		}
		if err := a.setCertificate(key); err != nil {
			return err
		}
	}
	if err := a.checkBeside(f, g); err != nil {
		return err
	}
	return a.rehearse(name, f, g)
}

// checkBeside looks at the place of a certificate that would be written beside the key.
func (a *app) checkBeside(f *keyconv.File, g goal) error {
	if _, ok := f.PublicKey.(*ssh.Certificate); !ok && a.flags.certificate == "" || a.flags.removeCertificate || g.format.Holds().Certificate || g.output == stdio {
		return nil
	}
	return a.checkOutput(certificateName(g.output), false)
}

// rehearse says what a run without --dry-run would write.
func (a *app) rehearse(name string, f *keyconv.File, g goal) error {
	a.record.rehearse(g.output)
	a.noteRepairs(name, f)
	if !a.flags.quiet {
		fmt.Fprintf(a.stderr, "%s -> %s (not written: --dry-run)\n", displayName(name), displayName(g.output))
	}
	return nil
}
