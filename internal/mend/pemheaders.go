package mend

import (
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strings"
)

// headers splits the headers of legacy encryption or of ssh.com from the body.
func (s segment) headers() (headers []string, body string) {
	body = s.body
	if !strings.Contains(body, ":") {
		return nil, body
	}
	if cipher, rest, ok := cutDEKInfo(body); ok {
		digits := wordEnd(hexDigits, rest, 0)
		next := skip(rest, digits, " \t\r\n")
		if more := wordEnd(hexDigits, rest, next) - next; digits < 32 && digits != 16 && (digits+more == 16 || digits+more == 32) {
			rest, digits = rest[:digits]+rest[next:], digits+more // the IV is in two lines of a narrow window
		}
		if digits != 16 && digits != 32 { // the IV and the base64 run together
			digits = 32
			if strings.HasPrefix(strings.ToUpper(cipher), "DES") {
				digits = 16
			}
		}
		if len(rest) >= digits {
			return []string{"Proc-Type: 4,ENCRYPTED", "DEK-Info: " + cipher + "," + rest[:digits]}, rest[digits:]
		}
	}
	if !strings.HasPrefix(s.label, "SSH2") {
		return nil, withoutHeaders(body)
	}
	if comment, rest, ok := cutQuotedComment(body); ok {
		comment = strings.NewReplacer("\\\n", "", "\n", "", "\r", "").Replace(comment)
		return []string{"Comment: " + comment}, rest
	}
	return nil, withoutHeaders(body)
}

// cutDEKInfo returns the cipher that the first header DEK-Info names, and what follows it.
func cutDEKInfo(body string) (cipher, rest string, ok bool) {
	for from := 0; ; {
		_, from = indexName(body, "DEK", from, "DEK-Info:")
		if from < 0 {
			return "", "", false
		}
		start := skip(body, from, spaces)
		end := start
		for end < len(body) {
			size := dashLength(body, end)
			if size == 0 && !isLetterOrDigit(body[end]) {
				break
			}
			end += max(1, size)
		}
		if end > start && end < len(body) && body[end] == ',' {
			return plainDashes(body[start:end]), body[skip(body, end+1, spaces):], true
		}
	}
}

// cutQuotedComment returns the first comment of ssh.com in quotes, with them, and what follows
// it. One that does not end has no other after it: its quote would end the first.
func cutQuotedComment(body string) (comment, rest string, ok bool) {
	const name = "Comment:"
	for from := indexFrom(body, name, 0); from < len(body); from = indexFrom(body, name, from) {
		start := skip(body, from+len(name), spaces)
		if from = start; start == len(body) || body[start] != '"' {
			continue
		}
		for end := start + 1; end < len(body); end++ {
			switch body[end] {
			case '\\':
				end++
			case '"':
				return body[start : end+1], body[end+1:], true
			}
		}
		return "", "", false
	}
	return "", "", false
}

// withoutHeaders drops the headers at the beginning, which any block may have (RFC 1421
// section 4.4).
func withoutHeaders(body string) string {
	rest := body
	for {
		start := skip(rest, 0, "\r\n")
		line, more, ok := cutLine(rest[start:])
		if !ok || !isHeader(line) || strings.HasPrefix(line, "PuTTY") {
			return rest
		}
		for strings.HasSuffix(line, `\`) && ok {
			line, more, ok = cutLine(more)
		}
		rest = more
	}
}

// hasGoodHeaders reports whether the headers of a block that is encrypted as a whole are as
// RFC 1421 section 4.6 has them: Proc-Type first, then DEK-Info, then a blank line.
func hasGoodHeaders(body string) bool {
	if !strings.Contains(body, "DEK") {
		return true
	}
	at := 0
	for line := range lines(strings.TrimLeft(body, "\r\n")) {
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case at == 0 && !(name == "Proc-Type" && value == "4,ENCRYPTED"):
			return false
		case at == 1 && !(name == "DEK-Info" && !strings.ContainsAny(value, " \t")):
			return false
		case at > 1 && !ok:
			return strings.TrimSpace(line) == ""
		}
		at++
	}
	return false
}

// cause says why the block is not a private key, where its content shows that: it is a public
// one, or encrypted as a whole, and the header that says how is not there.
func (s segment) cause() string {
	body := withoutHeaders(s.body)
	if len(body) > maxHeadless || strings.Contains(s.body, "DEK-Info") || strings.ContainsFunc(body, func(r rune) bool { return !isBodyOrJunk(r) }) {
		return ""
	}
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(onlyBase64(body), "="))
	if err != nil {
		return ""
	}
	const blockSize, minKey = 8, 64 // that of DES; less is not a key
	switch {
	case isPublic(data):
		return "this is a public key, though its BEGIN line says that it is a private one"
	case slices.Contains(LegacyLabels, s.label) && len(data) >= minKey && len(data)%blockSize == 0 && data[0] != 0x30:
		return "the key is encrypted, but the lines Proc-Type and DEK-Info, which say how, are missing: no passphrase opens it without them"
	}
	return ""
}

// isPublic reports whether the data is a public key in PKCS#1 or SubjectPublicKeyInfo.
func isPublic(data []byte) bool {
	_, err := x509.ParsePKCS1PublicKey(data)
	if err != nil {
		_, err = x509.ParsePKIXPublicKey(data)
	}
	return err == nil
}
