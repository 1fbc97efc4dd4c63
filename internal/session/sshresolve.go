package session

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
)

// Account is the user of a configuration of ssh.
type Account struct{ Name, Home string }

// resolver finds what a configuration says of hosts.
type resolver struct {
	account Account
	lines   []configLine
	// included has the lines of the files of each Include line, by its arguments.
	included func(arguments []string) [][]byte
	// unknown are the Match lines that only ssh itself can decide.
	unknown map[string]bool
}

// ReadHosts returns the sessions of a configuration: a host for each name in its Host lines
// that is not a pattern, with what "ssh -G" says of it. A Match that depends on more than the
// names of host and user counts as not met, and is a problem.
func ReadHosts(data []byte, a Account, included func(arguments []string) [][]byte) Store {
	r := &resolver{account: a, lines: readConfig(data), included: included, unknown: map[string]bool{}}
	var s Store
	for _, alias := range r.aliases(r.lines, 0) {
		found := resolved{}
		r.apply(r.lines, alias, found, true, 0)
		s.Sessions = append(s.Sessions, found.saved(alias, a))
	}
	for i, session := range s.Sessions {
		j := session.Jump
		if j != nil && slices.ContainsFunc(s.Sessions, func(other Saved) bool { return other.Name == j.Host }) {
			s.Sessions[i].Jump.Session = j.Host
		}
	}
	for _, rest := range slices.Sorted(maps.Keys(r.unknown)) {
		const why = "Match %s depends on more than names, and was left out"
		at := slices.IndexFunc(r.lines, func(l configLine) bool { return l.keyword == "match" && l.rest == rest })
		if at < 0 {
			s.Problems = append(s.Problems, fmt.Errorf("an included file: "+why, quote.Name(rest)))
			continue
		}
		s.problem(at+1, why, quote.Name(rest))
	}
	return s
}

const maxIncludes = 16 // READCONF_MAX_DEPTH in OpenSSH's readconf.c

// aliases returns the names in Host lines, each once.
func (r *resolver) aliases(lines []configLine, depth int) []string {
	var all []string
	for _, l := range lines {
		var more []string
		switch {
		case l.keyword == "host":
			more = slices.DeleteFunc(slices.Clone(l.arguments), func(name string) bool { return strings.ContainsAny(name, "*?!") })
		case l.keyword == "include" && depth < maxIncludes:
			for _, data := range r.included(l.arguments) {
				more = append(more, r.aliases(readConfig(data), depth+1)...)
			}
		}
		for _, name := range more {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// resolved are the lines that count for a host: by keyword, in their order.
type resolved map[string][]configLine

// apply follows the lines as ssh does. A file that is included in a block counts only where
// the block does.
func (r *resolver) apply(lines []configLine, alias string, found resolved, isOuter bool, depth int) {
	isActive := isOuter
	for _, l := range lines {
		switch {
		case l.keyword == "host":
			isActive = isOuter && matchesPatterns(alias, l.arguments)
		case l.keyword == "match":
			isActive = isOuter && r.matches(l, alias, found)
		case !isActive || l.keyword == "":
		case l.keyword == "include":
			for _, data := range r.included(l.arguments) {
				if depth < maxIncludes {
					r.apply(readConfig(data), alias, found, isActive, depth+1)
				}
			}
		default:
			found[l.keyword] = append(found[l.keyword], l)
		}
	}
}

// matches decides on a Match line, as far as the names of hosts and users go.
func (r *resolver) matches(l configLine, alias string, found resolved) bool {
	for i := 0; i < len(l.arguments); i++ {
		criterion, isNegated := strings.CutPrefix(strings.ToLower(l.arguments[i]), "!")
		if criterion == "all" {
			continue
		}
		var name string
		switch criterion {
		case "host":
			name = cmp.Or(found.text("hostname"), alias)
		case "originalhost":
			name = alias
		case "user":
			name = cmp.Or(found.text("user"), r.account.Name)
		case "localuser":
			name = r.account.Name
		default:
			r.unknown[l.rest] = true
			return false
		}
		i++
		if i >= len(l.arguments) || matchesPatterns(name, strings.Split(l.arguments[i], ",")) == isNegated {
			return false
		}
	}
	return len(l.arguments) > 0
}

// text returns the first argument of the first line with a keyword, which is the one that
// counts.
func (f resolved) text(keyword string) string {
	if lines := f[keyword]; len(lines) > 0 && len(lines[0].arguments) > 0 {
		return lines[0].arguments[0]
	}
	return ""
}

// raw returns a value that has no quotes, "" for none.
func (f resolved) raw(keyword string) string {
	if lines := f[keyword]; len(lines) > 0 && !strings.EqualFold(lines[0].rest, "none") {
		return lines[0].rest
	}
	return ""
}

// resolvedRead are the keywords that saved reads, or that say nothing to PuTTY.
var resolvedRead = lazy.Value[[]string]{Make: func() []string {
	return strings.Fields(`hostname user port identityfile certificatefile proxyjump proxycommand hostkeyalias addressfamily
serveraliveinterval compression forwardagent forwardx11 gatewayports tcpkeepalive gssapidelegatecredentials identityagent requesttty
remotecommand rekeylimit localforward remoteforward dynamicforward setenv identitiesonly forwardx11trusted gssapiauthentication
ignoreunknown addkeystoagent usekeychain hashknownhosts visualhostkey serveralivecountmax`)
}}

// saved returns the session of a host.
func (f resolved) saved(alias string, a Account) Saved {
	s := Saved{Program: &OpenSSH, Name: alias, Protocol: SSH, Target: Target{User: f.text("user"), Host: alias, Port: DefaultPort}}
	if host := f.text("hostname"); host != "" {
		s.Host = strings.NewReplacer("%%", "%", "%h", alias).Replace(host)
	}
	if n, err := strconv.Atoi(f.text("port")); err == nil {
		s.Port = n
	}
	s.takeKeyFiles(f, alias, a)
	for _, on := range switches {
		text := strings.ToLower(f.text(strings.ToLower(on.openssh)))
		*on.of(&s.Options) = text == "yes" || text == "true"
	}
	s.HostKeyAlias = f.text("hostkeyalias")
	s.AddressFamily = map[string]int{"inet": 4, "inet6": 6}[strings.ToLower(f.text("addressfamily"))]
	s.KeepAlive, _ = strconv.Atoi(f.text("serveraliveinterval"))
	s.NoAgent = strings.EqualFold(f.text("identityagent"), "none")
	s.Command = strings.ReplaceAll(f.raw("remotecommand"), "%%", "%")
	tty := strings.ToLower(f.text("requesttty"))
	s.NoTerminal = tty == "no" || s.Command != "" && tty != "yes" && tty != "force"
	if lines := f["rekeylimit"]; len(lines) > 0 {
		s.RekeyLimit = strings.Join(append(slices.Clone(lines[0].arguments), "none")[:2], " ")
	}
	if lines := f["setenv"]; len(lines) > 0 {
		for _, pair := range lines[0].arguments {
			name, value, _ := strings.Cut(pair, "=")
			s.Environment = append(s.Environment, [2]string{name, value})
		}
	}
	s.takeSSHForwards(f)
	s.takeJump(f)
	var others []string
	for keyword, lines := range f {
		if !slices.Contains(resolvedRead.Get(), keyword) {
			others = append(others, lines[0].name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		s.lose(name, "")
	}
	return s
}

// takeKeyFiles takes the first key, since PuTTY has one.
func (s *Saved) takeKeyFiles(f resolved, alias string, a Account) {
	path := func(text string) string {
		text = strings.NewReplacer("%%", "%", "%d", a.Home, "%u", a.Name, "%h", s.Host, "%n", alias, "%p", strconv.Itoa(s.Port), "%r", cmp.Or(s.User, a.Name)).Replace(text)
		if rest, ok := strings.CutPrefix(text, "~/"); ok {
			text = a.Home + "/" + rest
		}
		return text
	}
	for _, l := range f["identityfile"] {
		switch {
		case len(l.arguments) == 0 || strings.EqualFold(l.arguments[0], "none"):
		case s.KeyFile == "":
			s.KeyFile = path(l.arguments[0])
		default:
			s.lose("IdentityFile", l.arguments[0])
		}
	}
	if text := f.text("certificatefile"); text != "" {
		s.Certificate = path(text)
	}
}

// takeSSHForwards reads forwarded ports. PuTTY has no sockets.
func (s *Saved) takeSSHForwards(f resolved) {
	for _, kind := range []byte("LRD") {
		keyword := forwardKeywords.Get()[kind]
		for _, l := range f[strings.ToLower(keyword)] {
			forward, ok := forwardOfSSH(kind, l.arguments)
			if !ok {
				s.lose(keyword, l.rest)
				continue
			}
			if forward.Bind == "*" && kind != 'R' {
				forward.Bind = "0.0.0.0"
				s.lose(keyword, fmt.Sprintf("IPv6 of *:%s", forward.Port))
			}
			s.Forwards = append(s.Forwards, forward)
		}
	}
}

func forwardOfSSH(kind byte, arguments []string) (f Forward, ok bool) {
	if len(arguments) != map[byte]int{'L': 2, 'R': 2, 'D': 1}[kind] {
		return f, false
	}
	f.Kind = kind
	f.Bind, f.Port = splitLast(arguments[0])
	if kind != 'D' {
		f.Host, f.HostPort = splitLast(arguments[1])
	}
	return f, f.isValid()
}

// takeJump reads what the connection goes through: a ProxyJump, or the ProxyCommand that was
// usual before.
func (s *Saved) takeJump(f resolved) {
	jump, command := f.raw("proxyjump"), f.raw("proxycommand")
	if jump == "" && command != "" {
		words := slices.DeleteFunc(strings.Fields(command), func(word string) bool { return word == "-q" || word == "-W" || word == "%h:%p" })
		if len(words) != 2 || words[0] != "ssh" || !strings.Contains(command, "-W %h:%p") {
			s.lose("ProxyCommand", "")
			return
		}
		jump = words[1]
	}
	if jump == "" {
		return
	}
	t, err := ParseTarget(jump)
	if err != nil { // several, for one
		s.lose("ProxyJump", jump)
		return
	}
	s.Jump = &Jump{Target: t}
}
