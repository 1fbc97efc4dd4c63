package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAdviceIsDocumented: docs/findings.md has the command lines that are printed.
func TestAdviceIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "findings.md"))
	require.NoError(t, err)
	documented := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| `") {
			documented[strings.Trim(cells[0], "|` ")] = cells[2]
		}
	}
	commands := 0
	for _, kdf := range []string{"MD5", "SHA-1", "PBE-SHA1-3DES", "JKS-SHA1", "PVK-SHA1", "Argon2id", "bcrypt", "PBKDF2-HMAC-SHA256", "scrypt"} {
		f := engine.File{Format: engine.PPK, Private: true, Encryption: "some", KDF: &engine.KDF{Name: kdf}}
		for _, finding := range f.Findings() {
			commands++
			assert.Equal(t, documented[finding.Code], adviceOn(finding, ""), kdf)
			assert.Contains(t, adviceOn(finding, ""), "keyconv ", kdf)
		}
	}
	assert.Equal(t, 9, commands)
}

// TestAdviceOnPrograms: the shortest command for what a program wants.
func TestAdviceOnPrograms(t *testing.T) {
	to := func(formats ...string) engine.Advice { return engine.Advice{Action: "convert", Formats: formats} }
	for _, test := range []struct {
		v    engine.Verdict
		from engine.Format
		want string
	}{
		{engine.Verdict{Answer: engine.Opens, Program: "P 2 or later"}, engine.PEM, "P 2 or later opens it"},
		{engine.Verdict{Program: "P"}, engine.PEM, "P: not known"},
		{engine.Verdict{Answer: engine.Refuses, Program: "P", Why: "it has no such keys"}, engine.PEM, "P does not: it has no such keys"},
		{engine.Verdict{Answer: engine.Refuses, Program: "P", Advice: to("ppk")}, engine.PEM, "P does not: convert it with: keyconv pem2ppk NAME"},
		{engine.Verdict{Answer: engine.Refuses, Program: "P", Advice: to("pem", "openssh")}, engine.PPK2, "P does not: convert it with: keyconv ppk2pem NAME"},
		{engine.Verdict{Answer: engine.Refuses, Program: "P", Advice: to("pem")}, engine.PKCS8, "P does not: convert it with: keyconv convert --to pem NAME"},
		{engine.Verdict{Answer: engine.Refuses, Program: "P", Why: "use a package", Advice: to("pem")}, engine.PPK, "P does not: use a package, or keyconv ppk2pem NAME"},
		{engine.Verdict{Answer: engine.Refuses, Program: "P", Why: "it has no certificates", Advice: engine.Advice{Action: "remove-certificate", Formats: []string{"ppk"}}},
			engine.PPK, "P does not: it has no certificates: keyconv convert --to ppk --remove-certificate NAME"},
		{engine.Verdict{Answer: engine.Refuses, Program: "P", Why: "it is on one line", Advice: engine.Advice{Action: "repair"}}, engine.PEM,
			"P does not, it is on one line: repair it with: keyconv repair NAME"},
	} {
		want := strings.ReplaceAll(test.want, "NAME", shellName("my key"))
		assert.Equal(t, want, describeVerdict(test.v, test.from, "my key", 0))
	}
}

// TestAdviceNamesTheKey: the command can be pasted, whatever the input is.
func TestAdviceNamesTheKey(t *testing.T) {
	v := engine.Verdict{Answer: engine.Refuses, Program: "P", Advice: engine.Advice{Action: "convert", Formats: []string{"ppk"}}}
	for _, test := range []struct {
		name  string
		index int
		want  string
	}{
		{"key", 0, "keyconv pem2ppk key"},
		{"key", 1, "keyconv pem2ppk key"},
		{"key", 2, "keyconv pem2ppk --index 2 key"},
		{"-", 0, "keyconv pem2ppk -"},
		{input.Env("KEY"), 0, "keyconv pem2ppk --input-env KEY -o FILE"},
		{"-key", 0, "keyconv pem2ppk ./-key"},
	} {
		assert.Equal(t, "P does not: convert it with: "+test.want, describeVerdict(v, engine.PEM, test.name, test.index))
	}
	weak := rawkey.Finding{Advice: rawkey.Advice{Action: rawkey.ConvertTo, Formats: []string{"openssh", "pkcs8"}}}
	assert.Equal(t, "keyconv convert --in-place --to openssh key writes one that is safe, and so does --to pkcs8", adviceOn(weak, "key"))
	for _, stream := range []string{"", "-", input.Env("KEY")} {
		assert.Contains(t, adviceOn(weak, stream), " FILE writes ")
	}
}
