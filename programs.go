package keyconv

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"slices"
	"strings"

	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Verdict says whether a program opens a key file.
type Verdict struct {
	Program string // with the version from which on it holds: "PuTTY 0.75 or later"
	Opens   bool
	Why     string // where it does not open: what to do, in a few words
	Source  string // how we know
}

// program is a row of what is known about one program.
type program struct {
	name string
	// refuses returns why the program does not open the file, or "".
	refuses func(i *Info) string
	// since says which versions do, or "" for all.
	since  func(i *Info) string
	source string
}

var programs = []program{
	{"PuTTY", refusedByPuTTY, puttySince, "tried with 0.74, 0.78 and 0.84; PuTTY's change log"},
	{"WinSCP", refusedByPuTTY, winscpSince, "uses PuTTY's code; version 3 of the format since 5.18.5"},
	{"FileZilla", refusedByFileZilla, func(*Info) string { return "3.63 or later" }, "tried with fzputtygen of 3.63.0: each form, type and cipher"},
	{"OpenSSH", refusedByOpenSSH, opensshSince, "tried with 9.2; OpenSSH's release notes"},
	{"Go (x/crypto/ssh)", refusedByGo, func(*Info) string { return "0.58 or later" }, "tried with v0.58.0"},
	{"Node.js (ssh2)", refusedByNode, func(*Info) string { return "1.17 or later" }, "tried with 1.17.0: each form, type and cipher"},
}

func judge(i *Info) []Verdict {
	var verdicts []Verdict
	for _, p := range programs {
		v := Verdict{Program: p.name, Why: p.refuses(i), Source: p.source}
		v.Opens = v.Why == ""
		if v.Opens {
			v.Program = strings.TrimSpace(v.Program + " " + p.since(i))
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

func pick(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

func isTokenKey(i *Info) bool { return strings.HasPrefix(i.Type, "sk-") }

const (
	convertToPPK     = "convert it with: keyconv pem2ppk"
	convertToOpenSSH = "convert it with: keyconv convert --to openssh"
)

const noTokens = "it has no keys on security tokens"

func refusedByPuTTY(i *Info) string {
	if isTokenKey(i) {
		return noTokens
	}
	return pick(i.File.Format == PPK || i.File.Format == PPK2, "", convertToPPK)
}

// puttySince: ECDSA and Ed25519 came with 0.68, version 3 and Ed448 with 0.75,
// certificates with 0.78.
func puttySince(i *Info) string {
	switch {
	case i.Certificate != nil:
		return "0.78 or later"
	case i.File.Format == PPK || i.Type == sshkey.KeyAlgoED448:
		return "0.75 or later"
	case i.Type == ssh.KeyAlgoRSA || i.Type == sshkey.KeyAlgoDSA:
		return "0.52 or later"
	}
	return "0.68 or later"
}

// winscpSince: certificates came with the code of PuTTY 0.78.
func winscpSince(i *Info) string {
	switch {
	case i.Certificate != nil:
		return "with the code of PuTTY 0.78 or later"
	case i.File.Format == PPK:
		return "5.18.5 or later"
	}
	return ""
}

// refusedByFileZilla: it reads what PuTTY's importer does, and AES-256 in PEM too, but
// no certificates.
func refusedByFileZilla(i *Info) string {
	f := i.File
	switch {
	case i.Certificate != nil:
		return "it has no certificates: keyconv convert --to ppk --remove-certificate"
	case f.Format == PPK || f.Format == PPK2:
		return ""
	case isTokenKey(i):
		return noTokens
	case f.Format == PKCS8 || !i.layout.putty:
		return convertToPPK
	case f.Format == PEM && !slices.Contains([]string{"none", "DES-EDE3-CBC", "AES-128-CBC", "AES-256-CBC"}, f.Encryption):
		return convertToPPK
	case f.Format == OpenSSH && !slices.Contains([]string{"none", "aes256-ctr", "aes256-cbc"}, f.Encryption):
		return convertToPPK
	}
	return ""
}

func refusedByOpenSSH(i *Info) string {
	switch {
	case i.File.Format == PPK || i.File.Format == PPK2:
		return "convert it with: keyconv ppk2pem"
	case i.Type == sshkey.KeyAlgoED448:
		return "it has no Ed448"
	case i.File.Format == SSH1 || i.File.Format == PKCS12:
		return convertToOpenSSH
	case i.File.Format == SSHCom || (i.File.Format == OpenSSH && !i.layout.openssh):
		return convertToOpenSSH
	}
	return ""
}

// opensshSince: its own format came with 6.5, Ed25519 in PKCS#8 with 9.6, and 10.0
// dropped DSA.
func opensshSince(i *Info) string {
	switch {
	case i.Type == sshkey.KeyAlgoDSA:
		return "(up to 9.9)"
	case i.File.Format == PKCS8 && i.Type == "": // encrypted, so the type is not to be seen
		return "(an Ed25519 key: 9.6 or later)"
	case i.File.Format == PKCS8 && i.Type == ssh.KeyAlgoED25519:
		return "9.6 or later"
	case isTokenKey(i):
		return "8.2 or later"
	case i.File.Format == OpenSSH:
		return "6.5 or later"
	}
	return ""
}

func refusedByGo(i *Info) string {
	f := i.File
	switch {
	case f.Format == PPK || f.Format == PPK2:
		return "use package ppk of this module, or keyconv ppk2pem"
	case f.Format == SSHCom || f.Format == PKCS8 && f.Encrypted() || !i.layout.golang:
		return convertToOpenSSH
	case f.Format == OpenSSH && !slices.Contains([]string{"none", "aes256-ctr", "aes256-cbc"}, f.Encryption):
		return convertToOpenSSH
	case i.Type == sshkey.KeyAlgoED448 || isTokenKey(i):
		return "it has no such keys"
	case i.Type == sshkey.KeyAlgoDSA && !hasUsualDSA(f.PublicKey):
		return "it has only DSA keys with a q of 160 bits"
	case i.Type == sshkey.KeyAlgoDSA && f.Format != PEM:
		return "convert it with: keyconv convert --to pem"
	}
	return ""
}

// hasUsualDSA is what FIPS 186-2 allows: the sizes that ssh-keygen always made.
func hasUsualDSA(pub ssh.PublicKey) bool {
	c, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return false
	}
	key, ok := c.CryptoPublicKey().(*dsa.PublicKey)
	return ok && key.P.BitLen() == 1024 && key.Q.BitLen() == 160
}

// refusedByNode: it has no PKCS#8 at all, and of .ppk only what was there in 2012.
func refusedByNode(i *Info) string {
	f := i.File
	rsaOrDSA := i.Type == ssh.KeyAlgoRSA || i.Type == sshkey.KeyAlgoDSA
	switch {
	case i.Type == sshkey.KeyAlgoED448 || isTokenKey(i):
		return "it has no such keys"
	case f.Format == PPK, f.Format == PPK2 && !rsaOrDSA:
		return convertToOpenSSH
	case f.Format == PPK2:
		return ""
	case f.Format == SSHCom || f.Format == PKCS8 || !i.layout.node:
		return convertToOpenSSH
	case f.Encryption == "chacha20-poly1305@openssh.com":
		return convertToOpenSSH
	}
	return ""
}
