package session

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// unixSession is the text of a session of PuTTY on Unix.
func unixSession(lines ...string) Saved {
	return SavedUnix(&PuTTY, "my%20b%C3%BCx", []byte(strings.Join(lines, "\n")+"\n"), DefaultCodePage)
}

func TestSavedPuTTY(t *testing.T) {
	s := unixSession("HostName=47.98.1.2", "PortNumber=2222", "Protocol=ssh", "UserName=root", "PublicKeyFile=/k y.ppk",
		"PingInterval=1", "PingIntervalSecs=5", "AgentFwd=1", "Compression=1", "X11Forward=1", "TryAgent=0", "NoPTY=1",
		"AddressFamily=2", "LogHost=alias", "RemoteCommand=a=b", "Environment=A=b\\,c,D=", "RekeyBytes=512m", "RekeyTime=0")
	assert.Equal(t, Saved{
		Program: &PuTTY, Name: "my büx", Protocol: "ssh", KeyFile: "/k y.ppk", Target: Target{"root", "47.98.1.2", 2222},
		Options: Options{
			KeepAlive: 65, AddressFamily: 6, HostKeyAlias: "alias", Command: "a=b", RekeyLimit: "512M none",
			Environment: [][2]string{{"A", "b,c"}, {"D", ""}}, Compression: true, ForwardAgent: true, ForwardX11: true,
			NoAgent: true, NoTerminal: true,
		},
	}, s)
}

// TestSavedPuTTYHost: as PuTTY takes the name of a host apart.
func TestSavedPuTTYHost(t *testing.T) {
	for host, want := range map[string]Target{
		"h":              {"u", "h", 22},
		" a@b@h \t":      {"a@b", "h", 22},
		"h:2200":         {"u", "h", 22},
		"::1":            {"u", "::1", 22},
		"[2001:db8::1]":  {"u", "2001:db8::1", 22},
		"":               {"u", "", 22},
		"me@[fe80::1%2]": {"me", "fe80::1%2", 22},
	} {
		assert.Equal(t, want, unixSession("HostName="+host, "UserName=u").Target, host)
	}
	assert.Empty(t, unixSession("HostName=h", "UserName=u", "UserNameFromEnvironment=1").User)
}

func TestSavedPuTTYForwards(t *testing.T) {
	s := unixSession("HostName=h", `PortForwardings=L8080=web:80,R9=[::1]:90,D1080=,4L1=h:2,6D2=,L127.0.0.2:3=h:4,L[::1]:5=h:http,4R6=h:7,Lx y=h:1,L7=h,Q1=h:1`)
	assert.Equal(t, []Forward{
		{'L', "", "8080", "web", "80"}, {'R', "", "9", "::1", "90"}, {'D', "", "1080", "", ""}, {'L', "127.0.0.1", "1", "h", "2"},
		{'D', "::1", "2", "", ""}, {'L', "127.0.0.2", "3", "h", "4"}, {'L', "::1", "5", "h", "http"}, {'R', "", "6", "h", "7"},
	}, s.Forwards)
	assert.Equal(t, []string{"PortForwardings (IPv4 alone of 4R6)", "PortForwardings (Lx y=h:1)", "PortForwardings (L7=h)", "PortForwardings (Q1=h:1)"}, s.Lost)
	s = unixSession("HostName=h", "LocalPortAcceptAll=1", "RemotePortAcceptAll=1", "PortForwardings=L1=a:1,6L2=a:1,R3=a:1")
	assert.Equal(t, []Forward{{'L', "", "1", "a", "1"}, {'L', "::", "2", "a", "1"}, {'R', "*", "3", "a", "1"}}, s.Forwards)
	assert.True(t, s.GatewayPorts)
}

func TestSavedPuTTYProxy(t *testing.T) {
	s := unixSession("HostName=h", "ProxyMethod=6", "ProxyHost=gate", "ProxyPort=2022", "ProxyUsername=me", "ProxyPassword=hunter2")
	assert.Equal(t, &Jump{Target: Target{"me", "gate", 2022}, Session: "gate"}, s.Jump)
	assert.Equal(t, []string{"ProxyPassword"}, s.Lost, "its value is a secret")
	for lines, want := range map[string]string{
		"ProxyMethod=5\nProxyHost=":                                   "ProxyMethod (a local command)",
		"ProxyMethod=3\nProxyHost=p\nProxyPort=8":                     "ProxyMethod (HTTP through p:8)",
		"ProxyMethod=7\nProxyHost=p":                                  "ProxyMethod (a command over SSH through p:80)",
		"ProxyType=2\nProxySOCKSVersion=4\nProxyHost=p\nProxyPort=80": "ProxyMethod (SOCKS 4 through p:80)",
		"ProxyType=1\nProxyHost=p\nProxyPort=80":                      "ProxyMethod (HTTP through p:80)",
	} {
		s := unixSession("HostName=h", lines)
		assert.Equal(t, []string{want}, s.Lost)
		assert.Nil(t, s.Jump)
	}
	assert.Nil(t, unixSession("HostName=h", "ProxyMethod=0", "ProxyHost=p", "ProxyExcludeList=x").Lost)
}

// TestSavedPuTTYNamesTheRest: nothing that a person chose goes without a word.
func TestSavedPuTTYNamesTheRest(t *testing.T) {
	s := unixSession("HostName=h", "SshNoShell=1", "ConnectionSharing=0", "Colour0=1,2,3", "Colour1=255,255,255", "FutureSetting=x",
		"FutureSwitch=0", "Password=hunter2", "FontHeight=12", "Cipher=aes", "TermWidth=132", "Present=1")
	assert.Equal(t, []string{"FutureSetting", "Password", "SshNoShell (1)"}, s.Lost)
	assert.Equal(t, []string{"Colour0", "TermWidth"}, s.Look)
	usual := unixSession("HostName=h", "GssapiRekey=2", "SshProt=2", "SSHManualHostKeys=", "ProxyHost=proxy", "ProxyPort=80", "ProxyTelnetCommand=connect %host %port\\n",
		"LogFileClash=-1", "DisableBracketedPaste=0", "BoldFontIsBold=0", "WideBoldFontHeight=3", "Wordness0=0,0", "MousePaste=explicit", "SUPDUPLocation=The Internet", "PreConnectCommand=")
	assert.Empty(t, usual.Lost, "nobody changed these")
	assert.Empty(t, usual.Look)
	assert.Equal(t, []string{"SshProt (SSH-1)", "SSHManualHostKeys (SHA256:x)"}, unixSession("HostName=h", "SshProt=1", "SSHManualHostKeys=SHA256:x").Lost)
	telnet := unixSession("HostName=h", "Protocol=telnet", "SshNoShell=1")
	assert.Equal(t, "telnet", telnet.Protocol)
	assert.Empty(t, telnet.Lost)
}

// TestSavedKiTTY reads the form of the portable KiTTY.
func TestSavedKiTTY(t *testing.T) {
	data := "HostName\\10.0.0.1\\\r\nPortNumber\\2222\\\r\nUserName\\m%C3%BCller\\\r\nPublicKeyFile\\C:%5Ckeys%5Ca.ppk\\\r\nPassword\\x1y2\\\r\nBgOpacity\\50\\\r\n\\\r\nrubbish\r\n"
	s := SavedUnix(&KiTTY, "a%20b", []byte(data), DefaultCodePage)
	assert.Equal(t, Saved{Program: &KiTTY, Name: "a b", Protocol: "ssh", KeyFile: `C:\keys\a.ppk`, Target: Target{"müller", "10.0.0.1", 2222}, Lost: []string{"Password"}, Look: []string{"BgOpacity"}}, s)
	assert.True(t, IsPuTTYFile([]byte(data)))
	assert.False(t, IsPuTTYFile([]byte("[Sessions\\x]\r\nHostName=h\r\n\x00")))
	assert.False(t, IsPuTTYFile([]byte("Host a\n  HostName b\n")))
}

func TestUnescapeName(t *testing.T) {
	for escaped, want := range map[string]string{"a%20b": "a b", "100%25": "100%", "%": "%", "a%2": "a%2", "%zz%+1": "%zz%+1", "b%FCx": "büx", "b%c3%bcx": "büx", "%00": "\x00"} {
		assert.Equal(t, want, UnescapeName(escaped, DefaultCodePage), escaped)
	}
	assert.Equal(t, "阿里云", UnescapeName("%B0%A2%C0%EF%D4%C6", 936))
	assert.Equal(t, "�", UnescapeName("%FF", 0))
}
