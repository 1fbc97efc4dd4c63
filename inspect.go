package keyconv

import (
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Info is what a person wants to know of a key file, without its passphrase. A field
// that the file has only encrypted is empty.
type Info struct {
	File        *File
	Type        string // "ssh-ed25519"; of a certified key, that of the key
	Bits        int
	SHA256, MD5 string // fingerprints of the key, not of its certificate
	Certificate *ssh.Certificate
	// Fingerprints of the certificate, as puttygen -E sha256-cert and md5-cert show
	// them; ssh-keygen does not.
	CertificateSHA256, CertificateMD5 string
	Programs                          []Verdict // nil for a public key
	// Findings are the known weaknesses of the file, and of the key as far as it is not
	// encrypted.
	Findings []sshkey.Finding

	layout layout
}

// Inspect tells what a file is. It returns the errors of [Open].
func Inspect(data []byte, limits Limits) (*Info, error) {
	f, err := Open(data, limits)
	if err != nil {
		return nil, err
	}
	return InspectFile(f, data), nil
}

// InspectFile is Inspect for a file that is open already, mended perhaps; data is the
// text as it was found, which is what other programs have to open.
func InspectFile(f *File, data []byte) *Info {
	info := &Info{File: f, Findings: append(f.Findings(), f.KeyFindings()...)}
	if pub := f.PublicKey; pub != nil {
		if cert, ok := pub.(*ssh.Certificate); ok {
			info.Certificate, pub = cert, cert.Key
			info.CertificateSHA256, info.CertificateMD5 = ssh.FingerprintSHA256(cert), ssh.FingerprintLegacyMD5(cert)
		}
		info.Type, info.Bits = pub.Type(), sshkey.Bits(pub)
		info.SHA256, info.MD5 = sshkey.FingerprintSHA256(pub), sshkey.FingerprintMD5(pub)
	}
	if f.Private {
		info.layout = layoutOf(data, f.label)
		info.Programs = judge(info)
	}
	return info
}
