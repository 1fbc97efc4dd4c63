package pemkey

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/sshkey"
)

// block is a PEM block (RFC 7468), or one of ssh.com's, which has four dashes and a space
// in place of five dashes.
type block struct {
	label   string
	headers map[string]string
	data    []byte
	line    int // of the BEGIN line, counted from 1
}

// digest returns a hash of the content, and of the IV that it is encrypted with.
func (b *block) digest() [sha256.Size]byte {
	sum := sha256.Sum256(b.data)
	if _, iv, ok := strings.Cut(b.headers[headerDEKInfo], ","); ok {
		sum = sha256.Sum256(append(sum[:], strings.ToUpper(strings.TrimSpace(iv))...))
	}
	return sum
}

// blockReader goes through a file line by line. As RFC 7468 section 2 allows, a line ends
// with CR, LF or CRLF, and blanks before that and text outside the blocks are ignored.
type blockReader struct {
	rest []byte
	line int
}

// next returns the next line, which is a part of the file.
func (r *blockReader) next() (line []byte, ok bool) {
	if len(r.rest) == 0 {
		return nil, false
	}
	r.line++
	i, rest := 0, r.rest
	for i < len(rest) && rest[i] != '\n' && rest[i] != '\r' {
		i++
	}
	line, rest = rest[:i], rest[i:]
	if len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n' {
		rest = rest[1:]
	}
	r.rest = rest[min(1, len(rest)):]
	return bytes.TrimRight(line, " \t"), true
}

// readBlocks returns the blocks, and reports whether there is text outside them.
func readBlocks(data []byte) (blocks []block, text bool, err error) {
	r := &blockReader{rest: data}
	for {
		line, ok := r.next()
		if !ok {
			return blocks, text, nil
		}
		label, end, ok := pemblock.BeginLabel(string(line))
		if !ok {
			text = text || len(line) > 0
			continue
		}
		b, err := r.readBlock(label, end)
		if err != nil {
			return nil, false, err
		}
		blocks = append(blocks, b)
	}
}

// base64Letters are all that a line of base64 is made of (RFC 4648 section 4).
const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

// readBlock reads what follows a BEGIN line: headers, base64, the END line.
func (r *blockReader) readBlock(label, end string) (block, error) {
	b := block{label: label, line: r.line}
	// One piece, which is cleared below: a slice that grows leaves parts of a key behind.
	var small [1024]byte // for most keys, without an allocation
	body := small[:0]
	if n := bytes.Index(r.rest, []byte(end)); n > len(small) {
		body = make([]byte, 0, n)
	}
	inHeaders := true
	for {
		line, ok := r.next()
		if !ok {
			return b, r.errorf("the file ends without the line %q: it is cut off", end)
		}
		if string(line) == end {
			b.data = make([]byte, base64.StdEncoding.DecodedLen(len(body)))
			n, err := base64.StdEncoding.Decode(b.data, body)
			clear(body)
			if b.data = b.data[:n]; err != nil {
				return b, r.errorf("the base64 before this line is cut off or damaged")
			}
			return b, nil
		}
		if inHeaders && bytes.IndexByte(line, ':') >= 0 {
			r.readHeader(&b, string(line))
			continue
		}
		inHeaders = false
		if len(bytes.Trim(line, base64Letters)) > 0 {
			if bytes.HasPrefix(line, []byte("----")) {
				return b, r.errorf("the line %q should be here, not another", end)
			}
			return b, r.errorf("this is not base64")
		}
		body = append(body, line...)
	}
}

// readHeader reads "Name: value". A backslash at the end continues it on the next line
// (ssh.com's files; RFC 4716 section 3.3).
func (r *blockReader) readHeader(b *block, line string) {
	name, value, _ := strings.Cut(line, ":")
	var whole strings.Builder
	for strings.HasSuffix(value, `\`) {
		more, ok := r.next()
		if !ok {
			break
		}
		whole.WriteString(strings.TrimSuffix(value, `\`))
		value = string(more)
	}
	whole.WriteString(value)
	if !slices.Contains(usedHeaders, name) {
		return
	}
	if b.headers == nil {
		b.headers = map[string]string{}
	}
	b.headers[name] = strings.TrimSpace(whole.String())
}

// usedHeaders are the headers that are kept. A file may have any number of others.
var usedHeaders = []string{headerProcType, headerDEKInfo, headerComment}

func (r *blockReader) errorf(format string, args ...any) error {
	return &sshkey.SyntaxError{Line: r.line, Msg: fmt.Sprintf(format, args...)}
}
