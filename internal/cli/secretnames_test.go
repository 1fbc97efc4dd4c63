//go:build !windows

package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// secretTexts are what a wrong variable puts in the place of a name.
func secretTexts(t *testing.T) map[string]string {
	t.Helper()
	console, ppk := string(keytest.Read(t, "console-rsa2048.pem")), string(keytest.Read(t, "twins", "ed25519.v3.ppk"))
	block, _ := pem.Decode(keytest.Read(t, "twins", "ed25519.pkcs8.pem"))
	require.NotNil(t, block)
	rsa, _ := pem.Decode([]byte(console))
	require.NotNil(t, rsa)
	line := base64.StdEncoding.EncodeToString(rsa.Bytes)
	var colons []string
	for _, b := range block.Bytes[:40] {
		colons = append(colons, hex.EncodeToString([]byte{b}))
	}
	seed := base64.RawURLEncoding.EncodeToString(block.Bytes[len(block.Bytes)-32:])
	return map[string]string{
		"PEM": console, "PEM without its last line end": strings.TrimSpace(console), "cut PEM": console[:200],
		".ppk": ppk, "openssh": string(keytest.Read(t, "twins", "rsa2048.enc.openssh")),
		"one line": line, "short": base64.StdEncoding.EncodeToString(block.Bytes), "URL": base64.URLEncoding.EncodeToString(block.Bytes),
		"hex": hex.EncodeToString(block.Bytes), "colons": strings.Join(colons, ":"),
		"escaped": strings.ReplaceAll(console, "\n", `\n`), "spaces": strings.ReplaceAll(console, "\n", " "), "CR": strings.ReplaceAll(console, "\n", "\r"),
		"percent":       strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(line[:120]),
		"base64 of PEM": base64.StdEncoding.EncodeToString([]byte(console)), "UTF-16": strings.Join(strings.Split(console[:200], ""), "\x00"),
		"@": "@" + line[:64], "=": "=" + line[:64], "quotes": `"` + console + `"`, "file:": "file:" + seed, "dashes": "--" + line[:64],
		"JWK": `{"kty":"OKP","d":"` + seed + `"}`, "words": strings.Repeat("Tr0ub4dor & 3; ", 20), "two lines": "staple-battery\nTr0ub4dor",
		"passphrase": "/passphrase:Tr0ub4dor-and-staple-battery", "setting": "PASSPHRASE=Tr0ub4dor-and-staple-battery",
	}
}

// assertNoPart fails where a text shows 12 bytes of the secret.
func assertNoPart(t *testing.T, secret, text string, args []string) {
	t.Helper()
	for i := 0; i+12 <= len(text); i++ {
		if strings.Contains(secret, text[i:i+12]) {
			t.Errorf("%.80q: %q is printed:\n%.500s", args, text[i:i+12], text)
			return
		}
	}
}

// runSecret runs a command line that has to fail.
func runSecret(t *testing.T, stdin, secret string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := Run(t.Context(), args, Streams{Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr})
	assert.Equal(t, fault.Usage, code, "%.200q: %.200s", args, stderr.String())
	assertNoPart(t, secret, stdout.String(), args)
	assertNoPart(t, secret, stderr.String(), args)
	for _, word := range []string{"strconv", "invalid syntax", "parsing", "json:", "out of range"} {
		assert.NotContains(t, stderr.String(), word, "%.80q", args)
	}
	return stderr.String()
}

// TestSecretInPlaceOfAnyName gives secrets to all arguments and flags of all commands: no
// part of one is printed, and the message says which flag is meant.
func TestSecretInPlaceOfAnyName(t *testing.T) {
	dir, texts := t.TempDir(), secretTexts(t)
	keytest.CopyInto(t, dir, map[string]string{"key.pem": "console-rsa2048.pem"})
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	tried := 0
	for name, secret := range texts {
		if strings.Contains(secret, "\x00") {
			continue // which no argument can have
		}
		eachCommand(t, func(cmd *cobra.Command) {
			line := strings.Fields(cmd.CommandPath())[1:]
			for _, rest := range [][]string{{secret}, {"key.pem", secret}, {"--", secret}, {"--" + secret}, {"--x=" + secret}, {"--json", secret}, {secret, "--json", "key.pem"}} {
				runSecret(t, "", secret, append(line, rest...)...)
				tried++
			}
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				forms := [][]string{{"--" + f.Name + "=" + secret}}
				if f.NoOptDefVal == "" {
					forms = append(forms, []string{"--" + f.Name, secret})
				}
				if f.Shorthand != "" && f.NoOptDefVal == "" {
					forms = append(forms, []string{"-" + f.Shorthand, secret}, []string{"-" + f.Shorthand + secret})
				}
				for _, form := range forms {
					if f.Name == "comment" && (name == "words" || name == "two lines") {
						continue // which are comments
					}
					text := runSecret(t, "", secret, append(append(line, "key.pem"), form...)...)
					assert.Contains(t, text, "--"+f.Name)
					tried++
				}
			})
		})
	}
	assert.Greater(t, tried, 10000)
	assert.Len(t, keytest.Snapshot(t, dir), 2, "the folder and the key")
}

// TestSecretAsList feeds a key to --files-from.
func TestSecretAsList(t *testing.T) {
	texts := secretTexts(t)
	t.Chdir(t.TempDir())
	delete(texts, "two lines") // which are two names
	for name, secret := range texts {
		for _, args := range [][]string{{"inspect", "--files-from", "-"}, {"pem2ppk", "-0", "--files-from", "-"}, {"check", "--json", "--files-from", "-"}} {
			text := runSecret(t, secret, secret, args...)
			assert.Contains(t, text, "--files-from", name)
			assert.Equal(t, 1, strings.Count(text, "keyconv: "), text)
		}
	}
}

// TestNewPassphraseTakesNoValue: puttygen's flag of that name takes the name of a file.
func TestNewPassphraseTakesNoValue(t *testing.T) {
	const secret = "hunter2-Tr0ub4dor"
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.pem": "console-rsa2048.pem"})
	keytest.WriteFile(t, dir, "pass", []byte(secret))
	t.Chdir(dir)
	for _, args := range [][]string{
		{"pem2ppk", "key.pem", "--new-passphrase", secret}, {"passwd", "--new-passphrase", secret, "key.pem"},
		{"convert", "--to", "ppk", "--new-passphrase", secret, "-o", "x.ppk", "key.pem"}, {"generate", "-o", "new", "--new-passphrase", secret},
		{"--new-passphrase", secret, "key.pem"}, {"pem2ppk", "key.pem", "--new-passphrase=" + secret}, {"pem2ppk", "--new-passphrase", "pass", "key.pem"},
	} {
		text := runSecret(t, "", secret, args...)
		assert.Contains(t, text, "keyconv: --new-passphrase takes no value", args)
		assert.Contains(t, text, "\nhint: use --new-passphrase-file FILE", args)
	}
	assert.Len(t, keytest.Snapshot(t, dir), 3, "the folder and two files")
}

// TestNameThatLooksLikeASecret: a file that is there is worked on, and its name is not shown.
func TestNameThatLooksLikeASecret(t *testing.T) {
	dir := t.TempDir()
	name := strings.Repeat("0123456789abcdef", 4) + ".pem"
	keytest.CopyInto(t, dir, map[string]string{name: "console-rsa2048.pem"})
	t.Chdir(dir)
	var stdout, stderr bytes.Buffer
	for _, args := range [][]string{{"pem2ppk", name}, {"inspect", name}, {"check", "--json", name}, {"inspect", "-r", "."},
		{"list", name}, {"list", "."}, {"list", "--json", "."}, {"inspect", "--short", name}, {"pem2ppk", "--json", "--dry-run", "-f", name}} {
		stdout.Reset()
		stderr.Reset()
		assert.Zero(t, Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr}), args)
		assertNoPart(t, name, stdout.String(), args)
		assertNoPart(t, name, stderr.String(), args)
		assert.Contains(t, stdout.String()+stderr.String(), "(not shown: it looks like base64, as in a key)", args)
	}
	assert.FileExists(t, strings.TrimSuffix(name, ".pem")+".ppk")
}

// TestSeedInPlaceOfAFingerprint: 32 bytes without a name and colons may be either.
func TestSeedInPlaceOfAFingerprint(t *testing.T) {
	block, _ := pem.Decode(keytest.Read(t, "twins", "ed25519.pkcs8.pem"))
	require.NotNil(t, block)
	seed := block.Bytes[len(block.Bytes)-32:]
	for _, secret := range []string{base64.StdEncoding.EncodeToString(seed), base64.RawURLEncoding.EncodeToString(seed), hex.EncodeToString(seed)} {
		var out bytes.Buffer
		args := []string{"check", "--json", "--public", secret, keytest.Root(t) + "/testdata/console-rsa2048.pem"}
		assert.Equal(t, fault.OtherKey, Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}))
		assertNoPart(t, secret, out.String(), args)
		assertNoPart(t, base64.StdEncoding.EncodeToString(seed), out.String(), args)
	}
}
