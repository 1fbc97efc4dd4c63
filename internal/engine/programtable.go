package engine

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/rsa"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/readers"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

var programs = lazy.Value[[]program]{Make: func() []program {
	return []program{
		{
			id: ProgramPuTTY, name: "PuTTY", source: "tried with 0.74, 0.78 and 0.84; PuTTY's change log",
			tried: "0.78", reads: readers.PuTTY, deviations: deviationsOfPuTTY(),
			instead: []Format{PPK}, certificates: "0.78",
			types: func(t rawkey.Type) rawkey.Since { return t.PuTTY },
		},
		{
			id: ProgramWinSCP, name: "WinSCP", source: "uses PuTTY's code; version 3 of the format since 5.18.5",
			reads: readers.PuTTY, deviations: deviationsOfPuTTY(),
			instead: []Format{PPK}, certificates: "0.78", certificatesWith: "with the code of PuTTY",
			types: asPuTTY,
		},
		{
			id: ProgramFileZilla, name: "FileZilla", source: "tried with fzputtygen of 3.63.0: each form, type and cipher",
			tried: "3.63.0", reads: readers.FileZilla, deviations: deviationsOfPuTTY(), labels: isUsualLabel,
			instead: []Format{PPK}, certificates: rawkey.Never,
			types: asPuTTY, besides: refusedByFileZilla,
		},
		{
			id: ProgramOpenSSH, name: "OpenSSH", source: "tried with 9.2 and OpenSSL 3.0; OpenSSH's release notes",
			tried: "9.2", reads: readers.OpenSSH, labels: isLabelOfOpenSSL,
			deviations: map[sshkey.Deviation]Answer{sshkey.DeviationPadding: Opens, sshkey.DeviationUnusedBits: Opens},
			instead:    []Format{OpenSSH},
			types:      func(t rawkey.Type) rawkey.Since { return t.OpenSSH },
			until:      func(t rawkey.Type) string { return t.OpenSSHUntil },
			besides:    refusedByOpenSSH,
		},
		{
			id: ProgramGo, name: "Go (x/crypto/ssh)", source: "tried with v0.58.0",
			tried: "0.58.0", reads: readers.Go, labels: isUsualLabel,
			deviations: map[sshkey.Deviation]Answer{sshkey.DeviationPadding: Opens},
			instead:    []Format{OpenSSH}, without: "it has no such keys",
			types: usualTypes, besides: refusedByGo,
		},
		{
			id: ProgramNode, name: "Node.js (ssh2)", source: "tried with 1.17.0: each form, type and cipher",
			tried: "1.17.0", reads: readers.SSH2, labels: isUsualLabel,
			deviations: map[sshkey.Deviation]Answer{sshkey.DeviationPadding: Opens},
			instead:    []Format{OpenSSH}, without: "it has no such keys",
			types: usualTypes,
		},
	}
}}

// deviationsOfPuTTY: PuTTY reads a padded number as 0. It loads a seed that was written as a
// number, and then signs with another key.
func deviationsOfPuTTY() map[sshkey.Deviation]Answer {
	return map[sshkey.Deviation]Answer{
		sshkey.DeviationPadding: Refuses, sshkey.DeviationSeedNumber: Refuses,
		sshkey.DeviationUnusedBits: Opens, sshkey.DeviationCertificateOrder: Opens,
	}
}

// asPuTTY returns the types of programs with PuTTY's code.
func asPuTTY(t rawkey.Type) rawkey.Since {
	if t.PuTTY == "" || t.PuTTY == rawkey.Never {
		return t.PuTTY
	}
	return rawkey.Always
}

// usualTypes returns the types of programs that were tried with each of these types.
func usualTypes(t rawkey.Type) rawkey.Since {
	return map[string]rawkey.Since{
		"rsa": rawkey.Always, "dsa": rawkey.Always, "ecdsa": rawkey.Always, "ed25519": rawkey.Always,
		"ed448": rawkey.Never, "ed25519-sk": rawkey.Never, "ecdsa-sk": rawkey.Never,
		"mldsa44-ed25519": rawkey.Never, "mldsa44-ed25519-experimental": rawkey.Never,
	}[t.Name]
}

// isUsualLabel reports whether a label is that of the content.
func isUsualLabel(f *File) bool {
	want, ok := map[pemkey.Format]string{ // the forms that have one label each
		pemkey.FormatPKCS1: "RSA PRIVATE KEY", pemkey.FormatSEC1: "EC PRIVATE KEY",
		pemkey.FormatDSA: "DSA PRIVATE KEY", pemkey.FormatPKCS8: "PRIVATE KEY",
	}[f.pem().Format]
	return !ok || want == f.pem().Label
}

// isLabelOfOpenSSL also allows PKCS#8 under the label of its type of key.
func isLabelOfOpenSSL(f *File) bool {
	if isUsualLabel(f) || f.PublicKey == nil {
		return true
	}
	t, _ := rawkey.TypeOf(f.PublicKey.Type())
	label := map[string]string{"rsa": "RSA PRIVATE KEY", "dsa": "DSA PRIVATE KEY", "ecdsa": "EC PRIVATE KEY"}[t.Name]
	return f.pem().Format == pemkey.FormatPKCS8 && f.pem().Label == label
}

// minRSAOfOpenSSH is SSH_RSA_MINIMUM_MODULUS_SIZE (sshkey.h).
const minRSAOfOpenSSH = 1024

// refusedByOpenSSH refuses short RSA keys, and what OpenSSL 3 does not decrypt unless its
// legacy provider is loaded.
func refusedByOpenSSH(i *Info) *refusal {
	f := i.File
	switch {
	case i.Type == ssh.KeyAlgoRSA && i.Bits < minRSAOfOpenSSH:
		return &refusal{why: "it has RSA keys from 1024 bits on"}
	case f.blockKeys() > 1:
		return &refusal{why: "it reads files with one key", advice: convertTo(OpenSSH)}
	case f.Format != OpenSSH && f.Encrypted() && !isOfOpenSSL(f):
		return &refusal{why: "OpenSSL 3 does not decrypt " + f.Encryption, advice: convertTo(OpenSSH)}
	}
	return nil
}

// maxScryptOfOpenSSL is in KiB: OpenSSL gives scrypt less than 32 MiB (SCRYPT_MAX_MEM of
// crypto/evp/pbe_scrypt.c).
const maxScryptOfOpenSSL = 32 << 10

// isOfOpenSSL reports whether the default provider of OpenSSL 3 decrypts a file.
func isOfOpenSSL(f *File) bool {
	cipher := strings.ToLower(f.Encryption)
	if f.KDF != nil && f.KDF.Name == "scrypt" && f.KDF.Memory >= maxScryptOfOpenSSL {
		return false
	}
	for _, begin := range []string{"aes", "aria", "camellia", "sm4", "des-ede", "2des", "3des", "chacha20"} {
		if strings.HasPrefix(cipher, begin) {
			return !strings.HasSuffix(cipher, "-gcm")
		}
	}
	return false
}

// refusedByFileZilla refuses what PuTTY's import.c does not take.
func refusedByFileZilla(i *Info) *refusal {
	if i.File.blockKeys() > 1 {
		return &refusal{why: "it reads files with one key", advice: convertTo(PPK)}
	}
	return nil
}

// refusedByGo refuses DSA keys, but for those that ssh-keygen made, in PEM, and large
// exponents: package rsa takes 31 bits, package ssh 24.
func refusedByGo(i *Info) *refusal {
	e := exponentOf(i.File.PublicKey)
	switch {
	case e >= 1<<31 || e >= 1<<24 && i.File.Format == OpenSSH:
		return &refusal{why: "the public exponent is too large for it"}
	case i.File.blockKeys() > 1:
		return &refusal{why: "it reads files with one key", advice: convertTo(OpenSSH)}
	case i.Type == rawkey.KeyAlgoDSA && !hasUsualDSA(i.File.PublicKey):
		return &refusal{why: "it has only DSA keys with a q of 160 bits"}
	case i.Type == rawkey.KeyAlgoDSA && i.File.Format != PEM:
		return &refusal{advice: convertTo(PEM)}
	}
	return nil
}

// exponentOf returns the public exponent of an RSA key, 0 for any other.
func exponentOf(pub ssh.PublicKey) int64 {
	if c, ok := pub.(ssh.CryptoPublicKey); ok {
		if key, ok := c.CryptoPublicKey().(*rsa.PublicKey); ok {
			return int64(key.E)
		}
	}
	return 0
}

// hasUsualDSA reports whether a key has the sizes of FIPS 186-2, which ssh-keygen always
// made.
func hasUsualDSA(pub ssh.PublicKey) bool {
	c, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return false
	}
	key, ok := c.CryptoPublicKey().(*dsa.PublicKey)
	return ok && key.P.BitLen() == 1024 && key.Q.BitLen() == 160
}
