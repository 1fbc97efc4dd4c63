package session

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func exampleEntry(alias string) Entry {
	return Entry{ID: `PuTTY session "` + alias + `"`, Alias: alias, Saved: Saved{Target: Target{"root", "10.0.0.1", 22}, KeyFile: "/k"}}
}

func putInto(t *testing.T, old string, replace bool, entries ...Entry) (string, []Outcome) {
	t.Helper()
	s, err := ReadSSHSection([]byte(old))
	require.NoError(t, err)
	var outcomes []Outcome
	for _, e := range entries {
		outcome, edited := s.Put(e, replace)
		if edited {
			outcome = -1
		}
		outcomes = append(outcomes, outcome)
	}
	return string(s.Data()), outcomes
}

// TestSSHSection: what was there stays, byte for byte, and a second run changes nothing.
func TestSSHSection(t *testing.T) {
	for name, old := range map[string]string{
		"empty": "", "blocks": "Host a\n  Port 1\n", "global": "User x\nHost *\n", "CRLF": "# c\r\nHost *\r\n", "no final line end": "Match all\n  Port 3", "comment": "# only",
	} {
		got, outcomes := putInto(t, old, false, exampleEntry("a"), exampleEntry("b"))
		assert.Equal(t, []Outcome{Added, Added}, outcomes, name)
		assert.True(t, strings.HasSuffix(got, old), name)
		assert.Equal(t, strings.Contains(old, "\r"), strings.Contains(got, "a\")\r\n") || strings.Contains(got, ")\r\nHost a\r\n"), name)
		again, outcomes := putInto(t, got, false, exampleEntry("a"), exampleEntry("b"))
		assert.Equal(t, got, again, name)
		assert.Equal(t, []Outcome{AlreadyThere, AlreadyThere}, outcomes, name)
		more, _ := putInto(t, got, false, exampleEntry("c"))
		assert.True(t, strings.HasSuffix(more, old), name)
		assert.Equal(t, 3, strings.Count(more, "HostName"), "those of other programs stay")
	}
	got, _ := putInto(t, "User x\n", false)
	assert.Equal(t, "User x\n", got, "without sessions nothing changes")
}

// TestSSHSectionIsBroughtUpToDate: a block that nobody touched follows its session, and one
// that was changed by hand stays.
func TestSSHSectionIsBroughtUpToDate(t *testing.T) {
	before, _ := putInto(t, "Host *\n", false, exampleEntry("a"), exampleEntry("b"))
	changed := exampleEntry("a")
	changed.Port, changed.Alias = 2222, "a"
	got, outcomes := putInto(t, before, false, changed)
	assert.Equal(t, []Outcome{Replaced}, outcomes)
	assert.Contains(t, got, "Port 2222")

	edited := strings.Replace(before, "    Port 22\n", "    Port 22\n    LogLevel DEBUG\n", 1)
	got, outcomes = putInto(t, edited, false, changed)
	assert.Equal(t, []Outcome{-1}, outcomes)
	assert.Equal(t, edited, got)
	got, outcomes = putInto(t, edited, true, changed)
	assert.Equal(t, []Outcome{Replaced}, outcomes)
	assert.NotContains(t, got, "LogLevel")

	own := strings.Replace(before, sectionHead+"\n", sectionHead+"\nHost mine\n  Port 5\n", 1)
	got, _ = putInto(t, own, false, changed)
	assert.Contains(t, got, "Host mine\n  Port 5\n")
}

func TestReadSSHSectionRefuses(t *testing.T) {
	good, _ := putInto(t, "", false, exampleEntry("a"))
	for _, old := range []string{good + good, strings.Replace(good, sectionEnd, "", 1), sectionEnd + "\n", sectionBegin} {
		_, err := ReadSSHSection([]byte(old))
		require.ErrorIs(t, err, errSection, old)
	}
	_, err := ReadSSHSection([]byte("H\x00o\x00"))
	require.ErrorIs(t, err, errNotText)
	_, err = ReadSSHSection([]byte("\ufeffHost a\n"))
	require.ErrorIs(t, err, errConfigBOM)
}

func TestForOpenSSH(t *testing.T) {
	s := Saved{Target: Target{"me", "h", 22}, Certificate: "/a\nb", Options: Options{
		HostKeyAlias: "a b", Command: "x\ny", RekeyLimit: "1X 2", Environment: [][2]string{{"A B", "1"}, {"OK", "2"}, {"C", "\n"}},
	}}
	got, err := s.ForOpenSSH()
	require.NoError(t, err)
	assert.Equal(t, Saved{Target: s.Target, Options: Options{Environment: [][2]string{{"OK", "2"}}}, Lost: []string{
		"HostKeyAlias (a b)", "RemoteCommand (not shown: it looks like several lines of text)", "RekeyLimit (1X 2)", "DetachedCertificate (not shown: it looks like several lines of text)", "Environment (A B)", "Environment (C)",
	}}, got)
	for _, bad := range []Target{{"", "", 22}, {"", "a b", 22}, {"", "-x", 22}, {"", "h", 0}, {"a%h", "h", 22}, {"a b", "h", 22}, {"a\x1b", "h", 22}} {
		_, err := Saved{Target: bad}.ForOpenSSH()
		require.Error(t, err, bad)
	}
}

func TestAddHostKeys(t *testing.T) {
	keys := readText(t, "sshhostkeys", "ssh-ed25519@22:h "+baseHex+"\nrsa2@2222:10.0.0.1 0x10001,0xc0ffee\nssh-ed25519@22:h "+baseHex+"\n").HostKeys
	line := keys[0].line()
	edit := AddHostKeys([]byte("# mine\r\nother ssh-rsa AAAA"), keys)
	assert.Equal(t, "# mine\r\nother ssh-rsa AAAA\r\n"+line+"\r\n"+keys[1].line()+"\r\n", string(edit.Data))
	assert.Equal(t, 2, edit.Added)
	again := AddHostKeys(edit.Data, keys)
	assert.Equal(t, HostKeysEdit{Data: edit.Data, There: 3}, again)

	blob := strings.Fields(line)[2]
	hashed := AddHostKeys([]byte("|1|t2n5hr83gpUq4Et7IszMGeSy+yo=|0/HfpLXFe0ZSU9zYPJGPEcWcgIA= ssh-ed25519 "+blob+"\n"), keys[:1])
	assert.Equal(t, 1, hashed.There, "as ssh-keygen -H writes it")
	for old, want := range map[string]string{
		"h ssh-ed25519 AAAAother\n":                                                       "h: line 1 has another ssh-ed25519 key of it, which stays",
		"# c\n*,!x ssh-ed25519 AAAAother\n":                                               "h: line 2 has another ssh-ed25519 key of it, which stays",
		"@revoked * ssh-ed25519 " + blob + "\n":                                           "h: its ssh-ed25519 key is revoked in line 1",
		"|1|t2n5hr83gpUq4Et7IszMGeSy+yo=|0/HfpLXFe0ZSU9zYPJGPEcWcgIA= ssh-ed25519 AAAA\n": "h: line 1 has another ssh-ed25519 key of it, which stays",
	} {
		edit := AddHostKeys([]byte(old), keys[:1])
		assert.Equal(t, []string{want}, edit.Refused)
		assert.Equal(t, old, string(edit.Data))
	}
}

func TestMatchesPattern(t *testing.T) {
	for _, test := range []struct {
		name, pattern string
		want          bool
	}{
		{"abc", "abc", true}, {"abc", "a*", true}, {"abc", "*c", true}, {"abc", "a?c", true}, {"abc", "a*b*c*", true}, {"abc", "ab", false},
		{"abc", "", false}, {"", "*", true}, {"aab", "*ab", true}, {"abcbc", "a*bc", true}, {"ab", "abc", false}, {"ab", "?", false},
	} {
		assert.Equal(t, test.want, matchesPattern(test.name, test.pattern), "%s %s", test.name, test.pattern)
	}
}
