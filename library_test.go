package keyconv_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var goBlock = regexp.MustCompile("(?m)^<!-- from (\\S+): (.+) -->\n```go\n((?s:.*?))^```$")

// TestLibraryDocument: the code of docs/library.md is that of the examples, which are
// compiled and run.
func TestLibraryDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "library.md"))
	require.NoError(t, err)
	blocks := goBlock.FindAllStringSubmatch(string(text), -1)
	require.Len(t, blocks, 3)
	assert.Equal(t, len(blocks), strings.Count(string(text), "```go\n"), "a block without its source")
	for _, m := range blocks {
		sources := declarations(t, filepath.Join(keytest.Root(t), filepath.FromSlash(m[1])))
		var want []string
		for name := range strings.FieldsSeq(m[2]) {
			require.Contains(t, sources, name, m[1])
			want = append(want, sources[name])
		}
		assert.Equal(t, strings.Join(want, "\n"), m[3], m[1])
	}
}

// declarations returns the functions and variables of a file with their comments.
func declarations(t *testing.T, path string) map[string]string {
	t.Helper()
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.ParseComments)
	require.NoError(t, err)
	found := map[string]string{}
	add := func(name string, doc *ast.CommentGroup, decl ast.Decl) {
		require.NotNil(t, doc, "%s has no comment", name)
		from, to := files.Position(doc.Pos()).Offset, files.Position(decl.End()).Offset
		found[name] = string(source[from:to]) + "\n"
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Doc != nil {
				add(d.Name.Name, d.Doc, d)
			}
		case *ast.GenDecl:
			if spec, ok := d.Specs[0].(*ast.ValueSpec); ok {
				add(spec.Names[0].Name, d.Doc, d)
			}
		}
	}
	return found
}
