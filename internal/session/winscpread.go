package session

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

const winSCPSection = `[Sessions\`

// readWinSCP reads the sections of sessions and host keys.
func readWinSCP(text string) Store {
	var s Store
	var k *Key
	hostKeys := false
	end := func() {
		if k != nil {
			s.takeWinSCP(*k)
		}
		k = nil
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		name, value, isValue := strings.Cut(line, "=")
		switch section, isSession := strings.CutPrefix(line, winSCPSection); {
		case isSession:
			end()
			k = &Key{Name: strings.TrimSuffix(section, "]"), Line: number}
			hostKeys = false
		case strings.HasPrefix(line, "["):
			end()
			hostKeys = strings.HasSuffix(line, "SshHostKeys]")
		case hostKeys && isValue:
			s.takeHostKey(number, unescape(name), unescape(value))
		case k != nil && isValue:
			k.Values = append(k.Values, Setting{Name: name, Text: value})
		case k != nil && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, ";"):
			s.problem(number, "this is not a line of WinSCP's .ini")
		}
	}
	end()
	return s
}

// winSCPProtocols are WinSCP's by their numbers (TFSProtocol). The first three are those of
// SSH.
var winSCPProtocols = lazy.Map[int, string]{Make: func() map[int]string {
	return map[int]string{0: SSH, 1: SSH, 2: SSH, 5: "FTP", 6: "WebDAV", 7: "S3"}
}}

// winSCPLook are settings of files and windows.
var winSCPLook = lazy.Value[[]string]{Make: func() []string {
	return strings.Fields(`LocalDirectory RemoteDirectory UpdateDirectories SynchronizeBrowsing CacheDirectories Color Note IsWorkspace
RequireDirectories DeleteToRecycleBin OverwrittenToRecycleBin RecycleBinPath DSTMode TimeDifference TimeDifferenceAuto Utf NotUtf
SFTPServer SFTPMaxVersion SFTPBug0 SFTPBug1 SFTPDownloadQueue SFTPUploadQueue SFTPListingQueue Shell ReturnVar LookupUserGroups
EOLType TrimVMSVersions VMSAllRevisions ResolveSymlinks FollowDirectorySymlinks Scp1Compatibility ListingCommand
IgnoreLsWarnings UnsetNationalVars ClearAliases PreserveDirectoryChanges SendBuf CodePage Link Relevance`)
}}

// winSCPRead are the settings that takeWinSCP reads, or that another one says.
var winSCPRead = lazy.Value[[]string]{Make: func() []string {
	return strings.Fields(`HostName PortNumber UserName PublicKeyFile DetachedCertificate FSProtocol PingType PingIntervalSecs
Compression AgentFwd TryAgent AddressFamily LogicalHostName Tunnel TunnelHostName TunnelPortNumber TunnelUserName
TunnelPublicKeyFile TunnelLocalPortNumber ProxyMethod ProxyHost ProxyPort ProxyUsername ProxyTelnetCommand ProxyDNS ProxyLocalhost
ProxyLocalCommand Cipher KEX HostKey RekeyBytes RekeyTime PasswordMD5 SshProt`)
}}

// takeWinSCP adds a site. WinSCP saves only what differs from its defaults.
func (s *Store) takeWinSCP(k Key) {
	v := values{}
	for name, text := range valuesOf(k.Values) {
		v[name] = unescapeWinSCP(text)
	}
	site := Saved{
		Program: &WinSCP, Name: unescapeWinSCP(k.Name), KeyFile: v["PublicKeyFile"], Certificate: v["DetachedCertificate"],
		Target: Target{v["UserName"], strings.TrimSpace(v["HostName"]), v.number("PortNumber", DefaultPort)},
	}
	protocol := v.number("FSProtocol", 1)
	site.Protocol = cmp.Or(winSCPProtocols.Get()[protocol], "protocol "+strconv.Itoa(protocol))
	if v.isOn("IsWorkspace") {
		site.Protocol = "a workspace"
	}
	if site.Protocol == SSH {
		site.takeWinSCP(v)
	}
	s.Sessions = append(s.Sessions, site)
}

func (s *Saved) takeWinSCP(v values) {
	s.Compression, s.ForwardAgent, s.NoAgent = v.isOn("Compression"), v.isOn("AgentFwd"), v.number("TryAgent", 1) == 0
	s.HostKeyAlias = v["LogicalHostName"]
	if v.number("PingType", 0) != 0 {
		s.KeepAlive = v.number("PingIntervalSecs", 30)
	}
	if family := v.number("AddressFamily", 0); family > 0 && family < len(addressFamilies) {
		s.AddressFamily = addressFamilies[family]
	}
	if v.isOn("Tunnel") {
		s.Jump = &Jump{Target: Target{v["TunnelUserName"], v["TunnelHostName"], v.number("TunnelPortNumber", DefaultPort)}, KeyFile: v["TunnelPublicKeyFile"]}
	}
	if method := v.number("ProxyMethod", 0); method != 0 {
		s.loseProxy(method, v["ProxyHost"], "")
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		switch {
		case slices.Contains(winSCPRead.Get(), name) || v[name] == "":
		case slices.Contains(winSCPLook.Get(), name):
			s.Look = append(s.Look, name)
		default: // without its value: it may be a password
			s.lose(name, "")
		}
	}
}

// unescapeWinSCP undoes escapeWinSCP. A folder of sites may have a BOM of its own.
func unescapeWinSCP(text string) string {
	return DefaultCodePage.decode(strings.ReplaceAll(unescape(text), "\ufeff", ""))
}
