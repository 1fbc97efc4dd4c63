package mend

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/codepage"
	"github.com/keyconv/keyconv/sshkey"
)

// ppkHeaders are the headers of a PuTTY key file in their order.
var ppkHeaders = []string{
	"Encryption", "Comment", "Public-Lines", "Key-Derivation", "Argon2-Memory", "Argon2-Passes",
	"Argon2-Parallelism", "Argon2-Salt", "Private-Lines", "Private-MAC", "Private-Hash",
}

// ppkOptional are those that not every file has.
var ppkOptional = []string{
	"Key-Derivation", "Argon2-Memory", "Argon2-Passes", "Argon2-Parallelism", "Argon2-Salt", "Private-MAC", "Private-Hash",
}

// ppkPart is a header with its value as it is in the text.
type ppkPart struct{ name, value string }

// extractPPK returns each PuTTY key in the text.
func (m *mender) extractPPK(r *reading) []Key {
	starts := r.ppkMarkers()
	var keys []Key
	for i, at := range starts {
		end := len(r.text)
		if i+1 < len(starts) {
			end = starts[i+1].start
		}
		region := r.text[at.end:end]
		if len(keys) > sshkey.MaxTextKeys || !m.Spend(len(region)) {
			break
		}
		candidates := m.ppkCandidates(r.text[at.version:at.version+1], region)
		if candidates == nil {
			// A text that only speaks of the first line may have a word like a header.
			if len(findPPKNames(region, 2)) == 2 {
				keys = append(keys, Key{Damaged: []byte(r.text[at.start:end]), begin: at.start, end: -1})
			}
			continue
		}
		codes := slices.Concat(r.codes, layoutCodes(strings.TrimPrefix(region, " ")))
		if i == 0 {
			codes = append(codes, aroundCodes(r.text[:at.start])...)
		}
		if !strings.HasPrefix(r.text[at.start:], "PuTTY-User-Key-File-") {
			codes = append(codes, "dashes")
		}
		for n := range candidates {
			candidates[n].Repairs = ppkRepairs(region, candidates[n], codes)
			if len(starts) == 1 && string(candidates[n].Data) == string(TrimLegal([]byte(r.text))) {
				candidates[n].Repairs = named(r.codes)
			}
		}
		keys = append(keys, Key{Candidates: candidates, begin: at.start, end: -1})
	}
	return keys
}

// ppkParts splits the text after the version at its headers.
func ppkParts(region string) (algorithm string, parts []ppkPart, ok bool) {
	isRequired := func(header string) bool { return !slices.Contains(ppkOptional, header) }
	next := 0
	pos, name := 0, ""
	for _, found := range findPPKNames(region, len(region)) {
		if found.index < next || slices.ContainsFunc(ppkHeaders[next:found.index], isRequired) {
			continue // a word in the comment, or text after the key
		}
		if name == "" {
			algorithm = region[:found.start]
		} else {
			parts = append(parts, ppkPart{name, region[pos:found.start]})
		}
		name, pos, next = ppkHeaders[found.index], found.end, found.index+1
	}
	if name == "" {
		return "", nil, false
	}
	parts = append(parts, ppkPart{name, region[pos:]})
	algorithm = strings.Join(strings.Fields(algorithm), "") // a narrow window has two lines for it
	return strings.Trim(algorithm, junk), parts, name == "Private-MAC" || name == "Private-Hash"
}

// junk may be around a value in a damaged text, but never in one.
const junk = " \t\r\n\"'`>|,;\\"

// ppkReaders read the base64 of a .ppk after its line count, in the ways in which it may have
// been damaged.
var ppkReaders = []struct {
	codes []string
	blob  func(value string) (string, bool)
	// guesses: one that comes later may be right too, which the MAC decides.
	guesses bool
}{
	{nil, ppkBlob, false},
	{[]string{"base64url"}, func(value string) (string, bool) { return ppkBlob(urlSafe.Get().Replace(value)) }, false},
	{[]string{"text-inside"}, func(value string) (string, bool) { return ppkLines(value, fullLines) }, false},
	// Each + became a space; the second is for lines that lost the blanks at their ends.
	{plusCode, func(value string) (string, bool) { return plusReading(value, 0) }, true},
	{plusCode, func(value string) (string, bool) { return plusReading(value, 1) }, true},
	{plusCode, plusBlob, true},
}

// ppkCandidates writes the file again, once for each comment that it may have had.
func (m *mender) ppkCandidates(version, region string) (all []Candidate) {
	algorithm, parts, ok := ppkParts(region)
	if !ok {
		return nil
	}
	var tried [][]ppkPart
	var count []string
	if slices.ContainsFunc(parts, ppkPart.lacksLines) {
		count = []string{CodeCount}
	}
	for _, read := range ppkReaders {
		blobs, ok := slices.Clone(parts), true
		for i, part := range parts {
			if part.name == "Public-Lines" || part.name == "Private-Lines" {
				value, good := read.blob(part.value)
				blobs[i].value, ok = value, ok && good
			}
		}
		if !ok || slices.ContainsFunc(tried, func(other []ppkPart) bool { return slices.Equal(other, blobs) }) {
			continue
		}
		tried = append(tried, blobs)
		list := m.commented(version, algorithm, blobs, region)
		for i := range list {
			list[i].codes = slices.Concat(read.codes, count)
		}
		if all = append(all, list...); len(all) > 0 && !read.guesses {
			return all
		}
	}
	return all
}

// commented returns the file with each comment that it may have had.
func (m *mender) commented(version, algorithm string, parts []ppkPart, region string) (list []Candidate) {
	comments := ppkComments(parts, strings.ContainsAny(region, "\r\n"))
	for i, comment := range comments {
		if slices.Contains(comments[:i], comment) {
			continue
		}
		data := rebuildPPK(version, algorithm, parts, comment)
		if !hasCandidate(list, data) && m.IsKey(data) {
			list = append(list, Candidate{Data: data})
		}
	}
	if len(list) == 1 && m.Proof(list[0].Data) == Proved || isASCII(region) {
		return list
	}
	for _, respelled := range Respelled(comments[0]) {
		data := rebuildPPK(version, algorithm, parts, respelled)
		if !hasCandidate(list, data) && m.IsKey(data) {
			list = append(list, Candidate{Data: data, Comment: comments[0]})
		}
	}
	return list
}

func isASCII(s string) bool { return !isNotASCII(s) }

// maxComment is longer than any comment that a person writes.
const maxComment = 4096

// Respelled returns the bytes that a comment of a .ppk may have had, of which the MAC was made,
// before the file was converted to UTF-8: those of PuTTYgen on Windows, in a code page.
func Respelled(comment string) (list []string) {
	if len(comment) > maxComment || isASCII(comment) || !utf8.ValidString(comment) {
		return nil
	}
	for _, page := range codepage.World() {
		if b, ok := page.Encode(comment); ok && !slices.Contains(list, string(b)) {
			list = append(list, string(b))
		}
	}
	return list
}

// ppkRepairs names what was changed: the layout where nothing else was.
func ppkRepairs(region string, c Candidate, codes []string) []Repair {
	written := bytes.Fields(c.Data)
	_, after, _ := strings.Cut(region, string(written[len(written)-1])) // the MAC
	codes = slices.Concat(codes, c.codes, aroundCodes(after))
	if c.Comment != "" {
		codes = append(codes, "comment")
	}
	if len(codes) == 0 {
		codes = append(codes, "ppk-layout")
	}
	return named(codes)
}

// ppkComments returns the comments that the text may have had. Without its line end, a
// comment has one space too many, or ends where the next header begins.
func ppkComments(parts []ppkPart, hasLines bool) []string {
	var value string
	for _, part := range parts {
		if part.name == "Comment" {
			value = strings.TrimPrefix(part.value, " ")
		}
	}
	if end := strings.IndexAny(value, "\r\n"); hasLines && end >= 0 {
		value = value[:end]
	}
	return []string{
		value, strings.TrimSuffix(value, " "), strings.TrimRight(value, " \t"), strings.TrimSpace(value),
		strings.TrimRight(value, " \t>"), plainDashes(value),
	}
}

// rebuildPPK writes the headers in their order, with new line counts.
func rebuildPPK(version, algorithm string, parts []ppkPart, comment string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "PuTTY-User-Key-File-%s: %s\n", version, plainDashes(algorithm))
	for _, part := range parts {
		value := plainDashes(strings.Trim(part.value, junk))
		if part.name != "Private-MAC" && part.name != "Private-Hash" { // which text may follow
			value = strings.Join(strings.Fields(value), "") // a narrow window has two lines for some
		}
		switch part.name {
		case "Comment":
			value = comment
		case "Public-Lines", "Private-Lines":
			blob := part.value
			fmt.Fprintf(&b, "%s: %d\n", part.name, (len(blob)+63)/64)
			for ; blob != ""; blob = blob[min(64, len(blob)):] {
				b.WriteString(blob[:min(64, len(blob))] + "\n")
			}
			continue
		case "Private-MAC", "Private-Hash":
			value = strings.ToLower(macDigits(value))
		}
		fmt.Fprintf(&b, "%s: %s\n", part.name, value)
	}
	return b.Bytes()
}

// macDigits returns the digits of a MAC, which may be in two lines of a narrow window.
func macDigits(value string) string {
	end := wordEnd(hexDigits, value, 0)
	next := skip(value, end, " \t\r\n")
	more := wordEnd(hexDigits, value, next)
	if have := more - next + end; end < sizeSHA256 && end != sizeSHA1 && (have == sizeSHA1 || have == sizeSHA256) {
		return value[:end] + value[next:more]
	}
	return value[:end]
}

// ppkLines returns the base64 that read makes of the lines after the line count, where it is as
// many lines: otherwise what it left out was a damaged line of the key, and not other text.
func ppkLines(value string, read func(body string) string) (string, bool) {
	count, body, ok := cutLine(strings.TrimRight(strings.TrimLeft(value, " \t\r\n"), "\r\n"))
	blob := padded(read(body))
	n, err := strconv.Atoi(strings.TrimSpace(count))
	return blob, ok && err == nil && (len(blob)+63)/64 == n
}

// padded returns base64 with as many = as belong at its end.
func padded(text string) string {
	text = strings.TrimRight(text, "=")
	return text + strings.Repeat("=", (4-len(text)%4)%4)
}

// ppkBlob returns the base64 without its line count. Where there is no space between
// them, the count is the one that fits the length.
func ppkBlob(value string) (string, bool) {
	value = strings.TrimLeft(value, junk)
	digits := wordEnd(digits, value, 0)
	if digits == len(value) || !isBase64(value[digits]) {
		return padded(onlyBase64(value[digits:])), digits > 0
	}
	all := onlyBase64(value)
	for n := 1; n <= min(digits, 4); n++ {
		count, _ := strconv.Atoi(all[:n])
		if blob := all[n:]; len(blob)%4 == 0 && (len(blob)+63)/64 == count {
			return blob, true
		}
	}
	return "", false
}
