package session

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

// ForPuTTY returns the session as PuTTY can have it: what PuTTY would read otherwise than it
// was meant is lost, and named. A session without a name or host is an error.
func (s Saved) ForPuTTY() (Saved, error) {
	if err := (Session{Name: s.Name, KeyFile: "none"}).checkPuTTY(); err != nil {
		return s, err
	}
	switch {
	case !isForwardHost(s.Host):
		return s, notHost(s.Host)
	case s.Port < 1 || s.Port > 65535:
		return s, invalidf("%d is not a port", s.Port)
	case hasControl(s.User):
		return s, invalidf("its user has control characters")
	}
	s.Lost = slices.Clone(s.Lost)
	s.dropSecrets()
	if s.RekeyLimit != "" && !rekeyLimit.Get().MatchString(s.RekeyLimit) {
		s.lose("RekeyLimit", s.RekeyLimit)
		s.RekeyLimit = ""
	}
	if hasControl(s.Command) {
		s.lose("RemoteCommand", s.Command)
		s.Command = ""
	}
	return s, nil
}

// savedOwned are the settings that a session decides when it is replaced.
var savedOwned = lazy.Value[[]string]{Make: func() []string {
	return slices.Concat(puttyOwned, strings.Fields(`UserNameFromEnvironment Compression AgentFwd X11Forward LocalPortAcceptAll
TCPKeepalives GssapiFwd PingInterval PingIntervalSecs AddressFamily LogHost RemoteCommand TryAgent NoPTY RekeyBytes RekeyTime
Environment PortForwardings ProxyMethod ProxyHost ProxyPort ProxyUsername`))
}}

// puttySettings returns what differs from PuTTY's defaults.
func (s Saved) puttySettings() []Setting {
	list := (Session{Target: s.Target, KeyFile: s.KeyFile}).puttySettings()
	if s.KeyFile == "" {
		list = list[:len(list)-1]
	}
	text := func(name, value string) {
		if value != "" {
			list = append(list, Setting{Name: name, Text: value})
		}
	}
	number := func(isWanted bool, name string, n int) {
		if isWanted {
			list = append(list, Setting{Name: name, Number: uint32(n), IsNumber: true})
		}
	}
	number(s.User == "", "UserNameFromEnvironment", 1) // as ssh does without a user
	text("DetachedCertificate", s.Certificate)
	for _, on := range switches {
		number(*on.of(&s.Options), on.putty, 1)
	}
	number(s.KeepAlive > 0, "PingInterval", s.KeepAlive/60)
	number(s.KeepAlive > 0, "PingIntervalSecs", s.KeepAlive%60)
	number(s.AddressFamily != 0, "AddressFamily", slices.Index(addressFamilies, s.AddressFamily))
	text("LogHost", s.HostKeyAlias)
	text("RemoteCommand", s.Command)
	number(s.NoAgent, "TryAgent", 0)
	number(s.NoTerminal, "NoPTY", 1)
	if bytes, minutes, ok := strings.Cut(s.RekeyLimit, " "); ok {
		n, _ := strconv.Atoi(strings.TrimSuffix(minutes, "m")) // "none" is 0, as for PuTTY
		text("RekeyBytes", strings.Replace(bytes, "default", "1G", 1))
		number(true, "RekeyTime", n)
	}
	text("Environment", joinMap(s.Environment))
	var forwards [][2]string
	for _, f := range s.Forwards {
		listen, to := f.ends()
		forwards = append(forwards, [2]string{string(f.Kind) + listen, to})
	}
	text("PortForwardings", joinMap(forwards))
	if j := s.Jump; j != nil {
		number(true, "ProxyMethod", proxySSHTCP)
		text("ProxyHost", j.Host)
		number(true, "ProxyPort", j.Port)
		text("ProxyUsername", j.User)
	}
	return list
}

// splitMap reads a list of "key=value" with commas between, in which a backslash escapes
// (gppmap in PuTTY's settings.c).
func splitMap(text string) [][2]string {
	var list [][2]string
	var pair [2]strings.Builder
	at := 0
	end := func() {
		if pair[0].Len() > 0 {
			list = append(list, [2]string{pair[0].String(), pair[1].String()})
		}
		pair[0].Reset()
		pair[1].Reset()
		at = 0
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ',':
			end()
		case c == '=' && at == 0:
			at = 1
		case c == '\\' && i+1 < len(text):
			i++
			pair[at].WriteByte(text[i])
		default:
			pair[at].WriteByte(c)
		}
	}
	end()
	return list
}

var mapEscapes = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, ",", `\,`, "=", `\=`)
}}

// joinMap writes what splitMap reads.
func joinMap(list [][2]string) string {
	var parts []string
	for _, pair := range list {
		parts = append(parts, mapEscapes.Get().Replace(pair[0])+"="+mapEscapes.Get().Replace(pair[1]))
	}
	return strings.Join(parts, ",")
}

// Folder returns how PuTTY on Unix keeps the session.
func (s Saved) Folder() *Folder {
	return &Folder{
		Path: PuTTY.Folder.Path, Next: PuTTY.Folder.Next,
		FileName: func(Session) (string, error) { return unixName(s.Name) },
		Encode: func(_ Session, old []byte) ([]byte, error) {
			return unixFile(s.puttySettings(), savedOwned.Get(), old), nil
		},
	}
}

// RegistryKey returns how PuTTY on Windows keeps the session.
func (s Saved) RegistryKey() *RegistryKey {
	return &RegistryKey{
		Path: RegistryPath, Next: PuTTY.Registry.Next, Obsolete: obsoleteOf(savedOwned.Get()),
		Encode: func(_ Session, page CodePage) (string, []Setting, error) {
			if s.KeyFile != "" {
				if err := checkWindowsPath(s.KeyFile); err != nil {
					return "", nil, err
				}
			}
			key, err := registryName(s.Name, page, s.User, s.KeyFile)
			return key, s.puttySettings(), err
		},
	}
}

// RegFileOf returns sessions as one file that regedit imports.
func RegFileOf(sessions []Saved, page CodePage) ([]byte, error) {
	var sections strings.Builder
	for _, s := range sessions {
		k := s.RegistryKey()
		key, values, err := k.Encode(Session{}, page)
		if err != nil {
			return nil, err
		}
		sections.WriteString(regSection(k.Path, key, values, k.Obsolete(values)))
	}
	return encodeReg(sections.String())
}
