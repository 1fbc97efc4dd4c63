package keytest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Shape is a text or a file of any size that is made to cost work. It has no key that
// can be read.
type Shape struct {
	Name string
	Make func(size int) []byte

	piece int // the size of what is repeated
}

// Sizes returns sizes that differ by one piece each. What a text is taken for may depend
// on its length, as with base64: so the work for a size is the maximum of these.
func (s Shape) Sizes(size int) []int {
	var list []int
	for i := range 4 {
		list = append(list, size+i*s.piece)
	}
	return list
}

const (
	begin       = "-----BEGIN RSA PRIVATE KEY-----"
	end         = "-----END RSA PRIVATE KEY-----"
	beginSSHCom = "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n"
	endSSHCom   = "\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n"
	ppkBegin    = "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: "
)

// Shapes returns all shapes.
func Shapes() []Shape {
	var list []Shape
	for _, f := range fillers {
		list = append(list, Shape{f.name, func(size int) []byte {
			n := max(0, size-len(f.head)-len(f.tail)) / len(f.piece)
			return []byte(f.head + strings.Repeat(f.piece, n) + f.tail)
		}, len(f.piece)})
	}
	for _, s := range made {
		s.piece = 500
		list = append(list, s)
	}
	return list
}

// filler is a text that repeats a piece, between a head and a tail.
type filler struct{ name, head, piece, tail string }

var fillers = []filler{
	// Markers, with and without lines.
	{"BEGIN lines", "", begin + "\n", ""},
	{"BEGIN and END on one line", "", "x" + begin + "A" + end, ""},
	{"BEGIN and END on one line, nothing between keys", "", begin + "A" + end, ""},
	{"BEGIN and END on one line, tabs", "", "-----BEGIN PRIVATE KEY-----\tA-----END PRIVATE KEY-----\t", ""},
	{"BEGIN and END on lines", "", begin + "\nAAAA\n" + end + "\n", ""},
	{"END on one line", "", "MAAA " + end, ""},
	{"END on lines", "", "MAAA\n" + end + "\n", ""},
	{"short markers", "", "-BEGIN PRIVATE KEY-", ""},
	{"dashes", "", "-", ""},
	{"dashes after the word", "PRIVATE ", "-", ""},
	{"dashes and spaces", "PRIVATE ", "- ", ""},
	{"soft hyphens", "", "\u00ad", ""},
	{"dashes of all kinds", "PRIVATE KEY", "\u2010\u2014\u2212\ufe58\uff0d", "BEGIN"},
	{"BEGIN and blanks", "PRIVATE -----BEGIN", " ", ""},
	{"blanks before BEGIN", "PRIVATE KEY -----", " ", "BEGIN PRIVATE KEY-----"},
	{"BEGIN without a key", "PRIVATE ", "-----BEGIN A B C ", ""},
	{"the words alone", "PRIVATE ", "BEGIN END ", ""},
	{"one label without end", "PRIVATE -----BEGIN ", "A", ""},
	{"labels of a letter", "PRIVATE -----BEGIN ", "A ", ""},
	{"labels that nearly end", "", "-----BEGIN A B C PRIVATE ", ""},
	{"markers of curves", "", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n", ""},
	{"blocks of other kinds", "", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", ""},
	{"BEGIN of other kinds", "", "-----BEGIN PUBLIC KEY-----\n", ""},
	{"BEGIN of no kind", "", "-----BEGIN X-----\n", ""},
	{"quoted markers", "", "> > " + begin + "\n> > AAAA\n> > " + end + "\n", ""},
	{"markers that overlap", "", "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----", ""},
	// Headers.
	{"continued header", begin + "\nComment: a\\\n", "xx\\\n", "\nAAAA\n" + end + "\n"},
	{"continued header of ssh.com", beginSSHCom + "Comment: a\\\n", "xx\\\n", "\nAAAA" + endSSHCom},
	{"continued header of RFC 4716", "---- BEGIN SSH2 PUBLIC KEY ----\nComment: a\\\n", "xx\\\n", "\nAAAA\n---- END SSH2 PUBLIC KEY ----\n"},
	{"continued for ever", "---- BEGIN SSH2 PUBLIC KEY ----\n", "Comment: \\\n", ""},
	{"headers", begin + "\n", "a:b\n", "\nAAAA\n" + end + "\n"},
	{"headers of RFC 4716", "---- BEGIN SSH2 PUBLIC KEY ----\n", "a:b\n", "\nAAAA\n---- END SSH2 PUBLIC KEY ----\n"},
	{"encrypted in part", begin + "\n", "Proc-Type: 4,ENCRYPTED DEK-Info: ", "\n" + end},
	{"encrypted blocks", "", begin + "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n" + end + "\n", ""},
	{"long DEK-Info", begin + "\nProc-Type: 4,ENCRYPTED\nDEK-Info: ", "A", ",00\n\nAAAA\n" + end + "\n"},
	{"open quotes of ssh.com", beginSSHCom, `Comment: "`, endSSHCom},
	{"escaped quotes of ssh.com", beginSSHCom + `Comment: "`, `\"`, endSSHCom},
	// Base64.
	{"long base64", begin + "\n", "QUFB", "\n" + end + "\n"},
	{"short lines", begin + "\n", "QUFB\n", "\n" + end + "\n"},
	{"bare base64", "", "QUFB", ""},
	{"bare words", "", "MII ", ""},
	{"bare long words", "", "MIIAAAAAAAAAAAAAA ", ""},
	{"padding after a word", strings.Repeat("A", 20), "=", ""},
	{"quotes", "", "\"", ""},
	{"quotes of a shell", "", "`", ""},
	{"quotes and spaces", "", "\" ", ""},
	{"lines that begin as a key does", "", "MIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEA\n", ""},
	{"padding after a letter", "A", "=", ""},
	{"letters and padding", "", "A=", ""},
	{"words and padding", "", "AAAAAAAAAAAAAAAAAAAA== ", ""},
	{"blanks after words", "AAAAAAAAAAAAAAAAAAAA", " ", "AAAAAAAAAAAAAAAAAAAA"},
	{"base64 for URLs", "", "M-_M", ""},
	{"starts of openssh-key-v1", "", "b3BlbnNzaC1rZXk ", ""},
	{"starts of ssh.com", "", "P2/56wAAAAA ", ""},
	{"no END", begin + "\n", "MIIA\n", ""},
	{"no BEGIN", "", "MIIA\n", end + "\n"},
	// Escapes.
	{"ampersands", "", "&", ""},
	{"entities", "", "&#45;", ""},
	{"entities that grow", "", "&nGt;", ""},
	{"entities of entities", "", "&amp;amp;amp;#45;", ""},
	{"entities of markers", "", "&#45;&#45;&#45;&#45;&#45;BEGIN PRIVATE KEY&#45;&#45;&#45;&#45;&#45;", ""},
	{"backslashes", "", `\`, ""},
	{"escaped line ends", "", `\\\n`, ""},
	{"escaped dashes", "", `\u002d`, ""},
	{"breaks", "", "<br", ""},
	{"breaks in entities", "", "&lt;br&gt;", ""},
	{"quotes", "", "\"'", ""},
	{"mail", "", ">", ""},
	{"mail in lines", "", "> \n", ""},
	// Programs, logs, mails and documents.
	{"percent", "", "%", ""},
	{"percent-encoded dashes", "", "%2D", ""},
	{"percent of percent", "", "%252525", ""},
	{"soft line ends", "", "A=\n", ""},
	{"quoted-printable", "", "=3D", ""},
	{"UTF-7", "", "+AAo-", ""},
	{"pluses", "", "+", ""},
	{"colours", "", "\x1b[0m", ""},
	{"colours that do not end", "", "\x1b[0", ""},
	{"titles of terminals", "", "\x1b]", ""},
	{"tags", "", "<p>", ""},
	{"tags that do not end", "", "<p ", ""},
	{"joined strings", "", `"A\n" + `, ""},
	{"strings without a joint", "", `"+a`, ""},
	{"backticks", "", "`n", ""},
	{"groups of RTF", `{\rtf1 `, `{\b `, ""},
	{"words of RTF", `{\rtf1 `, `\u45?`, "}"},
	{"hexadecimal", "", "2d ", ""},
	{"decimal", "", "45,", ""},
	{"dumps", "", "00000000: 2d2d 2d2d\n00000010: 2d2d 2d2d\n", ""},
	{"lines of a diff", "+" + begin + "\n", "+AAAA\n", "+" + end + "\n"},
	{"lines of a log", "1 " + begin + "\n", "1 AAAA\n", "1 " + end + "\n"},
	{"markers in a log", "", "1 " + begin + "\n1 AAAA\n1 " + end + "\n", ""},
	{"markers on one line of a log", "", "1 " + begin + " 1 AAAA 1 " + end + " ", ""},
	{"END lines of a log", "", "1 MAAA\n1 " + end + "\n", ""},
	{"lines with numbers", "", "1 1 1 1 1 1\n", ""},
	{"spaces in base64", begin + "\n", "AAAA AAA ", "\n" + end + "\n"},
	{"markers without dashes", "", "begin rsa private key\n", ""},
	{"comments of other letters", ppkBegin, "\u00e9\u5bc6", "\nPublic-Lines: 1\nQUFB\nPrivate-Lines: 1\nQUFB\nPrivate-MAC: 00\n"},
	{"letters that look alike", "PRIVATE KEY", "\u0410", ""},
	{"lines of base64 in strings", "", `  'MIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEA\n' +` + "\n", ""},
	{"lines of base64 in a log of Docker", "", `{"log":"MIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEA\n","time":"2024-05-01T10:11:12Z"}` + "\n", ""},
	{"base64 in JSON", "[", `"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2w=",`, "1]"},
	{"runs of quotes", "", strings.Repeat(`"`, 200) + "a;", ""},
	{"dump by od -c", "", "0000000   M   I   I   E   p   A   I   B   A   A   K   C   A   Q   E   A\n", ""},
	{"HTML with words of a marker", "", "<p>the private key &amp; more</p>\n", ""},
	// PuTTY.
	{"markers of PuTTY", "", "PuTTY-User-Key-File-3:", ""},
	{"markers of PuTTY on lines", "", "PuTTY-User-Key-File-3: x\n", ""},
	{"headers of PuTTY", "PuTTY-User-Key-File-3: ssh-rsa\n", "Encryption: Comment: ", ""},
	{"comment of PuTTY", ppkBegin, "x ", ""},
	{"comment of dashes", ppkBegin, "\u2014", "\nPublic-Lines: 1\nQUFB\nPrivate-Lines: 1\nQUFB\nPrivate-MAC: 00\n"},
	{"comment of headers", ppkBegin, "Public-Lines: ", "1\nQUFB\nPrivate-Lines: 1\nQUFB\nPrivate-MAC: 00\n"},
	{"all headers of PuTTY", "", "PuTTY-User-Key-File-3: ssh-rsa Encryption: none Comment: x Public-Lines: 1 QUFB Private-Lines: 1 QUFB Private-MAC: 00 ", ""},
	{"count of lines", ppkBegin + "x\nPublic-Lines: ", "1", "\nQUFB\nPrivate-Lines: 1\nQUFB\nPrivate-MAC: 00\n"},
	{"more lines than counted", ppkBegin + "x\nPublic-Lines: 1\n", "QUFB\n", "Private-Lines: 1\nQUFB\nPrivate-MAC: 00\n"},
	{"long MAC", ppkBegin + "x\nPublic-Lines: 1\nQUFB\nPrivate-Lines: 1\nQUFB\nPrivate-MAC: ", "0", "\n"},
	// Other forms.
	{"arrays of JSON", `{"kty":`, "[", ""},
	{"fields of JSON", "{", `"a":1,`, `"kty":"x"}`},
	{"words of authorized_keys", "", "a ", ""},
	{"base64 words of authorized_keys", "", "AAAA ", ""},
	{"one word of authorized_keys", "ssh-rsa ", "A", ""},
	{"options of authorized_keys", "", `command="a b\" ", `, "ssh-rsa AAAA"},
	{"comments of authorized_keys", "", "#\n", ""},
	{"key of SSH-1", "SSH PRIVATE KEY FILE FORMAT 1.1\n\x00", "\xff", ""},
	{"digits", "1024 35 ", "1", ""},
	// White space and characters.
	{"CR", "", "\r", ""},
	{"LF", "", "\n", "x"},
	{"CR, CR, LF", "", "\r\r\n", "x"},
	{"NUL", "", "\x00", ""},
	{"NUL between", "", "a\x00", ""},
	{"NUL between markers", "", "-\x00-\x00-\x00-\x00-\x00B\x00E\x00G\x00I\x00N\x00 \x00P\x00R\x00I\x00V\x00A\x00T\x00E\x00 \x00K\x00E\x00Y\x00-\x00", ""},
	{"invisible letters", "PRIVATE KEY", "\u200b", ""},
	{"byte order marks", "", "\ufeff", ""},
	{"form feeds", "", "\f", "x"},
	{"not UTF-8", "PRIVATE KEY", "\xff\xc0-", ""},

	// Forms of other programs.
	{"JSON Web Key with many members", `{"kty":"RSA","d":"AA"`, `,"x":1`, "}"},
	{"set of JSON Web Keys", `{"keys":[`, `{"kty":"RSA","d":"AA"},`, "{}]}"},
	{"RSAKeyValue with many elements", "<RSAKeyValue><D>AA==</D>", "<P>AAAA</P>", "</RSAKeyValue>"},
	{"many RSAKeyValues", "", "<RSAKeyValue><D>", ""},
	{"Java keystore of certificates", "\xfe\xed\xfe\xed\x00\x00\x00\x02\x7f\xff\xff\xff", "\x00\x00\x00\x02\x00\x00timestmp\x00\x00\x00\x00\x00\x00", ""},
	{"Java keystore of keys", "\xfe\xed\xfe\xed\x00\x00\x00\x02\x7f\xff\xff\xff", "\x00\x00\x00\x01\x00\x00timestmp\x00\x00\x00\x00\x00\x00\x00\x00", ""},
	{"elements of BER without end", "", "\x30\x80", ""},
	{"ends of elements of BER", "\x30\x80", "\x00\x00", ""},
	{"string of BER in pieces", "\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80", "\x04\x01\x00", ""},
	{"Dropbear", "\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x01\x03\x00\x00\x00\x01\x05", "\x00\x00\x00\x01\x07", ""},
	{"values in base64", "", "a: QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2w=\n", ""},
	{"values in base64 of DER", "", "a: MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeK\n", ""},
	{"base64 of base64", "", "UVVKRFJFVkdSMGhKU2t0TVRVNVBVRkZTVTFSVlZsZFlXVnBoWW1Oa1pXWT0=\n", ""},
}

// made lists the shapes that do not repeat a piece.
var made = []Shape{
	{Name: "different headers", Make: func(size int) []byte {
		return numbered(begin+"\n", "%x:\n", "\nAAAA\n"+end+"\n", size)
	}},
	{Name: "different labels", Make: func(size int) []byte { return numbered("", "-----BEGIN X%X-----\n", "", size) }},
	{Name: "base64 five times", Make: func(size int) []byte {
		text := strings.Repeat(begin+"\n", max(1, size/150))
		for range 5 {
			text = base64.StdEncoding.EncodeToString([]byte(text))
		}
		return []byte(text)
	}},
	{Name: "JSON of JSON", Make: func(size int) []byte {
		text := strings.Repeat("\n"+begin, max(1, size/64))
		for range 3 {
			out, _ := json.Marshal(text)
			text = string(out)
		}
		return []byte(text)
	}},
	{Name: "UTF-16 of markers", Make: func(size int) []byte {
		var b []byte
		for _, unit := range utf16.Encode([]rune(strings.Repeat(begin+"A"+end, max(1, size/128)))) {
			b = binary.LittleEndian.AppendUint16(b, unit)
		}
		return b
	}},
	{Name: "elements of ASN.1, nested", Make: func(size int) []byte {
		b := make([]byte, size/4*3)
		at := len(b)
		for n := 0; at >= 5; n = len(b) - at { // written from the end
			at -= 5
			copy(b[at:], []byte{0x30, 0x83, byte(n >> 16), byte(n >> 8), byte(n)})
		}
		return inPEM("PRIVATE KEY", b[at:])
	}},
	{Name: "elements of ASN.1, longer than the file", Make: func(size int) []byte { return bytes.Repeat([]byte{0x30, 0x84, 1, 1, 1, 1}, size/6) }},
	{Name: "elements of ASN.1, indefinite", Make: func(size int) []byte { return bytes.Repeat([]byte{0x30, 0x80}, size/2) }},
	{Name: "numbers of ASN.1", Make: func(size int) []byte {
		return inPEM("RSA PRIVATE KEY", element(0x30, bytes.Repeat([]byte{2, 1, 1}, size/4)))
	}},
	{Name: "openssh-key-v1 with empty keys", Make: func(size int) []byte {
		b := []byte("openssh-key-v1\x00\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00")
		n := size / 8 * 3 / 2
		b = binary.BigEndian.AppendUint32(b, uint32(n))
		return inPEM("OPENSSH PRIVATE KEY", append(b, make([]byte, 4*n)...))
	}},
	{Name: "a certificate in a certificate", Make: func(size int) []byte {
		blob := []byte{}
		const name = "ssh-rsa-cert-v01@openssh.com"
		for len(blob) < size/4*3 {
			var b []byte
			for _, s := range []string{name, "nonce", "\x01\x00\x01", "\x7f\x01"} {
				b = append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
			}
			b = append(b, make([]byte, 8+4+4+4+8+8+4+4+4)...)
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(blob))), blob...)
			blob = append(b, 0, 0, 0, 0)
			if len(blob) > 4000 { // each level copies what is inside
				break
			}
		}
		line := name + " " + base64.StdEncoding.EncodeToString(blob) + "\n"
		return []byte(strings.Repeat(line, max(1, size/len(line))))
	}},
}

// numbered repeats a format with a number, so that no two pieces are the same.
func numbered(head, format, tail string, size int) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	for i := 0; b.Len() < size-len(tail); i++ {
		fmt.Fprintf(&b, format, i)
	}
	b.WriteString(tail)
	return b.Bytes()
}
