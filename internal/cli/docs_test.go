package cli

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the pages, completions and help screens again")

// manualDirs are the folders of what is made from the commands.
var manualDirs = []string{"docs/man", "docs/completions", "internal/cli/testdata/help"}

// TestManual: the manual pages, completions and help screens are those of the commands.
// "go test ./internal/cli -run TestManual -update" writes them.
func TestManual(t *testing.T) {
	root := keytest.Root(t)
	want := manual(t)
	require.Greater(t, len(want), 10)
	if *update {
		for _, dir := range manualDirs {
			require.NoError(t, os.RemoveAll(filepath.Join(root, dir)))
			require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o755))
		}
		for name, data := range want {
			require.NoError(t, os.WriteFile(filepath.Join(root, name), data, 0o644))
		}
	}
	got := map[string][]byte{}
	for _, dir := range manualDirs {
		files, err := fs.Glob(os.DirFS(root), dir+"/*")
		require.NoError(t, err)
		for _, name := range files {
			data, err := os.ReadFile(filepath.Join(root, name))
			require.NoError(t, err)
			got[name] = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		}
	}
	for name, data := range want {
		assert.Equal(t, string(data), string(got[name]), "%s is out of date: -update writes it", name)
		delete(got, name)
	}
	assert.Empty(t, got, "files that nothing makes")
}

// manual makes all pages in memory, the same on every day and machine.
func manual(t *testing.T) map[string][]byte {
	t.Helper()
	root := Root()
	pages := map[string][]byte{}
	forEachCommand(root, func(cmd *cobra.Command) {
		if cmd.Name() != "help" {
			pages["docs/man/"+manName(cmd)+".1"] = []byte(manPage(cmd))
		}
	})
	for name, generate := range map[string]func(*bytes.Buffer) error{
		"keyconv.bash": func(b *bytes.Buffer) error { return root.GenBashCompletionV2(b, true) },
		"keyconv.zsh":  func(b *bytes.Buffer) error { return root.GenZshCompletion(b) },
		"keyconv.fish": func(b *bytes.Buffer) error { return root.GenFishCompletion(b, true) },
		"keyconv.ps1":  func(b *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(b) },
	} {
		var b bytes.Buffer
		require.NoError(t, generate(&b))
		pages["docs/completions/"+name] = b.Bytes()
	}
	for name, text := range screens() {
		if strings.HasSuffix(name, "-all") && name != "keyconv-all" && name != "keyconv-convert-all" {
			continue // the others differ by the same lines
		}
		pages["internal/cli/testdata/help/"+name+".txt"] = []byte(text)
	}
	return pages
}

func forEachCommand(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, sub := range cmd.Commands() {
		forEachCommand(sub, do)
	}
}

func TestCompletionLoads(t *testing.T) {
	file := keytest.WriteFile(t, t.TempDir(), "completion", manual(t)["docs/completions/keyconv.bash"])
	out := keytest.Run(t, nil, "bash", "-c", `. "$0" && complete -p keyconv`, file)
	assert.Contains(t, string(out), "__start_keyconv")
}

// TestExitStatusIsOne: the help, the documents and the code have the same codes.
func TestExitStatusIsOne(t *testing.T) {
	var known []int
	meanings := map[string]bool{}
	for _, row := range exitStatus {
		known = append(known, row.codes...)
		meanings[row.meaning] = true
	}
	assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143, 129, 141}, known)
	for code := range errorCodes.Get() {
		assert.True(t, slices.Contains(known, code), code)
	}
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "exit-codes.md"))
	require.NoError(t, err)
	_, table, found := strings.Cut(string(text), "| exit | meaning |\n|---|---|\n")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "\n\n")
	var want strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(table, "`", "") + "\n") {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		require.Len(t, cells, 2)
		assert.True(t, meanings[cells[1]], cells[1])
		want.WriteString("\n  " + (cells[0] + "         ")[:9] + " " + cells[1])
	}
	assert.Equal(t, "\n\nExit status:\n"+want.String(), exitStatusHelp("Exit status:"))
	assert.Contains(t, Root().Long, want.String())
}

// TestFormatsDocument: docs/formats.md has a row for each format that is written.
func TestFormatsDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "formats.md"))
	require.NoError(t, err)
	for _, format := range engine.Formats() {
		holds := format.About().Holds
		yes := map[bool]string{true: "yes", false: "no"}
		row := "(?m)^\\| `" + string(format) + "` \\| .* \\| " + yes[holds.Comment] + " \\| " + yes[holds.Certificate] + " \\|"
		assert.Regexp(t, row, string(text))
	}
}
