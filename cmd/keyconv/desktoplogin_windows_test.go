package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/internal/window"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// TestWindowLogsIn: the session is in the registry, and PuTTY starts with it.
func TestWindowLogsIn(t *testing.T) {
	needsDesktop(t)
	dir, bin := t.TempDir(), filepath.Dir(program(t, "putty.exe"))
	t.Setenv("PATH", bin)
	log := filepath.Join(t.TempDir(), "arguments")
	t.Setenv("KEYCONV_TEST_LOG", log)
	const path = session.RegistryPath + `\ecs%20window`
	remove := func() { _ = registry.DeleteKey(registry.CURRENT_USER, path) }
	remove()
	t.Cleanup(remove)
	pem := keytest.WriteFile(t, dir, "ecs.pem", keytest.Read(t, "console-rsa2048.pem"))
	d := openWindowOf(t, program(t, "keyconv.exe"), pem)
	d.opened("ecs.pem")

	press(d.main, window.LogIn)
	assert.Contains(t, d.answer(idOK), "The server is missing.")
	d.idle()
	d.type_(d.main, window.Server, "203.0.113.5:2222")
	d.type_(d.main, window.SessionName, "ecs window")
	press(d.main, window.LogIn)
	d.status("PuTTY was started")
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	require.NoError(t, err)
	defer func() { _ = key.Close() }()
	for name, want := range map[string]string{"HostName": "203.0.113.5", "Protocol": "ssh", "UserName": "root", "PublicKeyFile": filepath.Join(dir, "ecs.ppk")} {
		got, _, err := key.GetStringValue(name)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	port, _, err := key.GetIntegerValue("PortNumber")
	require.NoError(t, err)
	assert.EqualValues(t, 2222, port)
	assert.Equal(t, byCommand(t, "pem2ppk", pem), read(t, filepath.Join(dir, "ecs.ppk")))
	var started []byte
	d.wait("putty.exe", func() bool { // which holds the log for a moment after it has its name
		started, err = os.ReadFile(log)
		return err == nil
	})
	number, arguments, _ := strings.Cut(string(started), "\n")
	assert.Equal(t, "-load\necs window\n", arguments)
	waitForEnd(t, number) // its file can be deleted then

	d.type_(d.main, window.Server, "198.51.100.7")
	press(d.main, window.LogIn)
	assert.Contains(t, d.answer(idNo), `PuTTY has a session "ecs window" already. Replace it?`)
	d.idle()
	d.closes()
}

// waitForEnd waits until a process has ended.
func waitForEnd(t *testing.T, number string) {
	t.Helper()
	id, err := strconv.ParseUint(number, 10, 32)
	require.NoError(t, err)
	process, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(id))
	if err != nil {
		return // it has ended
	}
	defer func() { _ = windows.CloseHandle(process) }()
	_, _ = windows.WaitForSingleObject(process, uint32(patience.Milliseconds()))
}

// TestWindowLogsInForReal saves a session for scripts/wine/login.sh, which logs in with it.
func TestWindowLogsInForReal(t *testing.T) {
	server := os.Getenv("KEYCONV_LOGIN")
	if server == "" {
		t.Skip("scripts/wine/login.sh runs it, with a server")
	}
	needsDesktop(t)
	t.Setenv("PATH", t.TempDir()) // without PuTTY
	d := openWindowOf(t, program(t, "keyconv.exe"), os.Getenv("KEYCONV_LOGIN_KEY"))
	d.opened("ecs.pem")
	d.type_(d.main, window.Server, server)
	d.type_(d.main, window.User, os.Getenv("KEYCONV_LOGIN_USER"))
	d.type_(d.main, window.SessionName, os.Getenv("KEYCONV_LOGIN_NAME"))
	press(d.main, window.LogIn)
	assert.Contains(t, d.answer(idOK), "PuTTY was not found on this computer.")
	d.idle()
	d.closes()
}

// TestWindowInRealProgramsPlaces: WinSCP and ssh have the session where they look for it.
func TestWindowInRealProgramsPlaces(t *testing.T) {
	needsDesktop(t)
	dir := t.TempDir()
	t.Setenv("PATH", dir) // where none of the programs is
	t.Setenv("USERPROFILE", dir)
	const path = `Software\Martin Prikryl\WinSCP 2\Sessions\ecs`
	remove := func() { _ = registry.DeleteKey(registry.CURRENT_USER, path) }
	remove()
	t.Cleanup(remove)
	d := openWindowOf(t, program(t, "keyconv.exe"), keytest.WriteFile(t, dir, "ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	d.opened("ecs.pem")
	d.type_(d.main, window.Server, "203.0.113.5")
	choose := func(row uintptr) {
		send(control(d.main, window.Program), cbSetCurSel, row, 0)
		const changed = 1 << 16 // CBN_SELCHANGE
		send(d.main, wmCommand, changed|uintptr(window.Program), uintptr(control(d.main, window.Program)))
	}
	choose(2)
	assert.Equal(t, "Save it in WinSCP's list and &log in", d.text(window.LogIn))
	press(d.main, window.LogIn)
	assert.Contains(t, d.answer(idOK), "https://winscp.net/")
	d.idle()
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	require.NoError(t, err)
	defer func() { _ = key.Close() }()
	file, _, err := key.GetStringValue("PublicKeyFile")
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(file, "%5Cecs.ppk"), file)

	choose(1)
	press(d.main, window.LogIn)
	assert.Contains(t, d.answer(idYes), "Make ecs.pem private to you?")
	assert.Contains(t, d.answer(idOK), "OpenSSH was not found on this computer.")
	d.idle()
	assert.Contains(t, string(read(t, filepath.Join(dir, ".ssh", "config"))), "Host ecs\n    HostName 203.0.113.5\n")
	d.closes()
}
