package session

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"golang.org/x/text/encoding/unicode"
)

func readText(t *testing.T, name, text string) Store {
	t.Helper()
	s, err := ReadStore(name, []byte(text), DefaultCodePage)
	require.NoError(t, err)
	return s
}

func problems(s Store) []string {
	var all []string
	for _, err := range s.Problems {
		all = append(all, err.Error())
	}
	return all
}

// exported is what regedit writes of PuTTY, KiTTY, WinSCP and what is around them.
const exported = `Windows Registry Editor Version 5.00

[HKEY_CURRENT_USER\Software\SimonTatham]

[HKEY_CURRENT_USER\Software\SimonTatham\PuTTY\Sessions\b%FCx]
"Present"=dword:00000001
"HostName"="a.example"
"LogFileClash"=dword:ffffffff
"PortNumber"=dword:000008ae
"PublicKeyFile"="C:\\keys\\say \"a\".ppk"
"UserName"=hex(1):72,00,6f,00,\
  6f,00,74,00,00,00
"Gone"=-

[HKEY_USERS\S-1-5-21\SOFTWARE\SimonTatham\PuTTY\Sessions\other]
"HostName"="b.example"
"Protocol"="telnet"

[HKEY_CURRENT_USER\Software\9bis.com\KiTTY\Sessions\k]
"HostName"="c.example"

[HKEY_CURRENT_USER\Software\Martin Prikryl\WinSCP 2\Sessions\w%20x]
"HostName"="d.example"
"PublicKeyFile"="C:%5Ckeys%5Cw.ppk"

[HKEY_CURRENT_USER\Software\SimonTatham\PuTTY\SshHostKeys]
"rsa2@22:a.example"="0x10001,0xc0ffee"

[HKEY_CURRENT_USER\Software\MySimonTatham\PuTTY\Sessions\no]
"HostName"="x"
`

func TestReadReg(t *testing.T) {
	crlf := strings.ReplaceAll(exported, "\n", "\r\n")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(crlf)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"UTF-16": utf16, "no BOM": utf16[2:], "UTF-8": "\ufeff" + crlf, "LF": exported,
		"REGEDIT4": strings.Replace(crlf, "Windows Registry Editor Version 5.00", "REGEDIT4", 1), "first line missing": exported[37:],
	} {
		s := readText(t, "x.reg", text)
		assert.Empty(t, s.Problems, name)
		require.Len(t, s.Sessions, 4, name)
		assert.Equal(t, Saved{Program: &PuTTY, Name: "büx", Protocol: "ssh", Target: Target{"root", "a.example", 2222}, KeyFile: `C:\keys\say "a".ppk`}, s.Sessions[0], name)
		assert.Equal(t, "telnet", s.Sessions[1].Protocol)
		assert.Equal(t, &KiTTY, s.Sessions[2].Program)
		assert.Equal(t, Saved{Program: &WinSCP, Name: "w x", Protocol: "ssh", Target: Target{"", "d.example", 22}, KeyFile: `C:\keys\w.ppk`}, s.Sessions[3])
		require.Len(t, s.HostKeys, 1)
		assert.Equal(t, "a.example ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAABADA/+4=", s.HostKeys[0].line())
	}
	ansi := "REGEDIT4\r\n[HKEY_CURRENT_USER\\" + RegistryPath + "\\x]\r\n\"UserName\"=\"m\xfcller\"\r\n"
	assert.Equal(t, "müller", readText(t, "", ansi).Sessions[0].User)
}

// TestReadBrokenReg: what is broken is named with its line, and the rest counts.
func TestReadBrokenReg(t *testing.T) {
	s := readText(t, "x.reg", `REGEDIT4
"early"="x"
[HKEY_CURRENT_USER\`+RegistryPath+`\a]
"HostName"="a.example
"PortNumber"=dword:xyz
rubbish
"UserName"="root"
"Font"=hex:zz
"Color"=qword:1
[HKEY_CURRENT_USER\`+RegistryPath+`\b
"HostName"="b.example"
"X"=hex:61,\`)
	assert.Equal(t, []string{
		"line 2: a value stands before the first registry key", `line 4: the value of "HostName" has no end`, `line 5: the value of "PortNumber" is not a number`,
		"line 6: this is not a line of an exported registry", `line 8: the value of "Font" is not in hexadecimal`, `line 9: the value of "Color" has a form that is not known`,
		"line 10: the name of a registry key has no end", "line 12: the file ends in the middle of a value",
	}, problems(s))
	require.Len(t, s.Sessions, 2)
	assert.Equal(t, "root", s.Sessions[0].User)
	assert.Equal(t, "b.example", s.Sessions[1].Host)
}

func TestReadWinSCP(t *testing.T) {
	s := readText(t, "WinSCP.ini", strings.ReplaceAll(`[Configuration\Interface]
Language=1033
[Sessions\Default%20Settings]
HostName=
[Sessions\Work/%EF%BB%BFb%C3%BCx]
HostName=10.0.0.1
PortNumber=2222
UserName=root
PublicKeyFile=C:%5Ckeys%5Ca%20b.ppk
Password=A35C755E6D593D32
PingType=1
Tunnel=1
TunnelHostName=gate
TunnelUserName=me
TunnelPublicKeyFile=C:%5Cgate.ppk
RemoteDirectory=/var
broken
[Sessions\ftp]
HostName=f
FSProtocol=5
[SshHostKeys]
ssh-ed25519@2222:10.0.0.1=`+baseHex+`
[Other]
ssh-ed25519@2222:10.0.0.1=x
`, "\n", "\r\n"))
	assert.Equal(t, []string{"line 17: this is not a line of WinSCP's .ini"}, problems(s))
	require.Len(t, s.Sessions, 3)
	assert.Equal(t, Saved{
		Program: &WinSCP, Name: "Work/büx", Protocol: "ssh", Target: Target{"root", "10.0.0.1", 2222}, KeyFile: `C:\keys\a b.ppk`,
		Jump: &Jump{Target: Target{"me", "gate", 22}, KeyFile: `C:\gate.ppk`}, Options: Options{KeepAlive: 30},
		Lost: []string{"Password"}, Look: []string{"RemoteDirectory"},
	}, s.Sessions[1])
	assert.Equal(t, "FTP", s.Sessions[2].Protocol)
	require.Len(t, s.HostKeys, 1)
	assert.Equal(t, "[10.0.0.1]:2222", s.HostKeys[0].Names())
}

func TestReadSiteManager(t *testing.T) {
	s := readText(t, "sitemanager.xml", xmlHead+exampleServer+`<Folder expanded="1">Work &amp; play
	<Folder>Deep<Server><Host>[2001:db8::1]</Host><Port>2222</Port><Protocol>1</Protocol><User>me</User>
	<Pass encoding="base64">aHVudGVyMg==</Pass><Logontype>1</Logontype><Name>x</Name><RemoteDir>1 0 3 var</RemoteDir>
	<Bookmark><Name>b</Name></Bookmark><BypassProxy>1</BypassProxy><Colour>0</Colour></Server></Folder>
	<Server><Host>f</Host><Protocol>0</Protocol>old name</Server></Folder>`+xmlTail)
	assert.Empty(t, s.Problems)
	require.Len(t, s.Sessions, 3)
	assert.Equal(t, Saved{Program: &FileZilla, Name: "my box", Protocol: "ssh", Target: Target{"root", "47.98.1.2", 22}, KeyFile: `C:\keys dir\my key.ppk`}, s.Sessions[0])
	assert.Equal(t, Saved{
		Program: &FileZilla, Name: "Work & play/Deep/x", Protocol: "ssh", Target: Target{"me", "2001:db8::1", 2222},
		Lost: []string{"Pass", "BypassProxy"}, Look: []string{"RemoteDir", "Bookmark"},
	}, s.Sessions[1])
	assert.Equal(t, "FTP", s.Sessions[2].Protocol)
	assert.Equal(t, "Work & play/old name", s.Sessions[2].Name)

	s = readText(t, "sitemanager.xml", xmlHead+exampleServer+"<Server>\n<Host>cut")
	require.Len(t, s.Sessions, 1)
	assert.Equal(t, []string{"line 15: the file is broken here: this is not XML"}, problems(s))
}

func TestReadStoreRefuses(t *testing.T) {
	for _, text := range []string{"", "x", "Host a\n  HostName b\n", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "a\x00b"} {
		_, err := ReadStore("x", []byte(text), DefaultCodePage)
		require.ErrorIs(t, err, errNoSessions, text)
	}
}

// baseHex is the base point of Ed25519 (RFC 8032, section 5.1).
var baseHex = func() string {
	x, _ := new(big.Int).SetString("15112221349535400772501151409588531511454012693041857206046113283949847762202", 10)
	y, _ := new(big.Int).SetString("46316835694926478169428394003475163141307993866256225615783033603165251855960", 10)
	return fmt.Sprintf("0x%x,0x%x", x, y)
}()

func TestReadHostKeys(t *testing.T) {
	g := "nistp256,0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
	s := readText(t, "sshhostkeys", "ssh-ed25519@22:h "+baseHex+"\necdsa-sha2-nistp256@2222:::1 "+g+"\nrsa2@22:h 0x10001,0xc0ffee\n"+
		"rsa@22:h 0x10001,0xc0ffee\nssh-ed448@22:h 0x1,0x2\nssh-ed25519@22:h "+baseHex[:len(baseHex)-1]+"0\necdsa-sha2-nistp256@22:h "+g[:len(g)-1]+
		"0\nrsa2@22:h 0x10001\nrsa2@0:h 0x1,0x1\nrsa2@22:a b 0x1,0x1\nrsa2@22:h 0xzz,0x1\nnew@22:h 0x1\nx\n")
	var lines []string
	for _, k := range s.HostKeys {
		lines = append(lines, k.line())
		_, hosts, parsed, _, _, err := ssh.ParseKnownHosts([]byte(k.line()))
		require.NoError(t, err)
		assert.Equal(t, []string{k.Names()}, hosts)
		assert.Equal(t, k.Key.Marshal(), parsed.Marshal())
	}
	require.Len(t, lines, 3)
	assert.Equal(t, "h ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm", lines[0])
	assert.Contains(t, lines[1], "[::1]:2222 ecdsa-sha2-nistp256 ")
	damaged, name := "it is damaged", "its name is not TYPE@PORT:HOST"
	assert.Equal(t, []string{
		`line 4: the host key "rsa@22:h": ssh has no such type of key`, `line 5: the host key "ssh-ed448@22:h": ssh has no such type of key`,
		`line 6: the host key "ssh-ed25519@22:h": ` + damaged, `line 7: the host key "ecdsa-sha2-nistp256@22:h": ` + damaged,
		`line 8: the host key "rsa2@22:h": ` + damaged, `line 9: the host key "rsa2@0:h": ` + name, `line 10: the host key "rsa2@22:a": ` + damaged,
		`line 11: the host key "rsa2@22:h": ` + damaged, `line 12: the host key "new@22:h": the type is not known`, "line 13: this is not a host key",
	}, problems(s))
}

// TestReadStoreIsLinear: a long file takes no more than its length allows.
func TestReadStoreIsLinear(t *testing.T) {
	const n = 5000
	for name, text := range map[string]string{
		"hex":        "REGEDIT4\n[HKEY_CURRENT_USER\\" + RegistryPath + "\\a]\n\"X\"=hex:61,\\\n" + strings.Repeat("  61,\\\n", n),
		"values":     "REGEDIT4\n[HKEY_CURRENT_USER\\" + RegistryPath + "\\a]\n" + strings.Repeat("\"X\"=\"y\"\n", n),
		"sites":      xmlHead + strings.Repeat("<Folder>a<Server><Host>h</Host></Server></Folder>\n", n) + xmlTail,
		"WinSCP":     strings.Repeat("[Sessions\\a]\nHostName=h\n", n),
		"hosts":      strings.Repeat("ssh-ed25519@22:h "+baseHex+"\n", n/10),
		"forwards":   "HostName=h\nPortForwardings=" + strings.Repeat("L1=h:2,", n),
		"unknown":    strings.Repeat("Name=x\n", n) + "HostName=h\n",
		"a line":     "HostName=" + strings.Repeat("%41", n),
		"no new XML": "<FileZilla3>" + strings.Repeat("<a>", n/10),
	} {
		t.Run(name, func(t *testing.T) {
			keytest.RequireLinear(t, []byte(text), func() { _, _ = ReadStore("x", []byte(text), DefaultCodePage) })
		})
	}
}

// FuzzReadStore: no file makes the readers fail otherwise than with an error.
func FuzzReadStore(f *testing.F) {
	for _, seed := range []string{exported, xmlHead + exampleServer + xmlTail, "[Sessions\\a]\nHostName=b\n", "HostName=h\nPortForwardings=4L1=h:2\n", "ssh-ed25519@22:h " + baseHex, "\xff\xfeR\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = ReadStore("x", data, DefaultCodePage) })
}
