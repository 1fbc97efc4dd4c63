package cli

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
)

// otherFlags are flags of puttygen and ssh-keygen that keyconv does not have, and what does
// the same here. See docs/puttygen.md.
var otherFlags = map[string]string{
	"O":              "-O of puttygen is --to here: keyconv convert --to FORMAT FILE",
	"P":              "keyconv passwd FILE changes the passphrase",
	"p":              "keyconv passwd FILE changes the passphrase, and keyconv public --to rfc4716 FILE prints the public key",
	"L":              "keyconv public FILE prints the public key",
	"y":              "keyconv public FILE prints the public key",
	"l":              "keyconv inspect FILE prints the fingerprint",
	"E":              "keyconv inspect FILE prints the fingerprints of all kinds",
	"N":              useNewPassphraseFile,
	"e":              "keyconv public --to rfc4716 FILE exports the public key",
	"i":              "the format of an input is found by its content: keyconv convert --to FORMAT FILE",
	"m":              "-m of ssh-keygen is --to here: keyconv convert --to FORMAT FILE",
	"old-passphrase": "--passphrase-file takes the file with the passphrase of the key",
	"reencrypt":      "keyconv passwd FILE encrypts the key again",
	"ppk-param":      "--kdf, --kdf-memory, --kdf-passes and --kdf-parallelism choose the key derivation, and --ppk-version the version",
	"dump":           "keyconv inspect --dump FILE prints the numbers of the key",
	"cert-info":      "keyconv inspect FILE describes the certificate",
}

// otherForms are what other programs, and people, call the forms.
var otherForms = map[string]engine.Format{
	"pkcs1": engine.PEM, "pkcs#1": engine.PEM, "rsa": engine.PEM, "sec1": engine.PEM, "ec": engine.PEM, "private-openssh": engine.PEM, "traditional": engine.PEM,
	"pkcs#8": engine.PKCS8, "pkcs-8": engine.PKCS8, "p8": engine.PKCS8, "pk8": engine.PKCS8,
	"private-openssh-new": engine.OpenSSH, "openssh-key-v1": engine.OpenSSH, "rfc4716-private": engine.OpenSSH, "ssh": engine.OpenSSH,
	"private": engine.PPK, "putty": engine.PPK, "ppk3": engine.PPK, ".ppk": engine.PPK, "private-sshcom": engine.SSHCom, "ssh.com": engine.SSHCom, "tectia": engine.SSHCom,
	"public-openssh": engine.Public, "pub": engine.Public, "authorized_keys": engine.Public, "ssh2": engine.RFC4716, "rfc-4716": engine.RFC4716, ".pem": engine.PEM,
}

// noSuch returns the error of a word that a flag does not take, with the one of the list
// that may be meant.
func noSuch(message, flag, given string, list []string) *fault.Error {
	e := usagef("%s %q%s", message, given, choices(list))
	word := strings.ToLower(strings.TrimSpace(given))
	for _, meant := range []string{word, string(otherForms[word])} {
		if slices.Contains(list, meant) {
			return e.With(say("did you mean %s %s?", flag, meant))
		}
	}
	return e
}
