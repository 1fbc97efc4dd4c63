package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFindingsAreDocumented holds the tables of docs/findings.md against the findings in
// the source: all of them, with the same words.
func TestFindingsAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "findings.md"))
	require.NoError(t, err)
	var rows []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| `") {
			row := strings.Split(strings.TrimSpace(line), " | ")
			if strings.Contains(row[2], "keyconv ") {
				row[2] = "" // in the words of the command, which has a test for them
			}
			rows = append(rows, strings.Join(row, " | "))
		}
	}
	var want []string
	for _, pattern := range []string{"internal/rawkey/*.go", "internal/engine/findings*.go"} {
		files, err := filepath.Glob(filepath.Join(keytest.Root(t), filepath.FromSlash(pattern)))
		require.NoError(t, err)
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				want = append(want, findingRows(t, file)...)
			}
		}
	}
	assert.Greater(t, len(want), 20)
	assert.ElementsMatch(t, want, rows)
}

// findingRows returns the rows of the table for the findings in a Go file.
func findingRows(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	var rows []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := textsOf(literal)
		if fields["Code"] != "" && fields["Message"] != "" {
			refuse := map[bool]string{true: "refused", false: ""}[fields["Refuse"] == "true"]
			row := "| `" + fields["Code"] + "` | " + fields["Message"] + " | " + fields["Advice"] + " | " + refuse + " | <" + fields["Source"] + "> |"
			rows = append(rows, strings.ReplaceAll(strings.ReplaceAll(row, "%d", "N"), "|  | <", "| | <"))
		}
		return true
	})
	return rows
}

// textsOf returns the fields of a literal by their names.
func textsOf(literal *ast.CompositeLit) map[string]string {
	fields := map[string]string{}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if name, ok := pair.Key.(*ast.Ident); ok {
				fields[name.Name] = textOf(pair.Value)
			}
		}
	}
	return fields
}

// textOf returns a string, the format of a fmt.Sprintf, or the value of a constant.
func textOf(value ast.Expr) string {
	switch value := value.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(value.Value)
		return text
	case *ast.CallExpr:
		if name, ok := value.Fun.(*ast.Ident); ok && name.Name == "convertTo" {
			return ""
		}
		if len(value.Args) == 0 {
			return ""
		}
		return textOf(value.Args[0])
	case *ast.CompositeLit: // of Advice
		return textsOf(value)["Text"]
	case *ast.Ident:
		if value.Obj != nil {
			if spec, ok := value.Obj.Decl.(*ast.ValueSpec); ok && len(spec.Values) > 0 {
				return textOf(spec.Values[0])
			}
		}
		return value.Name
	}
	return ""
}
