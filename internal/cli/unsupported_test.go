package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryUnsupportedCodeHasAHint: or an empty one, where somebody thought of it and
// nothing helps.
func TestEveryUnsupportedCodeHasAHint(t *testing.T) {
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(keytest.Root(t), "sshkey", "errors.go"), nil, 0)
	require.NoError(t, err)
	var codes []sshkey.UnsupportedCode
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "UnsupportedCode" {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				codes = append(codes, sshkey.UnsupportedCode(value))
			}
		}
		return true
	})
	assert.Len(t, codes, len(hintsUnsupported.Get()))
	for _, code := range codes {
		assert.Contains(t, hintsUnsupported.Get(), code)
	}
}
