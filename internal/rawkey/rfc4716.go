package rawkey

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"golang.org/x/crypto/ssh"
)

const (
	rfc4716Begin = "---- BEGIN SSH2 PUBLIC KEY ----"
	rfc4716End   = "---- END SSH2 PUBLIC KEY ----"
	// rfc4716Width is what puttygen writes; the RFC allows up to 72 (section 3.1).
	rfc4716Width = 64
)

// RFC4716 returns the public key file that PuTTYgen saves and some routers and file
// servers want. The comment is one line in quotes, as puttygen writes it, even if it is
// empty.
func RFC4716(pub ssh.PublicKey, comment string) []byte {
	var b bytes.Buffer
	b.WriteString(rfc4716Begin + "\nComment: \"")
	b.WriteString(rfc4716Escapes.Get().Replace(OneLine(comment)))
	b.WriteString("\"\n")
	for text := base64.StdEncoding.EncodeToString(Blob(pub)); text != ""; {
		n := min(rfc4716Width, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	b.WriteString(rfc4716End + "\n")
	return b.Bytes()
}

var rfc4716Escapes = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`)
}}

// DecodeRFC4716 reads such a file, and skips text around it. It returns a *sshkey.SyntaxError
// with the line, and the errors of [ParsePublic].
func DecodeRFC4716(data []byte) (pub ssh.PublicKey, comment string, err error) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == rfc4716Begin {
			blob, comment, err := decodeRFC4716Body(lines, i+1)
			if err != nil {
				return nil, "", err
			}
			pub, err := ParsePublic(blob)
			return pub, comment, err
		}
	}
	return nil, "", NewSyntax(1, "there is no line "+rfc4716Begin)
}

func decodeRFC4716Body(lines []string, i int) (blob []byte, comment string, err error) {
	var body strings.Builder
	inHeaders := true
	for ; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \t")
		name, value, isHeader := strings.Cut(line, ":")
		switch {
		case line == rfc4716End:
			blob, err := base64.StdEncoding.DecodeString(body.String())
			if err != nil {
				return nil, "", NewSyntax(i+1, "the base64 before this line is cut off or damaged")
			}
			return blob, comment, nil
		case inHeaders && isHeader:
			var whole strings.Builder
			for ; strings.HasSuffix(value, `\`) && i+1 < len(lines); i++ { // section 3.3
				whole.WriteString(strings.TrimSuffix(value, `\`))
				value = strings.TrimRight(lines[i+1], " \t")
			}
			whole.WriteString(value)
			if strings.EqualFold(name, "Comment") {
				comment = unquoteRFC4716(strings.TrimSpace(whole.String()))
			}
		default:
			inHeaders = false
			body.WriteString(strings.TrimSpace(line))
		}
	}
	return nil, "", NewSyntax(len(lines), "the file ends without the line "+rfc4716End)
}

// unquoteRFC4716 removes the quotes that are around most comments (section 3.3.2) and
// the backslashes that puttygen writes inside.
func unquoteRFC4716(value string) string {
	inner, ok := strings.CutPrefix(value, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	if !ok || !closed {
		return value
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(inner)
}
