package session

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
)

// ForOpenSSH returns the session as ssh can have it. What ssh would read otherwise than it
// was meant is lost, and named; a host that ssh does not take is an error.
func (s Saved) ForOpenSSH() (Saved, error) {
	switch {
	case s.Host == "":
		return s, invalidf("it has no host")
	case !isForwardHost(s.Host):
		return s, notHost(s.Host)
	case s.Port < 1 || s.Port > 65535:
		return s, invalidf("%d is not a port", s.Port)
	case !isSSHUser(s.User):
		return s, invalidf("ssh does not take its user")
	}
	s.Lost = slices.Clone(s.Lost)
	s.dropSecrets()
	lose := func(name string, value *string, ok bool) {
		if *value != "" && !ok {
			s.lose(name, *value)
			*value = ""
		}
	}
	lose("HostKeyAlias", &s.HostKeyAlias, isForwardHost(s.HostKeyAlias))
	lose("RemoteCommand", &s.Command, !hasControl(s.Command) && strings.TrimSpace(s.Command) == s.Command)
	lose("RekeyLimit", &s.RekeyLimit, rekeyLimit.Get().MatchString(s.RekeyLimit))
	lose("DetachedCertificate", &s.Certificate, isSSHPath(s.Certificate))
	s.Environment = slices.DeleteFunc(slices.Clone(s.Environment), func(pair [2]string) bool {
		ok := isWord(pair[0], "_") && !hasControl(pair[1])
		if !ok {
			s.lose("Environment", pair[0])
		}
		return !ok
	})
	return s, nil
}

// dropSecrets leaves out the users that could be a password or a key, which people paste into
// the field: nothing copies or prints those.
func (s *Saved) dropSecrets() {
	isSecret := func(user string) bool { return quote.KeyText(user) != "" || quote.HasPassword(user+"@host") }
	const notShown = " (not shown: it could have a password in it)"
	if isSecret(s.User) {
		s.User = ""
		s.Lost = append(s.Lost, "the user"+notShown)
	}
	if s.Jump != nil && isSecret(s.Jump.User) {
		jump := *s.Jump
		jump.User = ""
		s.Jump = &jump
		s.Lost = append(s.Lost, "the user of the proxy"+notShown)
	}
}

var rekeyLimit = lazy.Value[*regexp.Regexp]{Make: func() *regexp.Regexp { return regexp.MustCompile(`^(default|[0-9]+[KMG]?) (none|[0-9]+m)$`) }}

func hasControl(text string) bool { return text != "" && checkText("", text) != nil }

// isSSHUser reports whether ssh takes the user, as every version of it does.
func isSSHUser(user string) bool {
	return !hasControl(user) && !strings.ContainsAny(user, "%$'`\"\\;&<>|(){}") && !strings.HasPrefix(user, "-") && !strings.ContainsFunc(user, unicode.IsSpace)
}

// CheckKeyPath returns an error for the path of a key that would be something else in the
// files of ssh and PuTTY: a line end would begin another line, and ${ a variable.
func CheckKeyPath(path string) error {
	if err := checkText("path of the key", path); err != nil {
		return err
	}
	if !isSSHPath(path) {
		return invalidf("the path of the key has ${, which ssh takes for a variable: %q", path)
	}
	return nil
}

func isSSHPath(path string) bool { return !hasControl(path) && !strings.Contains(path, "${") }

// Entry is a session on its way into ssh's configuration.
type Entry struct {
	// ID says which session of which program it is.
	ID    string
	Alias string
	Saved
	Jump string // the argument of ProxyJump; "" for none
	// Missing says why the session has no key that it had; "" for nothing.
	Missing string
}

// hostPort puts a host and a port together, with brackets around an address of IPv6.
func hostPort(host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + port
}

// JumpArgument returns a server as ProxyJump takes it.
func JumpArgument(t Target) string {
	text := hostPort(t.Host, strconv.Itoa(t.Port))
	if t.User != "" {
		text = t.User + "@" + text
	}
	return text
}

// options returns the lines of the block.
func (e Entry) options() []hostOption {
	s := e.Saved
	list := (Session{Target: s.Target, KeyFile: s.KeyFile}).hostOptions()
	if s.KeyFile == "" {
		list = slices.DeleteFunc(list, func(o hostOption) bool { return strings.HasPrefix(o.keyword, "Identit") })
	}
	add := func(isWanted bool, keyword string, arguments ...string) {
		if isWanted {
			list = append(list, option(keyword, arguments...))
		}
	}
	add(s.Certificate != "", "CertificateFile", sshPath(s.Certificate))
	if e.Jump != "" { // which ssh reads without quotes
		list = append(list, hostOption{"ProxyJump", []string{e.Jump}, true})
	}
	add(s.HostKeyAlias != "", "HostKeyAlias", s.HostKeyAlias)
	add(s.AddressFamily == 4, "AddressFamily", "inet")
	add(s.AddressFamily == 6, "AddressFamily", "inet6")
	add(s.KeepAlive > 0, "ServerAliveInterval", strconv.Itoa(s.KeepAlive))
	for _, on := range switches {
		add(*on.of(&s.Options), on.openssh, "yes")
	}
	add(s.ForwardX11, "ForwardX11Trusted", "yes") // PuTTY has no other
	add(s.DelegateGSSAPI, "GSSAPIAuthentication", "yes")
	add(s.NoAgent, "IdentityAgent", "none")
	add(s.RekeyLimit != "", "RekeyLimit", strings.Fields(s.RekeyLimit)...)
	for _, f := range s.Forwards {
		listen, to := f.ends()
		add(f.Kind == 'D', forwardKeywords.Get()[f.Kind], listen)
		add(f.Kind != 'D', forwardKeywords.Get()[f.Kind], listen, to)
	}
	var environment []string
	for _, pair := range s.Environment {
		environment = append(environment, pair[0]+"="+pair[1])
	}
	add(len(environment) > 0, "SetEnv", environment...)
	add(s.NoTerminal, "RequestTTY", "no")
	add(s.Command != "" && !s.NoTerminal, "RequestTTY", "yes") // ssh has none for a command otherwise
	if s.Command != "" {
		list = append(list, hostOption{"RemoteCommand", []string{sshToken(s.Command)}, true})
	}
	return list
}

var forwardKeywords = lazy.Map[byte, string]{Make: func() map[byte]string {
	return map[byte]string{'L': "LocalForward", 'R': "RemoteForward", 'D': "DynamicForward"}
}}

// ends returns where a forwarded port listens, and where it leads; "" for 'D'.
func (f Forward) ends() (listen, to string) {
	listen = f.Port
	if f.Bind != "" {
		listen = hostPort(f.Bind, f.Port)
	}
	if f.Kind != 'D' {
		to = hostPort(f.Host, f.HostPort)
	}
	return listen, to
}
