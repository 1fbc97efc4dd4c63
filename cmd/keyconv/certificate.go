package main

import (
	"fmt"
	"os"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// setCertificate applies --certificate and --remove-certificate.
func (a *app) setCertificate(key *sshkey.Key) error {
	if a.flags.removeCertificate {
		key.Certificate = nil
	}
	if a.flags.certificate == "" {
		return nil
	}
	data, err := a.read(a.flags.certificate)
	if err == nil {
		err = keyconv.AddCertificate(key, data)
	}
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", displayName(a.flags.certificate), withoutPath(err))
	if exitCode(err) != exitNotAKey {
		return err
	}
	return withHint(err, "--certificate takes the -cert.pub file that was made for this key; keyconv inspect %s shows what it is for", shellName(a.flags.certificate))
}

// noteCertificateBeside is for a certificate that ssh would use with the key, since
// it stands beside it.
func (a *app) noteCertificateBeside(name string, key *sshkey.Key) {
	beside := certificateName(name)
	if name == stdio || key.Certificate != nil || a.flags.removeCertificate {
		return
	}
	if _, err := os.Stat(beside); err == nil {
		a.note(name, "the certificate in %s is left out; --certificate %s adds it", displayName(beside), shellName(beside))
	}
}

// losesCertificate reports a certificate that the format has no room for.
func (r result) losesCertificate() bool {
	return r.key.Certificate != nil && !r.format.Holds().Certificate
}

// certificateOutput is the file for a certificate that the format has no room for;
// empty where none is to be written.
func (r result) certificateOutput() string {
	if !r.losesCertificate() || r.output == stdio {
		return ""
	}
	return certificateName(r.output)
}

// writeCertificate puts a certificate that the format has no room for beside the
// key, under the name where ssh looks for it.
func (a *app) writeCertificate(r result) error {
	if !r.losesCertificate() {
		return nil
	}
	output := r.certificateOutput()
	if output == "" {
		a.note(r.input, "the certificate is left out; with -o FILE it is written beside the key")
		return nil
	}
	line := sshkey.AuthorizedKey(r.key.Certificate, r.key.Comment)
	if err := a.write(output, line, false); err != nil {
		return err
	}
	a.note(r.input, "the certificate is in %s, where ssh looks for it", displayName(output))
	return nil
}

// certificateName is what ssh tries beside an identity file (ssh_config(5),
// CertificateFile).
func certificateName(output string) string { return output + "-cert.pub" }
