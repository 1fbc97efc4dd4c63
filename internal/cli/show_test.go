package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoCommandToCI: a name at the beginning of a line of the report, or anywhere in it,
// is not a command to the system that runs keyconv.
func TestNoCommandToCI(t *testing.T) {
	if runtime.GOOS == "windows" {
		keytest.Skip(t, "names on Windows cannot have a colon")
	}
	key := keytest.Read(t, "twins", "rsa2048.pem")
	t.Chdir(t.TempDir())
	names := []string{"::error title=x::pwned", " ::add-mask::a", "\u2003::stop-commands::a", "##[error]a", "a##[group]b", "##vso[task.complete]", "##teamcity[x]"}
	for _, name := range names {
		require.NoError(t, os.WriteFile(name, key, 0o600))
	}
	for _, args := range [][]string{
		{"pem2ppk", "-r", "."}, {"check", "-r", "."}, {"inspect", "-r", "."}, {"fix-permissions", "-r", "."},
		append([]string{"pem2ppk"}, names...), append([]string{"public"}, names[0]), append([]string{"convert", "--to", "ppk2", "--dry-run"}, names...),
		{"check", "--json", names[0], names[4]}, {"::error::no such file"}, {"##[error]no such file"},
	} {
		var stdout, stderr bytes.Buffer
		Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
		for line := range strings.Lines(stdout.String() + stderr.String()) {
			assert.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), line)
			assert.NotRegexp(t, `##([a-z]+)?\[`, line)
		}
	}
}

// TestJSONShowsAll: nothing in the JSON is invisible, and it still says the same.
func TestJSONShowsAll(t *testing.T) {
	text := "a\u0080\u009b31m\u00ad\u061c\u200b\u200f\u202e\u2066\ufeff\U000E0041\U000E007F\u007f ##[error] Grüße 🔑 日本語 \\ \" </a>"
	line, err := json.Marshal(map[string]string{text: text})
	require.NoError(t, err)
	shown := escapeJSON(line)
	for _, r := range string(shown) {
		assert.True(t, unicode.IsPrint(r), "%U", r)
	}
	assert.Contains(t, string(shown), `Grüße 🔑 日本語`)
	assert.NotContains(t, string(shown), "##")
	var back map[string]string
	require.NoError(t, json.Unmarshal(shown, &back))
	assert.Equal(t, map[string]string{text: text}, back)
}

// TestCommentOnATerminal: what cannot be seen is escaped for a person, and kept for a
// program; what commands a terminal goes for both.
func TestCommentOnATerminal(t *testing.T) {
	comment := "me\u200b@h\U000E0041\u202e\u009b31m"
	var file, stderr bytes.Buffer
	a := &one{program: &program{}, printer: printer{stdout: &results{to: &file}, stderr: &stderr}, name: "key"}
	assert.Equal(t, "me\u200b@h\U000E0041  31m", a.showable(comment))

	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		keytest.Skip(t, "no terminal can be opened")
	}
	defer func() { _ = terminal.Close() }()
	if !isTerminal(terminal) {
		keytest.Skip(t, "this side of a terminal is none here")
	}
	a.stdout = &results{to: terminal}
	assert.Equal(t, `me\u200b@h\U000e0041  31m`, a.showable(comment))
	assert.Contains(t, stderr.String(), "cannot be seen")
}
