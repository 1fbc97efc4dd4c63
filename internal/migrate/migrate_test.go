package migrate

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeysAreMadeOnce: one passphrase for all keys that share it, one file for each key, and
// a number where two keys have one name. A second run asks nothing and changes nothing.
func TestKeysAreMadeOnce(t *testing.T) {
	s := newScene(t, keytest.Passphrase)
	a, b := s.key(t, "a/key.ppk", "ed25519.v2.enc.ppk"), s.key(t, "b/key.ppk", "ecdsa256.v2.enc.ppk")
	plain, own := s.key(t, "c/key.ppk", "rsa2048.v2.ppk"), s.key(t, "id.pem", "rsa2048.openssh")
	sessions := []session.Saved{withKey("1", a), withKey("2", b), withKey("3", a), withKey("4", plain), withKey("5", own)}
	before := s.move(t, sessions...)
	assert.Equal(t, []string{"key.ppk"}, s.asked)
	var keys []string
	for _, m := range s.moves {
		require.NoError(t, m.Err)
		assert.Equal(t, Added, m.Outcome)
		keys = append(keys, filepath.Base(m.KeyFile))
	}
	assert.Equal(t, []string{"key.pem", "key-2.pem", "key.pem", "key-3.pem", "id.pem"}, keys)
	assert.Equal(t, []string{"id.pem"}, s.used)
	f, err := engine.Open(readFile(t, filepath.Join(s.SSHFolder, "key.pem")), engine.Limits{})
	require.NoError(t, err)
	assert.True(t, f.Encrypted(), "encrypted stays encrypted")
	assert.Contains(t, before, "IdentityFile "+sshName(filepath.Join(s.SSHFolder, "key-3.pem"))+"\n")

	snapshot := keytest.Snapshot(t, s.dir)
	assert.Equal(t, before, s.move(t, sessions...))
	assert.Len(t, s.asked, 1)
	assert.Equal(t, snapshot, keytest.Snapshot(t, s.dir))

	// A person may delete the .ppk after the move.
	require.NoError(t, os.Remove(a))
	assert.Equal(t, before, s.move(t, sessions...))
	assert.Equal(t, There, s.moves[0].Outcome)
	require.NoError(t, s.moves[0].Err)
	assert.Contains(t, s.moves[0].Why, "the block keeps the key that it has")
}

func sshName(path string) string { return strings.ReplaceAll(path, `\`, "/") }

// TestKeysThatFail: the session is moved without its key, and gets it in a later run.
func TestKeysThatFail(t *testing.T) {
	s := newScene(t)
	locked, public := s.key(t, "locked.ppk", "ed25519.v2.enc.ppk"), s.key(t, "public.ppk", "ed25519.pub")
	rubbish := keytest.WriteFile(t, s.dir, "rubbish.ppk", []byte("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n"))
	config := s.move(t, withKey("missing", `C:\keys\x.ppk`), withKey("locked", locked), withKey("public", public), withKey("rubbish", rubbish), withKey("good", s.key(t, "good.ppk", "rsa2048.v2.ppk")))
	var codes []int
	for _, m := range s.moves {
		assert.Equal(t, Added, m.Outcome)
		codes = append(codes, fault.ExitCode(m.Err))
	}
	assert.Equal(t, []int{fault.Failed, fault.NeedsPassphrase, fault.NotAKey, fault.NotAKey, fault.Done}, codes)
	require.EqualError(t, s.moves[0].Err, `the key C:\keys\x.ppk is not there`)
	assert.Contains(t, config, "# its key is missing here: "+`C:\keys\x.ppk`)
	assert.Equal(t, 1, strings.Count(config, "IdentityFile"))

	s.answers = []string{"wrong", "wrong", "wrong"}
	s.move(t, withKey("locked", locked))
	assert.Equal(t, fault.WrongPassphrase, fault.ExitCode(s.moves[0].Err))

	s.answers, s.KeysFrom = []string{keytest.Passphrase}, filepath.Join(s.dir, "from")
	s.key(t, "from/x.ppk", "ecdsa256.v2.ppk")
	config = s.move(t, withKey("missing", `C:\keys\x.ppk`), withKey("locked", locked))
	for _, m := range s.moves {
		require.NoError(t, m.Err)
		assert.Equal(t, Replaced, m.Outcome)
	}
	assert.Equal(t, 3, strings.Count(config, "IdentityFile"))
}

// TestKeyWithALineEnd: the name of a file begins no line of the configuration.
func TestKeyWithALineEnd(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // which has no such names
	}
	s := newScene(t)
	config := s.move(t, withKey("a", s.key(t, "x\n ProxyCommand evil.ppk", "ed25519.v2.ppk")), withKey("b", s.key(t, "${HOME}.ppk", "ed25519.v2.ppk")))
	for _, m := range s.moves {
		require.Error(t, m.Err)
	}
	assert.NotContains(t, config, "IdentityFile")
	assert.NotContains(t, config, "\n ProxyCommand")
}

func TestAliasOf(t *testing.T) {
	for name, want := range map[string]string{
		"web1": "web1", "my box": "my-box", "Work/web 1": "Work-web-1", "büx Ж 阿里云": "büx-Ж-阿里云", "***": "session", "": "session", "-x-": "x", ".x": "x",
		"_x": "_x", "root@1.2.3.4:22": "root-1.2.3.4-22", "a\x1b[31m\nHost *": "a-31m-Host", "!a": "a", "a,b": "a-b", "\xff": "session", `"`: "session",
	} {
		assert.Equal(t, want, aliasOf(name), "%q", name)
	}
}

// TestAliases: two sessions never have one alias, none takes one of the person's own blocks,
// in an included file either, and each keeps its own.
func TestAliases(t *testing.T) {
	s := newScene(t)
	require.NoError(t, os.MkdirAll(filepath.Join(s.SSHFolder, "conf.d"), 0o700))
	keytest.WriteFile(t, s.SSHFolder, "config", []byte("Include conf.d/*\nHost own\n"))
	keytest.WriteFile(t, filepath.Join(s.SSHFolder, "conf.d"), "x", []byte("Host included\nInclude x2\n"))
	keytest.WriteFile(t, s.SSHFolder, "x2", []byte("Host deep other\n"))
	b := saved("my box", nil)
	config := s.move(t, b, saved("own", nil), saved("included", nil), saved("deep", nil), b)
	assert.Equal(t, []string{"my-box", "own-2", "included-2", "deep-2", "my-box-2"}, aliases(s))
	assert.Equal(t, "own is the name of a block of your own", s.moves[1].Why)
	assert.Equal(t, `my-box is the name of PuTTY session "my box"`, s.moves[4].Why)
	assert.Contains(t, config, `# PuTTY session "my box", number 2 (keyconv `)

	s.Config = filepath.Join(s.SSHFolder, "putty.conf") // which that of ssh can include
	s.move(t, saved("own", nil), saved("free", nil))
	assert.Equal(t, []string{"own-2", "free"}, aliases(s))
	s.Config = ""

	s.move(t, saved("a!", nil), saved("my!box", nil), b)
	assert.Equal(t, []string{"a", "my-box-3", "my-box"}, aliases(s))
}

func aliases(s *scene) []string {
	var all []string
	for _, m := range s.moves {
		all = append(all, m.Alias)
	}
	return all
}

// TestNotMoved: each session that ssh cannot have is named.
func TestNotMoved(t *testing.T) {
	s := newScene(t)
	host := func(name, host string) session.Saved {
		return saved(name, func(s *session.Saved) { s.Host = host })
	}
	telnet := saved("t", func(s *session.Saved) { s.Protocol = "telnet" })
	assert.Empty(t, s.move(t, telnet, host("Default Settings", ""), host("empty", ""), host("bad", "a b"), host("flag", "-oProxyCommand=x")))
	var got []string
	for _, m := range s.moves {
		got = append(got, fmt.Sprint(m.Outcome, ": ", m.Why, m.Err))
	}
	assert.Equal(t, []string{
		"skipped: telnet, not SSH<nil>", "skipped: it is what the program starts new sessions from<nil>", "not moved: it has no host",
		`not moved: "a b" is not the name or address of a host`, `not moved: "-oProxyCommand=x" is not the name or address of a host`,
	}, got)
}

// TestJumps: through another session, a host, and a host with a key of its own.
func TestJumps(t *testing.T) {
	s := newScene(t)
	jump := func(name string, j session.Jump) session.Saved {
		return saved(name, func(s *session.Saved) { s.Jump = &j })
	}
	key := s.key(t, "gate.ppk", "ed25519.v2.ppk")
	at := func(user, host string) session.Target { return session.Target{User: user, Host: host, Port: 2022} }
	config := s.move(t, saved("my gate", nil), jump("a", session.Jump{Target: at("", "my gate"), Session: "my gate"}), jump("b", session.Jump{Target: at("me", "my gate"), Session: "my gate"}),
		jump("c", session.Jump{Target: at("me", "::1"), Session: "::1"}), jump("d", session.Jump{Target: at("", "gate"), KeyFile: key}), jump("e", session.Jump{Target: at("", "no such"), Session: "no such"}))
	for _, line := range []string{"ProxyJump my-gate\n", "ProxyJump me@my-gate\n", "ProxyJump me@[::1]:2022\n", "ProxyJump d-tunnel\n", "Host d-tunnel\n    HostName gate\n    Port 2022\n    IdentityFile "} {
		assert.Contains(t, config, line)
	}
	assert.Equal(t, []string{"the proxy no such"}, s.moves[5].Lost)
}

// TestConfigThatCannotBeWritten is refused before any key is made.
func TestConfigThatCannotBeWritten(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"it is read-only":                              func(path string) error { return os.WriteFile(path, []byte("Host *\n"), 0o400) },
		"it is not a regular file":                     func(path string) error { return os.Mkdir(path, 0o700) },
		"it is a symlink to a file that is not there":  func(path string) error { return os.Symlink("nothing", path) },
		"the section of keyconv migrate has no end":    func(path string) error { return os.WriteFile(path, []byte("# keyconv migrate: begin\n"), 0o600) },
		"ssh does not read this text: it has NUL byte": func(path string) error { return os.WriteFile(path, []byte("H\x00"), 0o600) },
	} {
		s := newScene(t)
		require.NoError(t, os.Mkdir(s.SSHFolder, 0o700))
		if strings.Contains(name, "symlink") && runtime.GOOS == "windows" {
			continue // which has them for administrators alone
		}
		require.NoError(t, make(s.configPath()))
		err := s.Run(t.Context(), session.Store{Sessions: []session.Saved{withKey("a", s.key(t, "a.ppk", "ed25519.v2.ppk"))}}, s)
		require.ErrorContains(t, err, name)
		assert.NoFileExists(t, filepath.Join(s.SSHFolder, "a.pem"))
	}
}

// TestConfigIsKept: what it had is beside it, a link stays one, and so does its mode.
func TestConfigIsKept(t *testing.T) {
	s := newScene(t)
	require.NoError(t, os.Mkdir(s.SSHFolder, 0o700))
	const old = "Host *\r\n  Port 1"
	real := keytest.WriteFile(t, s.dir, "real", []byte(old))
	require.NoError(t, os.Chmod(real, 0o644))
	isLink := runtime.GOOS != "windows" // which has them for administrators alone
	if isLink {
		require.NoError(t, os.Symlink(real, s.configPath()))
	} else {
		keytest.WriteFile(t, s.SSHFolder, "config", []byte(old))
	}
	config := s.move(t, saved("a", nil))
	assert.True(t, strings.HasSuffix(config, "\r\n\r\n"+old))
	assert.Equal(t, s.configPath()+".before-migrate", s.files[0].Backup)
	assert.Equal(t, old, string(readFile(t, s.files[0].Backup)))
	s.move(t, saved("a", nil), saved("b", nil))
	assert.Equal(t, s.configPath()+".before-migrate.2", s.files[0].Backup)
	assert.Equal(t, config, string(readFile(t, s.files[0].Backup)))
	info, err := os.Lstat(s.configPath())
	require.NoError(t, err)
	assert.Equal(t, isLink, info.Mode()&os.ModeSymlink != 0)
	if runtime.GOOS != "windows" {
		info, err = os.Stat(real)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o644), info.Mode().Perm())
	}
}

// TestDryRun writes nothing, and shows the same.
func TestDryRun(t *testing.T) {
	s := newScene(t)
	key := s.key(t, "a.ppk", "ed25519.v2.ppk")
	before := keytest.Snapshot(t, s.dir)
	s.DryRun = true
	assert.Empty(t, s.move(t, withKey("a", key)))
	assert.Equal(t, before, keytest.Snapshot(t, s.dir))
	planned := string(s.files[0].New)
	s.DryRun = false
	assert.Equal(t, planned, s.move(t, withKey("a", key)))
}

// TestThousandSessions: each is there, and has one line of its own.
func TestThousandSessions(t *testing.T) {
	s := newScene(t)
	key := s.key(t, "a.ppk", "ed25519.v2.ppk")
	var sessions []session.Saved
	for i := range 1000 {
		sessions = append(sessions, withKey(fmt.Sprintf("box %d", i), key))
	}
	config := s.move(t, sessions...)
	assert.Equal(t, 1001, strings.Count(config, "\nHost "))
	assert.Equal(t, config, s.move(t, sessions...))
}

func TestDiff(t *testing.T) {
	lines := func(from, to int) string {
		text := ""
		for i := from; i <= to; i++ {
			text += fmt.Sprintf("%d\n", i)
		}
		return text
	}
	old := lines(1, 20) + "end"
	f := File{Path: "f", Old: []byte(old), New: []byte(strings.NewReplacer("\n2\n3\n", "\n2\nnew\n3\n", "\n18\n", "\n").Replace(old))}
	assert.Equal(t, "--- f\n+++ f\n@@ -1,5 +1,6 @@\n 1\n 2\n+new\n 3\n 4\n 5\n@@ -15,7 +16,6 @@\n 15\n 16\n 17\n-18\n 19\n 20\n end\n\\ No newline at end of file\n", f.Diff())
	assert.Empty(t, File{Old: []byte("a"), New: []byte("a")}.Diff())
	assert.Equal(t, "--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n", File{Path: "f", IsNew: true, New: []byte("a\n")}.Diff())
}
