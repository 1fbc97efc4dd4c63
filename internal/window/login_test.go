package window

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// logIn presses the button with these fields.
func (s *scene) logIn(server, user, name, program string) {
	s.t.Helper()
	s.Press(s.t.Context(), LogIn, Fields{Server: server, User: user, SessionName: name, Program: program})
}

// session reads the session that PuTTY has, off Windows.
func (s *scene) session(name string) string {
	s.t.Helper()
	data, err := os.ReadFile(s.path("sessions/" + name))
	require.NoError(s.t, err)
	return string(data)
}

func skipOnWindows(t *testing.T) {
	if login.HasRegistry {
		t.Skip("on Windows PuTTY has its sessions in the registry: TestWindowLogsIn of cmd/keyconv is for that")
	}
}

// TestLogIn: one button makes the .ppk, saves the session and starts PuTTY.
func TestLogIn(t *testing.T) {
	skipOnWindows(t)
	s := newScene(t)
	s.machine.programs["putty.exe"] = `C:\Program Files\PuTTY\putty.exe`
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	s.logIn(" 203.0.113.5:2222 ", "root", "my ecs", "PuTTY")
	require.Empty(t, s.said)
	assert.Equal(t, [][]string{{`C:\Program Files\PuTTY\putty.exe`, "-load", "my ecs"}}, s.started)
	s.saved("ecs.ppk", "")
	saved := s.session("my%20ecs")
	for _, line := range []string{"HostName=203.0.113.5", "PortNumber=2222", "UserName=root", "PublicKeyFile=" + s.path("ecs.ppk")} {
		assert.Contains(t, saved, line+"\n")
	}
	assert.Contains(t, s.line(), "PuTTY was started.")

	// Again: the key is there, the session is asked about.
	s.logIn("198.51.100.7", "", "my ecs", "PuTTY")
	assert.Equal(t, []string{`PuTTY has a session "my ecs" already. Replace it?`}, s.question)
	assert.Equal(t, saved, s.session("my%20ecs"))
	s.confirm = []bool{true}
	s.logIn("198.51.100.7", "", "my ecs", "PuTTY")
	assert.Contains(t, s.session("my%20ecs"), "HostName=198.51.100.7\n")
	assert.Len(t, s.started, 2)
}

// TestLogInWithEachProgram: the session is in its place, and the program starts with it.
func TestLogInWithEachProgram(t *testing.T) {
	skipOnWindows(t)
	for _, c := range clients.Get() {
		t.Run(c.title, func(t *testing.T) {
			s := newScene(t)
			s.machine.programs[c.executable.File] = "/" + c.executable.File
			s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
			s.logIn("203.0.113.5", "root", "ecs", c.title)
			if c.program.Name == "winscp" { // which has only the registry
				assert.Contains(t, s.lastSaid(), "WinSCP has no list of sessions on this system.")
				assert.Empty(t, s.started)
				return
			}
			require.Empty(t, s.said)
			require.Len(t, s.started, 1)
			assert.Contains(t, strings.Join(s.started[0], " "), "ecs")
			assert.Contains(t, s.line(), c.started)
		})
	}
}

// TestProgramThatIsNotThere: the session is saved, and it says where to get the program.
func TestProgramThatIsNotThere(t *testing.T) {
	skipOnWindows(t)
	s := newScene(t)
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	s.logIn("203.0.113.5", "root", "", "PuTTY")
	assert.Contains(t, s.session("203.0.113.5"), "UserName=root\n", "without a name it has that of the server")
	assert.Contains(t, s.lastSaid(), "https://www.chiark.greenend.org.uk/~sgtatham/putty/")
	assert.Empty(t, s.started)
}

// TestBadServers: nothing is written before the fields are right.
func TestBadServers(t *testing.T) {
	s := newScene(t)
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	for server, says := range map[string]string{
		"":                   "The server is missing.",
		"   ":                "The server is missing.",
		"my server":          "is not the name or address of a host",
		"203.0.113.5:port":   "A port is a number",
		"203.0.113.5:99999":  "A port is a number",
		"-oProxyCommand=x":   "is not the name or address of a host",
		"[2001:db8::1":       "is not [address]:port",
		"root@":              "The host is missing",
		"сервер.example.com": "is not the name or address of a host",
	} {
		said := len(s.said)
		s.logIn(server, "root", "ecs", "PuTTY")
		require.Len(t, s.said, said+1, server)
		assert.Contains(t, s.lastSaid(), says)
		assert.Contains(t, s.lastSaid(), "such as 203.0.113.5", server)
	}
	s.logIn("203.0.113.5", "root", "Default Settings", "PuTTY")
	assert.Contains(t, s.lastSaid(), "Please correct it")
	assert.Equal(t, []string{"ecs.pem"}, s.names())
}

// TestUserInTheServer wins over the field.
func TestUserInTheServer(t *testing.T) {
	target, err := parseServer("ubuntu@server.example.com:22", "root")
	require.NoError(t, err)
	assert.Equal(t, "ubuntu", target.User)
}

// TestAnotherKeyHasTheName: a converted key never takes the place of another; the person
// chooses a name.
func TestAnotherKeyHasTheName(t *testing.T) {
	skipOnWindows(t)
	s := newScene(t)
	other := keytest.Read(t, "twins", "ed25519.v3.ppk")
	s.file("ecs.ppk", other)
	s.drop(s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem")))
	s.saveAs = []string{s.path("ecs-2.ppk")}
	s.logIn("203.0.113.5", "root", "ecs", "PuTTY")
	require.NotEmpty(t, s.said)
	assert.Contains(t, s.said[0].Text, "ecs.ppk already exists, and is another key")
	assert.NotContains(t, s.said[0].Text, s.dir)
	assert.Contains(t, s.session("ecs"), "PublicKeyFile="+s.path("ecs-2.ppk")+"\n")
	data, err := os.ReadFile(s.path("ecs.ppk"))
	require.NoError(t, err)
	assert.Equal(t, other, data)
}

// TestLogInWithAPastedKey asks where to keep it.
func TestLogInWithAPastedKey(t *testing.T) {
	skipOnWindows(t)
	for _, name := range []string{"ed25519.v3.ppk", "ed25519.openssh"} {
		s := newScene(t)
		s.Paste(t.Context(), keytest.Read(t, "twins", name))
		assert.Contains(t, s.shown.Text[LogInNote], "asked where to keep the key")
		s.logIn("203.0.113.5", "root", "ecs", "PuTTY")
		assert.Empty(t, s.names(), "nothing was chosen")
		s.saveAs = []string{s.path("kept.ppk")}
		s.logIn("203.0.113.5", "root", "ecs", "PuTTY")
		assert.Contains(t, s.session("ecs"), "PublicKeyFile="+s.path("kept.ppk")+"\n", name)
		s.saved("kept.ppk", "")
	}
}

// TestLogInWithADamagedKey: ssh gets the clean text, in a file beside it.
func TestLogInWithADamagedKey(t *testing.T) {
	skipOnWindows(t)
	s := newScene(t)
	s.drop(s.file("ecs.pem", bytes.ReplaceAll(keytest.Read(t, "console-rsa2048.pem"), []byte("\n"), []byte(" "))))
	s.logIn("203.0.113.5", "root", "ecs", "Windows' own ssh")
	config, err := os.ReadFile(s.path(".ssh/config"))
	require.NoError(t, err)
	assert.Contains(t, string(config), "IdentityFile "+s.path("ecs.repaired.pem")+"\n")
	clean, err := os.ReadFile(s.path("ecs.repaired.pem"))
	require.NoError(t, err)
	assert.Equal(t, keytest.Read(t, "console-rsa2048.pem"), clean)
}

// TestWindowsSSHWantsAPrivateFile: a download that others can read is made private, if
// the person agrees.
func TestWindowsSSHWantsAPrivateFile(t *testing.T) {
	skipOnWindows(t)
	s := newScene(t)
	pem := s.file("ecs.pem", keytest.Read(t, "console-rsa2048.pem"))
	require.NoError(t, os.Chmod(pem, 0o644))
	s.drop(pem)
	s.confirm = []bool{true}
	s.logIn("203.0.113.5", "root", "ecs", "Windows' own ssh")
	assert.Contains(t, s.question[0], "Make ecs.pem private to you?")
	assert.EqualValues(t, 0o600, mode(t, pem))
}
