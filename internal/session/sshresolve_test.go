package session

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hostsConfig = `User global
Include more
Host a b* !bad
  HostName %h.example
  Port 2222
  IdentityFile "~/my keys/%r"
  IdentityFile ~/second
  LocalForward 127.0.0.1:8080 [::1]:80
  RemoteForward *:9 web:90
  RemoteForward 7
  DynamicForward 1080
  LocalForward /socket web:1
  ProxyJump me@gate:2022
  SetEnv A="b c" D=e,f
  RekeyLimit 512M 30m
  Compression yes
  AddressFamily inet6
  ServerAliveInterval 65
Host a
  Port 1
  ControlMaster auto
Host cmd
  RemoteCommand echo "a  b" %%d
  ProxyCommand ssh -q -W %h:%p gate
  IdentityFile none
Host chain
  ProxyJump a,b
  HostKeyAlias x
Host nc
  ProxyCommand nc %h %p
  RequestTTY no
Match originalhost a user global
  ForwardAgent yes
Match host a.example,other !user global
  ForwardX11 yes
Match exec "true"
  Port 9
`

func TestReadHosts(t *testing.T) {
	s := ReadHosts([]byte(hostsConfig), Account{"me", "/home/me"}, func(arguments []string) [][]byte {
		assert.Equal(t, []string{"more"}, arguments)
		return [][]byte{[]byte("Host gate\n  HostName 10.0.0.9\n  User bob\n"), []byte("Host a\n  TCPKeepAlive yes\n")}
	})
	assert.Equal(t, []string{`line 36: Match exec "true" depends on more than names, and was left out`}, problems(s))
	byName := map[string]Saved{}
	for _, h := range s.Sessions {
		byName[h.Name] = h
		assert.Equal(t, &OpenSSH, h.Program)
	}
	require.Len(t, byName, 5)
	host := func(name string, change func(s *Saved)) Saved {
		h := Saved{Program: &OpenSSH, Name: name, Protocol: SSH, Target: Target{"global", name, 22}}
		change(&h)
		return h
	}
	assert.Equal(t, host("a", func(s *Saved) {
		s.Host, s.Port, s.KeyFile = "a.example", 2222, "/home/me/my keys/global"
		s.Jump = &Jump{Target: Target{"me", "gate", 2022}, Session: "gate"}
		s.Options = Options{
			Forwards:    []Forward{{'L', "127.0.0.1", "8080", "::1", "80"}, {'R', "*", "9", "web", "90"}, {'D', "", "1080", "", ""}},
			Environment: [][2]string{{"A", "b c"}, {"D", "e,f"}}, RekeyLimit: "512M 30m", Compression: true, AddressFamily: 6, KeepAlive: 65,
			TCPKeepAlive: true, ForwardAgent: true,
		}
		s.Lost = []string{"IdentityFile (~/second)", "LocalForward (/socket web:1)", "RemoteForward (7)", "ControlMaster"}
	}), byName["a"])
	assert.Equal(t, host("gate", func(s *Saved) { s.Host = "10.0.0.9" }), byName["gate"], "the first User counts")
	assert.Equal(t, host("cmd", func(s *Saved) {
		s.Jump = &Jump{Target: Target{"", "gate", 22}, Session: "gate"}
		s.Command, s.NoTerminal = `echo "a  b" %d`, true
	}), byName["cmd"])
	assert.Equal(t, host("chain", func(s *Saved) { s.HostKeyAlias, s.Lost = "x", []string{"ProxyJump (a,b)"} }), byName["chain"])
	assert.Equal(t, host("nc", func(s *Saved) { s.NoTerminal, s.Lost = true, []string{"ProxyCommand"} }), byName["nc"])
}

// TestThereAndBack: what ssh says of a host is what PuTTY's session of it says.
func TestThereAndBack(t *testing.T) {
	s := ReadHosts([]byte(hostsConfig), Account{"me", "/home/me"}, func([]string) [][]byte { return nil })
	for _, host := range s.Sessions {
		host.Lost = nil
		if host.Jump != nil {
			host.Jump.Session = host.Jump.Host
		}
		there, err := host.ForPuTTY()
		require.NoError(t, err)
		name, err := there.Folder().FileName(Session{})
		require.NoError(t, err)
		data, err := there.Folder().Encode(Session{}, nil)
		require.NoError(t, err)
		back := SavedUnix(&OpenSSH, name, data, DefaultCodePage)
		assert.Equal(t, host, back)
		there.KeyFile = `C:\k.ppk`
		file, err := RegFileOf([]Saved{there}, DefaultCodePage)
		require.NoError(t, err)
		store, err := ReadStore("x.reg", file, DefaultCodePage)
		require.NoError(t, err)
		require.Len(t, store.Sessions, 1)
		there.Program = &PuTTY
		assert.Equal(t, there, store.Sessions[0])
	}
}

// TestForPuTTYKeeps: a session that is replaced keeps its colours, and nothing of what it
// connected with.
func TestForPuTTYKeeps(t *testing.T) {
	s := Saved{Name: "a", Target: Target{"u", "h", 22}}
	data, err := s.Folder().Encode(Session{}, []byte("Colour0=1,2,3\nHostName=old\nProxyMethod=3\nPublicKeyFile=/k\nRemoteCommand=x\n"))
	require.NoError(t, err)
	assert.Equal(t, "HostName=h\nPortNumber=22\nProtocol=ssh\nUserName=u\nColour0=1,2,3\n", string(data))
	for _, bad := range []Saved{{Name: "a"}, {Name: "a", Target: Target{"", "h", 0}}, {Name: "Default Settings", Target: Target{"", "h", 22}}, {Name: "a\nb", Target: Target{"", "h", 22}}} {
		_, err := bad.ForPuTTY()
		require.Error(t, err, bad.Name)
	}
}
