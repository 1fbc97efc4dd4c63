package keyconv

import (
	"bytes"
	"encoding/pem"
	"slices"
	"strings"
)

// layout says which programs take the text around a key for what it is: each is
// strict about something else. It is all false for a file that is not PEM.
type layout struct {
	openssh bool // ssh: its own form from the first byte, LF line ends
	putty   bool // PuTTY's importer: from the first byte, nothing after BEGIN and END
	node    bool // ssh2: nothing but the key and blank lines, no blank at a line end
	golang  bool // encoding/pem: no other block before the key
}

func layoutOf(data []byte, label string) layout {
	begin, end := "-----BEGIN "+label+"-----", "-----END "+label+"-----"
	if label == "SSH2 ENCRYPTED PRIVATE KEY" {
		begin, end = "---- BEGIN "+label+" ----", "---- END "+label+" ----"
	}
	text := string(data)
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	trimmed := strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	block, _ := pem.Decode(data)
	return layout{
		openssh: strings.HasPrefix(text, begin+"\n") && strings.Contains(text, "\n"+end+"\n"),
		putty:   lines[0] == begin && slices.Contains(lines, end),
		node: strings.HasPrefix(trimmed, begin) && strings.HasSuffix(trimmed, end) &&
			!slices.ContainsFunc(lines, func(l string) bool { return strings.TrimRight(l, " \t") != l }),
		golang: block != nil && block.Type == label && bytes.Contains(data, []byte(end)),
	}
}
