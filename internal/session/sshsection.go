package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

// The section of ssh's configuration that migrated sessions are in. It is the first part of
// the file, since ssh takes the first value that it finds; the "Host *" at its end makes what
// follows hold for every host again.
const (
	sectionBegin = "# keyconv migrate: begin"
	sectionEnd   = "# keyconv migrate: end"
	sectionHead  = sectionBegin + " (sessions of other programs; what you change here by hand stays)"
	sectionTail  = "# what follows holds for every host, as if the section were not there"
)

// SSHSection is the part of a configuration with the sessions that were migrated.
type SSHSection struct {
	old        []byte
	lineEnd    string
	start, end int // of the section in old; both are 0 for none
	preamble   string
	entries    []sectionEntry
	places     map[string]int // of the entries, by ID
	outside    []configLine   // the lines that are not in the section
}

// sectionEntry is a Host block of the section, with the comment above it. Its text has "\n"
// at the end of lines.
type sectionEntry struct{ id, sum, text string }

// entryComment is the comment of an entry: its session, and the sum of its block.
var entryComment = lazy.Value[*regexp.Regexp]{Make: func() *regexp.Regexp { return regexp.MustCompile(`^# (.*) \(keyconv ([0-9a-f]{8})\)$`) }}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

var (
	errSection   = errors.New("the section of keyconv migrate has no end, or is there twice: mend its comments, or delete it")
	errConfigBOM = errors.New("ssh does not read this text: it begins with a BOM; save it without")
)

// ReadSSHSection finds the section of a configuration.
func ReadSSHSection(old []byte) (*SSHSection, error) {
	switch {
	case bytes.IndexByte(old, 0) >= 0:
		return nil, errNotText
	case bytes.HasPrefix(old, []byte("\ufeff")):
		return nil, errConfigBOM
	}
	s := &SSHSection{old: old, lineEnd: lineEndOf(old), outside: readConfig(old), places: map[string]int{}}
	begin, end := -1, -1
	for i, l := range s.outside {
		text := strings.TrimSpace(string(old[l.start:l.end]))
		isBegin, isEnd := strings.HasPrefix(text, sectionBegin), strings.HasPrefix(text, sectionEnd)
		switch {
		case isBegin && begin >= 0, isEnd && (begin < 0 || end >= 0):
			return nil, errSection
		case isBegin:
			begin, s.start = i, l.start
		case isEnd:
			end, s.end = i, l.end
		}
	}
	switch {
	case begin >= 0 && end < 0:
		return nil, errSection
	case begin >= 0:
		s.takeEntries(string(old[s.outside[begin].end:s.outside[end].start]))
		s.outside = slices.Delete(s.outside, begin, end+1)
	}
	return s, nil
}

// takeEntries reads the section. What does not belong to an entry stays in front of them.
func (s *SSHSection) takeEntries(text string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if at := strings.LastIndex(text, sectionTail); at >= 0 {
		text = text[:at]
	}
	for line := range strings.Lines(text) {
		n := len(s.entries)
		switch m := entryComment.Get().FindStringSubmatch(strings.TrimSuffix(line, "\n")); {
		case m != nil:
			s.places[m[1]] = n
			s.entries = append(s.entries, sectionEntry{id: m[1], sum: m[2]})
		case n > 0:
			s.entries[n-1].text += line
		default:
			s.preamble += line
		}
	}
	for i := range s.entries {
		s.entries[i].text = strings.TrimRight(s.entries[i].text, "\n") + "\n"
	}
	s.preamble = strings.Trim(s.preamble, "\n")
}

// Aliases returns the alias that each session has in the section.
func (s *SSHSection) Aliases() map[string]string {
	aliases := map[string]string{}
	for _, e := range s.entries {
		lines := readConfig([]byte(e.text))
		at := slices.IndexFunc(lines, func(l configLine) bool { return l.keyword == "host" && len(l.arguments) > 0 })
		aliases[e.id] = ""
		if at >= 0 {
			aliases[e.id] = lines[at].arguments[0]
		}
	}
	return aliases
}

// Outside returns the aliases of the blocks outside of the section, and the arguments of its
// Include lines.
func (s *SSHSection) Outside() (aliases, includes []string) {
	for _, l := range s.outside {
		switch l.keyword {
		case "host":
			aliases = append(aliases, l.arguments...)
		case "include":
			includes = append(includes, l.arguments...)
		}
	}
	return aliases, includes
}

// Put puts a session into the section, or brings its block up to date. A block that was
// changed by hand stays unless it is to be replaced; edited reports that.
func (s *SSHSection) Put(e Entry, replace bool) (outcome Outcome, edited bool) {
	text := blockOf(e.Alias, e.options(), "\n")
	if e.Missing != "" {
		text += "    # its key is missing here: " + e.Missing + "\n"
	}
	if len(e.Lost) > 0 {
		text += "    # without counterpart in ssh: " + strings.Join(e.Lost, ", ") + "\n"
	}
	entry := sectionEntry{e.ID, sumOf(text), text}
	at, found := s.places[entry.id]
	switch {
	case !found:
		s.places[entry.id] = len(s.entries)
		s.entries = append(s.entries, entry)
		return Added, false
	case s.entries[at].text == entry.text:
		return AlreadyThere, false
	case sumOf(s.entries[at].text) != s.entries[at].sum && !replace: // a person changed it
		return AlreadyThere, true
	}
	s.entries[at] = entry
	return Replaced, false
}

// HasKey reports whether the block of a session names a key.
func (s *SSHSection) HasKey(id string) bool {
	at, found := s.places[id]
	return found && slices.ContainsFunc(readConfig([]byte(s.entries[at].text)), func(l configLine) bool { return l.keyword == "identityfile" })
}

// Data returns the configuration with the section.
func (s *SSHSection) Data() []byte {
	if len(s.entries) == 0 {
		return s.old
	}
	var b strings.Builder
	b.WriteString(sectionHead + "\n")
	if s.preamble != "" {
		b.WriteString(s.preamble + "\n\n")
	}
	for _, e := range s.entries {
		b.WriteString("# " + e.id + " (keyconv " + e.sum + ")\n" + e.text + "\n")
	}
	b.WriteString(sectionTail + "\nHost *\n" + sectionEnd + "\n")
	text := strings.ReplaceAll(b.String(), "\n", s.lineEnd)
	if s.end == 0 && len(s.old) > 0 {
		text += s.lineEnd
	}
	return splice(s.old, s.start, s.end, text)
}
