package cli

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/spf13/cobra"
)

// otherFlags are flags of puttygen and ssh-keygen that keyconv does not have, and what does
// the same here, where puttygenHint has no command for the whole line. See
// docs/puttygen.md.
var otherFlags = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"O":              "-O of puttygen is --to here: keyconv convert --to FORMAT FILE",
		"P":              "keyconv passwd FILE changes the passphrase",
		"p":              "keyconv passwd FILE changes the passphrase, and keyconv public --to rfc4716 FILE prints the public key",
		"t":              "keyconv generate --type TYPE -o FILE makes a key",
		"E":              "keyconv inspect FILE prints the fingerprints of all kinds",
		"N":              useNewPassphraseFile,
		"i":              "the format of an input is found by its content: keyconv convert --to FORMAT FILE",
		"m":              "-m of ssh-keygen is --to here: keyconv convert --to FORMAT FILE",
		"old-passphrase": "--passphrase-file takes the file with the passphrase of the key",
	}
}}

// otherFlag returns what does the same as a flag that keyconv does not have, with the name of
// the file that the line is about; "" for a flag of no other program.
func otherFlag(cmd *cobra.Command, flag string, args []string) string {
	if hint := agentFlags.Get()[flag]; cmd.Name() == "agent" && hint != "" {
		return hint
	}
	if flag != "N" && flag != "p" && flag != "i" && flag != "m" {
		if hint := puttygenHint(args); hint != "" {
			return hint
		}
	}
	hint := otherFlags.Get()[flag]
	if file := parsePuttygen(args).file; file != "" && file != stdio && flag != "N" {
		hint = strings.ReplaceAll(hint, "FILE", shellName(file))
	}
	return hint
}

// agentFlags are those of ssh-add.
var agentFlags = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"l": "keyconv agent --list prints the keys of the agent",
		"L": "keyconv agent --list prints the keys of the agent",
		"d": "keyconv agent --delete FILE takes a key out of the agent",
	}
}}

// otherForms are what other programs, and people, call the forms.
var otherForms = lazy.Map[string, engine.Format]{Make: func() map[string]engine.Format {
	return map[string]engine.Format{
		"pkcs1": engine.PEM, "pkcs#1": engine.PEM, "rsa": engine.PEM, "sec1": engine.PEM, "ec": engine.PEM, "private-openssh": engine.PEM, "traditional": engine.PEM,
		"pkcs#8": engine.PKCS8, "pkcs-8": engine.PKCS8, "p8": engine.PKCS8, "pk8": engine.PKCS8,
		"private-openssh-new": engine.OpenSSH, "openssh-key-v1": engine.OpenSSH, "rfc4716-private": engine.OpenSSH, "ssh": engine.OpenSSH,
		"private": engine.PPK, "putty": engine.PPK, "ppk3": engine.PPK, ".ppk": engine.PPK, "private-sshcom": engine.SSHCom, "ssh.com": engine.SSHCom, "tectia": engine.SSHCom,
		"public-openssh": engine.Public, "pub": engine.Public, "authorized_keys": engine.Public, "ssh2": engine.RFC4716, "rfc-4716": engine.RFC4716, ".pem": engine.PEM,
	}
}}

// formatIn returns the form of a list that a word names, in any case: its own name, or what
// others call it. A word that names none comes back as it is.
func formatIn(list []string, word string) string {
	lower := strings.ToLower(strings.TrimSpace(word))
	for _, name := range []string{lower, string(otherForms.Get()[lower])} {
		if slices.Contains(list, name) {
			return name
		}
	}
	return word
}

// noSuch returns the error of a word that a flag does not take, with the one of the list
// that may be meant.
func noSuch(message, flag, given string, list []string) *fault.Error {
	e := usagef("%s %q%s", message, given, choices(list))
	if meant := formatIn(list, given); meant != given {
		return e.With(say("did you mean %s %s?", flag, meant))
	}
	return e
}
