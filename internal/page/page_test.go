package page

import (
	archivezip "archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func serve(t *testing.T, r Request, files ...[]byte) *Answer {
	t.Helper()
	return Serve(context.Background(), r, files...)
}

// good serves a request that has to go well.
func good(t *testing.T, r Request, files ...[]byte) *Answer {
	t.Helper()
	a := serve(t, r, files...)
	require.Nil(t, a.Error, "%+v", a.Error)
	return a
}

// bad serves a request that has to fail, and returns the problem.
func bad(t *testing.T, r Request, files ...[]byte) *Problem {
	t.Helper()
	a := serve(t, r, files...)
	require.NotNil(t, a.Error)
	assert.Empty(t, a.Files)
	return a.Error
}

func text(s string) *string { return &s }

func TestConvertsEachFormBothWays(t *testing.T) {
	for _, format := range engine.Formats() {
		if !format.About().Private {
			continue
		}
		start, name := keytest.Read(t, "twins", "rsa2048.v3.ppk"), "my.ppk"
		there := good(t, Request{Do: "convert", Name: name, To: string(format)}, start)
		require.Len(t, there.Files, 1)
		assert.True(t, there.Files[0].Private)
		assert.Equal(t, "my"+format.About().Extension, there.Files[0].Name)
		assert.Equal(t, format, engine.Detect(there.Files[0].Data))
		back := good(t, Request{Do: "convert", Name: "my.pem", To: "ppk", Comment: text("rsa2048 twin")}, there.Files[0].Data)
		assert.Equal(t, string(start), string(back.Files[0].Data), format)
	}
}

// TestCommentOfAFile: a key from a form without comments is named after its file, as by the
// command, and a text that was pasted has none. Only a file can be said to be unprotected.
func TestCommentOfAFile(t *testing.T) {
	pem := keytest.Read(t, "console-rsa2048.pem")
	for _, r := range []Request{{Name: "ecs.pem"}, {}, {Name: "pasted text", Pasted: true}} {
		isFile, comment := r.Name == "ecs.pem", "imported-openssh-key"
		if isFile {
			comment = r.Name
		}
		r.Do, r.To = "convert", "ppk"
		a := good(t, r, pem)
		assert.Equal(t, comment, a.Key.Comment)
		r.New = text("new")
		a = good(t, r, pem)
		isSaid := slices.ContainsFunc(a.Notes, func(n Note) bool { return strings.HasSuffix(n.Text, "itself is still unprotected") })
		assert.Equal(t, isFile, isSaid, a.Notes)
	}
}

func TestPublicForms(t *testing.T) {
	for format, twin := range map[string]string{"public": "pub", "rfc4716": "rfc4716.pub", "spki": "spki.pem"} {
		a := good(t, Request{Do: "convert", Name: "key.ppk", To: format}, keytest.Read(t, "twins", "ed25519.v3.enc.ppk"))
		require.Len(t, a.Files, 1)
		assert.False(t, a.Files[0].Private)
		assert.Equal(t, string(keytest.Read(t, "twins", "ed25519."+twin)), string(a.Files[0].Data))
	}
}

func TestPassphrases(t *testing.T) {
	key := keytest.Read(t, "twins", "ed25519.v2.enc.ppk")
	missing := bad(t, Request{Do: "convert", To: "openssh"}, key)
	assert.Equal(t, fault.NeedsPassphrase, missing.Exit)
	assert.Equal(t, "the key is encrypted, and no passphrase was given", missing.Message)
	assert.Equal(t, "give-passphrase", missing.Advice)
	wrong := bad(t, Request{Do: "convert", To: "openssh", Passphrase: text("wrong")}, key)
	assert.Equal(t, fault.WrongPassphrase, wrong.Exit)
	assert.Equal(t, "wrong-passphrase", wrong.Advice)

	right := text("correct horse")
	for _, test := range []struct {
		r         Request
		protected string
	}{
		{Request{Do: "convert", To: "ppk2", Passphrase: right}, "correct horse"},
		{Request{Do: "convert", To: "ppk2", Passphrase: right, New: text("ünïcode")}, "ünïcode"},
		{Request{Do: "convert", To: "ppk2", Passphrase: right, Plain: true}, ""},
	} {
		a := good(t, test.r, key)
		f, err := engine.Open(a.Files[0].Data, engine.Limits{})
		require.NoError(t, err)
		assert.Equal(t, test.protected != "", f.Encrypted())
		_, err = f.Decrypt([]byte(test.protected))
		require.NoError(t, err)
	}
	assert.Contains(t, bad(t, Request{Do: "convert", To: "ppk2", Passphrase: right, New: text("")}, key).Message, "the new passphrase is empty")
}

// TestTheFileOfAPageIsNotWiped: it may be converted again.
func TestTheFileOfAPageIsNotWiped(t *testing.T) {
	key := keytest.Read(t, "console-rsa2048.pem")
	before := bytes.Clone(key)
	good(t, Request{Do: "convert", To: "ppk"}, key)
	assert.Equal(t, before, key)
}

func TestInspect(t *testing.T) {
	i := good(t, Request{Do: "inspect", Name: "ecs.pem"}, keytest.Read(t, "console-rsa2048.pem")).Info
	assert.True(t, i.Private)
	assert.False(t, i.Encrypted)
	assert.Equal(t, "RSA", i.Key.Title)
	assert.Equal(t, Fingerprint{"ssh-sha256", "SHA256:C44HgJpzL7ID1ZcPtenGHpqpMqcGHo4DDoGTReS6GWI"}, i.Key.Fingerprints[0])
	assert.Contains(t, i.Forms, engine.PPK)
	assert.Contains(t, i.Programs, Verdict{Program: "PuTTY", Answer: "refuses", To: "ppk"})

	i = good(t, Request{Do: "inspect"}, keytest.Read(t, "twins", "ed25519.pub")).Info
	assert.False(t, i.Private)
	assert.NotContains(t, i.Forms, engine.PPK)
	assert.Contains(t, i.Forms, engine.RFC4716)

	i = good(t, Request{Do: "inspect"}, []byte(strings.ReplaceAll(string(keytest.Read(t, "console-rsa2048.pem")), "\n", " "))).Info
	assert.NotEmpty(t, i.Repairs)
}

// TestACommentCannotDrawThePage: control characters of a file are not shown.
func TestACommentCannotDrawThePage(t *testing.T) {
	key, err := engine.Parse(keytest.Read(t, "twins", "ed25519.openssh"), nil)
	require.NoError(t, err)
	key.Comment = "a\tb\u202e<b>c</b>\x1b[2J"
	data, err := engine.Marshal(key, engine.OpenSSH, nil)
	require.NoError(t, err)
	i := good(t, Request{Do: "inspect"}, data).Info
	assert.Equal(t, "a b <b>c</b> [2J", i.Key.Comment)
	assert.True(t, strings.HasSuffix(i.Key.Public, " a b <b>c</b> [2J"))
}

func TestGenerate(t *testing.T) {
	a := good(t, Request{Do: "generate", Type: "ecdsa", Bits: 384, To: "ppk", New: text("new"), Comment: text("me")})
	assert.Equal(t, "id_ecdsa.ppk", a.Files[0].Name)
	assert.True(t, strings.HasPrefix(a.Key.Public, "ecdsa-sha2-nistp384 "))
	assert.True(t, strings.HasSuffix(a.Key.Public, " me"))
	f, err := engine.Open(a.Files[0].Data, engine.Limits{})
	require.NoError(t, err)
	_, err = f.Decrypt([]byte("new"))
	require.NoError(t, err)
	a = good(t, Request{Do: "generate", Type: "ed25519", To: "openssh"})
	assert.Equal(t, "id_ed25519", a.Files[0].Name)
	assert.Regexp(t, ` ed25519-key-\d{8}$|eddsa-key-\d{8}$`, a.Key.Public)
	assert.Equal(t, fault.Usage, bad(t, Request{Do: "generate", Type: "rsa", Bits: 512, To: "ppk"}).Exit)
	assert.Equal(t, fault.Usage, bad(t, Request{Do: "generate", Type: "rsa", To: "doc"}).Exit)
}

// TestInspectWithAPassphrase shows what the passphrase hides, which is which key it is in PKCS#8.
func TestInspectWithAPassphrase(t *testing.T) {
	key := keytest.Read(t, "twins", "ed25519.pkcs8.enc.pem")
	hidden := good(t, Request{Do: "inspect"}, key).Info
	assert.Nil(t, hidden.Key)
	assert.Contains(t, hidden.Forms, engine.SSHCom)
	shown := good(t, Request{Do: "inspect", Passphrase: text("correct horse")}, key).Info
	assert.Equal(t, "SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM", shown.Key.Fingerprints[0].Text)
	assert.NotContains(t, shown.Forms, engine.SSHCom, "which has no Ed25519")
	assert.True(t, shown.Encrypted)
	assert.Equal(t, fault.WrongPassphrase, bad(t, Request{Do: "inspect", Passphrase: text("wrong")}, key).Exit)

	// OpenSSH encrypts the comment.
	key = keytest.Read(t, "twins", "ed25519.enc.openssh")
	assert.Empty(t, good(t, Request{Do: "inspect"}, key).Info.Key.Comment)
	assert.Equal(t, "ed25519 twin", good(t, Request{Do: "inspect", Passphrase: text("correct horse")}, key).Info.Key.Comment)
}

// TestWeaknessThatIsGone: what was weak in the input is not said of what was saved.
func TestWeaknessThatIsGone(t *testing.T) {
	key := keytest.Read(t, "twins", "ed25519.enc.openssh")
	notes := good(t, Request{Do: "convert", Name: "a.pem", To: "ppk", Passphrase: text("correct horse")}, key).Notes
	require.Len(t, notes, 1)
	assert.Equal(t, Note{Text: "the passphrase is cheap to guess (bcrypt, rounds: 4)", File: "a.pem", Warning: true, Advice: "finding:gone"}, notes[0])
	findings := good(t, Request{Do: "inspect", Name: "a.pem"}, key).Info.Findings
	require.Len(t, findings, 1)
	assert.Equal(t, "finding:set-passphrase", findings[0].Advice)
}

func TestCheck(t *testing.T) {
	key, pub := keytest.Read(t, "twins", "ed25519.openssh"), string(keytest.Read(t, "twins", "ed25519.pub"))
	for _, public := range []string{
		"", pub, "SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM", "256 MD5:02:08:78:e0:62:ba:d6:29:27:e5:24:0a:ce:6c:85:06 twin",
		string(keytest.Read(t, "twins", "rsa2048.pub")) + pub, string(keytest.Read(t, "twins", "ed25519.rfc4716.pub")),
	} {
		assert.NotNil(t, good(t, Request{Do: "check", Public: public}, key).Key, public)
	}
	for _, public := range []string{string(keytest.Read(t, "twins", "rsa2048.pub")), "SHA256:C44HgJpzL7ID1ZcPtenGHpqpMqcGHo4DDoGTReS6GWI"} {
		assert.Equal(t, fault.OtherKey, bad(t, Request{Do: "check", Public: public}, key).Exit, public)
	}
	assert.Equal(t, fault.NotAKey, bad(t, Request{Do: "check"}, []byte(pub)).Exit)
	assert.Equal(t, fault.Usage, bad(t, Request{Do: "check", Public: "SHA256:abc"}, key).Exit)
}

// TestCheckOfConsoles: AWS shows hashes of other forms of an RSA key.
func TestCheckOfConsoles(t *testing.T) {
	key := keytest.Read(t, "console-rsa2048.pem")
	kinds := map[string]bool{}
	for _, f := range good(t, Request{Do: "inspect"}, key).Info.Key.Fingerprints {
		assert.Equal(t, f.Kind, good(t, Request{Do: "check", Public: f.Text}, key).Matched)
		kinds[f.Kind] = true
	}
	assert.Len(t, kinds, 4)
}

// TestWrongKeyBeforeAPassphrase: nobody types one for the wrong key.
func TestWrongKeyBeforeAPassphrase(t *testing.T) {
	p := bad(t, Request{Do: "check", Public: string(keytest.Read(t, "twins", "rsa2048.pub"))}, keytest.Read(t, "twins", "ed25519.v3.enc.ppk"))
	assert.Equal(t, fault.OtherKey, p.Exit)
}

func TestSessions(t *testing.T) {
	for program, part := range map[string]string{
		"putty": "R\x00e\x00g\x00i\x00s\x00t\x00r\x00y", "winscp": `[Sessions\my%20box]`, "filezilla": "<Name>my box</Name>",
	} {
		a := good(t, Request{Do: "session", Program: program, Session: "my box", Target: "root@203.0.113.5:2222", KeyFile: `C:\keys\a.ppk`})
		assert.Contains(t, string(a.Files[0].Data), part)
		assert.False(t, a.Files[0].Private)
		assert.NotEmpty(t, a.Next)
		assert.NotRegexp(t, ` -o\b|keyconv`, a.Next, "a page has no command line")
	}
	a := good(t, Request{Do: "session", Program: "openssh", Target: "root@box", KeyFile: "~/.ssh/a"})
	assert.Contains(t, string(a.Files[0].Data), "Host box\n")
	assert.Equal(t, "put the text of box.conf into ~/.ssh/config, then: ssh box", a.Next)
	for _, r := range []Request{
		{Program: "putty", Target: "", KeyFile: `C:\a.ppk`}, {Program: "putty", Target: "box", KeyFile: "a.ppk"},
		{Program: "putty", Target: "a b", KeyFile: `C:\a.ppk`}, {Program: "none", Target: "box", KeyFile: `C:\a.ppk`},
	} {
		r.Do = "session"
		assert.Equal(t, fault.Usage, bad(t, r).Exit)
	}
}

// TestPack: other programs read the archive.
func TestPack(t *testing.T) {
	a := good(t, Request{Do: "pack", Names: []string{"a.ppk", "ü.pem", "A.ppk"}}, []byte("one"), []byte("two"), []byte("three"))
	archive, err := archivezip.NewReader(bytes.NewReader(a.Files[0].Data), int64(len(a.Files[0].Data)))
	require.NoError(t, err)
	found := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		found[f.Name] = string(data)
		assert.Equal(t, os.FileMode(0o600), f.Mode().Perm())
	}
	assert.Equal(t, map[string]string{"a.ppk": "one", "ü.pem": "two", "A-2.ppk": "three"}, found)
	file := filepath.Join(t.TempDir(), "keys.zip")
	require.NoError(t, os.WriteFile(file, a.Files[0].Data, 0o600))
	assert.Contains(t, string(keytest.Run(t, nil, "unzip", "-tq", file)), "No errors")
	assert.Equal(t, fault.Usage, bad(t, Request{Do: "pack", Names: []string{"a"}}).Exit)
	many := Request{Do: "pack", Names: make([]string, 1<<16)}
	for i := range many.Names {
		many.Names[i] = strconv.Itoa(i)
	}
	assert.Equal(t, "65536 files are too many for one archive, which holds 65535: save fewer at a time", bad(t, many, make([][]byte, 1<<16)...).Message)
}

func TestBadFiles(t *testing.T) {
	for name, test := range map[string]struct {
		data   []byte
		advice string
	}{
		"empty":   {nil, "not-private:empty"},
		"unknown": {[]byte("to be or not to be\n"), "not-private"},
		"large":   {make([]byte, 2<<20), "right-file"},
		"cut":     {keytest.Read(t, "console-rsa2048.pem")[:900], "damaged"},
		"pgp":     {[]byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----\n"), "not-private:pgp"},
	} {
		p := bad(t, Request{Do: "inspect", Name: name}, test.data)
		assert.Equal(t, fault.NotAKey, p.Exit, name)
		assert.True(t, p.Advice == test.advice || strings.HasPrefix(p.Advice, test.advice+":"), "%s: %s", name, p.Advice)
	}
	assert.Contains(t, bad(t, Request{Do: "dance"}).Message, `"dance"`)
}

// TestPanicIsAnAnswer: the page would otherwise wait for ever.
func TestPanicIsAnAnswer(t *testing.T) {
	calls["panic"] = func(context.Context, Request, [][]byte) (*Answer, error) { panic("oops") }
	defer delete(calls, "panic")
	assert.Equal(t, "keyconv has a mistake: oops", bad(t, Request{Do: "panic"}).Message)
}

// TestAboutHasAllOfTheTables: what is added to the engine appears by itself.
func TestAboutHasAllOfTheTables(t *testing.T) {
	a := good(t, Request{Do: "about"}).About
	assert.Len(t, a.Formats, len(engine.Formats()))
	var types []string
	for _, k := range a.Types {
		types = append(types, k.Name)
		assert.NotEmpty(t, k.Formats, k.Name)
	}
	assert.Equal(t, engine.KeyTypes(), types)
	assert.Equal(t, sshkey.MaxFileSize, a.MaxFile)
	assert.NotEmpty(t, a.Programs)
	assert.Contains(t, a.CodePages, 1252)
}
