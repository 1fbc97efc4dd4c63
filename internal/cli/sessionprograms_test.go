package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runSession runs a command line in a folder with a key "key.pem".
func runSession(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
	return code, out.String(), errs.String()
}

// fakeProgram returns a program for sessions, which can be saved for it in every way.
func fakeProgram() *session.Program {
	encode := func(s session.Session) []byte {
		return fmt.Appendf(nil, "[%s]\n%s@%s:%d\n%s\n", s.Name, s.User, s.Host, s.Port, s.KeyFile)
	}
	return &session.Program{
		Name: "fake", Title: "FakeTerm", Verdict: engine.ProgramPuTTY, Help: "a line in FakeTerm's list", NeedsPPK: true,
		File: &session.File{
			Encode: func(s session.Session, _ session.CodePage) ([]byte, error) { return encode(s), nil },
			What:   "a bookmark", Extension: ".fake", Next: session.Step{Text: "faketerm {file} {name}"},
		},
		List: &session.List{
			Name: "FakeTerm's list", Next: session.Step{Text: "faketerm {name}"},
			Path: func(e session.Env) (string, error) {
				home, err := e.Home()
				return filepath.Join(home, "fake.list"), err
			},
			Add: func(old []byte, s session.Session, _ bool) (session.Edit, error) {
				return session.Edit{Data: append(old, encode(s)...)}, nil
			},
		},
	}
}

// TestNewSessionProgram adds a program, with one value and nothing else, and saves a
// session for it in every way: the key is converted, the help and the completion know the
// program, and the messages too.
func TestNewSessionProgram(t *testing.T) {
	programs := session.Programs
	t.Cleanup(func() { session.Programs = programs })
	session.Programs = append(slices.Clone(programs), fakeProgram())
	pem := keytest.Read(t, "twins", "rsa2048.pem")
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	require.NoError(t, os.WriteFile("key.pem", pem, 0o600))
	ppk := filepath.Join(dir, "key.ppk")

	code, stdout, stderr := runSession(t, "session", "s1", "me@h", "--key", "key.pem", "--for", "fake")
	require.Zero(t, code, stderr)
	assert.Equal(t, "[s1]\nme@h:22\n"+ppk+"\n", stdout)
	assert.Contains(t, stderr, "key.pem -> key.ppk (")
	assert.Contains(t, stderr, "next: faketerm FILE.fake s1\n")
	require.FileExists(t, ppk)

	code, _, stderr = runSession(t, "session", "s 2", "me@h", "--key", "key.pem", "--for", "fake", "-o", "b.fake")
	require.Zero(t, code, stderr)
	assert.NotContains(t, stderr, "->", "the key is there by now")
	assert.Contains(t, stderr, "next: faketerm b.fake "+shellName("s 2"))
	assert.FileExists(t, "b.fake")

	code, stdout, stderr = runSession(t, "session", "s3", "me@h", "--key", "key.ppk", "--for", "fake", "--add", "--json")
	require.Zero(t, code, stderr)
	assert.Contains(t, stdout, `"program":"fake"`)
	assert.FileExists(t, "fake.list")

	for _, test := range []struct{ args, message string }{
		{"--for fake -o wrong.txt", "for FakeTerm, -o writes a bookmark, whose name ends with .fake"},
		{"--for fake --registry", "--registry and --unix are for --for putty"},
		{"--for winscp --add", "--add is for --for openssh and --for filezilla and --for fake"},
		{"--for none", `there is no --for "none" (choose from: putty, openssh, winscp, filezilla, fake)`},
	} {
		code, _, stderr = runSession(t, append(strings.Fields("session s me@h --key key.pem"), strings.Fields(test.args)...)...)
		assert.Equal(t, 2, code)
		assert.Contains(t, stderr, test.message)
	}
	_, stdout, _ = runSession(t, "session", "--help")
	assert.Contains(t, stdout, "\n  fake       a line in FakeTerm's list\n")
	stdout = strings.Join(strings.Fields(stdout), " ")
	assert.Contains(t, stdout, "putty, openssh, winscp, filezilla, fake")
	assert.Contains(t, stdout, "FakeTerm's list, or to the FILE of -o")
	assert.Contains(t, stdout, "for fake: FILE.fake")
	_, stdout, _ = runSession(t, "__complete", "session", "s", "h", "--for", "")
	for _, p := range session.Programs {
		assert.Contains(t, stdout, p.Name+"\t"+p.Title+"\n")
	}
}

// TestSessionProgramsAreComplete: each has a name, and a way to save a session.
func TestSessionProgramsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range session.Programs {
		assert.False(t, seen[p.Name])
		seen[p.Name] = true
		for _, text := range []string{p.Name, p.Title, string(p.Verdict), p.Help} {
			assert.NotEmpty(t, text, p.Name)
		}
		assert.True(t, p.File != nil || p.List != nil || p.OwnPlaces(), p.Name)
		if p.File != nil {
			assert.NotEmpty(t, p.File.Next.Text, p.Name)
			assert.Equal(t, p.File.Extension == "", p.File.What == "", p.Name)
		}
		if p.List != nil {
			assert.NotEmpty(t, p.List.Next.Text+p.List.NextInFile.Text, p.Name)
		}
	}
}

// TestSchemaHasEverySessionProgram, and the document about logins.
func TestSchemaHasEverySessionProgram(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(keytest.Root(t), "docs", "json.schema.json"))
	require.NoError(t, err)
	var names []any
	for _, name := range session.Names(nil) {
		names = append(names, name)
	}
	assert.Equal(t, names, schema.Properties["session"].Ref.Properties["program"].Enum.Values)
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "login.md"))
	require.NoError(t, err)
	for _, p := range session.Programs {
		assert.Contains(t, string(text), p.Title)
	}
}
