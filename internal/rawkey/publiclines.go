package rawkey

import (
	"encoding/base64"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// PublicLine is a line of authorized_keys or known_hosts (sshd(8), AUTHORIZED_KEYS FILE
// FORMAT and SSH_KNOWN_HOSTS FILE FORMAT) that is neither empty nor a comment.
type PublicLine struct {
	Line    int           // from 1
	Marker  string        // of known_hosts: "@cert-authority" or "@revoked"; "" for none
	Hosts   string        // of known_hosts: the names, or a hash of one that begins with "|1|"
	Options string        // of authorized_keys: what stands in front of the key
	Key     ssh.PublicKey // nil where Err is not
	Comment string
	Err     error // a *sshkey.SyntaxError, or that of [ParsePublic]
}

// PublicLines returns the lines of authorized_keys or known_hosts, those with an error too.
func PublicLines(data []byte) []PublicLine {
	var lines []PublicLine
	number := 0
	for line := range authorizedLines(data) {
		number++
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, publicLine(line, number))
		}
	}
	return lines
}

// authorizedLines returns the lines of a text with any line ends.
func authorizedLines(data []byte) func(yield func(string) bool) {
	text := strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n")
	return strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n")
}

func publicLine(line string, number int) PublicLine {
	l := PublicLine{Line: number}
	if strings.HasPrefix(line, "@") {
		l.Marker, line = cutBlank(line)
	}
	before, blob, comment, ok := splitAuthorizedLine(line)
	if !ok {
		l.Err = NewSyntax(number, whyNoPublicKey(line))
		return l
	}
	l.Comment = comment
	if l.Key, l.Err = ParsePublic(blob); l.Err != nil {
		l.Key = nil
	}
	if l.Marker != "" || isHosts(before) {
		l.Hosts = before
	} else {
		l.Options = before
	}
	return l
}

// authorizedOptions are the names of options in authorized_keys, in small letters.
var authorizedOptions = []string{
	"agent-forwarding", "cert-authority", "command", "environment", "expiry-time", "from", "no-agent-forwarding", "no-port-forwarding",
	"no-pty", "no-touch-required", "no-user-rc", "no-x11-forwarding", "permitlisten", "permitopen", "port-forwarding", "principals",
	"pty", "restrict", "tunnel", "user-rc", "verify-required", "x11-forwarding",
}

// isHosts reports whether what stands in front of a key is names of hosts, not options.
func isHosts(before string) bool {
	name, _, _ := strings.Cut(before, ",")
	name, _, _ = strings.Cut(name, "=")
	return before != "" && !strings.ContainsAny(before, " \t\"") && !slices.Contains(authorizedOptions, strings.ToLower(name))
}

// whyNoPublicKey says what is wrong with a line.
func whyNoPublicKey(line string) string {
	numbers := 0
	for word := range strings.FieldsSeq(line) {
		if _, known := TypeOf(word); known {
			return "the base64 of the public key is damaged or cut off"
		}
		if strings.Trim(word, "0123456789") == "" {
			numbers++
		}
	}
	if numbers >= 3 {
		return "this is a public key of SSH-1"
	}
	return "this is not a public key"
}

// splitAuthorizedLine needs no parser of options: the key type is the word that is also
// the beginning of the base64 after it.
func splitAuthorizedLine(line string) (before string, blob []byte, comment string, ok bool) {
	for rest := line; rest != ""; {
		algorithm, after := cutBlank(rest)
		text, comment := cutBlank(after)
		var blob []byte
		var err error
		if strings.HasPrefix(text, lengthInBase64) && len(text) > len(algorithm) {
			blob, err = base64.StdEncoding.DecodeString(text)
		}
		if err == nil && namesItself(blob, algorithm) {
			return strings.TrimRight(line[:len(line)-len(rest)], " \t"), blob, strings.TrimSpace(comment), true
		}
		rest = after
	}
	return "", nil, "", false
}
