package keyconv

import (
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
)

// Format names a form of key file, as it stands behind --to on the command line and
// in JSON.
type Format string

// The formats that can be written, and then those that can only be read.
const (
	PPK     Format = "ppk"     // PuTTY, version 3 (read: version 1 too)
	PPK2    Format = "ppk2"    // PuTTY, version 2, for programs older than 2021
	PEM     Format = "pem"     // PKCS#1, SEC 1 or DSA; openssh-key-v1 for Ed25519 and Ed448
	PKCS8   Format = "pkcs8"   // PKCS#8
	OpenSSH Format = "openssh" // openssh-key-v1
	SSHCom  Format = "sshcom"  // ssh.com (Tectia), RSA and DSA alone
	Public  Format = "public"  // one line of authorized_keys
	RFC4716 Format = "rfc4716" // SSH2 PUBLIC KEY, what PuTTYgen saves as public key
	SPKI    Format = "spki"    // PUBLIC KEY, as OpenSSL writes it
	SSH1    Format = "ssh1"    // RSA of SSH-1, as PuTTY and old versions of OpenSSH wrote it
	PKCS12  Format = "pkcs12"  // .p12 and .pfx: a key with its X.509 certificates
)

// row is all that the engine knows of a format.
type row struct {
	format Format
	title  string // what a person calls it
	// is recognises the format by content; nil for one that is only written.
	is func(s *sniff) bool
	// open reads what is in the clear; nil for what holds no key that we can read.
	open func(data []byte, limits sshkey.Limits) (*File, error)
	// marshal writes; nil for a format that is only read. An empty passphrase means
	// unencrypted.
	marshal func(key *sshkey.Key, passphrase []byte, o *Options) ([]byte, error)
	holds   Holds
}

// Holds is what a format has room for.
type Holds struct {
	Private     bool
	Comment     bool
	Certificate bool
}

var (
	holdsAll        = Holds{Private: true, Comment: true, Certificate: true}
	holdsComment    = Holds{Private: true, Comment: true}
	holdsPrivate    = Holds{Private: true}
	holdsPublic     = Holds{Comment: true, Certificate: true}
	holdsPublicOnly = Holds{}
)

// formats is in the order of recognition.
var formats = []row{
	{PPK, "PuTTY private key", isPPK, openPPK, marshalPPK(3), holdsAll},
	{PPK2, "PuTTY private key, version 2", isPPK2, openPPK, marshalPPK(2), holdsAll},
	{OpenSSH, "OpenSSH private key", hasLabel("OPENSSH PRIVATE KEY"), openPEM, marshalPEM(pemkey.OpenSSH), holdsComment},
	{PKCS8, "PKCS#8 private key", hasLabel("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), openPEM, marshalPEM(pemkey.PKCS8), holdsPrivate},
	{PEM, "PEM private key", hasLabel("RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"), openPEM, marshalPEM(pemkey.Traditional), holdsPrivate},
	{SSHCom, "ssh.com private key", hasLabel("SSH2 ENCRYPTED PRIVATE KEY"), openPEM, marshalPEM(pemkey.SSHCom), holdsComment},
	{Public, "OpenSSH public key", isAuthorizedKey, openAuthorizedKey, marshalPublic(sshkey.AuthorizedKey), holdsPublic},
	{RFC4716, "SSH2 public key (RFC 4716)", hasLabel("SSH2 PUBLIC KEY"), openRFC4716, marshalPublic(sshkey.RFC4716), holdsPublic},
	{SPKI, "PEM public key", hasLabel("PUBLIC KEY", "RSA PUBLIC KEY"), openSPKI, marshalSPKI, holdsPublicOnly},
	{"x509", "X.509 certificate (of TLS, not of SSH)", hasLabel("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"), nil, nil, Holds{}},
	{"x509-request", "X.509 certificate request", hasLabel("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"), nil, nil, Holds{}},
	{"pgp", "PGP key or message", hasLabel("PGP PRIVATE KEY BLOCK", "PGP PUBLIC KEY BLOCK", "PGP MESSAGE"), nil, nil, Holds{}},
	{"jwk", "JSON Web Key", isJWK, nil, nil, Holds{}},
	{SSH1, "SSH-1 private key", isSSH1, openSSH1, nil, holdsComment},
	{"ssh1-public", "SSH-1 public key", isSSH1Public, nil, nil, Holds{}},
	{PKCS12, "PKCS#12 file", isPKCS12, openPKCS12, nil, holdsPrivate},
	{"der", "binary (DER) private key", isDERKey, openDER, nil, holdsPrivate},
	{"der-other", "binary (DER) file", isDER, nil, nil, Holds{}},
}

// findRow returns the row of a format.
func findRow(f Format) (row, bool) {
	for _, r := range formats {
		if r.format == f {
			return r, true
		}
	}
	return row{}, false
}

// Formats returns the formats that Marshal writes, in the order of the table.
func Formats() []Format {
	var names []Format
	for _, r := range formats {
		if r.marshal != nil {
			names = append(names, r.format)
		}
	}
	return names
}

// Title is what a person calls the format; empty for an unknown one.
func (f Format) Title() string {
	r, _ := findRow(f)
	return r.title
}

// Holds says what the format has room for; nothing for an unknown one.
func (f Format) Holds() Holds {
	r, _ := findRow(f)
	return r.holds
}

// Resolve returns the format that Marshal really writes for a key type, such as
// "ssh-ed25519": one that has no traditional PEM form, or that is not known to have one,
// is written as openssh.
func (f Format) Resolve(algorithm string) Format {
	if t, _ := sshkey.TypeOf(algorithm); f == PEM && algorithm != "" && !t.TraditionalPEM {
		return OpenSSH
	}
	return f
}

func marshalPPK(version int) func(*sshkey.Key, []byte, *Options) ([]byte, error) {
	return func(key *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
		opts := &ppk.Options{Version: version, Argon2: o.argon2()}
		if len(passphrase) == 0 {
			return ppk.Marshal(key, opts)
		}
		if o.Cipher != "" {
			return nil, prefixed(&UnsupportedError{What: "a choice of cipher in a PuTTY key"})
		}
		return ppk.MarshalWithPassphrase(key, passphrase, opts)
	}
}

func marshalPEM(encoding pemkey.Encoding) func(*sshkey.Key, []byte, *Options) ([]byte, error) {
	return func(key *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
		opts := &pemkey.Options{
			Encoding: encoding, Cipher: o.Cipher, KDF: o.KDF, Rounds: o.Rounds, Memory: o.Memory, Parallelism: o.Parallelism,
		}
		if len(passphrase) == 0 {
			return pemkey.Marshal(key, opts)
		}
		if o.Parallelism != 0 && o.KDF != "scrypt" {
			return nil, prefixed(&UnsupportedError{What: "a choice of parallelism in this form"})
		}
		return pemkey.MarshalWithPassphrase(key, passphrase, opts)
	}
}
