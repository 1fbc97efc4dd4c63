package window

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestComment(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("key.ppk", keytest.Read(t, "twins", "ed25519.v3.ppk")))
	s.fill = []Answers{pressed(OK, map[ID]string{CommentText: " me@laptop "})}
	s.press(SetComment)
	s.saveAs = []string{s.path("new.ppk")}
	s.press(SavePPK)
	assert.Equal(t, "me@laptop", s.saved("new.ppk", "").Comment)
}

// TestOtherForms saves every form that there is.
func TestOtherForms(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("key.pem", keytest.Read(t, "console-rsa2048.pem")))
	for i, f := range forms {
		name := string(f.format) + f.format.About().Extension
		s.fill = []Answers{pressed(OK, map[ID]string{FormList: strconv.Itoa(i)})}
		s.saveAs = []string{s.path(name)}
		s.press(SaveOther)
		require.Empty(t, s.said, f.title)
		data, err := os.ReadFile(s.path(name))
		require.NoError(t, err)
		opened, err := engine.Open(data, engine.Limits{})
		require.NoError(t, err)
		assert.Equal(t, f.format, opened.Format)
	}
	s.fill = []Answers{pressed(OK, nil), pressed(Cancel, map[ID]string{FormList: "0"})}
	asked := len(s.asked)
	s.press(SaveOther)
	s.press(SaveOther)
	assert.Len(t, s.asked, asked, "nothing was chosen")
}

// TestFormsOfAType: a form that has no keys of the type is not offered.
func TestFormsOfAType(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("key.pem", keytest.Read(t, "twins", "ed25519.openssh")))
	s.fill = []Answers{pressed(Cancel, nil)}
	s.press(SaveOther)
	offered := strings.Join(rows(s.dialogs[0], FormList), "\n")
	assert.Contains(t, offered, "Dropbear\t")
	assert.NotContains(t, offered, "ssh.com\t")
}

// TestWeaknessThatIsGone: what was weak in the file that was opened is not said of the one that
// is saved, which needs no saving again.
func TestWeaknessThatIsGone(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("enc.pem", keytest.Read(t, "twins", "ed25519.enc.openssh")))
	s.fill, s.saveAs = []Answers{typed(secret)}, []string{s.path("new.pem")}
	s.press(SavePEM)
	assert.Contains(t, s.line(), "new.pem is saved, encrypted")
	assert.Contains(t, s.line(), "Careful: enc.pem: the passphrase is cheap to guess (bcrypt, rounds: 4). What you have saved does not have this weakness.")
	assert.NotContains(t, s.line(), "again")
}

// TestFormsAreComplete: each form that keyconv writes is in the list, once.
func TestFormsAreComplete(t *testing.T) {
	var listed []engine.Format
	for _, f := range forms {
		listed = append(listed, f.format)
		assert.NotEmpty(t, f.title)
		assert.NotEmpty(t, f.use)
	}
	assert.ElementsMatch(t, engine.Formats(), listed)
}

// TestExistingFile: never over a file without asking, never over the key itself, and a
// file that holds this key stays.
func TestExistingFile(t *testing.T) {
	s := newScene(t)
	s.file("other.ppk", []byte("precious"))
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	s.saveAs = []string{s.path("other.ppk")}
	s.press(SavePPK)
	assert.Equal(t, []string{"other.ppk already exists, and is not what would be written. Replace it? What is in it now will be lost."}, s.question)
	data, err := os.ReadFile(s.path("other.ppk"))
	require.NoError(t, err)
	assert.Equal(t, "precious", string(data))

	s.saveAs, s.confirm = []string{s.path("other.ppk")}, []bool{true}
	s.press(SavePPK)
	s.saved("other.ppk", "")
	s.saveAs = []string{s.path("other.ppk")}
	s.press(SavePPK)
	assert.Equal(t, "other.ppk holds this key already, and stays as it is.", s.line())
	assert.Len(t, s.question, 2)

	s.saveAs = []string{s.path("ecs.pem")}
	s.press(SavePEM)
	assert.Equal(t, "ecs.pem is the key that you opened, which is never changed.\n\nChoose another name.", s.lastSaid())
	s.drop(s.path("other.ppk"))
	s.press(SavePPK)
	assert.Equal(t, s.path("other-new.ppk"), s.asked[len(s.asked)-1].Path, "the proposal")
}

// TestKinds: a form is made by the job of the command.
func TestKinds(t *testing.T) {
	assert.Equal(t, convert.ToPPK(3).Extension, formPPK.kind().Extension)
	assert.Equal(t, engine.OpenSSH, formPEM.kind().Format(true, "ssh-rsa"), "the traditional form protects badly")
	assert.Equal(t, engine.PEM, formPEM.kind().Format(false, "ssh-rsa"))
}
