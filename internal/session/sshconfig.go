package session

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// configLine is a line of ssh's configuration.
type configLine struct {
	start, end int    // with its line end
	keyword    string // in lower case; empty for a comment or a blank line
	arguments  []string
	name       string // the keyword as it is written
	rest       string // what is after the keyword, as it is: some keywords have no quotes
	comment    bool
}

func (l configLine) beginsBlock() bool { return l.keyword == "host" || l.keyword == "match" }

func readConfig(data []byte) []configLine {
	var lines []configLine
	at := 0
	for text := range bytes.Lines(data) {
		l := configLine{start: at, end: at + len(text)}
		at = l.end
		if words := splitWords(string(text)); len(words) > 0 {
			l.keyword, l.arguments = strings.ToLower(words[0]), words[1:]
			l.name = words[0]
			l.rest = strings.TrimLeft(strings.TrimSpace(string(text))[len(words[0]):], " \t=")
		}
		l.comment = strings.HasPrefix(strings.TrimSpace(string(text)), "#")
		lines = append(lines, l)
	}
	return lines
}

// splitWords reads a line as ssh does: a keyword, blanks or one "=", arguments with
// quotes and escapes, a comment.
func splitWords(line string) []string {
	line = strings.Trim(line, " \t\r\n\f")
	end := strings.IndexAny(line, " \t=")
	if end < 0 || strings.HasPrefix(line, "#") {
		return strings.Fields(strings.SplitN(line, "#", 2)[0])
	}
	rest := strings.TrimLeft(line[end:], " \t")
	rest = strings.TrimPrefix(rest, "=")
	return append([]string{line[:end]}, splitArguments(rest)...)
}

// splitArguments follows argv_split in OpenSSH's misc.c.
func splitArguments(text string) []string {
	var words []string
	var word strings.Builder
	inWord, quote := false, byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		blank := quote == 0 && (c == ' ' || c == '\t')
		switch {
		case blank && inWord:
			words = append(words, word.String())
			word.Reset()
			inWord = false
		case blank:
		case c == '#' && !inWord:
			return words
		case c == '\\' && i+1 < len(text) && (strings.IndexByte(`'"\`, text[i+1]) >= 0 || quote == 0 && text[i+1] == ' '):
			i++
			word.WriteByte(text[i])
			inWord = true
		case quote == 0 && (c == '"' || c == '\''):
			quote, inWord = c, true
		case quote != 0 && c == quote:
			quote = 0
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}

// errNotText reports a configuration that ssh cannot read either.
var errNotText = errors.New("ssh does not read this text: it has NUL bytes, as UTF-16 does; save it as UTF-8 without a BOM")

// AddToOpenSSH puts the session's Host block into a configuration, and leaves the rest
// of it as it is, byte for byte.
//
// ssh takes the first value that it finds, so the block goes before the first Host or
// Match line and the comment above that line. The lines above hold for every host, and
// would not if the block came first; if they decide otherwise than the session, the edit
// has a warning.
//
// If a block of that name says the same, nothing changes. One that differs is an
// *ExistsError; with replace the session's lines take the place of its own, and its
// other lines stay.
func AddToOpenSSH(old []byte, s Session, replace bool) (Edit, error) {
	if err := s.checkOpenSSH(); err != nil {
		return Edit{}, err
	}
	if bytes.IndexByte(old, 0) >= 0 {
		return Edit{}, errNotText
	}
	lines := readConfig(old)
	first := slices.IndexFunc(lines, configLine.beginsBlock)
	if first < 0 {
		first = len(lines)
	}
	edit := Edit{Warnings: s.overruled(lines[:first])}
	sameName := func(l configLine) bool { return l.keyword == "host" && slices.Contains(l.arguments, s.Name) }
	if at := slices.IndexFunc(lines, sameName); at >= 0 {
		return s.changeBlock(old, lines, at, replace, edit)
	}
	edit.Data = s.insertBlock(old, lines, first)
	return edit, nil
}

// overruled returns warnings about the lines for all hosts that win over the session's.
func (s Session) overruled(lines []configLine) []string {
	var warnings []string
	for _, o := range s.hostOptions() {
		first := slices.IndexFunc(lines, func(l configLine) bool { return strings.EqualFold(l.keyword, o.keyword) })
		if first < 0 || o.keyword == "IdentityFile" || slices.Equal(lines[first].arguments, o.arguments) {
			continue
		}
		warnings = append(warnings, fmt.Sprintf("line %d sets %s for every host, and wins: ssh takes the first value", first+1, o.keyword))
	}
	return warnings
}

func (s Session) insertBlock(old []byte, lines []configLine, first int) []byte {
	lineEnd := lineEndOf(old)
	block := s.hostBlock(lineEnd)
	if first == len(lines) {
		if len(old) > 0 {
			block = lineEnd + block
		}
		if len(old) > 0 && old[len(old)-1] != '\n' {
			block = lineEnd + block
		}
		return splice(old, len(old), len(old), block)
	}
	for first > 0 && lines[first-1].comment {
		first--
	}
	return splice(old, lines[first].start, lines[first].start, block+lineEnd)
}

// openSSHOwned are the keywords that our session decides, in lower case. The certificate
// belongs to the key.
var openSSHOwned = []string{"hostname", "user", "port", "identityfile", "identitiesonly", "certificatefile"}

// changeBlock changes the block that begins at the line with that index.
func (s Session) changeBlock(old []byte, lines []configLine, at int, replace bool, edit Edit) (Edit, error) {
	end := at + 1
	for end < len(lines) && !lines[end].beginsBlock() {
		end++
	}
	body := lines[at+1 : end]
	shared := len(lines[at].arguments) > 1
	switch {
	case s.saysTheSame(body):
		edit.Data, edit.Outcome = old, AlreadyThere
		return edit, nil
	case shared || !replace:
		return Edit{}, &ExistsError{Name: s.Name, Line: at + 1, Shared: shared}
	}
	lineEnd := lineEndOf(old)
	block := s.hostBlock(lineEnd)
	for _, l := range body {
		if !slices.Contains(openSSHOwned, l.keyword) {
			block += string(old[l.start:l.end])
		}
	}
	edit.Data, edit.Outcome = splice(old, lines[at].start, lines[end-1].end, block), Replaced
	return edit, nil
}

// saysTheSame reports whether a block does what the session does. It may have more
// lines, but the first of each keyword counts; for IdentityFile each one does.
func (s Session) saysTheSame(body []configLine) bool {
	if s.User == "" && slices.ContainsFunc(body, func(l configLine) bool { return l.keyword == "user" }) {
		return false
	}
	return !slices.ContainsFunc(s.hostOptions(), func(o hostOption) bool {
		for _, l := range body {
			if !strings.EqualFold(l.keyword, o.keyword) {
				continue
			}
			if slices.Equal(l.arguments, o.arguments) {
				return false
			}
			if o.keyword != "IdentityFile" {
				return true
			}
		}
		return true
	})
}
