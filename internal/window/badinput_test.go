package window

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// aSentence begins with a capital, or with a name, and ends.
var aSentence = regexp.MustCompile(`^([A-Z]|[a-z0-9_-]+[.:]).*[.?]\n\n[A-Z][^\n]*[.?]$`)

// TestBadFiles: each is a sentence that a person understands, and a next step; what was
// open before stays open.
func TestBadFiles(t *testing.T) {
	pem := keytest.Read(t, "console-rsa2048.pem")
	damaged := bytes.Clone(pem)
	copy(damaged[len(damaged)/2:], strings.Repeat("?!", 40))
	for name, bad := range map[string]struct {
		data []byte
		says []string
	}{
		"empty.pem":    {nil, []string{"The file is empty.", "Download or copy the key again."}},
		"unknown.txt":  {[]byte("to be or not to be\n"), []string{"A private key is text that begins with"}},
		"damaged.pem":  {damaged, []string{"Download or copy the whole file again"}},
		"cut.pem":      {pem[:len(pem)/2], []string{"Download or copy the whole file again"}},
		"large.pem":    {make([]byte, 2<<20), []string{"A key file is small. Is this the right file?"}},
		"web.crt":      {[]byte("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"), []string{"certificate for web servers"}},
		"pgp.asc":      {[]byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----\n"), []string{"SSH does not use PGP keys."}},
		"version9.ppk": {[]byte("PuTTY-User-Key-File-9: ssh-rsa\nEncryption: none\n"), []string{"PuTTYgen"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.drop(s.file("good.pem", pem))
			before := s.shown.Text[KeyInfo]
			s.drop(s.file(name, bad.data))
			require.Len(t, s.said, 1)
			said := s.lastSaid()
			assert.True(t, strings.HasPrefix(said, name+": "), said)
			for _, part := range bad.says {
				assert.Contains(t, strings.ToLower(said), strings.ToLower(part))
			}
			assert.Regexp(t, aSentence, said)
			assert.Equal(t, before, s.shown.Text[KeyInfo])
			assert.True(t, s.shown.Enabled[SavePPK])
			assert.ElementsMatch(t, []string{"good.pem", name}, s.names())
		})
	}
}

// TestPublicKey is shown, and can be saved in the forms of a public key alone.
func TestPublicKey(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("key.pub", keytest.Read(t, "twins", "ed25519.pub")))
	assert.Contains(t, s.line(), "This is a public key, which cannot log in. Open the private key")
	for _, id := range []ID{SavePPK, SavePEM, SetPassphrase, SetComment, LogIn} {
		assert.False(t, s.shown.Enabled[id])
	}
	s.fill, s.saveAs = []Answers{pressed(OK, map[ID]string{FormList: "1"})}, []string{s.path("out.pub")}
	s.press(SaveOther)
	data, err := os.ReadFile(s.path("out.pub"))
	require.NoError(t, err)
	assert.True(t, bytes.HasPrefix(data, []byte("---- BEGIN SSH2 PUBLIC KEY")))
}

// TestKeyOnAToken: nothing can be saved of it, and the message says why.
func TestKeyOnAToken(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("key.ppk", keytest.Read(t, "corpus", "edge", "blob-sk-ssh-ed25519_openssh.com.ppk")))
	assert.Contains(t, s.lastSaid(), "The secret cannot leave the token.")
	assert.False(t, s.shown.Enabled[SavePPK])
}

// TestDisabledButtons do nothing, whatever presses them.
func TestDisabledButtons(t *testing.T) {
	s := newScene(t)
	for id := range actions() {
		if id != ChooseKey && id != NewKey {
			s.press(id)
		}
	}
	assert.Empty(t, s.said)
	assert.Empty(t, s.asked)
	assert.Empty(t, s.dialogs)
}

// TestBadPlaces: folders that cannot be written to, and names that are not files.
func TestBadPlaces(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	require.NoError(t, os.Mkdir(s.path("folder.ppk"), 0o700))
	require.NoError(t, os.Mkdir(s.path("locked"), 0o500))
	places := map[string]string{
		"missing/ecs.ppk": "Check that the file and its folder exist.",
		"folder.ppk":      "Choose a name in that folder.",
	}
	if os.Getuid() != 0 && runtime.GOOS != "windows" {
		places["locked/ecs.ppk"] = stepNoAccess
	}
	for place, step := range places {
		said := len(s.said)
		s.saveAs = []string{s.path(place)}
		s.press(SavePPK)
		require.Len(t, s.said, said+1, place)
		assert.Contains(t, s.lastSaid(), step)
	}
	if runtime.GOOS == "linux" { // where not even root can make a file
		s.saveAs = []string{"/sys/ecs.ppk"}
		s.press(SavePPK)
		assert.Regexp(t, regexp.QuoteMeta(stepNoAccess)+"|"+regexp.QuoteMeta(stepReadOnly), s.lastSaid())
	}
	entries, err := os.ReadDir(s.path("folder.ppk"))
	require.NoError(t, err)
	assert.Empty(t, entries)
}

// TestErrorsOfTheSystem: what Windows says in two words gets a next step.
func TestErrorsOfTheSystem(t *testing.T) {
	for _, row := range systemSteps() {
		assert.NotEmpty(t, row.step(nil))
	}
	for err, step := range map[error]string{
		fs.ErrPermission: stepNoAccess,
		fs.ErrNotExist:   "Controlled folder access",
	} {
		said := explain(inFile(`C:\keys\a.ppk`, output.CannotWrite("b.ppk", &fs.PathError{Op: "open", Path: "x", Err: err})))
		assert.Contains(t, said, step)
		assert.Regexp(t, aSentence, said)
		assert.NotContains(t, said, `C:\`, "the name is enough")
	}
}

// TestAdvicesAreComplete: each advice of a job has words for the window.
func TestAdvicesAreComplete(t *testing.T) {
	source, err := parser.ParseFile(token.NewFileSet(), filepath.Join(keytest.Root(t), "internal", "fault", "advice.go"), nil, 0)
	require.NoError(t, err)
	count := 0
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Do" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		if do := fault.Do(value); do != fault.Say && do != fault.FollowFinding {
			_, ok := advices.Get()[do]
			assert.True(t, ok, "no words for the advice %q", do)
		}
		count++
		return true
	})
	assert.Greater(t, count, 30)
}

// TestNoWordOfTheCommandLine: a person in front of a window has no flags.
func TestNoWordOfTheCommandLine(t *testing.T) {
	flag := regexp.MustCompile(`--[a-z]|(^|[ (])-[a-z]( |$)|keyconv (pem2ppk|ppk2pem|convert|public|passwd|inspect|agent|session)`)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(source, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			require.NoError(t, err)
			// What other programs are started with.
			if text != "--site" {
				assert.NotRegexp(t, flag, text, file)
			}
			found++
			return true
		})
	}
	assert.Greater(t, found, 200)
}

// TestFindingsInPlainWords: a weak key is shown with what to do, without a command.
func TestFindingsInPlainWords(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("old.pem", keytest.Read(t, "twins", "dsa1024.aes128.pem")))
	info := s.shown.Text[KeyInfo]
	assert.Contains(t, info, "Careful: The encryption of this form is weak (one MD5). Save it as .ppk")
	assert.NotContains(t, info, "keyconv")
}

// TestMended: damage that was mended is said.
func TestMended(t *testing.T) {
	s := newScene(t)
	pem := keytest.Read(t, "console-rsa2048.pem")
	s.drop(s.file("flat.pem", bytes.ReplaceAll(pem, []byte("\n"), []byte(" "))))
	require.Empty(t, s.said)
	assert.Contains(t, s.shown.Text[KeyInfo], "Damaged, and mended: ")
	assert.True(t, s.shown.Enabled[SavePPK])
}

// TestCommentCannotDrawTheWindow: control characters of a file do not get there.
func TestCommentCannotDrawTheWindow(t *testing.T) {
	s := newScene(t)
	key, err := engine.Parse(keytest.Read(t, "twins", "ed25519.openssh"), nil)
	require.NoError(t, err)
	key.Comment = "a\tb\u202ec\x1b[2J"
	data, err := engine.Marshal(key, engine.OpenSSH, nil)
	require.NoError(t, err)
	s.drop(s.file("key.pem", data))
	assert.True(t, strings.HasSuffix(s.shown.Text[PublicLine], "a b c [2J"), s.shown.Text[PublicLine])
}
