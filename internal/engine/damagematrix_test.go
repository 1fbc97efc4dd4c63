package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

var updateMatrix = flag.Bool("update-matrix", false, "write docs/damage.md again")

// matrixDamages are the damages that users report most often.
var matrixDamages = []string{
	"crlf", "bom", "blank first", "indented", "trailing spaces", "spaces for newlines", "literal \\n", "no begin",
	"base64", "one long line", "text before", "utf16le", "no final newline",
}

// matrixBegin is the first line of the page that the test writes.
const matrixBegin = "## PEM (PKCS#1)\n"

// TestDamageMatrix tries damaged keys with puttygen, ssh-keygen, Go and keyconv, and holds docs/damage.md to it.
func TestDamageMatrix(t *testing.T) {
	page := filepath.Join(keytest.Root(t), "docs", "damage.md")
	have, err := os.ReadFile(page)
	require.NoError(t, err)
	intro, _, ok := strings.Cut(string(have), matrixBegin)
	require.True(t, ok)
	var b strings.Builder
	b.WriteString(intro)
	for _, form := range []struct{ title, text string }{
		{"PEM (PKCS#1)", string(keytest.Read(t, "console-rsa2048.pem"))},
		{"OpenSSH (openssh-key-v1)", string(keytest.Read(t, "corpus", "generated", "ed25519.openssh-new"))},
		{"PuTTY (.ppk)", string(keytest.Read(t, "corpus", "generated", "ed25519.v3.ppk"))},
	} {
		writeMatrix(t, &b, form.title, form.text)
	}
	if *updateMatrix {
		require.NoError(t, os.WriteFile(page, []byte(b.String()), 0o644))
	}
	assert.Equal(t, b.String(), string(have), "run: go test . -run TestDamageMatrix -update-matrix")
}

// tried is a program that a key is given to.
type tried struct {
	name string
	read func(t *testing.T, text string) string
}

func writeMatrix(t *testing.T, b *strings.Builder, title, text string) {
	programs := []tried{{"puttygen 0.78", triedByPuTTYgen}, {"ssh-keygen 9.2", triedBySSHKeygen}, {"Go (x/crypto/ssh)", triedByGo}, {"keyconv", triedByKeyconv}}
	isPPK := strings.HasPrefix(text, "PuTTY")
	if isPPK {
		programs = slices.Delete(programs, 1, 3)
	}
	fmt.Fprintf(b, "## %s\n\n| damage |", title)
	for _, r := range programs {
		fmt.Fprintf(b, " %s |", r.name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(programs)) + "\n")
	good := map[string]int{}
	total := 0
	for _, name := range matrixDamages {
		d := findDamage(t, name)
		if isPPK && slices.ContainsFunc(pemDamages, func(p damage) bool { return p.name == name }) {
			continue
		}
		total++
		fmt.Fprintf(b, "| %s |", name)
		for _, r := range programs {
			verdict := r.read(t, d.do(text))
			if verdict == "yes" {
				good[r.name]++
			}
			fmt.Fprintf(b, " %s |", verdict)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(b, "| **of %d** |", total)
	for _, r := range programs {
		fmt.Fprintf(b, " **%d** |", good[r.name])
	}
	b.WriteString("\n\n")
	assert.Equal(t, total, good["keyconv"], title)
}

func findDamage(t *testing.T, name string) damage {
	for _, d := range append(append([]damage(nil), damages...), pemDamages...) {
		if d.name == name {
			return d
		}
	}
	require.Fail(t, "no such damage", name)
	return damage{}
}

func yesOrNo(err error) string {
	if err != nil {
		return "no"
	}
	return "yes"
}

func triedByKeyconv(t *testing.T, text string) string {
	key, _, err := open(t, text, "")
	if err == nil {
		err = key.Validate()
	}
	return yesOrNo(err)
}

func triedByGo(_ *testing.T, text string) string {
	_, err := ssh.ParseRawPrivateKey([]byte(text))
	return yesOrNo(err)
}

func triedBySSHKeygen(t *testing.T, text string) string {
	return triedByProgram(t, text, "ssh-keygen", "-y", "-P", "", "-f")
}

func triedByPuTTYgen(t *testing.T, text string) string {
	output := "private" // puttygen refuses to write the form that it has read
	if strings.Contains(text, "PuTTY-User-Key-File") || !strings.Contains(text, "BEGIN") {
		output = "private-openssh-new"
	}
	return triedByProgram(t, text, "puttygen", "-O", output, "-o", filepath.Join(t.TempDir(), "out"))
}

// triedByProgram stops a program that has used the processor for three seconds, however long
// that takes: puttygen reads some files for ever.
func triedByProgram(t *testing.T, text, name string, args ...string) string {
	path := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	cmd := atMostSeconds(t, 3, name, append(args, path)...)
	err := cmd.Run()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return "never ends"
	}
	return yesOrNo(err)
}
