package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/window"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// byCommand is what the command writes.
func byCommand(t *testing.T, args ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	var errs strings.Builder
	require.Zero(t, cli.Run(t.Context(), append(args, "-o", out), cli.Streams{Stdin: strings.NewReader(""), Stdout: &errs, Stderr: &errs}), errs.String())
	return read(t, out)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// TestWindow: a person copies a key, saves it both ways, and is asked before anything is
// lost.
func TestWindow(t *testing.T) {
	needsDesktop(t)
	dir := t.TempDir()
	pem := keytest.WriteFile(t, dir, "schlüssel.pem", keytest.Read(t, "console-rsa2048.pem"))
	d := openWindowOf(t, program(t, "keyconv.exe"))
	assert.False(t, d.enabled(window.SavePPK))
	d.paste(pem)
	assert.Contains(t, d.opened("schlüssel.pem, in "), "Not encrypted")
	assert.True(t, strings.HasPrefix(d.text(window.PublicLine), "ssh-rsa AAAA"))
	assert.Equal(t, "schlüssel", d.text(window.SessionName))

	ppk := filepath.Join(dir, "schlüssel.ppk")
	press(d.main, window.SavePPK)
	d.chooseFile("Save: PuTTY's .ppk, version 3", ppk)
	d.status("schlüssel.ppk is saved")
	assert.Equal(t, byCommand(t, "pem2ppk", pem), read(t, ppk))

	press(d.main, window.SavePPK)
	d.chooseFile("Save: PuTTY's .ppk, version 3", ppk)
	d.status("holds this key already")
	require.NoError(t, os.WriteFile(ppk, []byte("precious"), 0o600))
	press(d.main, window.SavePPK)
	d.chooseFile("Save: PuTTY's .ppk, version 3", ppk)
	assert.Contains(t, d.answer(idNo), "schlüssel.ppk already exists")
	d.idle()
	assert.Equal(t, "precious", string(read(t, ppk)))
	press(d.main, window.SavePPK)
	d.chooseFile("Save: PuTTY's .ppk, version 3", ppk)
	d.answer(idYes)
	d.status("schlüssel.ppk is saved")

	// Chosen in the dialog, and back.
	press(d.main, window.ChooseKey)
	d.chooseFile("Choose the key that you have", ppk)
	assert.Contains(t, d.opened("schlüssel.ppk, in "), "Opens in: PuTTY")
	back := filepath.Join(dir, "back.pem")
	press(d.main, window.SavePEM)
	d.chooseFile("Save: PEM, as clouds hand it out", back)
	d.status("back.pem is saved")
	assert.Equal(t, read(t, pem), read(t, back))
	d.closes()
}

// TestWindowPassphrases: a wrong one, the right one, and a new one.
func TestWindowPassphrases(t *testing.T) {
	needsDesktop(t)
	dir := t.TempDir()
	enc := keytest.WriteFile(t, dir, "enc.pem", keytest.Read(t, "twins", "ed25519.enc.openssh"))
	d := openWindowOf(t, program(t, "keyconv.exe"), enc)
	d.opened("Encrypted")
	ppk := filepath.Join(dir, "enc.ppk")
	press(d.main, window.SavePPK)
	d.chooseFile("Save: PuTTY's .ppk, version 3", ppk)
	h := d.window("Passphrase", "keyconv.window")
	assert.Equal(t, "&Passphrase of enc.pem:", text(control(h, window.AskLabel)))
	d.type_(h, window.AskPassphrase, "wrong")
	press(h, window.OK)
	d.gone(h)
	h = d.window("Passphrase", "keyconv.window")
	assert.Contains(t, text(control(h, window.AskWrong)), "does not open the key")
	assert.Empty(t, text(control(h, window.AskPassphrase)))
	d.type_(h, window.AskPassphrase, "correct horse")
	press(h, window.OK)
	d.status("enc.ppk is saved, encrypted")
	opens(t, ppk, "correct horse")

	press(d.main, window.SetPassphrase)
	h = d.window("Passphrase of the files that you save", "keyconv.window")
	d.type_(h, window.NewFirst, "pässwörd")
	d.type_(h, window.NewSecond, "pässwörd")
	assert.NotZero(t, send(control(h, window.NewPassphrase), bmGetCheck, 0, 0), "typing chooses it")
	press(h, window.OK)
	d.status("get the new passphrase")
	other := filepath.Join(dir, "new.ppk")
	press(d.main, window.SavePPK)
	d.chooseFile("Save: PuTTY's .ppk, version 3", other)
	d.status("new.ppk is saved, encrypted")
	opens(t, other, "pässwörd")

	// Cancel, in the dialog and of the dialog for the file, writes nothing.
	press(d.main, window.SetPassphrase)
	h = d.window("Passphrase of the files that you save", "keyconv.window")
	_, _, _ = postMessage.Call(uintptr(control(h, window.NewFirst)), wmKeyDown, 0x1B, 1) // Esc
	d.gone(h)
	d.idle()
	press(d.main, window.SavePEM)
	h = d.window("Save: PEM, as clouds hand it out", "#32770")
	press(h, window.Cancel)
	d.gone(h)
	d.idle()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 3)
	d.closes()
}

func opens(t *testing.T, path, passphrase string) {
	t.Helper()
	f, err := engine.Open(read(t, path), engine.Limits{})
	require.NoError(t, err)
	require.True(t, f.Encrypted())
	_, err = f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
}

// TestWindowPaste: the text of a key on the clipboard.
func TestWindowPaste(t *testing.T) {
	needsDesktop(t)
	d := openWindowOf(t, program(t, "keyconv.exe"))
	d.pasteText(string(keytest.Read(t, "console-rsa2048.pem")))
	d.opened("Pasted text")
	d.pasteText("no key at all")
	assert.Contains(t, d.answer(idOK), "A private key is text that begins with")
	d.idle()
	d.closes()
}

// TestWindowBadInput: a sentence and a next step, and the window goes on.
func TestWindowBadInput(t *testing.T) {
	needsDesktop(t)
	dir := t.TempDir()
	good := keytest.WriteFile(t, dir, "good.pem", keytest.Read(t, "console-rsa2048.pem"))
	d := openWindowOf(t, program(t, "keyconv.exe"), good)
	d.opened("good.pem")
	bad := func(path, says string) {
		t.Helper()
		d.paste(path)
		message := d.answer(idOK)
		assert.Contains(t, message, says)
		assert.Contains(t, message, "\n\n", "a next step")
		d.idle()
		assert.Contains(t, d.text(window.KeyInfo), "good.pem")
	}
	bad(keytest.WriteFile(t, dir, "large.pem", make([]byte, 2<<20)), "A key file is small.")
	bad(filepath.Join(dir, "missing.pem"), "Check that the file and its folder exist.")
	held := keytest.WriteFile(t, dir, "held.pem", keytest.Read(t, "console-rsa2048.pem"))
	name, err := windows.UTF16PtrFromString(held)
	require.NoError(t, err)
	h, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
	require.NoError(t, err)
	bad(held, "Another program holds the file open.")
	require.NoError(t, windows.CloseHandle(h))
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.Mkdir(empty, 0o700))
	bad(empty, "Choose the folder or the files in which the keys are.")
	d.paste(held) // which is free again
	d.opened("held.pem")
	d.closes()
}

// TestWindowKeyboard: Enter in a field presses the button that is meant, and Tab goes on.
func TestWindowKeyboard(t *testing.T) {
	needsDesktop(t)
	const tab, enter = 0x09, 0x0D
	d := openWindowOf(t, program(t, "keyconv.exe"), keytest.WriteFile(t, t.TempDir(), "ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	d.opened("ecs.pem")
	server := control(d.main, window.Server)
	d.wait("the focus in the field for the server", func() bool { return d.focused() == server })
	key := func(h windows.HWND, key uintptr) { _, _, _ = postMessage.Call(uintptr(h), wmKeyDown, key, 1) }
	key(server, enter)
	assert.Contains(t, d.answer(idOK), "The server is missing.")
	d.idle()
	d.wait("the focus to come back", func() bool { return d.focused() == server })
	key(server, tab)
	var user windows.HWND // the line of its combo box
	d.wait("the next field", func() bool {
		user = d.focused()
		return parentOf(user) == control(d.main, window.User)
	})
	key(user, tab)
	d.wait("the field after that", func() bool { return d.focused() == control(d.main, window.SessionName) })
	d.closes()
}

// TestWindowFolder: a list of keys, and a list of results.
func TestWindowFolder(t *testing.T) {
	needsDesktop(t)
	dir := t.TempDir()
	for _, name := range []string{"a.pem", "b.pem"} {
		keytest.WriteFile(t, dir, name, keytest.Read(t, "console-rsa2048.pem"))
	}
	d := openWindowOf(t, program(t, "keyconv.exe"), dir)
	h := d.window("Several keys", "keyconv.window")
	press(h, window.ManyPPK)
	d.gone(h)
	h = d.window("Several keys", "keyconv.window")
	assert.Greater(t, send(control(h, window.ResultList), 0x101D, 1, 0), uintptr(434), "a result is cut off") // LVM_GETCOLUMNWIDTH
	press(h, window.OK)
	d.status("2 of 2 keys are saved.")
	for _, name := range []string{"a", "b"} {
		assert.Equal(t, byCommand(t, "pem2ppk", filepath.Join(dir, name+".pem")), read(t, filepath.Join(dir, name+".ppk")))
	}
	d.closes()
}

// TestWindowNewKey makes one.
func TestWindowNewKey(t *testing.T) {
	needsDesktop(t)
	dir := t.TempDir()
	d := openWindowOf(t, program(t, "keyconv.exe"))
	press(d.main, window.NewKey)
	h := d.window("Make a new key", "keyconv.window")
	d.type_(h, window.KeyFirst, "new")
	d.type_(h, window.KeySecond, "new")
	press(h, window.OK)
	d.chooseFile("Save the new key", filepath.Join(dir, "my.ppk"))
	d.opened("my.ppk")
	opens(t, filepath.Join(dir, "my.ppk"), "new")
	opens(t, filepath.Join(dir, "my.pem"), "new")
	d.closes()
}

// TestWindowIsForExplorerAlone: a service, a script, CI and a redirected stream get the
// command, and its exit code.
func TestWindowIsForExplorerAlone(t *testing.T) {
	keyconv := program(t, "keyconv.exe")
	dir := t.TempDir()
	encrypted := keytest.WriteFile(t, dir, "enc.ppk", keytest.Read(t, "twins", "ed25519.v3.enc.ppk"))
	handles, _ := noConsole(t)
	for name, s := range unseen {
		s.limit = patience
		assert.EqualValues(t, 2, s.run([]string{keyconv}), name)
		assert.EqualValues(t, 4, s.run([]string{keyconv, encrypted}), name)
		s.handles = handles
		assert.EqualValues(t, 4, s.run([]string{keyconv, encrypted}), "%s, redirected", name)
	}
	piped := start{flags: windows.CREATE_NEW_CONSOLE, handles: handles, limit: patience}
	assert.EqualValues(t, 2, piped.run([]string{keyconv}))
	assert.EqualValues(t, 4, piped.run([]string{keyconv, encrypted}))
}
