package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
)

// WinSCP imports sessions from its .ini.
var WinSCP = Program{
	Name: "winscp", Title: "WinSCP", Verdict: engine.ProgramWinSCP,
	Help:     "a section of WinSCP's .ini, printed",
	NeedsPPK: true,
	File: &File{
		Encode:    func(s Session, _ CodePage) ([]byte, error) { return Section(s) },
		OnWindows: true,
		Next:      Step{Text: "in WinSCP's Login window: Tools > Import Sites > INI file"},
	},
}

// sftpOnly is WinSCP's number for SFTP without its fallback to SCP (TFSProtocol).
const sftpOnly = 2

const winSCPPath = `Software\Martin Prikryl\WinSCP 2\Sessions`

// WinSCPSites is where WinSCP has its sites, unless it is the portable one, whose .ini has
// them. The values have the names and escapes of the .ini.
var WinSCPSites = RegistryKey{
	Path: winSCPPath,
	Encode: func(s Session, _ CodePage) (string, []Setting, error) {
		if _, err := Section(s); err != nil {
			return "", nil, err
		}
		values := []Setting{
			{Name: "HostName", Text: escapeWinSCP(s.Host)},
			{Name: "PortNumber", Number: uint32(s.Port), IsNumber: true},
			{Name: "PublicKeyFile", Text: escapeWinSCP(s.KeyFile)},
			{Name: "FSProtocol", Number: sftpOnly, IsNumber: true},
		}
		if s.User != "" {
			values = append(values, Setting{Name: "UserName", Text: escapeWinSCP(s.User)})
		}
		return escapeWinSCP(s.Name), values, nil
	},
	Obsolete: func(values []Setting) []string {
		if slices.ContainsFunc(values, func(v Setting) bool { return v.Name == "UserName" }) {
			return nil
		}
		return []string{"UserName"}
	},
}

// Section returns the session as a section of WinSCP's .ini. WinSCP has folders of
// sessions: "a/b" is b in the folder a.
func Section(s Session) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := checkWindowsPath(s.KeyFile); err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[Sessions\\%s]\r\nHostName=%s\r\nPortNumber=%d\r\n", escapeWinSCP(s.Name), escapeWinSCP(s.Host), s.Port)
	if s.User != "" {
		fmt.Fprintf(&b, "UserName=%s\r\n", escapeWinSCP(s.User))
	}
	fmt.Fprintf(&b, "PublicKeyFile=%s\r\nFSProtocol=%d\r\n", escapeWinSCP(s.KeyFile), sftpOnly)
	return []byte(b.String()), nil
}

// escapeWinSCP returns a name or value as WinSCP writes it: PuTTY's escapes, of UTF-8
// with a BOM if there is more than ASCII (MungeStr).
func escapeWinSCP(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }) {
		text = "\ufeff" + text
	}
	return escapeRegistry([]byte(text))
}
