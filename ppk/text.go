package ppk

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/sshkey"
)

// maxBlobLines is PuTTY's limit on the base64 lines of one blob (sshpubk.c: a blob
// has at most 262144 bytes, 48 a line).
const maxBlobLines = 262144/48 - 1

// base64Width is the length of the longest line of base64, and of those that are
// written.
const base64Width = 64

// text takes a file apart line by line, as PuTTY does: CR or LF ends a line, and then
// one further CR or LF is swallowed, so that LF, CR, CRLF and even doubled line ends
// work. The end of the file ends a line too.
type text struct {
	rest []byte
	line int // the number of the line that was read last, as an editor counts
	next int // the number of the line to come
}

func (t *text) readLine() ([]byte, error) {
	t.line = t.next
	if len(t.rest) == 0 {
		return nil, t.errorf("the file ends too early")
	}
	end := bytes.IndexAny(t.rest, "\r\n")
	if end < 0 {
		line := t.rest
		t.rest = nil
		return line, nil
	}
	line, ending := t.rest[:end], t.rest[end]
	t.rest = t.rest[end+1:]
	t.next++
	if len(t.rest) == 0 || t.rest[0] != '\r' && t.rest[0] != '\n' {
		return line, nil
	}
	if ending != '\r' || t.rest[0] != '\n' {
		t.next++ // that was an empty line
	}
	t.rest = t.rest[1:]
	return line, nil
}

// header reads the line "NAME: value". The value is everything up to the line end,
// spaces included, since the MAC covers them.
func (t *text) header(name string) (string, error) {
	line, err := t.readLine()
	if err != nil {
		return "", t.errorf("the file ends where %q should be", name)
	}
	if after, ok := bytes.CutPrefix(line, []byte(name)); ok && bytes.HasPrefix(after, []byte(": ")) {
		return string(after[2:]), nil
	}
	if string(line) == name+":" {
		return "", t.errorf("the space after %q is missing", line)
	}
	return "", t.errorf("%q should be here", name+": ")
}

// number reads a header whose value is a number by the rules of C's strtoul in
// base 10, as PuTTY reads it: leading blanks and a plus sign are allowed.
func (t *text) number(name string) (uint32, error) {
	value, err := t.header(name)
	if err != nil {
		return 0, err
	}
	digits := strings.TrimPrefix(strings.TrimLeft(value, " \t\v\f"), "+")
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || digits[0] == '+' || digits[0] == '_' {
		return 0, t.errorf("%s is not a number", name)
	}
	return uint32(n), nil
}

// blob reads the header with the count of base64 lines, and the lines.
func (t *text) blob(name string) ([]byte, error) {
	n, err := t.number(name)
	if err != nil {
		return nil, err
	}
	if n > maxBlobLines {
		return nil, t.errorf("%s is %d, more than PuTTY allows (%d)", name, n, maxBlobLines)
	}
	blob := make([]byte, 0, min(int(n)*base64Width, len(t.rest))/4*3)
	for range n {
		line, err := t.readLine()
		if err != nil {
			return nil, err
		}
		if bytes.Contains(line, []byte(": ")) {
			return nil, t.errorf("%s says %d lines, but there are fewer", name, n)
		}
		if len(line) > base64Width || len(line)%4 != 0 {
			return nil, t.errorf("a base64 line of %d characters; PuTTY wants a multiple of 4, at most %d", len(line), base64Width)
		}
		var group [3]byte
		for ; len(line) > 0; line = line[4:] { // PuTTY allows padding at the end of each four
			n, err := base64.StdEncoding.Decode(group[:], line[:4])
			if err != nil {
				return nil, t.errorf("this is not base64")
			}
			blob = append(blob, group[:n]...)
		}
	}
	return blob, nil
}

func (t *text) errorf(format string, args ...any) error {
	return &sshkey.SyntaxError{Line: t.line, Msg: fmt.Sprintf(format, args...)}
}
