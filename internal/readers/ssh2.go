package readers

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// SSH2 is ssh2 of npm (lib/protocol/keyParser.js): the whole file is the key, and LF or CRLF
// ends its lines.
func SSH2(file []byte) [][]byte {
	text := strings.TrimFunc(strings.ToValidUTF8(string(file), "\ufffd"), isJSSpace)
	for _, read := range []func(string) ([]byte, bool){ssh2Own, ssh2PEM, ssh2PPK} {
		if found, ok := read(text); ok {
			return [][]byte{found}
		}
	}
	return nil
}

func ssh2Own(text string) ([]byte, bool) {
	body, ok := strings.CutPrefix(text, opensshBegin)
	body, ok = cutLineEnd(body, ok)
	body, ok = cutLast(body, opensshEnd, ok)
	return clean(opensshLabel, "", nodeBase64(body)), ok
}

// ssh2PEM reads headers as long as there is another colon, so that text before a colon is
// lost, and looks at DEK-Info alone.
func ssh2PEM(text string) ([]byte, bool) {
	rest, ok := strings.CutPrefix(text, "-----BEGIN ")
	label, body, found := strings.Cut(rest, "-----")
	if !ok || !found || !isTraditional(label) {
		return nil, false
	}
	if body, ok = cutLineEnd(body, ok); !ok {
		return nil, false
	}
	found = false
	for _, end := range []string{"RSA", "DSA", "EC"} {
		if cut, ok := cutLast(body, "-----END "+end+" PRIVATE KEY-----", true); ok {
			body, found = cut, true
		}
	}
	if !found {
		return nil, false
	}
	headers, body := ssh2Headers(body)
	dek, count := "", 0
	for _, line := range strings.Split(headers, "\n") {
		value, ok := strings.CutPrefix(strings.TrimSuffix(line, "\r"), "DEK-Info:")
		if !ok || value == "" || !strings.Contains(value[1:], ",") {
			continue
		}
		dek = value[1:] // the one space is not looked at
		count++
	}
	if count > 1 { // it would decrypt once for each
		return nil, false
	}
	data := nodeBase64(body)
	if dek == "" {
		data = firstElement(data)
	}
	return clean(label, ssh2DEK(dek), data), true
}

// ssh2DEK returns the cipher and the digits of the IV, of which it reads whole bytes.
func ssh2DEK(dek string) string {
	name, iv, ok := strings.Cut(dek, ",")
	if !ok {
		return ""
	}
	if strings.TrimSpace(name) != name {
		return "unknown,00"
	}
	if digits := hexDigits(iv); digits != iv {
		iv = digits[:len(digits)&^1]
	}
	return strings.ToUpper(name) + "," + iv
}

// ssh2Headers cuts off the headers: each goes to the end of the line of its colon, which has
// something after the colon.
func ssh2Headers(body string) (headers, rest string) {
	rest = body
	for {
		name, after, ok := strings.Cut(rest, ":")
		value := strings.TrimLeftFunc(after, isJSSpace)
		if !ok || name == "" || value == "" {
			return body[:len(body)-len(rest)], rest
		}
		end := strings.IndexAny(value, "\r\n\u2028\u2029")
		if end < 0 {
			return body[:len(body)-len(rest)], rest
		}
		after, ok = cutLineEnd(value[end:], true)
		if !ok || after == "" {
			return body[:len(body)-len(rest)], rest
		}
		rest = after
	}
}

// ssh2PPK reads version 2 with an RSA or DSA key. The counts of lines are not looked at, nor
// how long the lines are.
func ssh2PPK(text string) ([]byte, bool) {
	rest, ok := strings.CutPrefix(text, "PuTTY-User-Key-File-2: ")
	var algorithm, cipher, comment, public, private string
	for _, part := range []struct {
		value *string
		next  string
	}{{&algorithm, "Encryption: "}, {&cipher, "Comment: "}, {&comment, "Public-Lines: "}} {
		var line string
		if line, rest, ok = cutLine(rest, ok); ok {
			*part.value = line
			rest, ok = strings.CutPrefix(rest, part.next)
		}
	}
	for _, part := range []struct {
		value *string
		next  string
	}{{&public, "Private-Lines: "}, {&private, "Private-MAC: "}} {
		var count string
		if count, rest, ok = cutLine(rest, ok); !ok || count == "" || strings.Trim(count, "0123456789") != "" {
			return nil, false
		}
		*part.value, rest, ok = strings.Cut(rest, "\n"+part.next)
	}
	mac, _, _ := strings.Cut(strings.ReplaceAll(rest, "\r", "\n"), "\n")
	if !ok || algorithm != "ssh-rsa" && algorithm != "ssh-dss" || mac == "" {
		return nil, false
	}
	var b strings.Builder
	fmt.Fprintf(&b, "PuTTY-User-Key-File-2: %s\nEncryption: %s\nComment: %s\n", algorithm, cipher, comment)
	for _, blob := range []struct{ name, text string }{{"Public-Lines", public}, {"Private-Lines", private}} {
		lines := base64.StdEncoding.EncodeToString(nodeBase64(blob.text))
		fmt.Fprintf(&b, "%s: %d\n", blob.name, (len(lines)+63)/64)
		for ; lines != ""; lines = lines[min(64, len(lines)):] {
			b.WriteString(lines[:min(64, len(lines))] + "\n")
		}
	}
	b.WriteString("Private-MAC: " + mac + "\n")
	return []byte(b.String()), true
}

// cutLine cuts off a line that LF or CRLF ends.
func cutLine(text string, ok bool) (line, rest string, found bool) {
	end := strings.IndexAny(text, "\r\n")
	if !ok || end < 0 {
		return "", "", false
	}
	rest, found = cutLineEnd(text[end:], true)
	return text[:end], rest, found
}

func cutLineEnd(text string, ok bool) (string, bool) {
	rest, found := strings.CutPrefix(strings.TrimPrefix(text, "\r"), "\n")
	return rest, ok && found
}

// cutLast cuts off the last line.
func cutLast(text, line string, ok bool) (string, bool) {
	rest, found := strings.CutSuffix(text, "\n"+line)
	return strings.TrimSuffix(rest, "\r"), ok && found && rest != ""
}

// nodeBase64 is Buffer.from of Node.js: "=" ends the text, both alphabets count, and all
// other characters are skipped.
func nodeBase64(text string) []byte {
	text, _, _ = strings.Cut(text, "=")
	text = strings.Map(func(c rune) rune {
		switch {
		case c == '-':
			return '+'
		case c == '_':
			return '/'
		case c < 0x80 && isBase64(byte(c)):
			return c
		}
		return -1
	}, text)
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	data, _ := base64.RawStdEncoding.DecodeString(text)
	return data
}

// isJSSpace is what \s and trim mean in JavaScript (ECMA-262, WhiteSpace and LineTerminator).
func isJSSpace(c rune) bool {
	switch {
	case c >= '\t' && c <= '\r', c == ' ', c == 0xa0, c == 0x1680, c >= 0x2000 && c <= 0x200a,
		c == 0x2028, c == 0x2029, c == 0x202f, c == 0x205f, c == 0x3000, c == 0xfeff:
		return true
	}
	return false
}
