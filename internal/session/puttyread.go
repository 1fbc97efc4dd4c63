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

// values are the settings of a session that was read, all as text.
type values map[string]string

func valuesOf(list []Setting) values {
	v := values{}
	for _, s := range list {
		v[s.Name] = s.Text
		if s.IsNumber { // PuTTY's numbers are signed: LogFileClash is -1 for "ask"
			v[s.Name] = strconv.Itoa(int(int32(s.Number)))
		}
	}
	return v
}

// number returns a setting that is a number, or what PuTTY takes without one.
func (v values) number(name string, otherwise int) int {
	if n, err := strconv.Atoi(v[name]); err == nil {
		return n
	}
	return otherwise
}

// isOn reports whether a setting with two states is on.
func (v values) isOn(name string) bool { return v.number(name, 0) != 0 }

// PuTTY's methods of a proxy (its conf-enums.h).
const (
	proxyNone      = 0
	proxySSHTCP    = 6
	proxySSHExec   = 7
	proxySSHSubsys = 8
)

var proxyMethods = lazy.Map[int, string]{Make: func() map[int]string {
	return map[int]string{
		1: "SOCKS 4", 2: "SOCKS 5", 3: "HTTP", 4: "Telnet", 5: "a local command",
		proxySSHExec: "a command over SSH", proxySSHSubsys: "a subsystem of SSH",
	}
}}

// addressFamilies are IP's versions by PuTTY's numbers.
var addressFamilies = []int{0, 4, 6}

// SavedPuTTY returns the session that PuTTY, or a program with PuTTY's settings, has under
// a name.
func SavedPuTTY(p *Program, name string, list []Setting) Saved {
	v := valuesOf(list)
	s := Saved{Program: p, Name: name, Protocol: cmp.Or(v["Protocol"], SSH), KeyFile: v["PublicKeyFile"], Certificate: v["DetachedCertificate"]}
	s.Target = v.puttyTarget()
	if s.Protocol != SSH {
		return s
	}
	for _, on := range switches {
		*on.of(&s.Options) = v.isOn(on.putty)
	}
	s.KeepAlive = 60*v.number("PingInterval", 0) + v.number("PingIntervalSecs", 0)
	if family := v.number("AddressFamily", 0); family > 0 && family < len(addressFamilies) {
		s.AddressFamily = addressFamilies[family]
	}
	s.HostKeyAlias, s.Command = v["LogHost"], v["RemoteCommand"]
	s.NoAgent, s.NoTerminal = v.number("TryAgent", 1) == 0, v.isOn("NoPTY")
	s.RekeyLimit = v.rekeyLimit()
	s.Environment = splitMap(v["Environment"])
	s.takeForwards(v)
	s.takeProxy(v)
	s.takeRest(v)
	return s
}

// puttyTarget takes the host apart as PuTTY does before it connects (prepare_session in its
// utils): "user@host" has the user, and a port after one colon is not used.
func (v values) puttyTarget() Target {
	t := Target{User: v["UserName"], Host: strings.Trim(v["HostName"], " \t"), Port: v.number("PortNumber", DefaultPort)}
	if v.isOn("UserNameFromEnvironment") {
		t.User = "" // ssh takes that of the system too
	}
	if at := strings.LastIndexByte(t.Host, '@'); at >= 0 {
		t.User, t.Host = t.Host[:at], t.Host[at+1:]
	}
	if strings.Count(t.Host, ":") == 1 {
		t.Host, _, _ = strings.Cut(t.Host, ":")
	}
	t.Host = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, t.Host)
	if inner, ok := strings.CutPrefix(t.Host, "["); ok {
		t.Host = strings.TrimSuffix(inner, "]")
	}
	return t
}

// rekeyLimit returns "" for PuTTY's own limits, which are those of ssh or stricter.
func (v values) rekeyLimit() string {
	bytes, minutes := cmp.Or(v["RekeyBytes"], "1G"), v.number("RekeyTime", 60)
	if bytes == "1G" && minutes == 60 {
		return ""
	}
	limit := func(zero bool, text, none string) string {
		if zero {
			return none
		}
		return text
	}
	return limit(bytes == "0", strings.ToUpper(bytes), "default") + " " + limit(minutes == 0, strconv.Itoa(minutes)+"m", "none")
}

// takeForwards reads the forwarded ports: "L8080=host:80", with the version of IP in front
// of the letter.
func (s *Saved) takeForwards(v values) {
	for _, pair := range splitMap(v["PortForwardings"]) {
		f, family, ok := forwardOf(pair)
		if !ok {
			s.lose("PortForwardings", pair[0]+"="+pair[1])
			continue
		}
		if f.Bind == "" && family != 0 && f.Kind != 'R' {
			f.Bind = map[bool]map[int]string{false: {4: "127.0.0.1", 6: "::1"}, true: {4: "0.0.0.0", 6: "::"}}[s.GatewayPorts][family]
		} else if family != 0 {
			s.lose("PortForwardings", fmt.Sprintf("IPv%d alone of %s", family, pair[0]))
		}
		if f.Bind == "" && f.Kind == 'R' && v.isOn("RemotePortAcceptAll") {
			f.Bind = "*"
		}
		s.Forwards = append(s.Forwards, f)
	}
}

func forwardOf(pair [2]string) (f Forward, family int, ok bool) {
	key := pair[0]
	if key != "" && (key[0] == '4' || key[0] == '6') {
		family, key = int(key[0]-'0'), key[1:]
	}
	if key == "" || !strings.Contains("LRD", key[:1]) {
		return f, 0, false
	}
	f.Kind = key[0]
	f.Bind, f.Port = splitLast(key[1:])
	if f.Kind == 'L' && pair[1] == "D" { // as PuTTY has it in memory
		f.Kind = 'D'
	}
	if f.Kind != 'D' {
		f.Host, f.HostPort = splitLast(pair[1])
	}
	return f, family, f.isValid()
}

// splitLast splits "[address]:port" and "port".
func splitLast(text string) (host, port string) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return "", text
	}
	host = text[:at]
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	return host, text[at+1:]
}

// isValid reports whether ssh and PuTTY take the ports and addresses.
func (f Forward) isValid() bool {
	leads := f.Kind == 'D' || isForwardHost(f.Host) && isPort(f.HostPort)
	return leads && isPort(f.Port) && (f.Bind == "" || f.Bind == "*" || isForwardHost(f.Bind))
}

func isForwardHost(host string) bool {
	return isHostName(host) && host != "" || strings.Contains(host, ":") && checkAddress6(host) == nil
}

// isPort reports whether a text is a port or the name of a service.
func isPort(text string) bool {
	if n, err := strconv.Atoi(text); err == nil {
		return n > 0 && n < 1<<16
	}
	return text != "" && strings.Trim(text, letters+digits+"-_") == ""
}

// loseProxy names a proxy; a local command often has no host.
func (s *Saved) loseProxy(method int, host, port string) {
	text := cmp.Or(proxyMethods.Get()[method], strconv.Itoa(method))
	if host != "" {
		text += " through " + host + port
	}
	s.lose("ProxyMethod", text)
}

// takeProxy reads what the connection goes through. PuTTY takes the name of its host for
// that of a saved session first (sshproxy_new_connection).
func (s *Saved) takeProxy(v values) {
	old := proxyNone // of ProxyType, which was before ProxyMethod
	switch kind := v.number("ProxyType", 0); {
	case kind == 2 && v.number("ProxySOCKSVersion", 5) == 4:
		old = 1
	case kind > 0 && kind <= 4:
		old = [...]int{0, 3, 2, 4, 5}[kind]
	}
	method := v.number("ProxyMethod", old)
	switch method {
	case proxyNone:
		return
	case proxySSHTCP:
		s.Jump = &Jump{Target: Target{User: v["ProxyUsername"], Host: v["ProxyHost"], Port: v.number("ProxyPort", 80)}, Session: v["ProxyHost"]}
	default:
		s.loseProxy(method, v["ProxyHost"], ":"+strconv.Itoa(v.number("ProxyPort", 80)))
	}
	for _, name := range []string{"ProxyExcludeList", "ProxyLocalhost"} {
		s.loseUnless(v, name, map[string]string{"ProxyLocalhost": "0"}[name])
	}
	if v["ProxyPassword"] != "" {
		s.lose("ProxyPassword", "")
	}
}

func (s *Saved) lose(name, value string) {
	name = quote.Name(name)
	if shown := quote.Name(quote.WithoutPassword(value)); strings.HasPrefix(shown, "(") { // which is not shown
		name += " " + shown
	} else if value != "" {
		name += " (" + shown + ")"
	}
	s.Lost = append(s.Lost, name)
}

// loseUnless counts a setting as lost that is not what PuTTY takes without one.
func (s *Saved) loseUnless(v values, name, usual string) {
	if text, ok := v[name]; ok && text != usual {
		s.lose(name, text)
	}
}

// takeRest sorts what has not been read: settings of the connection, and of the window. A
// value that may be a secret is not repeated.
func (s *Saved) takeRest(v values) {
	if prot := v["SshProt"]; prot == "0" || prot == "1" { // 2 was the usual one before 3 was
		s.lose("SshProt", "SSH-1")
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		text := v[name]
		if usual, ok := puttyConnection.Get()[name]; ok {
			s.loseUnless(v, name, usual)
			continue
		}
		usual, isLook := puttyLook.Get()[name]
		isPrefix := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
		switch {
		case slices.Contains(puttyRead.Get(), name) || slices.ContainsFunc(unranked.Get(), isPrefix):
		case isLook && text != usual:
			s.Look = append(s.Look, name)
		case isLook || text == "" || text == "0":
		case s.Program == &KiTTY && !slices.Contains(kittyConnection.Get(), name):
			s.Look = append(s.Look, name)
		default:
			s.lose(name, "") // of a newer PuTTY, or of another program with its settings
		}
	}
}
