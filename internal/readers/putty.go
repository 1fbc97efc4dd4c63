package readers

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/wire"
)

// maxPuTTYFile is what PuTTY loads at most (MAX_KEY_FILE_SIZE of sshpubk.c).
const maxPuTTYFile = 262144*4/3 + 4096

// PuTTY is PuTTY itself, which opens .ppk files alone. Package ppk takes them apart as PuTTY
// does, without what C does not see of a line: from the first NUL on to its end.
func PuTTY(file []byte) [][]byte {
	if len(file) > maxPuTTYFile || !bytes.HasPrefix(file, []byte("PuTTY-User-Key-File-")) {
		return nil
	}
	if bytes.IndexByte(file, 0) < 0 {
		return [][]byte{file}
	}
	var seen []byte
	hidden := false
	for _, c := range file {
		hidden = (hidden || c == 0) && c != '\n' && c != '\r'
		if !hidden {
			seen = append(seen, c)
		}
	}
	return [][]byte{seen}
}

// FileZilla is fzputtygen: PuTTY, with what PuTTYgen imports (import.c).
func FileZilla(file []byte) [][]byte {
	var text []byte
	ok := false
	switch {
	case len(file) > maxPuTTYFile:
	case bytes.HasPrefix(file, []byte(opensshBegin[:30])):
		text, ok = puttyNew(file)
	case bytes.HasPrefix(file, []byte("-----BEGIN ")):
		text, ok = puttyPEM(file)
	case bytes.HasPrefix(file, []byte("---- BEGIN SSH2 ENCRYPTED PRIVAT")):
		text, ok = puttySSHCom(file)
	default:
		return PuTTY(file)
	}
	if !ok {
		return nil
	}
	return [][]byte{text}
}

// puttyLines are the lines of a file: LF ends one, and a CR before it is dropped.
type puttyLines struct{ rest []byte }

func (l *puttyLines) next() (string, bool) {
	if len(l.rest) == 0 {
		return "", false
	}
	line, rest, _ := bytes.Cut(l.rest, []byte("\n"))
	l.rest = rest
	return string(cString(bytes.TrimSuffix(line, []byte("\r")))), true
}

// puttyBase64 takes the characters that a line begins with, and decodes four at a time,
// each of which may have its own padding. What does not make four is dropped.
type puttyBase64 struct{ four, data []byte }

func (b *puttyBase64) add(line string) bool {
	for i := 0; i < len(line) && (isBase64(line[i]) || line[i] == '='); i++ {
		if b.four = append(b.four, line[i]); len(b.four) < 4 {
			continue
		}
		var group [3]byte
		// Bits that are too many do not matter, but "A=BC" does.
		n, err := base64.StdEncoding.Decode(group[:], b.four)
		if err != nil {
			return false
		}
		b.data, b.four = append(b.data, group[:n]...), b.four[:0]
	}
	return true
}

func puttyNew(file []byte) ([]byte, bool) {
	l := &puttyLines{file}
	if first, _ := l.next(); first != opensshBegin {
		return nil, false
	}
	var body puttyBase64
	for {
		line, ok := l.next()
		if ok && line == opensshEnd {
			return clean(opensshLabel, "", wholeOpenSSH(body.data)), len(body.data) > 0
		}
		if !ok || !body.add(line) {
			return nil, false
		}
	}
}

// wholeOpenSSH cuts off what follows the last field, which PuTTY does not look at.
func wholeOpenSSH(data []byte) []byte {
	const magic = 15 // with its NUL
	if len(data) < magic {
		return data
	}
	r := wire.NewReader(data[magic:])
	for _, field := range []string{"cipher", "kdf", "options"} {
		r.String(field)
	}
	r.Uint32("keys")
	r.String("public")
	r.String("private")
	return data[:len(data)-len(r.Rest())]
}

// puttyPEM reads headers, which have a colon, and then base64. Any END line of a private key
// ends it.
func puttyPEM(file []byte) ([]byte, bool) {
	l := &puttyLines{file}
	first, _ := l.next()
	label, begins := strings.CutPrefix(first, "-----BEGIN ")
	label, ends := strings.CutSuffix(label, "-----")
	if !begins || !ends || !isTraditional(label) {
		return nil, false
	}
	var body puttyBase64
	headers := map[string]string{}
	inBody := false
	for {
		line, ok := l.next()
		if !ok {
			return nil, false
		}
		if strings.HasPrefix(line, "-----END ") && strings.HasSuffix(line, "PRIVATE KEY-----") {
			break
		}
		name, value, isHeader := strings.Cut(line, ":")
		if isHeader && inBody || !isHeader && !body.add(line) {
			return nil, false
		}
		inBody = inBody || !isHeader
		if isHeader {
			headers[name] = strings.TrimLeftFunc(value, isCSpace)
		}
	}
	dek, ok := puttyEncryption(headers)
	if dek == "" {
		body.data = firstElement(body.data)
	}
	return clean(label, dek, body.data), ok && len(body.data) > 0
}

// puttyEncryption returns the cipher and IV, or "" for none. An IV has neither more nor
// fewer digits than it needs, and nothing after them.
func puttyEncryption(headers map[string]string) (dekInfo string, ok bool) {
	dek, hasDEK := headers["DEK-Info"]
	if procType, has := headers["Proc-Type"]; has && !strings.HasPrefix(procType, "4,") {
		return "", false
	}
	encrypted := headers["Proc-Type"] == "4,ENCRYPTED"
	if !hasDEK {
		return "", !encrypted
	}
	name, digits, _ := strings.Cut(dek, ",")
	size := map[string]int{"DES-EDE3-CBC": 8, "AES-128-CBC": 16, "AES-256-CBC": 16}[name] // the last in FileZilla alone
	iv, err := hex.DecodeString(digits)
	if err != nil || size == 0 || len(iv) != size {
		return "", false
	}
	if !encrypted {
		return "", true
	}
	return dek, true
}

func puttySSHCom(file []byte) ([]byte, bool) {
	const label = "SSH2 ENCRYPTED PRIVATE KEY"
	l := &puttyLines{file}
	if first, _ := l.next(); first != "---- BEGIN "+label+" ----" {
		return nil, false
	}
	var body puttyBase64
	inBody := false
	for {
		line, ok := l.next()
		if ok && line == "---- END "+label+" ----" {
			return pemblock.Encode(label, nil, body.data), len(body.data) > 0
		}
		isHeader := strings.Contains(line, ":")
		for ok && isHeader && !inBody && strings.HasSuffix(line, `\`) {
			line, ok = l.next()
		}
		if !ok || isHeader && inBody || !isHeader && !body.add(line) {
			return nil, false
		}
		inBody = inBody || !isHeader
	}
}
