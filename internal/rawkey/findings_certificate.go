package rawkey

import "golang.org/x/crypto/ssh"

// CertificateFindings returns why servers refuse a certificate, nil for none and for a plain
// key. now is in seconds since 1970, UTC; with 0 the time is not known, and what depends on it
// is left out. The bounds are those of sshkey_cert_check_authority in OpenSSH.
func CertificateFindings(pub ssh.PublicKey, now uint64) []Finding {
	cert := CertificateOf(pub)
	if cert == nil {
		return nil
	}
	var found []Finding
	if len(cert.ValidPrincipals) == 0 {
		found = append(found, Finding{
			Code:    "cert-no-principals",
			Message: "the certificate names no principals, and OpenSSH 10.3 and later refuses it",
			Advice:  Advice{Action: FetchAgain, Text: "have its authority issue it again, with the names of the accounts or hosts it is for"},
			Source:  "https://www.openssh.com/txt/release-10.3",
		})
	}
	switch {
	case now == 0:
	case now < cert.ValidAfter:
		found = append(found, Finding{
			Code:    "cert-not-yet-valid",
			Message: "the certificate is not valid yet, and servers refuse it until then",
			Advice:  Advice{Action: None, Text: "check the clock of this machine, and when the certificate begins"},
			Source:  "https://man.openbsd.org/ssh-keygen.1#V",
		})
	case now >= cert.ValidBefore:
		found = append(found, Finding{
			Code:    "cert-expired",
			Message: "the certificate has expired, and servers refuse it",
			Advice:  Advice{Action: FetchAgain, Text: "have its authority issue it again"},
			Source:  "https://man.openbsd.org/ssh-keygen.1#V",
		})
	}
	return found
}
