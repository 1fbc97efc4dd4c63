package keyconv

import (
	"slices"
	"strconv"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/sshkey"
)

// Format names a form of file, as after --to on the command line and in JSON.
type Format string

// The formats that [Write] and [WritePublic] write.
const (
	PPK      Format = "ppk"      // PuTTY, version 3; version 1 is read as well
	PPK2     Format = "ppk2"     // PuTTY, version 2, for programs older than 2021
	OpenSSH  Format = "openssh"  // openssh-key-v1
	PKCS8    Format = "pkcs8"    // PKCS#8
	PEM      Format = "pem"      // PKCS#1, SEC 1 or DSA; openssh-key-v1 for types without such a form
	SSHCom   Format = "sshcom"   // ssh.com (Tectia), only RSA and DSA
	JWK      Format = "jwk"      // JSON Web Key, which has no encryption
	Dropbear Format = "dropbear" // Dropbear, which has no encryption
	Public   Format = "public"   // one line of authorized_keys; a whole such file, when read
	RFC4716  Format = "rfc4716"  // SSH2 PUBLIC KEY, what PuTTYgen saves as public key
	SPKI     Format = "spki"     // PUBLIC KEY, as OpenSSL writes it
)

// The formats of private keys that are only read.
const (
	SSH1   Format = "ssh1"    // RSA of SSH-1, as PuTTY and old versions of OpenSSH wrote it
	PKCS12 Format = "pkcs12"  // .p12 and .pfx: a key with its X.509 certificates
	JKS    Format = "jks"     // Java keystores, JKS and JCEKS
	PVK    Format = "pvk"     // PVK files of Microsoft's tools
	MSBlob Format = "ms-blob" // blobs of CryptoAPI and CNG
	RSAXML Format = "rsa-xml" // RSAKeyValue, the XML text of .NET
	DER    Format = "der"     // what a PEM block has inside, in binary
)

// Files that are recognised, and hold no private key that can be read.
const (
	X509        Format = "x509"         // X.509 certificate, of TLS
	X509Request Format = "x509-request" // request of an X.509 certificate
	PGP         Format = "pgp"          // PGP key or message
	JWKPublic   Format = "jwk-public"   // JSON Web Key of a public key
	SSH1Public  Format = "ssh1-public"  // public key of SSH-1
	KnownHosts  Format = "known_hosts"  // public keys of servers; only in a NotPrivateError
	DEROther    Format = "der-other"    // another DER file
	Empty       Format = "empty"        // nothing, or only blanks
	Unknown     Format = "unknown"      // anything else
)

// Detect returns what a file is by its content. It does not make sure that the file can be
// read: [Open] does. Of several private keys Detect looks at the first.
func Detect(data []byte) Format { return Format(engine.Detect(data)) }

// Formats returns the formats that can be written.
func Formats() []Format {
	var list []Format
	for _, f := range engine.Formats() {
		list = append(list, Format(f))
	}
	return list
}

// ParseFormat returns the format of that name, for a form or a flag in which a person
// chooses what to write. It returns an *sshkey.UnsupportedError for any name that is not one
// of [Formats], those of formats that are only read too.
func ParseFormat(name string) (Format, error) {
	if f := Format(name); slices.Contains(Formats(), f) {
		return f, nil
	}
	return "", prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedWriting, What: "writing the format " + strconv.QuoteToASCII(name)})
}

// Takes reports whether a key of a type, such as "ssh-ed25519", can be written in the format:
// its public half in a public one. It is false for formats that are not written. Dropbear has
// DSA in one size alone, which only Write can find out.
func (f Format) Takes(keyType string) bool {
	return slices.Contains(Formats(), f) && engine.Format(f).Takes(keyType)
}

// Encrypts reports whether the format can be written with a passphrase.
func (f Format) Encrypts() bool { return engine.Format(f).About().Encrypts }

// Extension returns the usual end of a file name, with the dot; empty for a format that is
// not written.
func (f Format) Extension() string { return engine.Format(f).About().Extension }
