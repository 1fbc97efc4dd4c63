package mend

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// lacksPPKStart reports whether a text has the headers of a PuTTY key file without its first line.
func lacksPPKStart(s string) bool {
	return strings.Contains(s, "Encryption:") && !strings.Contains(s, "PuTTY-User-Key-File-")
}

// withPPKStart writes the first line of a PuTTY key file again: the size of the MAC is that of
// the version, and the public half has the algorithm.
func withPPKStart(s string) string {
	start, public, mac := strings.Index(s, "Encryption:"), strings.Index(s, "Public-Lines:"), strings.Index(s, "Private-MAC:")
	if start < 0 || public < start || mac < public {
		return s
	}
	version := "2"
	digits := skip(s, mac+len("Private-MAC:"), " ")
	if wordEnd(hexDigits, s, digits)-digits > sizeSHA1 {
		version = "3"
	}
	algorithm := ppkAlgorithm(s[public+len("Public-Lines:") : mac])
	line := lineStart(s, start)
	if algorithm == "" || line < 0 {
		return s
	}
	return s[:line] + s[line:start] + "PuTTY-User-Key-File-" + version + ": " + algorithm + "\n" + s[line:]
}

// ppkAlgorithm returns the algorithm that the base64 of a public half begins with, or "".
func ppkAlgorithm(s string) string {
	at := strings.Index(s, "AAAA") // the length of the name is below 256
	if at < 0 {
		return ""
	}
	letters := onlyBase64(s[at:min(len(s), at+128)])
	data, _ := base64.StdEncoding.DecodeString(letters[:min(len(letters), 64)&^3])
	if len(data) < 4 || int(binary.BigEndian.Uint32(data)) > len(data)-4 {
		return ""
	}
	name := string(data[4 : 4+binary.BigEndian.Uint32(data)])
	if nameLength(name) < len(name) {
		return ""
	}
	return name
}
