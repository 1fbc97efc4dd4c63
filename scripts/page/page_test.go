package main

import (
	"go/ast"
	"go/parser"
	"go/token"
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

// parts are the files of the page that are written by hand.
var parts = []string{"page.html", "page.css", "words.js", "page.js", "worker.js"}

func part(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), source, name))
	require.NoError(t, err)
	return string(text)
}

// TestPageIsSmallEnoughToRead: web/README.md promises it.
func TestPageIsSmallEnoughToRead(t *testing.T) {
	lines := 0
	for _, name := range parts {
		lines += strings.Count(part(t, name), "\n")
	}
	assert.LessOrEqual(t, lines, 600)
	found, err := filepath.Glob(filepath.Join(keytest.Root(t), source, "*.*"))
	require.NoError(t, err)
	assert.Len(t, found, len(parts)+1, "each part is counted; README.md is the other")
}

// TestPageMakesNoHTML: no text of a key can become more than text.
func TestPageMakesNoHTML(t *testing.T) {
	for _, name := range parts {
		assert.NotRegexp(t, `innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|fetch\(|XMLHttp|WebSocket|sendBeacon|localStorage|sessionStorage|indexedDB|document\.cookie|https?:`, part(t, name), name)
	}
}

// TestPolicy: what the page needs, and nothing else.
func TestPolicy(t *testing.T) {
	assert.Equal(t, "default-src 'none'; script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=' 'wasm-unsafe-eval'; "+
		"style-src 'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='; worker-src blob:; connect-src 'none'; img-src 'none'; "+
		"form-action 'none'; frame-src 'none'; object-src 'none'; base-uri 'none'", policy("a", "b"))
}

// TestPageHoldsItsProgram: what is put in comes out, and no part is left to fill in.
func TestPageHoldsItsProgram(t *testing.T) {
	t.Chdir(keytest.Root(t))
	b := build{Version: "v1.2.3", Commit: "abc", Go: "go1", Wasm: "00"}
	program := []byte(strings.Repeat("program ", 1000))
	page, err := b.page(program)
	require.NoError(t, err)
	assert.Contains(t, string(page), `const build = {"version":"v1.2.3","commit":"abc","go":"go1","wasm":"00","worker":"`+b.Worker+`"};`)
	assert.NotContains(t, string(page), "{{")
	assert.Contains(t, string(page), "Redistribution and use in source and binary forms", "the licence of Go")
	file := filepath.Join(t.TempDir(), "keyconv.html")
	require.NoError(t, os.WriteFile(file, page, 0o600))
	back, err := extracted(file)
	require.NoError(t, err)
	assert.Equal(t, program, back)
	_, err = extracted("README.md")
	assert.ErrorContains(t, err, "is not a page of keyconv")
}

var said = regexp.MustCompile(`data-say="(\w+)"|\bsay\("([\w-]+)"|\bwords\.(\w+)\b|\bstate\("(\w+)"|\bfact\("(\w+)"`)

func hasWords(words, name string) bool {
	return regexp.MustCompile(`[\s{,]"?` + regexp.QuoteMeta(name) + `"?: ["{]`).MatchString(words)
}

// TestWordsAreThere: each name that the page uses has words.
func TestWordsAreThere(t *testing.T) {
	words := part(t, "words.js")
	code := part(t, "page.html") + part(t, "page.js")
	for _, m := range said.FindAllStringSubmatch(code, -1) {
		name := strings.Join(m[1:], "")
		assert.True(t, hasWords(words, name), "words for %q", name)
	}
}

// TestAdvicesExist: the page has words for advices that a job gives, or for a kind of error.
// One without words in the page is not shown: most are about folders, flags and streams.
func TestAdvicesExist(t *testing.T) {
	known := map[string]bool{}
	for _, file := range []string{"internal/fault/advice.go", "internal/rawkey/advice.go", "internal/page/problem.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(keytest.Root(t), file), nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				known[strings.TrimSuffix(text, ":")] = true
			}
			return true
		})
	}
	words := part(t, "words.js")
	advices := regexp.MustCompile(`(?:^|[\s{,])"?([a-z][a-z0-9:-]*)"?: "`).FindAllStringSubmatch(words[strings.Index(words, "advice: {"):], -1)
	assert.Greater(t, len(advices), 25)
	for _, m := range advices {
		kind, what, _ := strings.Cut(m[1], ":")
		assert.True(t, known[kind] || kind == "finding", "there is no advice %q", m[1])
		if kind == "finding" {
			assert.True(t, known[what], "there is no advice %q", m[1])
		}
	}
}
