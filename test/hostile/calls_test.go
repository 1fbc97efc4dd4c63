package hostile

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// library are the packages that other modules import.
var library = []string{".", "keyfile", "sshkey", "ppk", "pemkey", "ssh1key", "p12key", "jkskey", "jwkkey", "dropbearkey", "mskey"}

// TestNothingPanics calls every exported function and method of the library with nil, zero
// values and odd ones. What is exported is read from the source, so that nothing is left out.
func TestNothingPanics(t *testing.T) {
	t.Parallel()
	root, dir := keytest.Root(t), t.TempDir()
	program := filepath.Join(root, "test", "hostile", "testdata", "calls")
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"reflect\"\n\n")
	for i, folder := range library {
		fmt.Fprintf(&b, "\tp%d %q\n", i, path.Join("github.com/keyconv/keyconv", folder))
	}
	b.WriteString(")\n\nfunc init() {\n")
	functions := 0
	for i, folder := range library {
		for name, isType := range exported(t, filepath.Join(root, folder)) {
			if isType {
				fmt.Fprintf(&b, "\ttypes[%q] = reflect.TypeFor[p%d.%s]()\n", folder+"."+name, i, name)
				continue
			}
			functions++
			fmt.Fprintf(&b, "\tfunctions[%q] = p%d.%s\n", folder+"."+name, i, name)
		}
	}
	b.WriteString("}\n")
	assert.Greater(t, functions, 50)
	generated := keytest.WriteFile(t, dir, "generated.go", []byte(b.String()))
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(program, "generated.go"): generated}})
	require.NoError(t, err)
	binary := filepath.Join(dir, "calls")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute) // it compiles
	defer cancel()
	build := exec.CommandContext(ctx, keytest.Tool(t, "go"), "build", "-C", root, "-o", binary,
		"-overlay", keytest.WriteFile(t, dir, "overlay.json", overlay), "./test/hostile/testdata/calls")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	calls := exec.CommandContext(ctx, binary)
	calls.Dir = t.TempDir() // where package keyfile writes
	out, err = calls.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.NotContains(t, string(out), "panic: ")
	assert.Contains(t, string(out), fmt.Sprintf("functions: %d ", functions))
}

// exported returns the functions and types of a package without type parameters, and whether
// each is a type.
func exported(t *testing.T, folder string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	sources, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		text, err := os.ReadFile(source)
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), source, text, 0)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.IsExported() {
					names[d.Name.Name] = false
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
						names[s.Name.Name] = true
					}
				}
			}
		}
	}
	require.NotEmpty(t, names)
	return names
}
