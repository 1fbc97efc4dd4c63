package readers

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// opensslLine is how many bytes PEM_read_bio reads of a line at a time; it takes a longer
// one in pieces (LINESIZE of crypto/pem/pem_lib.c, less the NUL).
const opensslLine = 254

// OpenSSL is PEM_read_bio_PrivateKey of OpenSSL 3: it passes over blocks whose labels it has
// no key for, and over those that it cannot read, up to the line where it gave up. After one of
// these it takes no encrypted PKCS#8. It stops at a key whose header it does not understand.
func OpenSSL(file []byte) [][]byte {
	var texts [][]byte
	r := &opensslReader{rest: file}
	unread := false
	for {
		label, ok := r.begin()
		if !ok {
			return texts
		}
		header, body, ok := r.block(label)
		data, isBase64 := opensslBase64(body)
		if !ok || !isBase64 || len(body) == 0 {
			unread = true
			continue
		}
		dek, ok := "", true
		switch { // a short header is ignored at first (decode_pem2der.c)
		case len(header) > 10:
			dek, ok = opensslHeader(string(header))
		case label == "ENCRYPTED PRIVATE KEY":
			ok = len(header) == 0 && !unread // OpenSSH does not ask for a passphrase then
		}
		isKey := isTraditional(label) || label == "PRIVATE KEY" || label == "ENCRYPTED PRIVATE KEY"
		switch {
		case !isKey:
		case !ok:
			return texts
		case dek == "":
			if label == "ENCRYPTED PRIVATE KEY" && pemblock.LabelOf(data) == "PRIVATE KEY" {
				label = "PRIVATE KEY" // it does not mind
			}
			texts = append(texts, clean(label, "", firstElement(data)))
		default:
			texts = append(texts, clean(label, dek, data))
		}
	}
}

type opensslReader struct{ rest []byte }

// next returns a line, or a piece of a long one, as BIO_gets does, without the blanks at
// its end: everything up to the space, and what a signed char has below it. ended reports
// whether the line end was part of it.
func (r *opensslReader) next() (line []byte, ended, ok bool) {
	if len(r.rest) == 0 {
		return nil, false, false
	}
	n := min(len(r.rest), opensslLine)
	if i := bytes.IndexByte(r.rest[:n], '\n'); i >= 0 {
		n, ended = i+1, true
	}
	line, r.rest = r.rest[:n], r.rest[n:]
	return line, ended || n < opensslLine, true
}

func trimOpenSSL(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] <= ' ' || line[len(line)-1] >= 0x80) {
		line = line[:len(line)-1]
	}
	return line
}

// begin finds the next BEGIN line. A UTF-8 byte order mark before the first line is skipped.
func (r *opensslReader) begin() (label string, ok bool) {
	for first := true; ; first = false {
		line, _, ok := r.next()
		if !ok {
			return "", false
		}
		if first && len(line) > 3 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		rest, begins := strings.CutPrefix(string(trimOpenSSL(line)), "-----BEGIN ")
		if label, ends := strings.CutSuffix(rest, "-----"); begins && ends {
			return label, true
		}
	}
}

// block reads up to the END line. A blank line ends the headers, and so may come once; the
// lines after it have 64 characters, but for the last.
func (r *opensslReader) block(label string) (header, body []byte, ok bool) {
	var parts [2]bytes.Buffer // before and after the blank line
	part, colon, short, whole := 0, false, false, true
	for {
		raw, ended, ok := r.next()
		if !ok {
			return nil, nil, false
		}
		wasWhole := whole
		whole = ended
		colon = colon || part == 0 && bytes.IndexByte(raw, ':') >= 0
		line := trimOpenSSL(raw)
		switch {
		case len(line) == 0 && wasWhole && part == 1:
			return nil, nil, false
		case len(line) == 0:
			if wasWhole {
				part = 1
			}
			continue
		case bytes.HasPrefix(line, []byte("-----END ")):
			if string(line) != "-----END "+label+"-----" {
				return nil, nil, false
			}
			if part == 0 && !colon {
				return nil, parts[0].Bytes(), true
			}
			return parts[0].Bytes(), parts[1].Bytes(), true
		case short:
			return nil, nil, false
		}
		parts[part].Write(cString(line))
		parts[part].WriteByte('\n')
		if part == 1 {
			if len(line) > 64 {
				return nil, nil, false
			}
			short = len(line) < 64
		}
	}
}

// opensslBase64 is EVP_DecodeUpdate and EVP_DecodeFinal: blanks may be anywhere, "-" ends the
// data, and the characters with their "=" come in fours.
func opensslBase64(body []byte) ([]byte, bool) {
	var text []byte
	padding := 0
	for _, c := range body {
		switch {
		case c == '-':
			return decodeFours(text)
		case c == '=':
			padding++
		case strings.IndexByte(" \t\r\n", c) >= 0:
			continue
		case !isBase64(c) || padding > 0:
			return nil, false
		}
		if padding > 2 {
			return nil, false
		}
		text = append(text, c)
	}
	return decodeFours(text)
}

func decodeFours(text []byte) ([]byte, bool) {
	data, err := base64.StdEncoding.DecodeString(string(text))
	return data, err == nil
}

// opensslHeader is PEM_get_EVP_CIPHER_INFO: Proc-Type comes first, and DEK-Info second.
func opensslHeader(header string) (dekInfo string, ok bool) {
	blank := func(s, more string) string { return strings.TrimLeft(s, " \t"+more) }
	rest, ok := strings.CutPrefix(header, "Proc-Type:")
	if rest, ok = cutAfter(blank(rest, ""), "4,", ok); !ok {
		return "", false
	}
	if rest, ok = cutAfter(blank(rest, ""), "ENCRYPTED", ok); !ok {
		return "", false
	}
	if rest, ok = cutAfter(blank(rest, "\r"), "\n", ok); !ok {
		return "", false
	}
	if rest, ok = cutAfter(rest, "DEK-Info:", ok); !ok {
		return "", false
	}
	rest, _, _ = strings.Cut(blank(rest, ""), "\n")
	end := strings.IndexAny(rest, " \t,")
	if end < 0 {
		return "", false
	}
	iv, ok := strings.CutPrefix(blank(rest[end:], ""), ",")
	return rest[:end] + "," + hexDigits(iv), ok
}

func cutAfter(s, prefix string, ok bool) (string, bool) {
	rest, found := strings.CutPrefix(s, prefix)
	return rest, ok && found
}
