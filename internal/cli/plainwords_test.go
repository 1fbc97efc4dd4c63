package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stilted are words that read as if they were translated, and stand for plainer ones
// (CONTRIBUTING.md has the table).
var stilted = regexp.MustCompile(`(?i)\b(?:(?:this|that|it|which|file|who) (?:is|are) no (?:[a-z]+)|anew|dearer|to be had|whoever|came of it` +
	`|none of the keys wanted|(?:tells?|told) (?:of|what|whether|which|from|by)|in need of|what stands (?:on|behind)|takes the access)\b|[,;.] else\b|\belse[.:,]`)

// allowedWords are the rest of a phrase that is good English.
var allowedWords = regexp.MustCompile(`(?i)is no longer|are no longer|(?:anything|something|nobody|somebody|anybody|nothing|everything) else[.:,]`)

// TestPlainWords: neither messages nor help nor documents have such words.
func TestPlainWords(t *testing.T) {
	root, texts := keytest.Root(t), 0
	check := func(place, text string) {
		texts++
		if found := stilted.FindString(allowedWords.ReplaceAllString(text, "")); found != "" {
			assert.Fail(t, "a native speaker stumbles", "%s: %q in %.160q", place, found, text)
		}
	}
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || name == "files" || name == "node_modules" || name == ".git"):
			return fs.SkipDir
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			for place, text := range literals(t, path) {
				check(place, text)
			}
		case strings.HasSuffix(name, ".1"), strings.HasSuffix(name, ".md") && name != "CHANGELOG.md" && name != "CONTRIBUTING.md":
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			for i, line := range strings.Split(string(text), "\n") {
				check(path+":"+strconv.Itoa(i+1), line)
			}
		}
		return nil
	}))
	assert.Greater(t, texts, 5000)
	assert.True(t, stilted.MatchString("this is no key"), "this test has to be able to fail")
}

// literals returns the strings of a source file that have a space in them, by their places.
func literals(t *testing.T, path string) map[string]string {
	t.Helper()
	files, found := token.NewFileSet(), map[string]string{}
	file, err := parser.ParseFile(files, path, nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && strings.Contains(l.Value, " ") {
			found[files.Position(l.Pos()).String()] = l.Value
		}
		return true
	})
	return found
}
