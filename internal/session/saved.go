package session

// Saved is a session as a program has it, in terms that the programs share. What of it has
// no such term is named in Lost.
type Saved struct {
	Program  *Program
	Name     string // as the program shows it, with "/" between folders
	Protocol string // SSH, or what the program calls another one
	Target
	KeyFile     string // as the program has it; "" for none
	Certificate string // a file beside the key
	// Jump is what the connection goes through: a host, or the name of another session of
	// the program; nil for none.
	Jump *Jump
	Options
	// Lost are the settings of the connection that have no counterpart, each with its value
	// where that says more.
	Lost []string
	// Look are the settings of the window and the terminal that a person has changed.
	Look []string
}

// SSH is the protocol of the sessions that can be moved.
const SSH = "ssh"

// Jump is the SSH server that a session goes through.
type Jump struct {
	// Target has the host. A user of a session that is named takes the place of its own.
	Target
	Session string // the name of a saved session that may be meant in place of the host; "" for none
	KeyFile string // "" for the usual keys
}

// IsHost reports whether ssh takes the host and the user.
func (j Jump) IsHost() bool {
	return isForwardHost(j.Host) && isSSHUser(j.User) && j.Port > 0 && j.Port < 1<<16
}

// Options are what a session decides besides host, user and key.
type Options struct {
	Forwards      []Forward
	KeepAlive     int // seconds; 0 for none
	AddressFamily int // 4, 6, or 0 for any
	HostKeyAlias  string
	Command       string // runs in place of a shell
	RekeyLimit    string // in the words of ssh
	Environment   [][2]string

	Compression, ForwardAgent, ForwardX11, GatewayPorts, TCPKeepAlive, DelegateGSSAPI bool

	NoAgent, NoTerminal bool
}

// Forward is a forwarded port.
type Forward struct {
	Kind byte // 'L', 'R' or 'D', as the flags of ssh
	// Bind is the address that listens, that of IPv6 without brackets; "" for the loopback
	// of the machine, or what GatewayPorts says.
	Bind, Port string
	Host       string // where it leads, with HostPort; "" for 'D'
	HostPort   string
}

// switches are the settings that are on or off, as PuTTY and OpenSSH call them.
var switches = []struct {
	putty, openssh string
	of             func(o *Options) *bool
}{
	{"Compression", "Compression", func(o *Options) *bool { return &o.Compression }},
	{"AgentFwd", "ForwardAgent", func(o *Options) *bool { return &o.ForwardAgent }},
	{"X11Forward", "ForwardX11", func(o *Options) *bool { return &o.ForwardX11 }},
	{"LocalPortAcceptAll", "GatewayPorts", func(o *Options) *bool { return &o.GatewayPorts }},
	{"TCPKeepalives", "TCPKeepAlive", func(o *Options) *bool { return &o.TCPKeepAlive }},
	{"GssapiFwd", "GSSAPIDelegateCredentials", func(o *Options) *bool { return &o.DelegateGSSAPI }},
}

// Key is a key of the registry with its values, or what is like one in a file.
type Key struct {
	Name   string // as it is in the registry, with escapes
	Values []Setting
	Line   int // of the file, from 1; 0 for none
}
