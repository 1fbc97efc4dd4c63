package engine

import (
	"bytes"

	"github.com/keyconv/keyconv/dropbearkey"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/jkskey"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/mskey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// formats has a row for each format, in the order in which they are recognised.
var formats = []row{
	{
		format: PPK, title: "PuTTY private key", extension: ".ppk",
		help: "PuTTY, version 3 (PuTTY 0.75 or later)",
		// Version 3, and any other that is not version 2.
		is: func(s *sniff) bool {
			version, isPPK := bytes.CutPrefix(s.first, []byte("PuTTY-User-Key-File-"))
			return isPPK && !bytes.HasPrefix(version, []byte("2:"))
		},
		open: openPPK, types: ofPuTTY,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPPK(k, passphrase, o, 3)
		},
		holds:    Holds{Private: true, Comment: true, Certificate: true},
		encrypts: true,
		kdfs: []KDFChoice{
			{"argon2id", string(ppk.Argon2id), ppk.DefaultArgon2Memory, ppk.DefaultArgon2Passes, "passes", ppk.DefaultArgon2Parallelism},
			{"argon2i", string(ppk.Argon2i), ppk.DefaultArgon2Memory, ppk.DefaultArgon2Passes, "passes", ppk.DefaultArgon2Parallelism},
			{"argon2d", string(ppk.Argon2d), ppk.DefaultArgon2Memory, ppk.DefaultArgon2Passes, "passes", ppk.DefaultArgon2Parallelism},
		},
		programs: []rule{
			{program: ProgramPuTTY, since: "0.75"}, {program: ProgramWinSCP, since: "5.18.5"}, {program: ProgramFileZilla},
			{program: ProgramOpenSSH, refuses: true, instead: []Format{PEM, OpenSSH}},
			{program: ProgramGo, refuses: true, why: "use package ppk of this module", instead: []Format{PEM, OpenSSH}},
			{program: ProgramNode, refuses: true},
		},
	},
	{
		format: PPK2, title: "PuTTY private key, version 2", extension: ".ppk",
		help: "PuTTY, version 2, for older programs and many that are not PuTTY",
		is:   func(s *sniff) bool { return bytes.HasPrefix(s.first, []byte("PuTTY-User-Key-File-2:")) },
		open: openPPK, types: ofPuTTY,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPPK(k, passphrase, o, 2)
		},
		holds:    Holds{Private: true, Comment: true, Certificate: true},
		encrypts: true,
		programs: []rule{
			{program: ProgramPuTTY, since: "0.52"}, {program: ProgramWinSCP}, {program: ProgramFileZilla},
			{program: ProgramOpenSSH, refuses: true, instead: []Format{PEM, OpenSSH}},
			{program: ProgramGo, refuses: true, why: "use package ppk of this module", instead: []Format{PEM, OpenSSH}},
			{program: ProgramNode, only: []string{"rsa", "dsa"}}, // what there was in 2012
		},
	},
	{
		format: OpenSSH, title: "OpenSSH private key", extension: ".pem",
		help:   "OpenSSH's own: OPENSSH PRIVATE KEY",
		labels: []string{"OPENSSH PRIVATE KEY"}, open: openPEM,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPEM(k, passphrase, o, pemkey.OpenSSH)
		},
		holds:    Holds{Private: true, Comment: true},
		encrypts: true, choosesCipher: true, takesCipher: true,
		kdfs: []KDFChoice{{Name: "bcrypt", InFile: "bcrypt", Rounds: pemkey.DefaultBcryptRounds, RoundsAre: "rounds"}},
		programs: []rule{
			{program: ProgramPuTTY, refuses: true}, {program: ProgramWinSCP, refuses: true},
			{program: ProgramFileZilla, ciphers: aes256},
			{program: ProgramOpenSSH, since: "6.5"},
			{program: ProgramGo, ciphers: aes256},
			{program: ProgramNode, ciphers: []string{
				"none", "3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-ctr", "aes192-ctr", "aes256-ctr",
				"aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
			}},
		},
	},
	{
		format: PKCS8, title: "PKCS#8 private key", extension: ".pem",
		help:   "PKCS#8: PRIVATE KEY, ENCRYPTED PRIVATE KEY",
		labels: []string{"PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}, open: openPEM,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPEM(k, passphrase, o, pemkey.PKCS8)
		},
		types:    func(t rawkey.Type) bool { return t.PKCS8 },
		holds:    Holds{Private: true},
		encrypts: true, takesCipher: true,
		kdfs: []KDFChoice{
			{Name: "pbkdf2", InFile: "PBKDF2-HMAC-SHA256", Rounds: pemkey.DefaultPBKDF2Iterations, RoundsAre: "iterations"},
			{Name: "scrypt", InFile: "scrypt", Memory: pemkey.DefaultScryptMemory, Parallelism: pemkey.DefaultScryptParallelism},
		},
		programs: []rule{
			{program: ProgramPuTTY, refuses: true}, {program: ProgramWinSCP, refuses: true}, {program: ProgramFileZilla, refuses: true},
			{program: ProgramOpenSSH, types: []typeSince{{"ed25519", "9.6"}}},
			{program: ProgramGo, ciphers: []string{"none"}},
			{program: ProgramNode, refuses: true},
		},
	},
	{
		format: PEM, title: "PEM private key", extension: ".pem",
		help:   "the traditional form: RSA PRIVATE KEY, EC PRIVATE KEY, DSA PRIVATE KEY",
		labels: []string{"RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"}, open: openPEM,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPEM(k, passphrase, o, pemkey.Traditional)
		},
		holds:    Holds{Private: true},
		encrypts: true,
		programs: []rule{
			{program: ProgramPuTTY, refuses: true}, {program: ProgramWinSCP, refuses: true},
			{program: ProgramFileZilla, ciphers: []string{"none", "DES-EDE3-CBC", "AES-128-CBC", "AES-256-CBC"}},
			{program: ProgramOpenSSH},
			{program: ProgramGo, ciphers: []string{"none", "DES-CBC", "DES-EDE3-CBC", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}},
			{program: ProgramNode, ciphers: []string{
				"none", "DES-EDE3-CBC", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "AES-128-CTR", "AES-192-CTR", "AES-256-CTR",
			}},
		},
	},
	{
		format: SSHCom, title: "ssh.com private key", extension: ".pem",
		help:   "ssh.com (Tectia), for RSA and DSA alone",
		labels: []string{"SSH2 ENCRYPTED PRIVATE KEY"}, open: openPEM,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPEM(k, passphrase, o, pemkey.SSHCom)
		},
		types:    func(t rawkey.Type) bool { return t.SSHCom },
		holds:    Holds{Private: true, Comment: true},
		encrypts: true,
		programs: []rule{
			{program: ProgramPuTTY, refuses: true}, {program: ProgramWinSCP, refuses: true}, {program: ProgramFileZilla},
			{program: ProgramOpenSSH, refuses: true}, {program: ProgramGo, refuses: true}, {program: ProgramNode, refuses: true},
		},
	},
	{
		format: JWK, title: "JSON Web Key", extension: ".jwk", whole: true,
		help: "a JSON Web Key, without encryption",
		is:   func(s *sniff) bool { _, private := s.isJWK(); return private },
		open: openJWK, all: allJWK,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPlain(k, passphrase, o, jwkkey.Marshal)
		},
		types:    func(t rawkey.Type) bool { return t.JWK },
		holds:    Holds{Private: true, Comment: true},
		programs: refusedByAll,
	},
	{
		format: Dropbear, title: "Dropbear private key", extension: ".dropbear", whole: true,
		help: "Dropbear (OpenWrt), without encryption",
		is:   func(s *sniff) bool { return dropbearkey.Is(s.data) },
		open: openDropbear,
		marshal: func(k *sshkey.Key, passphrase []byte, o *Options) ([]byte, error) {
			return marshalPlain(k, passphrase, o, dropbearkey.Marshal)
		},
		types:    func(t rawkey.Type) bool { return t.Dropbear },
		holds:    Holds{Private: true},
		programs: refusedByAll,
	},
	{
		format: Public, title: "OpenSSH public key", extension: ".pub",
		help: "the public key as one line for authorized_keys",
		is:   func(s *sniff) bool { return rawkey.IsAuthorizedKey(s.data) },
		open: openAuthorizedKeys,
		marshalPublic: func(pub ssh.PublicKey, comment string) ([]byte, error) {
			return sshkey.AuthorizedKey(pub, comment), nil
		},
		holds: Holds{Comment: true, Certificate: true},
	},
	{
		format: RFC4716, title: "SSH2 public key (RFC 4716)", extension: ".pub",
		help:          "the public key as PuTTYgen saves it",
		labels:        []string{"SSH2 PUBLIC KEY"},
		open:          func(data []byte, _ sshkey.Limits) (*File, error) { return openPublic(data, rawkey.DecodeRFC4716) },
		marshalPublic: func(pub ssh.PublicKey, comment string) ([]byte, error) { return rawkey.RFC4716(pub, comment), nil },
		holds:         Holds{Comment: true, Certificate: true},
	},
	{
		format: SPKI, title: "PEM public key", extension: ".pub.pem",
		help:   "the public key as OpenSSL writes it",
		labels: []string{"PUBLIC KEY", "RSA PUBLIC KEY"}, open: openSPKI,
		marshalPublic: func(pub ssh.PublicKey, _ string) ([]byte, error) { return rawkey.SPKI(pub) },
	},
	{format: "x509", title: "X.509 certificate (of TLS, not of SSH)", labels: []string{"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}},
	{format: "x509-request", title: "X.509 certificate request", labels: []string{"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"}},
	{format: "pgp", title: "PGP key or message", labels: []string{"PGP PRIVATE KEY BLOCK", "PGP PUBLIC KEY BLOCK", "PGP MESSAGE"}},
	{format: "jwk-public", title: "JSON Web Key of a public key", is: func(s *sniff) bool { key, _ := s.isJWK(); return key }},
	{
		format: SSH1, title: "SSH-1 private key", open: openSSH1, whole: true,
		// The signature is from PuTTY's sshpubk.c.
		is:    func(s *sniff) bool { return bytes.HasPrefix(s.data, []byte("SSH PRIVATE KEY FILE FORMAT 1.1\n\x00")) },
		holds: Holds{Private: true, Comment: true}, programs: refusedByAll,
	},
	{format: "ssh1-public", title: "SSH-1 public key", is: isSSH1Public},
	{
		format: PKCS12, title: "PKCS#12 file", open: openPKCS12, all: allPKCS12, whole: true, holds: Holds{Private: true}, programs: refusedByAll,
		is: isPKCS12,
	},
	{
		format: JKS, title: "Java keystore", open: openJKS, all: allJKS, whole: true, holds: Holds{Private: true}, programs: refusedByAll,
		is: func(s *sniff) bool { return jkskey.IsKeystore(s.data) },
	},
	{
		format: PVK, title: "PVK private key", open: openMicrosoft, whole: true, holds: Holds{Private: true}, programs: refusedByAll,
		is: func(s *sniff) bool { return isMicrosoft(s, mskey.FormPVK) },
	},
	{
		format: MSBlob, title: "private key of CryptoAPI or CNG", open: openMicrosoft, whole: true, holds: Holds{Private: true}, programs: refusedByAll,
		is: func(s *sniff) bool { return isMicrosoft(s, mskey.FormBlob, mskey.FormRSA, mskey.FormECC) },
	},
	{
		format: RSAXML, title: "XML private key of .NET (RSAKeyValue)", open: openMicrosoft, whole: true, holds: Holds{Private: true}, programs: refusedByAll,
		is: func(s *sniff) bool { return isMicrosoft(s, mskey.FormXML) },
	},
	{
		format: "der", title: "binary (DER) private key", open: openDER, whole: true,
		// The content of a private key's PEM block, without the block.
		is:    func(s *sniff) bool { return isDER(s) && pemblock.LabelOf(s.data) != "" },
		holds: Holds{Private: true}, programs: refusedByAll,
	},
	{format: "der-other", title: "binary (DER) file", is: isDER},
}

// refusedByAll is for a form that all known programs refuse.
var refusedByAll = []rule{
	{program: ProgramPuTTY, refuses: true}, {program: ProgramWinSCP, refuses: true}, {program: ProgramFileZilla, refuses: true},
	{program: ProgramOpenSSH, refuses: true}, {program: ProgramGo, refuses: true}, {program: ProgramNode, refuses: true},
}

var aes256 = []string{"none", "aes256-ctr", "aes256-cbc"}

// isSSH1Public recognises three decimal numbers: bits, exponent, modulus.
func isSSH1Public(s *sniff) bool {
	var numbers [3]int // how many digits
	rest := s.first
	for i := range numbers {
		for numbers[i] < len(rest) && rest[numbers[i]] >= '0' && rest[numbers[i]] <= '9' {
			numbers[i]++
		}
		if rest = rest[numbers[i]:]; i < 2 && !bytes.HasPrefix(rest, []byte(" ")) {
			return false
		}
		rest = bytes.TrimPrefix(rest, []byte(" "))
	}
	return numbers[0] >= 2 && numbers[0] <= 5 && numbers[1] > 0 && numbers[2] >= 20
}

// isDER recognises an ASN.1 SEQUENCE that is as long as the file.
func isDER(s *sniff) bool {
	if len(s.data) == 0 || s.data[0] != der.TagSequence {
		return false
	}
	d := der.New(s.data)
	d.Sequence("the file")
	return d.End("the file") == nil
}
