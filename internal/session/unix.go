package session

import (
	"bytes"
	"fmt"
	"slices"
)

// maxFileName is the longest name of a file on the usual file systems (NAME_MAX).
const maxFileName = 255

// UnixName is the name of the file, in PuTTY's folder of sessions, that the session
// has on Unix.
func UnixName(s Session) (string, error) {
	if err := s.checkPuTTY(); err != nil {
		return "", err
	}
	name := escapeFile(s.Name)
	switch {
	case name == "." || name == "..":
		return "", invalidf("PuTTY cannot have a session %q: it would be the name of a folder", s.Name)
	case len(name) > maxFileName:
		return "", invalidf("the name of the session is too long: as the name of a file it has %d bytes, and %d is the most", len(name), maxFileName)
	}
	return name, nil
}

// UnixFile is the session as PuTTY on Unix keeps it. What old, the file of a session
// that is replaced, has besides stays as it is.
func UnixFile(s Session, old []byte) ([]byte, error) {
	if _, err := UnixName(s); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, v := range s.puttySettings() {
		if v.IsNumber {
			fmt.Fprintf(&b, "%s=%d\n", v.Name, v.Number)
		} else {
			fmt.Fprintf(&b, "%s=%s\n", v.Name, v.Text)
		}
	}
	for line := range bytes.Lines(old) {
		name, _, _ := bytes.Cut(line, []byte("="))
		if !slices.Contains(puttyOwned, string(name)) {
			b.Write(line)
		}
	}
	return b.Bytes(), nil
}
