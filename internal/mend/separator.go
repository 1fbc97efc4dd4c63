package mend

import (
	"strings"

	"github.com/keyconv/keyconv/sshkey"
)

// maxSeparator is longer than what stands for a line end: ;, ↵, /n, <LF> or {CRLF}.
const maxSeparator = 12

// mayBeSeparated reports whether there may be something between the lines of a key in place of
// line ends.
func mayBeSeparated(s string) bool {
	return strings.Contains(s, "PRIVATE KEY") || strings.Contains(s, "PuTTY-User-Key-File-")
}

// unSeparate puts line ends in place of what stands between the lines of keys on one line. It
// may be of letters, as the n of a \n that has lost its backslash: what stands before the first
// line, between all lines of one width, and after the last is it.
func unSeparate(s string) string {
	var b strings.Builder
	pos := 0
	markers := findPEM(s)
	for i := 0; i+1 < len(markers); i++ {
		begin, end := markers[i], markers[i+1]
		if begin.isEnd(s) || !end.isEnd(s) {
			continue
		}
		if body := separated(s[begin.end:end.start]); body != "" {
			b.WriteString(s[pos:begin.end] + body)
			pos = end.start
		}
	}
	starts := findPPK(s, pos, sshkey.MaxTextKeys+1)
	for i, at := range starts {
		end := len(s)
		if i+1 < len(starts) {
			end = starts[i+1].start
		}
		if region := separatedPPK(s[at.end:end]); region != "" {
			b.WriteString(s[pos:at.end] + region)
			pos = end
		}
	}
	if pos == 0 {
		return s
	}
	return b.String() + s[pos:]
}

// separated returns the body of a block in lines, or "".
func separated(body string) string {
	if len(body) > maxHeadless || strings.ContainsAny(body, "\r\n") {
		return ""
	}
	headers := ""
	if at := strings.Index(body, "DEK-Info:"); at >= 0 {
		headers, body = separatedHeaders(body, at)
	}
	for size := 1; size <= min(maxSeparator, len(body)/2); size++ {
		separator := body[:size]
		inner, ok := strings.CutSuffix(body[size:], separator)
		if !ok || strings.TrimSpace(separator) == "" {
			continue
		}
		for _, width := range append([]int{strings.Index(inner, separator)}, plusWidths...) {
			if lines := linesOfWidth(inner, separator, width); lines != "" {
				return headers + "\n" + lines
			}
		}
	}
	return ""
}

// separatedHeaders returns the headers of a block that is encrypted as a whole (RFC 1421 section
// 4.6) in lines, and the rest from the separator before the base64 on.
func separatedHeaders(body string, at int) (headers, rest string) {
	separator := body[strings.Index(body[:at], "ENCRYPTED")+len("ENCRYPTED") : at]
	proc := strings.TrimSuffix(strings.TrimPrefix(body[:at], separator), separator)
	iv := at + strings.IndexByte(body[at:], ',') + 1
	end := wordEnd(hexDigits, body, iv)
	rest, found := strings.CutPrefix(body[end:], separator)
	if separator == "" || !strings.HasPrefix(proc, "Proc-Type:") || !found || !strings.HasPrefix(rest, separator) {
		return "", body
	}
	return "\n" + proc + "\n" + body[at:end] + "\n", rest
}

// linesOfWidth returns base64 in lines of a width, which have a separator between them; "" for
// anything else.
func linesOfWidth(text, separator string, width int) string {
	if width <= shortWord && width >= 0 {
		return ""
	}
	var b strings.Builder
	for width > 0 && len(text) > width {
		rest, ok := strings.CutPrefix(text[width:], separator)
		if !ok || wordEnd(anyBase64, text[:width], 0) < width {
			return ""
		}
		b.WriteString(text[:width] + "\n")
		text = rest
	}
	if text == "" || wordEnd(anyBase64, text, 0) < len(text) {
		return ""
	}
	return b.String() + text + "\n"
}

// separatedPPK returns the text of a .ppk after its version in lines, or "". What stands before
// every header is the separator.
func separatedPPK(region string) string {
	if line, _, _ := strings.Cut(strings.TrimRight(region, "\r\n"), "\n"); len(line) > maxHeadless || !strings.Contains(line, "Private-Lines:") {
		return ""
	}
	at := strings.Index(region, "Encryption:")
	for size := min(maxSeparator, at); size > 0; size-- {
		separator := region[at-size : at]
		if strings.TrimSpace(separator) == "" || !precedesHeaders(region, separator) {
			continue
		}
		if strings.ContainsFunc(separator, func(r rune) bool { return r > 'z' || !isBase64(byte(r)) }) {
			return strings.ReplaceAll(region, separator, "\n")
		}
		return separatedBlobs(region, separator)
	}
	return ""
}

// precedesHeaders reports whether a separator stands before each header of a .ppk.
func precedesHeaders(region, separator string) bool {
	for _, header := range ppkHeaders {
		all := strings.Count(region, header+":")
		if all > 0 && strings.Count(region, separator+header+":") != all {
			return false
		}
	}
	return true
}

// separatedBlobs is for a separator of letters, which the base64 may have too.
func separatedBlobs(region, separator string) string {
	const width = 64 // that of PuTTY
	var b strings.Builder
	for {
		at := strings.Index(region, "-Lines: ")
		if at < 0 {
			break
		}
		at += len("-Lines: ")
		start := at + wordEnd(digits, region[at:], 0)
		end := strings.Index(region[start:], separator+"Private-")
		if key := strings.Index(region[start:], separator+"Key-Derivation:"); key >= 0 {
			end = min(end, key)
		}
		if end < 0 || !strings.HasPrefix(region[start:], separator) {
			return ""
		}
		lines := linesOfWidth(region[start+len(separator):start+end], separator, width)
		if lines == "" {
			return ""
		}
		b.WriteString(withLineEnds(region[:start], separator) + "\n" + strings.TrimSuffix(lines, "\n"))
		region = region[start+end:]
	}
	return b.String() + withLineEnds(region, separator)
}

// withLineEnds puts a line end in place of the separator before each header.
func withLineEnds(s, separator string) string {
	for _, header := range ppkHeaders {
		s = strings.ReplaceAll(s, separator+header+":", "\n"+header+":")
	}
	return s
}
