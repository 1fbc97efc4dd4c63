package session

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func example() Session {
	return Session{Name: "my box", Target: Target{"root", "47.98.1.2", 22}, KeyFile: `C:\keys dir\my key.ppk`}
}

// TestRegistryNames: "." is special only at the start, and the bytes of the code page
// are escaped.
func TestRegistryNames(t *testing.T) {
	for _, test := range []struct {
		page       CodePage
		name, want string
	}{
		{1252, "ecs", "ecs"},
		{1252, "my box", "my%20box"},
		{1252, `a\b*c?d%e`, "a%5Cb%2Ac%3Fd%25e"},
		{1252, ".hidden.x", "%2Ehidden.x"},
		{1252, "root@1.2.3.4:22", "root@1.2.3.4:22"},
		{1252, "a/b+c=d;e~", "a/b+c=d;e~"},
		{1252, "müller", "m%FCller"},
		{1252, "€", "%80"},
		{1251, "Сервер", "%D1%E5%F0%E2%E5%F0"},
		{936, "阿里云", "%B0%A2%C0%EF%D4%C6"},
		{932, "ソ", "%83%5C"}, // its second byte is that of "\"
		{65001, "ü", "%C3%BC"},
	} {
		s := example()
		s.Name = test.name
		key, _, err := Registry(s, test.page)
		require.NoError(t, err, test.name)
		assert.Equal(t, test.want, key)
	}
}

func TestUnixNames(t *testing.T) {
	for name, want := range map[string]string{
		"ecs":             "ecs",
		"a b":             "a%20b",
		"a%b":             "a%25b",
		"ü":               "%C3%BC",
		".x":              ".x",
		"...":             "...",
		"a*?b":            "a%2A%3Fb",
		"root@1.2.3.4:22": "root@1.2.3.4%3A22",
		"../../etc/x":     "..%2F..%2Fetc%2Fx",
		"A+-_z09":         "A+-_z09",
	} {
		s := example()
		s.Name = name
		got, err := UnixName(s)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestRegFile(t *testing.T) {
	s := example()
	s.Port, s.User, s.KeyFile = 2222, `a"b\c`, `C:\Schlüssel\my key.ppk`
	data, err := RegFile(s, DefaultCodePage)
	require.NoError(t, err)
	require.Equal(t, []byte{0xff, 0xfe}, data[:2])
	assert.Equal(t, strings.ReplaceAll(`Windows Registry Editor Version 5.00

[HKEY_CURRENT_USER\Software\SimonTatham\PuTTY\Sessions\my%20box]
"HostName"="47.98.1.2"
"PortNumber"=dword:000008ae
"Protocol"="ssh"
"UserName"="a\"b\\c"
"PublicKeyFile"="C:\\Schlüssel\\my key.ppk"
"DetachedCertificate"=-

`, "\n", "\r\n"), fromUTF16(data[2:]))
	s.User = ""
	data, err = RegFile(s, DefaultCodePage)
	require.NoError(t, err)
	assert.Contains(t, fromUTF16(data[2:]), "\"UserName\"=-\r\n")
}

func fromUTF16(data []byte) string {
	var units []uint16
	for i := 0; i < len(data); i += 2 {
		units = append(units, uint16(data[i])|uint16(data[i+1])<<8)
	}
	return string(utf16.Decode(units))
}

func TestRegistryRefuses(t *testing.T) {
	for _, test := range []struct {
		change func(*Session)
		page   CodePage
		want   string
	}{
		{func(s *Session) { s.Name = "" }, 1252, "the name of the session is empty"},
		{func(s *Session) { s.Name = " x" }, 1252, `the name of the session begins or ends with a blank: " x"`},
		{func(s *Session) { s.Name = "a\nb" }, 1252, `the name of the session has control characters: "a\nb"`},
		{func(s *Session) { s.Name = "default settings" }, 1252, `"default settings" is what PuTTY starts every new session from; choose another name`},
		{func(s *Session) { s.Name = "阿里云" }, 1252, `the name of the session "阿里云" has letters that the code page 1252 of Windows lacks, and PuTTY reads no others`},
		{func(s *Session) { s.User = "Łukasz" }, 1252, `the user "Łukasz" has letters that the code page 1252 of Windows lacks, and PuTTY reads no others`},
		{func(s *Session) { s.KeyFile = `C:\ключ.ppk` }, 1252, `the path of the key "C:\\ключ.ppk" has letters that the code page 1252 of Windows lacks, and PuTTY reads no others`},
		{func(*Session) {}, 437, "the code page 437 is not known; these are: 874 932 936 949 950 1250 1251 1252 1253 1254 1255 1256 1257 1258 65001"},
		{func(s *Session) { s.KeyFile = "/home/me/my.ppk" }, 1252, `the path of the key is not an absolute Windows path such as C:\keys\my.ppk: "/home/me/my.ppk"`},
		{func(s *Session) { s.KeyFile = "my.ppk" }, 1252, `the path of the key is not an absolute Windows path such as C:\keys\my.ppk: "my.ppk"`},
		{func(s *Session) { s.KeyFile = `C:\a?.ppk` }, 1252, `the path of the key has characters that Windows forbids: "C:\\a?.ppk"`},
		{func(s *Session) { s.Name = strings.Repeat("ü", 86) }, 1252, "the name of the session is too long: as the name of a registry key it has 258 characters, and 255 is the most"},
	} {
		s := example()
		test.change(&s)
		_, err := RegFile(s, test.page)
		require.EqualError(t, err, test.want)
		assert.IsType(t, &InvalidError{}, err)
	}
}

func TestUnixNameRefuses(t *testing.T) {
	for name, want := range map[string]string{
		".":                      `PuTTY cannot have a session ".": it would be the name of a folder`,
		"..":                     `PuTTY cannot have a session "..": it would be the name of a folder`,
		strings.Repeat("ü", 43):  "the name of the session is too long: as the name of a file it has 258 bytes, and 255 is the most",
		"Default Settings":       `"Default Settings" is what PuTTY starts every new session from; choose another name`,
		"a\x00b":                 `the name of the session has control characters: "a\x00b"`,
		"\xff":                   `the name of the session is not UTF-8: "\xff"`,
		"tab\there":              `the name of the session has control characters: "tab\there"`,
		"line\u2028separator":    `the name of the session has control characters: "line\u2028separator"`,
		"trailing blank\u00a0":   `the name of the session begins or ends with a blank: "trailing blank\u00a0"`,
		strings.Repeat("x", 256): "the name of the session is too long: as the name of a file it has 256 bytes, and 255 is the most",
	} {
		s := example()
		s.Name = name
		_, err := UnixName(s)
		require.EqualError(t, err, want)
	}
}

// TestUnixFile: the other settings of a session stay, except for the certificate of the
// other key.
func TestUnixFile(t *testing.T) {
	s := example()
	s.KeyFile = "/home/me/my key.ppk"
	data, err := UnixFile(s, nil)
	require.NoError(t, err)
	const want = "HostName=47.98.1.2\nPortNumber=22\nProtocol=ssh\nUserName=root\nPublicKeyFile=/home/me/my key.ppk\n"
	assert.Equal(t, want, string(data))
	data, err = UnixFile(s, []byte("Colour0=1,2,3\nHostName=old\nUserName=x\nDetachedCertificate=/old\nFont=a=b\r\nPortNumberX=1"))
	require.NoError(t, err)
	assert.Equal(t, want+"Colour0=1,2,3\nFont=a=b\r\nPortNumberX=1", string(data))
}

func TestWindowsPath(t *testing.T) {
	for path, want := range map[string]string{
		"/mnt/c/Users/me/my key.ppk": `C:\Users\me\my key.ppk`,
		"/mnt/data/x.ppk":            "/mnt/data/x.ppk",
		"C:/keys/x.ppk":              `C:\keys\x.ppk`,
		`C:\keys\x.ppk`:              `C:\keys\x.ppk`,
		"//server/share/x.ppk":       `\\server\share\x.ppk`,
		"/home/me/x.ppk":             "/home/me/x.ppk",
		"x.ppk":                      "x.ppk",
	} {
		assert.Equal(t, want, WindowsPath(path))
	}
	for path, want := range map[string]bool{
		`C:\x`: true, "c:/x": true, `\\server\share\x`: true,
		"C:x": false, `\x`: false, "/home/x": false, `\\server\x`: false, "": false,
	} {
		assert.Equal(t, want, IsWindowsPath(path), path)
	}
}

func TestWinSCP(t *testing.T) {
	data, err := Section(example())
	require.NoError(t, err)
	assert.Equal(t, "[Sessions\\my%20box]\r\nHostName=47.98.1.2\r\nPortNumber=22\r\nUserName=root\r\n"+
		"PublicKeyFile=C:%5Ckeys%20dir%5Cmy%20key.ppk\r\nFSProtocol=2\r\n", string(data))

	s := example()
	s.Name, s.User, s.Host, s.Port = "folder/m]ü", "", "::1", 2222
	data, err = Section(s)
	require.NoError(t, err)
	assert.Equal(t, "[Sessions\\%EF%BB%BFfolder/m]%C3%BC]\r\nHostName=::1\r\nPortNumber=2222\r\n"+
		"PublicKeyFile=C:%5Ckeys%20dir%5Cmy%20key.ppk\r\nFSProtocol=2\r\n", string(data))

	s.KeyFile = "/home/me/x.ppk"
	_, err = Section(s)
	assert.ErrorContains(t, err, "not an absolute Windows path")
}

func TestCodePages(t *testing.T) {
	assert.Equal(t, []int{874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 65001}, CodePages())
}
