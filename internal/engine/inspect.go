package engine

import (
	"github.com/keyconv/keyconv/internal/rawkey"
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
	// SPKIMD5 is what AWS shows of an imported RSA key, and Oracle Cloud of an API key;
	// PKCS8SHA1 what AWS shows of one that it made, which takes the private half. Both are empty
	// for other types, for which no console shows a fingerprint of its own.
	SPKIMD5, PKCS8SHA1 string
	Certificate        *ssh.Certificate
	// Fingerprints of the certificate, as puttygen -E sha256-cert and md5-cert show
	// them; ssh-keygen does not.
	CertificateSHA256, CertificateMD5 string
	Programs                          []Verdict // nil for a public key
	// Findings are the known weaknesses of the file, and of the key as far as it is not
	// encrypted.
	Findings []rawkey.Finding

	// Deviations are how the file departs from its format, as far as it is not encrypted.
	Deviations []sshkey.Deviation
}

// Inspect describes a key file. It returns the errors of [Open].
func Inspect(data []byte, limits Limits) (*Info, error) {
	f, err := Open(data, limits)
	if err != nil {
		return nil, err
	}
	return InspectFile(f, data), nil
}

// InspectFile is Inspect for a file that is already open, and may have been mended. data
// is the text as it was found, which is what other programs have to open.
func InspectFile(f *File, data []byte) *Info {
	info := &Info{File: f, Findings: f.Findings()}
	key := f.plainKey()
	if key != nil {
		info.Findings, info.Deviations = append(info.Findings, rawkey.Findings(key.Private)...), key.Deviations
	} else {
		info.Findings = append(info.Findings, rawkey.PublicFindings(f.PublicKey)...)
	}
	if !f.Private && rawkey.HasUnsortedOptions(f.PublicKey) {
		info.Deviations = append(info.Deviations, sshkey.DeviationCertificateOrder)
	}
	if pub := f.PublicKey; pub != nil {
		if cert := rawkey.CertificateOf(pub); cert != nil {
			signed := asSigned{pub}
			info.Certificate, pub = cert, cert.Key
			info.CertificateSHA256, info.CertificateMD5 = ssh.FingerprintSHA256(signed), ssh.FingerprintLegacyMD5(signed)
		}
		info.Type, info.Bits = pub.Type(), rawkey.Bits(pub)
		info.SHA256, info.MD5 = sshkey.FingerprintSHA256(pub), sshkey.FingerprintMD5(pub)
		if t, _ := rawkey.TypeOf(info.Type); t.ConsolesHashDER {
			info.SPKIMD5 = FingerprintOf(FingerprintSPKIMD5, pub, nil).Text
			info.PKCS8SHA1 = FingerprintOf(FingerprintPKCS8SHA1, pub, key).Text
		}
	}
	if f.Private {
		info.Programs = verdicts(info, data)
	}
	return info
}

// asSigned is a certificate with the bytes that were signed.
type asSigned struct{ ssh.PublicKey }

func (s asSigned) Marshal() []byte { return rawkey.Blob(s.PublicKey) }
