package sshkey_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// eachSource parses the files of the module that are not tests.
func eachSource(t *testing.T, do func(path string, file *ast.File)) {
	t.Helper()
	root := keytest.Root(t)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "node_modules") && path != root {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		do(filepath.ToSlash(relative), parsed)
		return err
	})
	require.NoError(t, err)
}

// TestUnsupportedHasACode: a front end chooses its advice by the code. An error without
// one would silently lose its advice.
func TestUnsupportedHasACode(t *testing.T) {
	seen := 0
	eachSource(t, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok || nameOf(literal.Type) != "UnsupportedError" {
				return true
			}
			seen++
			has := false
			for _, element := range literal.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok && nameOf(pair.Key) == "Code" {
					has = true
				}
			}
			assert.True(t, has, "%s has an UnsupportedError without a Code", path)
			return true
		})
	})
	assert.Greater(t, seen, 20)
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// keyTypeRooms are the folders that may name a type of key: that of the types, those of
// the formats that encode them, and what makes keys for tests. The formats in ssh1key have
// only RSA, and p12key and jkskey leave the rest to pemkey. What is not a part of keyconv makes
// keys of its own.
var keyTypeRooms = []string{
	"sshkey/", "internal/rawkey/", "ppk/", "pemkey/", "internal/keytest/", "ssh1key/", "p12key/", "jkskey/", "jwkkey/", "dropbearkey/", "mskey/", "vectors/", "scripts/",
}

// TestKeyTypesHaveFewRooms: a new type of key needs a change in three packages and the
// tests. Everything else goes by the capabilities of rawkey.Type.
func TestKeyTypesHaveFewRooms(t *testing.T) {
	exceptions := map[string]string{
		"internal/engine/programtable.go": "what was tried with which program, and the DSA keys of Go",
	}
	seen := 0
	eachSource(t, func(path string, file *ast.File) {
		for _, room := range keyTypeRooms {
			if strings.HasPrefix(path, room) {
				return
			}
		}
		if exceptions[path] != "" {
			return
		}
		seen++
		ast.Inspect(file, func(n ast.Node) bool {
			name := ""
			switch n := n.(type) {
			case *ast.Ident:
				name = n.Name
			case *ast.ImportSpec:
				name = n.Path.Value
			}
			for _, of := range []string{"KeyAlgo", "ed448", "mldsa", "crypto/dsa", "crypto/ecdsa", "crypto/ed25519", "crypto/rsa"} {
				assert.NotContains(t, strings.ToLower(name), strings.ToLower(of), "%s names a type of key", path)
			}
			return true
		})
	})
	assert.Greater(t, seen, 50)
}
