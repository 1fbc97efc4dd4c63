package keyconv_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/doc"
	"go/format"
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

var updateAPI = flag.Bool("update-api", false, "write docs/api.txt again")

// apiPackages are what other modules can import, in the order of docs/api.txt.
var apiPackages = []string{".", "keyfile", "sshkey", "ppk", "pemkey", "ssh1key", "p12key", "jkskey", "jwkkey", "dropbearkey", "mskey", "vectors"}

// TestAPIHasEveryPackage: a new package is in docs/api.txt or internal.
func TestAPIHasEveryPackage(t *testing.T) {
	root := keytest.Root(t)
	found := map[string]bool{}
	sources, err := filepath.Glob(filepath.Join(root, "*", "*.go"))
	require.NoError(t, err)
	for _, source := range append(sources, filepath.Join(root, "doc.go")) {
		dir, err := filepath.Rel(root, filepath.Dir(source))
		require.NoError(t, err)
		found[dir] = true
	}
	var dirs []string
	for dir := range found {
		dirs = append(dirs, dir)
	}
	assert.ElementsMatch(t, apiPackages, dirs)
}

// TestAPISeesEverything: each kind of change to an exported name changes the listing.
func TestAPISeesEverything(t *testing.T) {
	list := func(source string) string {
		root := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(root, "p"), 0o755))
		keytest.WriteFile(t, filepath.Join(root, "p"), "p.go", []byte("// Package p is one.\npackage p\n"+source))
		var b bytes.Buffer
		writeAPI(t, &b, root, "p")
		return b.String()
	}
	const before = `
// C is one.
const C = 1
// V is one.
var V int
// F is one.
func F(n int) error { return nil }
// S is one.
type S struct { A int; b int }
// M is one.
func (s *S) M() {}
// I is one.
type I interface { N() }
`
	for old, changed := range map[string]string{
		"const C = 1": "const C = 2", "var V int": "var V uint", "F(n int)": "F(n int64)", "F(n int) error": "F(n int)",
		"A int;": "", "A int; b": "A int; B int; b", "(s *S) M()": "(s S) M()", "M() {}": "M() int { return 0 }", "{ N() }": "{ N(); O() }",
		"// C is one.": "// D is one.\nconst D = 1\n// C is one.", "type S struct": "type S = struct",
	} {
		require.Contains(t, before, old)
		assert.NotEqual(t, list(before), list(strings.Replace(before, old, changed, 1)), changed)
	}
	for old, changed := range map[string]string{"return nil": "return error(nil)", "b int": "c int", "// V is one.": "// V is another one."} {
		assert.Equal(t, list(before), list(strings.Replace(before, old, changed, 1)), changed)
	}
}

// TestErrorsHaveOneHome: a program that matches an error needs not ask which package it came
// through.
func TestErrorsHaveOneHome(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "api.txt"))
	require.NoError(t, err)
	text := string(data)
	for _, name := range []string{"SyntaxError", "UnsupportedError", "LimitError", "InvalidKeyError", "PassphraseMissingError"} {
		assert.Equal(t, 1, strings.Count(text, "\ntype "+name+" "), name)
	}
	assert.Equal(t, 1, strings.Count(text, "\nvar ErrIncorrectPassphrase "))
}

// TestAPI holds the exported names and signatures of all packages to docs/api.txt, so
// that each change of them is deliberate.
func TestAPI(t *testing.T) {
	root := keytest.Root(t)
	var b bytes.Buffer
	for _, dir := range apiPackages {
		writeAPI(t, &b, root, dir)
	}
	golden := filepath.Join(root, "docs", "api.txt")
	if *updateAPI {
		require.NoError(t, os.WriteFile(golden, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String(), "if the change is meant: go test . -run TestAPI -update-api")
}

// maxRootNames is how many functions, types and methods the root has, at most: it is what a
// person reads first. The constants of Format are apart from that.
const maxRootNames = 30

func TestRootIsSmall(t *testing.T) {
	var b bytes.Buffer
	writeAPI(t, &b, keytest.Root(t), ".")
	names := regexp.MustCompile(`(?m)^(func|type|var) `).FindAllString(b.String(), -1)
	assert.Greater(t, len(names), 10)
	assert.LessOrEqual(t, len(names), maxRootNames)
}

func writeAPI(t *testing.T, b *bytes.Buffer, root, dir string) {
	t.Helper()
	files := token.NewFileSet()
	sources, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	require.NoError(t, err)
	var parsed []*ast.File
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, source, nil, parser.ParseComments)
		require.NoError(t, err)
		parsed = append(parsed, file)
	}
	p, err := doc.NewFromFiles(files, parsed, "github.com/keyconv/keyconv/"+dir)
	require.NoError(t, err)
	require.NotEmpty(t, p.Doc, "package %s has no comment", dir)
	b.WriteString("package " + p.Name + "\n\n")
	writeValues(t, b, files, p.Consts)
	writeValues(t, b, files, p.Vars)
	writeFuncs(t, b, files, p.Funcs)
	for _, typ := range p.Types {
		require.NotEmpty(t, typ.Doc, "%s.%s has no comment", p.Name, typ.Name)
		writeDecl(t, b, files, typ.Decl)
		writeValues(t, b, files, typ.Consts)
		writeValues(t, b, files, typ.Vars)
		writeFuncs(t, b, files, typ.Funcs)
		writeFuncs(t, b, files, typ.Methods)
	}
}

func writeValues(t *testing.T, b *bytes.Buffer, files *token.FileSet, values []*doc.Value) {
	for _, v := range values {
		writeDecl(t, b, files, v.Decl)
	}
}

func writeFuncs(t *testing.T, b *bytes.Buffer, files *token.FileSet, funcs []*doc.Func) {
	for _, f := range funcs {
		isError := f.Name == "Error" && f.Recv != ""
		require.True(t, f.Doc != "" || isError, "%s has no comment", f.Name)
		f.Decl.Body = nil
		writeDecl(t, b, files, f.Decl)
	}
}

// writeDecl writes a declaration without its comments.
func writeDecl(t *testing.T, b *bytes.Buffer, files *token.FileSet, decl ast.Decl) {
	t.Helper()
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc = nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		}
		return true
	})
	var out bytes.Buffer
	require.NoError(t, format.Node(&out, files, decl))
	for line := range strings.SplitSeq(out.String(), "\n") {
		if strings.TrimSpace(line) != "" {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("\n")
}
