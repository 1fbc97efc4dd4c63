//go:build !windows

package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

// notRun are the examples that need more than a folder, and why.
var notRun = map[string]string{
	"ssh -i key.pem user@host":      "there is no such host; TestLogins does it",
	"keyconv gui":                   "the window is for Windows; scripts/test-windows.sh opens it",
	"keyconv gui key.pem":           "the window is for Windows; scripts/test-windows.sh opens it",
	"keyconv public --copy key.ppk": "there is no clipboard; the script of that name has a fake one",
	"keyconv explorer --add":        "Explorer is on Windows; scripts/test-windows.sh does it",
	"keyconv explorer --remove":     "Explorer is on Windows; scripts/test-windows.sh does it",
}

// exampleFiles are what the examples name as inputs. What is encrypted takes the
// passphrase that exampleScript types.
var exampleFiles = map[string]string{
	"key.pem":           "corpus/generated/rsa2048.openssh",
	"key.ppk":           "corpus/generated/rsa2048.cert.v3.enc.ppk",
	"key.pub":           "corpus/generated/rsa2048.pub",
	"key-cert.pub":      "corpus/generated/rsa2048-cert.pub",
	"~/.ssh/id_*":       "corpus/generated/ed25519.openssh-new",
	"~/.ssh/id_ed25519": "corpus/generated/ed25519.openssh-new",
}

// TestExamples runs every example of the help texts as it stands, in a folder with
// the files that it reads and at a terminal where somebody types the passphrase.
func TestExamples(t *testing.T) {
	examples := examplesOf(cli.Root())
	assert.Greater(t, len(examples), 20)
	var scripts [][]byte
	for _, line := range examples {
		command, _, _ := strings.Cut(line, "#")
		if command = strings.TrimSpace(command); notRun[command] != "" {
			delete(notRun, command)
			continue
		}
		scripts = append(scripts, exampleScript(t, line))
	}
	assert.Empty(t, notRun, "no help text has these any more")
	dir := t.TempDir()
	for i, script := range keytest.Some(len(scripts)/2, scripts) {
		keytest.WriteFile(t, dir, fmt.Sprintf("%02d.txtar", i), script)
	}
	testscript.Run(t, scriptParams(t, dir))
}

// savedSessions is what the examples of migrate find.
const savedSessions = `cp $TWINS/ed25519.v3.ppk key.ppk
mkdir old-keys
cp key.ppk old-keys/key.ppk
exec keyconv session ecs root@10.0.0.1 --key key.ppk --for putty
exec keyconv session box root@10.0.0.2 --key key.ppk --for openssh
exec keyconv session ecs root@10.0.0.1 --key key.ppk -o putty.reg --key-path C:\keys\key.ppk
exec keyconv session ecs root@10.0.0.1 --key key.ppk -o WinSCP.ini --for winscp --key-path C:\keys\key.ppk
`

// examplesOf returns the lines of the examples of a command and those below it.
func examplesOf(cmd *cobra.Command) []string {
	lines := strings.FieldsFunc(cmd.Example, func(r rune) bool { return r == '\n' })
	for _, sub := range cmd.Commands() {
		lines = append(lines, examplesOf(sub)...)
	}
	return lines
}

// exampleScript runs a line with bash. A file behind -o or > is an output, and must
// not be there.
func exampleScript(t *testing.T, line string) []byte {
	t.Helper()
	command, _, _ := strings.Cut(line, "#")
	var script bytes.Buffer
	fmt.Fprintf(&script, "# %s\nenv HOME=$WORK\nmkdir .ssh\n", command)
	if strings.Contains(command, "openssl ") {
		fmt.Fprintln(&script, "needs openssl")
	}
	previous := ""
	for _, word := range strings.Fields(command) {
		word = strings.TrimRight(word, `)"`)
		source := exampleFiles[word]
		if source != "" && previous != "-o" && previous != ">" {
			name := strings.NewReplacer("~/", "", "*", "rsa").Replace(word)
			fmt.Fprintf(&script, "cp %s %s\nchmod 0600 %s\n", keytest.Testdata(t, filepath.FromSlash(source)), name, name)
		}
		previous = word
	}
	if strings.Contains(command, "keyconv migrate") {
		script.WriteString(savedSessions)
	}
	quoted := strings.ReplaceAll(line, "'", "''")
	if strings.Contains(command, "keyconv agent ") {
		fmt.Fprintln(&script, "needs ssh-agent\nsshagent")
	}
	if added, deletes := strings.CutPrefix(strings.TrimSpace(command), "keyconv agent --delete "); deletes {
		fmt.Fprintf(&script, "ttyin typed\nexec keyconv agent %s\n", added)
	}
	fmt.Fprintf(&script, "ttyin typed\nexec bash -eu -o pipefail -c '%s'\n", quoted)
	fmt.Fprintf(&script, "-- typed --\n%s", strings.Repeat(keytest.Passphrase+"\n", 3))
	return script.Bytes()
}
