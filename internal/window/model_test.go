package window

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const secret = "correct horse" // of the encrypted twins

// TestDropShowsTheKey: what it is, before anything is asked or written.
func TestDropShowsTheKey(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	info := s.shown.Text[KeyInfo]
	for _, part := range []string{"ecs.pem, in " + s.dir, "RSA, 2048 bits", "SHA256:C44HgJpzL7ID1ZcPtenGHpqpMqcGHo4DDoGTReS6GWI", "Not encrypted: anybody who has this file can log in", "Does not open in: PuTTY"} {
		assert.Contains(t, info, part)
	}
	assert.True(t, strings.HasPrefix(s.shown.Text[PublicLine], "ssh-rsa AAAA"))
	assert.Contains(t, s.shown.Text[LogInNote], "this makes ecs.ppk, in "+s.dir)
	for id, enabled := range s.shown.Enabled {
		assert.True(t, enabled, "button %d", id)
	}
	assert.Empty(t, s.said)
	assert.Equal(t, []string{"ecs.pem"}, s.names())

	s.press(CopyPublic)
	assert.Equal(t, s.shown.Text[PublicLine], s.copied)
	assert.Contains(t, s.line(), "authorized_keys")
}

// TestButtonsBeforeAKey: nothing can be saved, and while work goes on nothing can be
// pressed.
func TestButtonsBeforeAKey(t *testing.T) {
	s := newScene(t)
	s.drop()
	assert.True(t, s.shown.Enabled[ChooseKey])
	assert.True(t, s.shown.Enabled[NewKey])
	for _, id := range []ID{CopyPublic, SavePPK, SavePEM, SaveOther, SetPassphrase, SetComment, LogIn} {
		assert.False(t, s.shown.Enabled[id], "button %d", id)
	}
	for id := range actions() {
		assert.False(t, s.allShown[0].Enabled[id], "button %d while work goes on", id)
	}
	assert.Equal(t, welcome, s.line())
}

// TestSavesWhatTheCommandWrites: both ways, the bytes of a plain job.
func TestSavesWhatTheCommandWrites(t *testing.T) {
	s := newScene(t)
	pem := keytest.Read(t, "console-rsa2048.pem")
	s.drop(s.file("ecs.pem", pem))
	s.saveAs = []string{s.path("ecs.ppk")}
	s.press(SavePPK)
	require.Empty(t, s.said)
	assert.Equal(t, s.path("ecs.ppk"), s.asked[0].Path, "the proposal")
	assert.Contains(t, s.line(), "ecs.ppk is saved, in "+s.dir+". It has no passphrase")
	ppk, err := os.ReadFile(s.path("ecs.ppk"))
	require.NoError(t, err)
	key, err := engine.Parse(pem, nil)
	require.NoError(t, err)
	key.Comment = "ecs.pem" // as the command has it
	want, err := engine.Marshal(key, engine.PPK, nil)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(ppk))

	s.drop(s.path("ecs.ppk"))
	assert.Contains(t, s.shown.Text[KeyInfo], "Opens in: PuTTY")
	assert.NotContains(t, s.shown.Text[KeyInfo], "Paramiko", "only programs that the window logs in with")
	s.saveAs = []string{s.path("back.pem")}
	s.press(SavePEM)
	back, err := os.ReadFile(s.path("back.pem"))
	require.NoError(t, err)
	assert.Equal(t, string(pem), string(back))
	if runtime.GOOS != "windows" { // where it is an access list
		assert.Equal(t, 0o600, int(mode(t, s.path("back.pem"))), "private")
	}
}

func mode(t *testing.T, path string) os.FileMode {
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

// TestPassphrases: a wrong one is asked for again, the right one is asked for once, and
// none of them stays in what the dialogs handed over.
func TestPassphrases(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("enc.pem", keytest.Read(t, "twins", "ed25519.enc.openssh")))
	assert.Contains(t, s.shown.Text[KeyInfo], "Encrypted: you will be asked for its passphrase.")

	s.fill = []Answers{typed("wrong"), typed(secret)}
	s.saveAs = []string{s.path("a.ppk"), s.path("b.ppk")}
	s.press(SavePPK)
	require.Empty(t, s.said)
	require.Len(t, s.dialogs, 2)
	assert.Equal(t, "&Passphrase of enc.pem:", text(s.dialogs[0], AskLabel))
	assert.Empty(t, text(s.dialogs[0], AskWrong))
	assert.Contains(t, text(s.dialogs[1], AskWrong), "does not open the key")
	s.saved("a.ppk", secret)
	s.press(SavePPK)
	assert.Len(t, s.dialogs, 2, "it was typed already")
	s.saved("b.ppk", secret)

	// Another key begins from nothing.
	kept := s.key.passphrase
	s.drop(s.file("other.pem", keytest.Read(t, "twins", "ed25519.enc.openssh")))
	assert.Equal(t, make([]byte, len(kept)), kept, "wiped")
	s.fill = []Answers{typed("1"), typed("2"), typed("3")}
	s.saveAs = []string{s.path("c.ppk")}
	s.press(SavePPK)
	assert.Contains(t, s.lastSaid(), "passphrase")
	assert.NoFileExists(t, s.path("c.ppk"))

	// A dialog that is closed is not an error.
	said := len(s.said)
	s.saveAs = []string{s.path("c.ppk")}
	s.press(SavePPK)
	assert.Len(t, s.said, said)
	assert.NoFileExists(t, s.path("c.ppk"))
}

func text(d Dialog, id ID) string {
	for _, c := range d.Controls {
		if c.ID == id {
			return c.Text
		}
	}
	return ""
}

// TestSetChangeAndRemoveAPassphrase: of what is saved, and never of the key itself.
func TestSetChangeAndRemoveAPassphrase(t *testing.T) {
	s := newScene(t)
	plain := s.file("key.pem", keytest.Read(t, "console-rsa2048.pem"))
	before, err := os.ReadFile(plain)
	require.NoError(t, err)
	s.drop(plain)
	s.fill = []Answers{
		pressed(OK, map[ID]string{NewPassphrase: "1", NewFirst: "one", NewSecond: "two"}),
		pressed(OK, map[ID]string{NewPassphrase: "1"}),
		pressed(OK, map[ID]string{NewPassphrase: "1", NewFirst: "new", NewSecond: "new"}),
	}
	s.press(SetPassphrase)
	assert.Contains(t, s.lastSaid(), "The two passphrases differ.")
	s.press(SetPassphrase)
	assert.Contains(t, s.lastSaid(), "The new passphrase is empty.")
	s.press(SetPassphrase)
	assert.Contains(t, s.line(), "get the new passphrase")
	s.saveAs = []string{s.path("new.ppk"), s.path("new.pem")}
	s.press(SavePPK)
	assert.Contains(t, s.line(), "new.ppk is saved, encrypted")
	assert.Contains(t, s.line(), " key.pem itself is still unprotected.")
	s.press(SavePEM)
	s.saved("new.ppk", "new")
	s.saved("new.pem", "new")
	after, err := os.ReadFile(plain)
	require.NoError(t, err)
	assert.Equal(t, before, after)

	s.drop(s.path("new.ppk"))
	s.fill = []Answers{pressed(OK, map[ID]string{NoPassphrase: "1"}), typed("new")}
	s.press(SetPassphrase)
	s.saveAs = []string{s.path("plain.ppk")}
	s.press(SavePPK)
	s.saved("plain.ppk", "")
}

// TestSixWords: a passphrase that is made protects what is saved, once it is kept.
func TestSixWords(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("key.pem", keytest.Read(t, "console-rsa2048.pem")))
	made := pressed(OK, map[ID]string{MadePassphrase: "1"})
	s.fill, s.confirm = []Answers{made, made}, []bool{false, true}
	s.press(SetPassphrase)
	assert.NotContains(t, s.line(), "get the new passphrase")
	s.press(SetPassphrase)
	assert.Contains(t, s.line(), "get the new passphrase")
	s.saveAs = []string{s.path("new.ppk")}
	s.press(SavePPK)
	s.saved("new.ppk", strings.Split(s.question[1], "\n\n")[1])
}

// TestPaste: the text of a key, which is wiped, and has no folder of its own.
func TestPaste(t *testing.T) {
	s := newScene(t)
	s.env["USERPROFILE"] = s.dir
	text := keytest.Read(t, "console-rsa2048.pem")
	s.Paste(t.Context(), text)
	assert.Equal(t, make([]byte, len(text)), text, "wiped")
	assert.Contains(t, s.shown.Text[KeyInfo], "Pasted text")
	s.saveAs = []string{s.path("pasted.ppk")}
	s.press(SavePPK)
	assert.Equal(t, filepath.Join(s.dir, "Documents", "key.ppk"), s.asked[0].Path)
	s.saved("pasted.ppk", "")

	s.Paste(t.Context(), []byte(" \r\n"))
	assert.Contains(t, s.lastSaid(), "There is no text to paste.")
	s.Paste(t.Context(), make([]byte, 2<<20))
	assert.Contains(t, s.lastSaid(), "Is this the right file?")
	assert.Contains(t, s.shown.Text[KeyInfo], "Pasted text", "the key before is still there")
}

// TestCancel: Esc ends the work, before it begins and while a key is derived, and nothing is
// half-written.
func TestCancel(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("enc.pem", keytest.Read(t, "twins", "ed25519.enc.openssh")))
	for _, early := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		s.saveAs, s.fill = []string{s.path("a.ppk")}, []Answers{typed(secret)}
		if s.onFill = cancel; early {
			cancel()
		}
		s.Press(ctx, SavePPK, nil)
		assert.Equal(t, "Cancelled.", s.line())
		assert.Empty(t, s.said)
		assert.Equal(t, []string{"enc.pem"}, s.names())
		assert.True(t, s.shown.Enabled[SavePPK], "it can be tried again")
		cancel()
	}
	s.onFill = nil
	s.saveAs, s.fill = []string{s.path("a.ppk")}, []Answers{typed(secret)}
	s.press(SavePPK)
	s.saved("a.ppk", secret)
}

// TestOneThingAtATime: the race detector reports what a button changes while another works.
func TestOneThingAtATime(t *testing.T) {
	s := newScene(t)
	file := s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem"))
	keytest.Concurrently(func() {
		s.Drop(t.Context(), []string{file})
		s.Press(t.Context(), CopyPublic, nil)
	})
	s.Close()
	assert.True(t, strings.HasPrefix(s.copied, "ssh-rsa AAAA"))
	assert.Empty(t, s.said)
}
