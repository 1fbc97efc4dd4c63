package session

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseTarget(t *testing.T) {
	for text, want := range map[string]Target{
		"root@47.98.1.2":        {"root", "47.98.1.2", 22},
		"47.98.1.2":             {"", "47.98.1.2", 22},
		"root@host.example:222": {"root", "host.example", 222},
		"host_1:65535":          {"", "host_1", 65535},
		"root@[::1]:2222":       {"root", "::1", 2222},
		"root@[2001:db8::1]":    {"root", "2001:db8::1", 22},
		"2001:db8::1":           {"", "2001:db8::1", 22},
		"fe80::1%eth0":          {"", "fe80::1%eth0", 22},
		"me@corp.example@host":  {"me@corp.example", "host", 22},
		`DOMAIN\me@host`:        {`DOMAIN\me`, "host", 22},
		"jürgen müller@host":    {"jürgen müller", "host", 22},
		"ssh://host":            {"", "host", 22},
		"ssh://me@host:2222/":   {"me", "host", 2222},
		"ssh://me@[::1]:2222":   {"me", "::1", 2222},
		"me:box@bastion":        {"me:box", "bastion", 22},
	} {
		got, err := ParseTarget(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

func TestParseTargetRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  `the host is missing in ""`,
		"root@":                             `the host is missing in ""`,
		"@host":                             `the user is empty`,
		"a\nb@host":                         `the user has control characters: "a\nb"`,
		"a\xff@host":                        `the user is not UTF-8: "a\xff"`,
		"root@:22":                          `the host is missing in ":22"`,
		"host:":                             `a port is a number from 1 to 65535`,
		"host:0":                            `a port is a number from 1 to 65535`,
		"host:65536":                        `a port is a number from 1 to 65535`,
		"host:-1":                           `a port is a number from 1 to 65535`,
		"host:22x":                          `a port is a number from 1 to 65535`,
		"host:+22":                          `a port is a number from 1 to 65535`,
		"-oProxyCommand=x":                  `"-oProxyCommand=x" is not the name or address of a host`,
		"root@-x":                           `"-x" is not the name or address of a host`,
		"root@" + strings.Repeat("aB3", 22): `"(not shown: it looks like base64, as in a key)" is not the name or address of a host`,
		strings.Repeat("ab.-", 16) + strings.Repeat("a-", 32) + ".example": `"` + strings.Repeat("ab.-", 16) + strings.Repeat("a-", 32) + `.example" is not the name or address of a host`,
		"two words":         `"two words" is not the name or address of a host`,
		"ssh://":            `the host is missing in ""`,
		"http://host":       `this is the URL of something else: write user@host:port, or ssh://user@host:port`,
		"ftp://me:pw@host":  `this is the URL of something else: write user@host:port, or ssh://user@host:port`,
		"ssh://me:pw@host":  `the user of ssh://user@host has more than a name: a session has no password`,
		"ssh://me;x=y@host": `the user of ssh://user@host has more than a name: a session has no password`,
		"bücher.example":    `"bücher.example" is not the name or address of a host`,
		"[::1":              `"[::1" is not [address]:port`,
		"[::1]22":           `"[::1]22" is not [address]:port`,
		"[::1]:":            `a port is a number from 1 to 65535`,
		"[127.0.0.1]:22":    `"127.0.0.1" is not an IPv6 address`,
		"::1:2:3:4:5:6:7:8": `"::1:2:3:4:5:6:7:8" is not an IPv6 address`,
		"fe80::1%a b":       `"fe80::1%a b" is not an IPv6 address`,
	} {
		_, err := ParseTarget(text)
		require.EqualError(t, err, want, "%q", text)
		assert.IsType(t, &InvalidError{}, err)
	}
}

// TestErrorsOfSessionsHideSecrets: what other programs have as a host can be anything.
func TestErrorsOfSessionsHideSecrets(t *testing.T) {
	key := strings.Repeat("aB3/", 16)
	for _, s := range []Saved{
		{Name: "x", Target: Target{Host: "root:hunter2@host", Port: 22}}, {Name: "x", Target: Target{Host: key, Port: 22}},
		{Name: "x", Target: Target{Host: "h", User: key + "\n", Port: 22}},
	} {
		for _, take := range []func() (Saved, error){s.ForOpenSSH, s.ForPuTTY} {
			_, err := take()
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.NotContains(t, err.Error(), key)
		}
	}
}
