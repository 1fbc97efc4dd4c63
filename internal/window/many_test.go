package window

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func rows(d Dialog, id ID) []string {
	i := slices.IndexFunc(d.Controls, func(c Control) bool { return c.ID == id })
	return d.Controls[i].Items
}

// folder makes a folder with good keys, a bad one and what is not a key.
func (s *scene) folder() string {
	s.t.Helper()
	require.NoError(s.t, os.Mkdir(s.path("keys"), 0o700))
	s.file("keys/a.pem", keytest.Read(s.t, "console-rsa2048.pem"))
	s.file("keys/b.pem", keytest.Read(s.t, "twins", "ed25519.enc.openssh"))
	s.file("keys/c.pem", keytest.Read(s.t, "console-rsa2048.pem")[:900])
	s.file("keys/notes.txt", []byte("nothing\n"))
	return s.path("keys")
}

// TestFolder: a list with a result each, and nothing before the person has said where.
func TestFolder(t *testing.T) {
	s := newScene(t)
	s.fill = []Answers{pressed(Cancel, nil)}
	s.drop(s.folder())
	require.Len(t, s.dialogs, 1)
	listed := rows(s.dialogs[0], ManyList)
	require.Len(t, listed, 3)
	assert.True(t, strings.HasPrefix(listed[0], "a.pem\tPEM private key\t"), listed[0])
	assert.NoFileExists(t, s.path("keys/a.ppk"))

	s.fill = []Answers{pressed(ManyPPK, map[ID]string{ManyBeside: "1"}), typed(secret), pressed(OK, nil)}
	s.drop(s.path("keys"))
	require.Empty(t, s.said)
	s.saved("keys/a.ppk", "")
	s.saved("keys/b.ppk", secret)
	result := rows(s.dialogs[len(s.dialogs)-1], ResultList)
	require.Len(t, result, 3)
	assert.Contains(t, result[0], "a.pem\ta.ppk is saved")
	assert.Contains(t, result[1], "b.pem\tb.ppk is saved, encrypted")
	assert.Contains(t, result[2], "Download or copy the whole file again")
	assert.Equal(t, "2 of 3 keys are saved.", s.line())
	assert.NoFileExists(t, s.path("keys/c.ppk"))
}

// TestManyIntoOneFolder replaces nothing.
func TestManyIntoOneFolder(t *testing.T) {
	s := newScene(t)
	s.folder()
	require.NoError(t, os.Mkdir(s.path("out"), 0o700))
	s.file("out/a.ppk", []byte("precious"))
	s.person.folder = s.path("out")
	s.fill = []Answers{pressed(ManyPPK, map[ID]string{ManyInFolder: "1"}), typed(secret)}
	s.drop(s.path("keys/a.pem"), s.path("keys/b.pem"))
	s.saved("out/b.ppk", secret)
	data, err := os.ReadFile(s.path("out/a.ppk"))
	require.NoError(t, err)
	assert.Equal(t, "precious", string(data))
	assert.Contains(t, rows(s.dialogs[len(s.dialogs)-1], ResultList)[0], "a.pem\ta.ppk already exists", "without the folder that was chosen")
}

// TestManyThatHaveTheNameAlready: a file is not said to be in its own way.
func TestManyThatHaveTheNameAlready(t *testing.T) {
	s := newScene(t)
	good := s.file("a.ppk", keytest.Read(t, "twins", "ed25519.v2.ppk"))
	damaged := s.file("b.ppk", append([]byte("> "), keytest.Read(t, "twins", "ed25519.v3.ppk")...))
	bad := s.file("c.ppk", keytest.Read(t, "twins", "ed25519.v3.ppk")[:200])
	s.fill = []Answers{pressed(ManyPPK, map[ID]string{ManyBeside: "1"})}
	s.drop(good, damaged, bad, s.file("d.pem", keytest.Read(t, "console-rsa2048.pem")))
	result := rows(s.dialogs[len(s.dialogs)-1], ResultList)
	require.Len(t, result, 4)
	assert.Equal(t, "a.ppk\tIt is a .ppk file already, and stays as it is.", result[0])
	assert.Contains(t, result[1], "The file is damaged, and the clean one would have its name.")
	assert.Contains(t, result[2], "Download or copy the whole file again")
	assert.Equal(t, "1 of 4 keys are saved.", s.line())
}

// TestListSaysWhatFilesAre: only a key is called damaged.
func TestListSaysWhatFilesAre(t *testing.T) {
	s := newScene(t)
	s.fill = []Answers{pressed(Cancel, nil)}
	s.drop(
		s.file("a.pem", append([]byte("x "), keytest.Read(t, "console-rsa2048.pem")[:900]...)),
		s.file("b.pem", nil), s.file("c.txt", []byte("nothing\n")), s.file("d.bin", make([]byte, 2<<20)))
	for i, what := range []string{"damaged", "not a key that can be read", "not a key that can be read", "not a key that can be read"} {
		assert.Contains(t, rows(s.dialogs[0], ManyList)[i], "\t"+what+"\t")
	}
}

func TestFolderWithoutKeys(t *testing.T) {
	s := newScene(t)
	require.NoError(t, os.Mkdir(s.path("none"), 0o700))
	s.drop(s.path("none"))
	assert.Contains(t, s.lastSaid(), "Choose the folder or the files in which the keys are.")
}

// TestCancelMany says how far it came.
func TestCancelMany(t *testing.T) {
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.fill = []Answers{pressed(ManyPPK, map[ID]string{ManyBeside: "1"})}
	cancel()
	s.Drop(ctx, []string{s.folder()})
	assert.Contains(t, s.line(), "Cancelled")
	assert.NoFileExists(t, s.path("keys/a.ppk"))
}

// TestNewKey: made once, saved twice, and open afterwards.
func TestNewKey(t *testing.T) {
	for _, kind := range keytest.Some(2, newTypes) {
		if kind.bits > 2048 && keytest.Sampled() { // it takes seconds
			continue
		}
		s := newScene(t)
		s.fill = []Answers{pressed(OK, map[ID]string{KeyType: kind.title, KeyFirst: "new", KeySecond: "new", KeyComment: "me@laptop"})}
		s.saveAs = []string{s.path("my.ppk")}
		s.press(NewKey)
		require.Empty(t, s.said, kind.title)
		ppk, pem := s.saved("my.ppk", "new"), s.saved("my.pem", "new")
		assert.Equal(t, ppk.PublicKey.Marshal(), pem.PublicKey.Marshal())
		assert.True(t, strings.HasSuffix(s.shown.Text[PublicLine], " me@laptop"), s.shown.Text[PublicLine])
		assert.Contains(t, s.line(), "my.pem (for OpenSSH, with my.pem.pub) are saved")
		assert.Contains(t, s.line(), "Copy the public key")
		public, err := os.ReadFile(s.path("my.pem.pub"))
		require.NoError(t, err)
		assert.Equal(t, s.shown.Text[PublicLine], strings.TrimSpace(string(public)))
	}
}

// TestNewKeyWithSixWords: nothing is made before the person has kept the words.
func TestNewKeyWithSixWords(t *testing.T) {
	s := newScene(t)
	s.fill = []Answers{pressed(KeyWords, map[ID]string{KeyType: newTypes[0].title}), pressed(KeyWords, map[ID]string{KeyType: newTypes[0].title})}
	s.saveAs, s.confirm = []string{s.path("my.ppk")}, []bool{false, true}
	s.press(NewKey)
	assert.Empty(t, s.names())
	s.press(NewKey)
	require.Len(t, s.question, 2)
	words := strings.Split(s.question[1], "\n\n")[1]
	assert.GreaterOrEqual(t, strings.Count(words, "-"), 5) // words such as "yo-yo" have one too
	assert.NotEqual(t, s.question[0], s.question[1])
	s.saved("my.ppk", words)
	s.saved("my.pem", words)
	assert.NotContains(t, s.line(), words)
}

func TestNewKeyIsNotMadeOverAnother(t *testing.T) {
	s := newScene(t)
	s.file("my.pem", []byte("precious"))
	answer := pressed(OK, map[ID]string{KeyType: newTypes[0].title, KeyFirst: "new", KeySecond: "new"})
	s.fill, s.saveAs = []Answers{answer}, []string{s.path("my.ppk")}
	s.press(NewKey)
	assert.Contains(t, s.lastSaid(), "my.pem already exists.")
	assert.Equal(t, []string{"my.pem"}, s.names())

	// Without a passphrase it is asked, and passphrases have to be the same.
	s.fill = []Answers{pressed(OK, nil), pressed(OK, map[ID]string{KeyFirst: "a", KeySecond: "b"})}
	s.press(NewKey)
	assert.Contains(t, s.question[0], "anybody who gets one of its files can log in")
	s.press(NewKey)
	assert.Contains(t, s.lastSaid(), "The two passphrases differ.")
	assert.Equal(t, []string{"my.pem"}, s.names())
}
