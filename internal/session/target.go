package session

import (
	"net/netip"
	"strconv"
	"strings"
)

// DefaultPort is that of SSH (RFC 4253, section 4.1).
const DefaultPort = 22

// Target is the user to log in as, and the host.
type Target struct {
	User string // empty: the program asks, or takes its own default
	Host string // a name or an address, that of IPv6 without brackets
	Port int
}

const letters, digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"

// maxLabel is the length of a part of a name between dots (RFC 1035, section 2.3.4). A line
// of a key is longer.
const maxLabel = 63

// isHostName reports whether the host is a name as DNS and /etc/hosts have them. It
// cannot begin with "-", which programs would take for a flag.
func isHostName(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if len(label) > maxLabel {
			return false
		}
	}
	return strings.Trim(host, letters+digits+"._-") == "" && strings.IndexAny(host, ".-") != 0
}

// notHost returns the error of a host. What is in front of "@" could be a password.
func notHost(host string) error {
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = "..." + host[at:]
	}
	return invalidf("%q is not the name or address of a host", host)
}

// ParseTarget reads [user@]host[:port], also as the URI ssh://[user@]host[:port] that ssh
// takes. A user may hold "@"; an IPv6 address with a port is in brackets.
func ParseTarget(text string) (Target, error) {
	t := Target{Port: DefaultPort}
	rest, isURI := strings.CutPrefix(text, "ssh://")
	switch {
	case isURI:
		rest = strings.TrimSuffix(rest, "/")
	case strings.Contains(text, "://"): // what is in front of "@" may have a password
		return Target{}, invalidf("this is the URL of something else: write user@host:port, or ssh://user@host:port")
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		t.User, rest = rest[:at], rest[at+1:]
		if isURI && strings.ContainsAny(t.User, ":;%") {
			// A password (RFC 3986, section 3.2.1), which no message shows.
			return Target{}, invalidf("the user of ssh://user@host has more than a name: a session has no password")
		}
		if err := checkText("user", t.User); err != nil {
			return Target{}, err
		}
	}
	host, port, err := splitHost(rest)
	if err != nil {
		return Target{}, err
	}
	t.Host = host
	if port != nil {
		n, err := strconv.ParseUint(*port, 10, 16)
		if err != nil || n == 0 {
			return Target{}, invalidf("a port is a number from 1 to 65535") // what stands there can be a password
		}
		t.Port = int(n)
	}
	return t, nil
}

// splitHost cuts off the port, which is nil if there is none.
func splitHost(text string) (host string, port *string, err error) {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		host, after, closed := strings.Cut(inner, "]")
		if !closed || after != "" && after[0] != ':' {
			return "", nil, invalidf("%q is not [address]:port", text)
		}
		if after != "" {
			after = after[1:]
			port = &after
		}
		return host, port, checkAddress6(host)
	}
	if strings.Count(text, ":") > 1 {
		return text, nil, checkAddress6(text)
	}
	host, after, found := strings.Cut(text, ":")
	if found {
		port = &after
	}
	switch {
	case host == "":
		return "", nil, invalidf("the host is missing in %q", text)
	case !isHostName(host):
		return "", nil, notHost(host)
	}
	return host, port, nil
}

func checkAddress6(host string) error {
	a, err := netip.ParseAddr(host)
	// ParseAddr takes any text as the name of a network interface.
	if err != nil || !a.Is6() || strings.Trim(a.Zone(), letters+digits+"._~-") != "" {
		return invalidf("%q is not an IPv6 address", host)
	}
	return nil
}
