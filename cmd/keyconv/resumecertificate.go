package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// differsInCertificate compares the certificate, in the file or beside it.
func (a *app) differsInCertificate(f, there *keyconv.File, g goal) (string, error) {
	holds := g.format.Holds()
	wanted, err := a.wantedCertificate(f, holds.Private)
	if err != nil {
		return "", err
	}
	switch found, _ := there.PublicKey.(*ssh.Certificate); {
	case holds.Certificate && !sameCertificate(wanted, found):
		return "its certificate is not the same", nil
	case holds.Certificate || !holds.Private || wanted == nil:
		return "", nil
	}
	place := certificateName(g.output)
	if _, err := os.Lstat(place); errors.Is(err, fs.ErrNotExist) {
		return missingCertificate, nil
	}
	beside, err := a.readCertificate(place)
	switch {
	case is[interrupted](err):
		return "", err
	case err != nil || !sameCertificate(wanted, beside):
		return "what is beside it is not its certificate", nil
	}
	return "", nil
}

// missingCertificate is what differs if a run was killed when it had written the key,
// but not yet the certificate beside it.
const missingCertificate = "its certificate is not beside it"

// addMissing does what is left of such a run.
func (a *app) addMissing(name string, f *keyconv.File, g goal) error {
	cert, err := a.wantedCertificate(f, true)
	if err != nil || a.flags.dryRun {
		return err
	}
	comment := f.Comment
	if a.flags.commentSet {
		comment = a.flags.comment
	}
	place := certificateName(g.output)
	if err := a.write(place, sshkey.AuthorizedKey(cert, comment), false); err != nil {
		return err
	}
	a.note(name, "the certificate is in %s, where ssh looks for it", displayName(place))
	return nil
}

// wantedCertificate is what would be written with the key; nil for none.
func (a *app) wantedCertificate(f *keyconv.File, private bool) (*ssh.Certificate, error) {
	switch {
	case a.flags.removeCertificate, !private && f.Private && !a.flags.withCertificate:
		return nil, nil
	case a.flags.certificate != "":
		cert, err := a.readCertificate(a.flags.certificate)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", displayName(a.flags.certificate), withoutPath(err))
		}
		return cert, nil
	}
	cert, _ := f.PublicKey.(*ssh.Certificate)
	return cert, nil
}

// readCertificate is nil for a file of another kind.
func (a *app) readCertificate(name string) (*ssh.Certificate, error) {
	f, err := interruptible(a.ctx, func() (*keyconv.File, error) {
		data, err := a.read(name)
		if err != nil {
			return nil, err
		}
		return keyconv.Open(data, keyconv.Limits{})
	})
	if err != nil {
		return nil, err
	}
	cert, _ := f.PublicKey.(*ssh.Certificate)
	return cert, nil
}

func sameCertificate(a, b *ssh.Certificate) bool {
	if a == nil || b == nil {
		return a == b
	}
	return bytes.Equal(a.Marshal(), b.Marshal())
}
