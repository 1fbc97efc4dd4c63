package session

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sshExample() Session {
	return Session{Name: "ecs", Target: Target{"root", "47.98.1.2", 22}, KeyFile: "/home/me/ecs.pem"}
}

const exampleBlock = `Host ecs
    HostName 47.98.1.2
    User root
    Port 22
    IdentityFile /home/me/ecs.pem
    IdentitiesOnly yes
`

func TestOpenSSH(t *testing.T) {
	data, err := HostBlock(sshExample())
	require.NoError(t, err)
	assert.Equal(t, exampleBlock, string(data))
}

func TestOpenSSHRefuses(t *testing.T) {
	for _, name := range []string{"*", "a?", "!a", "a b", "a,b", `a"b`, "a#b", "-a", "#a", "a@b", "a/b", `a\b`, "a$b", "a%b", "", "a\nb"} {
		s := sshExample()
		s.Name = name
		_, err := HostBlock(s)
		assert.IsType(t, &InvalidError{}, err, "%q", name)
	}
	s := sshExample()
	s.User = "%u"
	_, err := HostBlock(s)
	require.EqualError(t, err, `the user "%u" has a % or $, which not every version of ssh reads in the same way`)
	s = sshExample()
	s.KeyFile = "/a/${HOME}"
	_, err = HostBlock(s)
	require.EqualError(t, err, `the path of the key has ${, which ssh takes for a variable: "/a/${HOME}"`)
}

// TestSSHReadsTheBlock asks ssh itself what it makes of names, users and paths that
// need quotes or escapes.
func TestSSHReadsTheBlock(t *testing.T) {
	keytest.Tool(t, "ssh")
	for _, change := range []func(*Session){
		func(*Session) {},
		func(s *Session) { s.Name = "bücher_1.x:y+z-" },
		func(s *Session) { s.Port = 65535 },
		func(s *Session) { s.Host = "2001:db8::1" },
		func(s *Session) { s.Host = "fe80::1%eth0" },
		func(s *Session) { s.User = `DOMAIN\me` },
		func(s *Session) { s.User = "jürgen müller" },
		func(s *Session) { s.User = `a"b'c#d=e` },
		func(s *Session) { s.KeyFile = "/home/me/my keys/ecs.pem" },
		func(s *Session) { s.KeyFile = "/home/me/100%/%d/schlüssel.pem" },
		func(s *Session) { s.KeyFile = `/home/me/a"b\c\\d 'e' #f =g$h` },
		func(s *Session) { s.KeyFile = `/home/me/ends with\` },
		func(s *Session) { s.KeyFile = `C:\Users\my name\ecs.pem` },
	} {
		s := sshExample()
		change(&s)
		block, err := HostBlock(s)
		require.NoError(t, err)
		config := keytest.WriteFile(t, t.TempDir(), "config", block)
		out := string(keytest.Run(t, nil, "ssh", "-G", "-F", config, s.Name))
		want := strings.ReplaceAll(s.KeyFile, "%", "%%") // -G prints what it will expand
		if IsWindowsPath(want) {
			want = strings.ReplaceAll(want, `\`, "/")
		}
		assert.Contains(t, out, "\nidentityfile "+want+"\n")
		for keyword, value := range map[string]string{"user": s.User, "hostname": s.Host, "identitiesonly": "yes"} {
			assert.Contains(t, "\n"+out, "\n"+keyword+" "+value+"\n")
		}
		again, err := AddToOpenSSH(block, s, false)
		require.NoError(t, err)
		assert.Equal(t, AlreadyThere, again.Outcome, s)
	}
}

// TestAddToOpenSSH: the rest of the file stays byte for byte, and ssh finds what it
// found before.
func TestAddToOpenSSH(t *testing.T) {
	crlf := strings.ReplaceAll(exampleBlock, "\n", "\r\n")
	for name, test := range map[string]struct{ before, at, after string }{
		"empty":                {"", exampleBlock, ""},
		"globals only":         {"Compression yes\n", "\n" + exampleBlock, ""},
		"no final newline":     {"Compression yes", "\n\n" + exampleBlock, ""},
		"before the first":     {"", exampleBlock + "\n", "Host web\n  User x\n\nHost *\n  User y\n"},
		"behind the globals":   {"# mine\n\nInclude config.d/*\nCompression yes\n\n", exampleBlock + "\n", "# the web\n# server\nHost web\n"},
		"comment without gap":  {"Compression yes\n", exampleBlock + "\n", "# web\nHost web\n"},
		"a comment first":      {"", exampleBlock + "\n", "# web\nHost web\n"},
		"Match":                {"Compression yes\n", exampleBlock + "\n", "Match all\n  User z"},
		"equals signs, quotes": {"Compression=yes\n", exampleBlock + "\n", "HOST = \"web\"\n"},
		"CRLF":                 {"Compression yes\r\n", crlf + "\r\n", "Host web\r\n    User x\r\n"},
		"CRLF, end":            {"Compression yes\r\n", "\r\n" + crlf, ""},
		"a pattern":            {"", exampleBlock + "\n", "Host e*\n  User y\nHost !ecs\nHost ecs2 ec\n# Host ecs\n"},
	} {
		t.Run(name, func(t *testing.T) {
			edit, err := AddToOpenSSH([]byte(test.before+test.after), sshExample(), false)
			require.NoError(t, err)
			assert.Equal(t, test.before+test.at+test.after, string(edit.Data))
			assert.Equal(t, Added, edit.Outcome)
			assert.Empty(t, edit.Warnings)

			again, err := AddToOpenSSH(edit.Data, sshExample(), false)
			require.NoError(t, err)
			assert.Equal(t, Edit{Data: edit.Data, Outcome: AlreadyThere}, again)
			assert.Equal(t, "root 47.98.1.2", askSSH(t, edit.Data, "ecs"))
			assert.Equal(t, askSSH(t, []byte(test.before+test.after), "web"), askSSH(t, edit.Data, "web"))
		})
	}
}

// askSSH returns the user and host that ssh takes for a name.
func askSSH(t *testing.T, config []byte, name string) string {
	t.Helper()
	file := keytest.WriteFile(t, t.TempDir(), "config", config)
	out := string(keytest.Run(t, nil, "ssh", "-G", "-F", file, name))
	var values []string
	for _, keyword := range []string{"user", "hostname"} {
		for line := range strings.Lines(out) {
			if value, ok := strings.CutPrefix(line, keyword+" "); ok {
				values = append(values, strings.TrimSpace(value))
			}
		}
	}
	return strings.Join(values, " ")
}

func TestAddToOpenSSHFindsIt(t *testing.T) {
	for name, text := range map[string]string{
		"as it was written": exampleBlock,
		"in other words":    "host=\"ecs\"\n\tidentitiesonly yes # always\n HOSTNAME \"47.98.1.2\"\nUser = root\nport 22\nIdentityFile /other\nIdentityFile '/home/me/ecs.pem'\nLocalForward 1 x:2\nUser late",
		"with other names":  strings.Replace(exampleBlock, "Host ecs", "Host web ecs", 1),
		"below others":      "Host *\n  User x\n" + exampleBlock + "Host b\n",
		"CRLF":              strings.ReplaceAll(exampleBlock, "\n", "\r\n"),
	} {
		edit, err := AddToOpenSSH([]byte(text), sshExample(), false)
		require.NoError(t, err, name)
		assert.Equal(t, AlreadyThere, edit.Outcome, name)
		assert.Equal(t, text, string(edit.Data))
	}
}

func TestAddToOpenSSHExists(t *testing.T) {
	other := "Host a\n" + strings.Replace(exampleBlock, "root", "admin", 1)
	_, err := AddToOpenSSH([]byte(other), sshExample(), false)
	require.EqualError(t, err, `there is another session "ecs" already, in line 2`)
	assert.IsType(t, &ExistsError{}, err)

	_, err = AddToOpenSSH([]byte("Host a ecs\n  User x\n"), sshExample(), true)
	require.EqualError(t, err, `there is a session "ecs" already, in line 1 together with others`)

	s := sshExample()
	s.User = ""
	_, err = AddToOpenSSH([]byte(exampleBlock), s, false)
	require.Error(t, err, "a block that has a user more logs in as another")
}

// TestAddToOpenSSHReplaces: lines that are not the session's stay.
func TestAddToOpenSSHReplaces(t *testing.T) {
	before, after := "Host a\n  User b\n\n", "\n# c\nHost c\n"
	old := "Host ecs\n  HostName old\n  # tunnel\n  LocalForward 1 x:2\n  identityfile /old\n  CertificateFile /old-cert.pub\n  User=x\n"
	edit, err := AddToOpenSSH([]byte(before+old+after), sshExample(), true)
	require.NoError(t, err)
	assert.Equal(t, Replaced, edit.Outcome)
	assert.Equal(t, before+exampleBlock+"  # tunnel\n  LocalForward 1 x:2\n"+after, string(edit.Data))

	edit, err = AddToOpenSSH([]byte("Host ecs\r\n  User x"), sshExample(), true)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(exampleBlock, "\n", "\r\n"), string(edit.Data))
}

func TestAddToOpenSSHWarns(t *testing.T) {
	edit, err := AddToOpenSSH([]byte("# mine\nPort 2222\nIdentityFile /a\nIdentitiesOnly yes\nuser = deploy\nPort 22\nIdentitiesOnly no\nHost *\n  HostName x\n"), sshExample(), false)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"line 5 sets User for every host, and wins: ssh takes the first value",
		"line 2 sets Port for every host, and wins: ssh takes the first value",
	}, edit.Warnings)
}

func TestAddToOpenSSHRefusesUTF16(t *testing.T) {
	_, err := AddToOpenSSH([]byte("\xff\xfeH\x00o\x00s\x00t\x00"), sshExample(), false)
	require.ErrorIs(t, err, errNotText)
}

// FuzzAddToOpenSSH: whatever the file is, all of it stays, in order, and a second time
// changes nothing.
func FuzzAddToOpenSSH(f *testing.F) {
	for _, seed := range []string{"", "Host a\n", "User x", "# c\nHost=ecs\n", "Host \"a\nMatch\r\n", exampleBlock, "Host b ecs\r\n\\", "=\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, old []byte) {
		edit, err := AddToOpenSSH(old, sshExample(), false)
		if err != nil {
			return
		}
		if edit.Outcome == Added {
			at := strings.Index(string(edit.Data), "Host ecs")
			require.GreaterOrEqual(t, at, 0)
			grown := len(edit.Data) - len(old)
			found := false
			for start := 0; start <= len(old) && !found; start++ {
				found = string(edit.Data[:start])+string(edit.Data[start+grown:]) == string(old)
			}
			require.True(t, found, "%q", edit.Data)
		}
		again, err := AddToOpenSSH(edit.Data, sshExample(), false)
		require.NoError(t, err)
		require.Equal(t, AlreadyThere, again.Outcome)
		require.Equal(t, string(edit.Data), string(again.Data))
	})
}
