package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWordsOfOtherPrograms: what people know from puttygen and ssh-keygen is answered with
// what does it here.
func TestWordsOfOtherPrograms(t *testing.T) {
	t.Chdir(t.TempDir())
	keytest.WriteFile(t, ".", "my key.pem", []byte("x"))
	for line, hint := range map[string]string{
		"key -O nothing -o x":  "-O of puttygen is --to here: keyconv convert --to FORMAT FILE",
		"convert --to foo key": "", "ppk2pem --to ppk2 key": "", "session a b --key k --for PuTTY": "did you mean --for putty?",
		"-p key": "keyconv passwd FILE changes", "-i key": "found by its content", "-m PEM key": "-m of ssh-keygen is --to here",
		"-N secret -t rsa key": useNewPassphraseFile, "agent -l": "keyconv agent --list prints", "agent -d key": "keyconv agent --delete FILE",
	} {
		assert.Contains(t, hintOf(t, strings.Fields(line)...), hint, line)
	}
	assert.Contains(t, hintOf(t, "-p", "my key.pem"), "keyconv passwd "+shellName("my key.pem")+" changes the passphrase")
	for word, format := range otherForms.Get() {
		assert.Contains(t, engine.Formats(), format, word)
		assert.NotContains(t, formatNames(), word)
	}
}

// hintOf returns the hint on a command line that is refused.
func hintOf(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	assert.Equal(t, fault.Usage, Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr}), "%s %s", args, &stderr)
	_, hint, _ := strings.Cut(stderr.String(), "hint: ")
	return strings.TrimSpace(hint)
}

// TestPuttygenLines: a command line of puttygen is answered with one of keyconv that can be
// pasted, and that keyconv takes.
func TestPuttygenLines(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"key.ppk", "key.pem", "enc.ppk", "c.pub", "old", "new"} {
		keytest.WriteFile(t, ".", name, []byte("x"))
	}
	for line, want := range map[string]string{
		"key.ppk -O private-openssh -o x":                    "convert --to pem key.ppk -o x",
		"key.ppk -Oprivate-openssh-new -o x":                 "convert --to openssh key.ppk -o x",
		"convert key.pem -O private-sshcom":                  "convert --to sshcom key.pem",
		"- -O private -o out":                                "convert --to ppk - -o out",
		"missing.pem -O private":                             "convert --to ppk FILE",
		"key.ppk -L":                                         "public key.ppk",
		"key.ppk -O public-openssh -o out":                   "public key.ppk -o out",
		"key.ppk -O public -o out -C x":                      "public --to rfc4716 key.ppk -o out -C x",
		"-y -f key.pem":                                      "public key.pem",
		"-e -f key.pem":                                      "public --to rfc4716 key.pem",
		"key.ppk -l -E sha256":                               "inspect key.ppk",
		"key.ppk -O fingerprint":                             "inspect key.ppk",
		"key.ppk --dump --old-passphrase old":                "inspect --dump key.ppk --passphrase-file old",
		"key.ppk --cert-info":                                "inspect key.ppk",
		"key.ppk -P":                                         "passwd key.ppk",
		"key.ppk -O private-openssh -P hunter2":              "convert --to pem key.ppk --new-passphrase",
		"key.ppk -O private-openssh -Phunter2":               "convert --to pem key.ppk --new-passphrase",
		"key.ppk -O private-openssh -P --new-passphrase new": "convert --to pem key.ppk --new-passphrase-file new",
		"key.ppk -O public -P hunter2":                       "public --to rfc4716 key.ppk",
		"-t rsa -b 2048 -P hunter2 -o x":                     "generate --type rsa --bits 2048 -o x --new-passphrase",
		"key.ppk -P --new-passphrase new":                    "passwd key.ppk --new-passphrase-file new",
		"key.ppk -P --old-passphrase hunter2":                "passwd key.ppk --passphrase-file FILE",
		"enc.ppk --reencrypt --old-passphrase old":           "passwd enc.ppk --passphrase-file old",
		"key.ppk --reencrypt --ppk-param version=2":          "convert --to ppk2 --in-place key.ppk",
		"key.ppk --reencrypt --ppk-param version=3":          "convert --to ppk --in-place key.ppk",
		"key.pem -O private -o out --ppk-param version=2":    "convert --to ppk2 key.pem -o out",
		"key.pem --ppk-param version=2 -o out":               "convert --to ppk2 key.pem -o out",
		"pem2ppk key.pem --ppk-param version=2":              "pem2ppk --ppk-version 2 key.pem",
		"pem2ppk key.pem --old-passphrase old":               "pem2ppk key.pem --passphrase-file old",
		"convert --to ppk key.pem --ppk-param kdf=argon2d,memory=1024,passes=3,parallelism=2,time=1": "convert --to ppk key.pem --kdf argon2d --kdf-memory 1024 --kdf-passes 3 --kdf-parallelism 2",
		"key.pem -O private --certificate c.pub -o out":                                              "convert --to ppk key.pem -o out --certificate c.pub",
		"key.ppk -O private --remove-certificate -o out":                                             "convert --to ppk key.ppk -o out --remove-certificate",
		"-t rsa -b 4096 -o out.ppk":                                                                  "generate --type rsa --bits 4096 -o out.ppk",
		"-t eddsa -b 255 -o out":                                                                     "generate --type ed25519 -o out",
		"-t EDDSA -b 448 -O private-openssh-new":                                                     "generate --type ed448 --to openssh -o FILE",
		"-t ecdsa -b 521 -C me -o out --new-passphrase new":                                          "generate --type ecdsa --bits 521 -o out -C me --new-passphrase-file new",
	} {
		hint := hintOf(t, strings.Fields(line)...)
		assert.Equal(t, "keyconv "+want+" does that", hint, line)
		assert.NotContains(t, hint, "hunter2")
		cmd, args, err := Root().Find(strings.Fields(want))
		require.NoError(t, err)
		assert.NoError(t, cmd.ParseFlags(args), want)
	}
	assert.Contains(t, hintOf(t, "key.ppk", "-O", "private", "-C", "my key"), "-C "+shellName("my key")+" does that")
}

// TestFormsByOtherNames: --to takes what other programs, and people, call the forms, in any
// case.
func TestFormsByOtherNames(t *testing.T) {
	list := formatNames()
	for word, want := range map[string]string{
		"PEM": "pem", "Rsa": "pem", "pkcs1": "pem", "PKCS#1": "pem", "PKCS8": "pkcs8", "putty": "ppk", "PPK": "ppk", ".ppk": "ppk", "SSH2": "rfc4716",
		"RFC4716": "rfc4716", "OpenSSH": "openssh", " ppk2 ": "ppk2", "JWK": "jwk", "foo": "foo", "": "",
	} {
		assert.Equal(t, want, formatIn(list, word), word)
	}
	assert.Equal(t, "ppk", formatIn(pemFormats, "ppk"), "which it does not have")
	assert.Equal(t, "putty", formatIn(pemFormats, "putty"))
}
