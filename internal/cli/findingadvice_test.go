package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
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
		f := keyconv.File{Format: keyconv.PPK, Private: true, Encryption: "some", KDF: &keyconv.KDF{Name: kdf}}
		for _, finding := range f.Findings() {
			commands++
			assert.Equal(t, documented[finding.Code], adviceOn(finding), kdf)
			assert.Contains(t, adviceOn(finding), "keyconv ", kdf)
		}
	}
	assert.Equal(t, 9, commands)
}

// TestAdviceOnPrograms: the shortest command for what a program wants.
func TestAdviceOnPrograms(t *testing.T) {
	to := func(formats ...string) keyconv.Advice { return keyconv.Advice{Action: "convert", Formats: formats} }
	for _, test := range []struct {
		v    keyconv.Verdict
		from keyconv.Format
		want string
	}{
		{keyconv.Verdict{Answer: keyconv.Opens, Program: "P 2 or later"}, keyconv.PEM, "P 2 or later opens it"},
		{keyconv.Verdict{Program: "P"}, keyconv.PEM, "P: not known"},
		{keyconv.Verdict{Answer: keyconv.Refuses, Program: "P", Why: "it has no such keys"}, keyconv.PEM, "P does not: it has no such keys"},
		{keyconv.Verdict{Answer: keyconv.Refuses, Program: "P", Advice: to("ppk")}, keyconv.PEM, "P does not: convert it with: keyconv pem2ppk"},
		{keyconv.Verdict{Answer: keyconv.Refuses, Program: "P", Advice: to("pem", "openssh")}, keyconv.PPK2, "P does not: convert it with: keyconv ppk2pem"},
		{keyconv.Verdict{Answer: keyconv.Refuses, Program: "P", Advice: to("pem")}, keyconv.PKCS8, "P does not: convert it with: keyconv convert --to pem"},
		{keyconv.Verdict{Answer: keyconv.Refuses, Program: "P", Why: "use a package", Advice: to("pem")}, keyconv.PPK, "P does not: use a package, or keyconv ppk2pem"},
		{keyconv.Verdict{Answer: keyconv.Refuses, Program: "P", Why: "it has no certificates", Advice: keyconv.Advice{Action: "remove-certificate", Formats: []string{"ppk"}}},
			keyconv.PPK, "P does not: it has no certificates: keyconv convert --to ppk --remove-certificate"},
	} {
		assert.Equal(t, test.want, describeVerdict(test.v, test.from))
	}
}
