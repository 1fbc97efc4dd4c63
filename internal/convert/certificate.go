package convert

import (
	"context"
	"fmt"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// SetCertificate adds or removes the certificate, as the job says.
func (t *Task) SetCertificate(ctx context.Context, key *sshkey.Key) error {
	if t.RemoveCertificate {
		key.Certificate = nil
	}
	if t.Certificate == "" {
		return nil
	}
	data, err := batch.Interruptible(ctx, func() ([]byte, error) { return t.Place.Read(t.Certificate) })
	if err == nil {
		err = engine.AddCertificate(key, data)
	}
	if err == nil {
		return nil
	}
	err = fault.In(input.Shown(t.Certificate), err)
	if fault.ExitCode(err) != fault.NotAKey || fault.Is[*sshkey.UnsupportedError](err) {
		return err
	}
	return fault.Advise(err, fault.Advice{Do: fault.RightCertificate, File: t.Certificate})
}

// writeCertificate puts a certificate that the format has no room for into a file beside
// the key, under the name where ssh looks for it. Standard output has no such place.
func (t *Task) writeCertificate(cert *ssh.Certificate, comment, beside string) error {
	if beside == "" {
		t.note(fault.Lost, "the certificate is left out", fault.Advice{Do: fault.NameOutput})
		return nil
	}
	if err := t.put(beside, sshkey.AuthorizedKey(cert, comment), false); err != nil {
		return err
	}
	t.note(fault.CertificateMoved, fmt.Sprintf("the certificate is in %s, where ssh looks for it", input.Shown(beside)), fault.Advice{})
	return nil
}
