package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/go-crypt/x/argon2"

	"github.com/keyconv/keyconv/vectors"
)

// ppkFile is a PuTTY key file with everything that a vector may change. The zero value of
// a field is what PuTTY writes.
type ppkFile struct {
	version    int
	algorithm  string
	comment    string
	public     []byte
	private    []byte // unencrypted and without padding
	passphrase string // empty: not encrypted
	flavour    string
	memory     uint32
	passes     uint32
	lanes      uint32
	salt       []byte
	padding    func(blob []byte, n int) []byte
	mac        func(mac []byte) string       // how the MAC is written
	lines      func(lines []string) []string // the last change of the lines
	width      int                           // of base64
}

func sha1Of(parts ...[]byte) []byte {
	sum := sha1.Sum(concat(parts...))
	return sum[:]
}

// keys returns the cipher key, the IV and the MAC key.
func (f ppkFile) keys() (key, iv, mac []byte) {
	secret := []byte(f.passphrase)
	if f.version < 3 {
		key = concat(sha1Of([]byte{0, 0, 0, 0}, secret), sha1Of([]byte{0, 0, 0, 1}, secret))[:32]
		return key, make([]byte, 16), sha1Of([]byte("putty-private-key-file-mac-key"), secret)
	}
	if f.passphrase == "" {
		return nil, nil, nil
	}
	derive := map[string]argon2.KeyFunc{"Argon2id": argon2.IDKey, "Argon2i": argon2.IKey, "Argon2d": argon2.DKey}[f.flavour]
	all := derive(secret, f.salt, f.passes, f.memory, f.lanes, 80)
	return all[:32], all[32:48], all[48:]
}

func (f ppkFile) encode() []byte {
	encryption, plain := "none", f.private
	key, iv, macKey := f.keys()
	if f.passphrase != "" {
		encryption = "aes256-cbc"
		pad := f.padding
		if pad == nil {
			pad = func(blob []byte, n int) []byte { return sha1Of(blob)[:n] }
		}
		plain = concat(plain, pad(plain, (16-len(plain)%16)%16))
	}
	var mac []byte
	switch {
	case f.version == 1:
		m := hmac.New(sha1.New, macKey)
		m.Write(plain)
		mac = m.Sum(nil)
	default:
		hash := sha1.New
		if f.version == 3 {
			hash = sha256.New
		}
		m := hmac.New(hash, macKey)
		m.Write(concat(str(f.algorithm), str(encryption), str(f.comment), str(string(f.public)), str(string(plain))))
		mac = m.Sum(nil)
	}
	private := plain
	if f.passphrase != "" && len(plain)%16 == 0 {
		block, err := aes.NewCipher(key)
		check(err)
		private = make([]byte, len(plain))
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(private, plain)
	}
	written := hex.EncodeToString(mac)
	if f.mac != nil {
		written = f.mac(mac)
	}
	lines := []string{fmt.Sprintf("PuTTY-User-Key-File-%d: %s", f.version, f.algorithm), "Encryption: " + encryption, "Comment: " + f.comment}
	lines = append(lines, f.blob("Public-Lines", f.public)...)
	if f.version == 3 && f.passphrase != "" {
		lines = append(lines, "Key-Derivation: "+f.flavour, fmt.Sprintf("Argon2-Memory: %d", f.memory), fmt.Sprintf("Argon2-Passes: %d", f.passes),
			fmt.Sprintf("Argon2-Parallelism: %d", f.lanes), "Argon2-Salt: "+hex.EncodeToString(f.salt))
	}
	lines = append(lines, f.blob("Private-Lines", private)...)
	lines = append(lines, "Private-MAC: "+written)
	if f.lines != nil {
		lines = f.lines(lines)
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

func (f ppkFile) blob(name string, blob []byte) []string {
	text := strings.Split(strings.TrimSuffix(wrapped(base64Of(blob), f.width), "\n"), "\n")
	return append([]string{fmt.Sprintf("%s: %d", name, len(text))}, text...)
}

// ppk returns a vector of a file that is changed.
func ppk(name string, k keyType, version int, verdict vectors.Verdict, property string, change func(f *ppkFile)) vector {
	f := ppkFile{version: version, algorithm: k.algorithm, comment: k.name + "-key", public: k.public, private: k.ppk,
		flavour: "Argon2id", memory: 64, passes: 1, lanes: 1, salt: newStream("salt").take(16), width: 64}
	if change != nil {
		change(&f)
	}
	v := newVector(fmt.Sprintf("ppk%d", version), name, fmt.Sprintf("ppk-%d", version), k, verdict, property, f.encode())
	if f.passphrase != "" {
		v = v.locked(f.passphrase)
	}
	return v
}

func lock(f *ppkFile) { f.passphrase = passphrase }

// ppkTypes has every type in every version.
func ppkTypes() []vector {
	var list []vector
	for _, k := range append([]keyType{rsa1024}, allTypes...) {
		for version := 1; version <= 3; version++ {
			if version == 1 && k.name == "ed448" {
				continue // which is younger than version 1
			}
			list = append(list,
				ppk(k.name+"-plain", k, version, vectors.MustRead, fmt.Sprintf("An unencrypted file of version %d with a key of type %s.", version, k.algorithm), nil),
				ppk(k.name+"-encrypted", k, version, vectors.MustRead, fmt.Sprintf("An encrypted file of version %d with a key of type %s.", version, k.algorithm), lock))
		}
	}
	for i := range list {
		if list[i].Format == "ppk-1" {
			list[i].Verdict = vectors.MayRead
			list[i].Property += " Version 1 was never released as a writer."
		}
	}
	return list
}

// joined, replaced and removed are changes of the lines of a file.

func joined(end string) func([]string) []string {
	return func(lines []string) []string { return []string{strings.Join(lines, end)} }
}

func replaced(from, to string) func([]string) []string {
	return func(lines []string) []string {
		for i := range lines {
			if strings.HasPrefix(lines[i], from) {
				lines[i] = strings.Replace(lines[i], from, to, 1)
			}
		}
		return lines
	}
}

func removed(prefix string) func([]string) []string {
	return func(lines []string) []string {
		return slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, prefix) })
	}
}

// ppkTexts are what the lines may look like.
var ppkTexts = []struct {
	name, property string
	verdict        vectors.Verdict
	lines          func([]string) []string
	wrong          string
}{
	{"crlf", "Line ends are CR LF, as PuTTY on Windows wrote them before 0.75.", read, joined("\r\n"), "takes the CR into the values, and the MAC fails"},
	{"cr", "Line ends are CR alone, which PuTTY takes.", may, joined("\r"), ""},
	{"doubled-line-ends", "Each line end is doubled; PuTTY swallows one more CR or LF after each.", may, joined("\n\n"), ""},
	{"tripled-line-ends", "Each line end is tripled, which PuTTY refuses.", may, joined("\n\n\n"), ""},
	{"text-after-mac", "Lines follow the MAC, which PuTTY ignores.", may, func(l []string) []string { return append(l, "anything", "else") }, ""},
	{"blank-line-after-mac", "A blank line follows the MAC.", read, func(l []string) []string { return append(l, "") }, "refuses a file that went through an editor"},
	{"mac-upper-case", "The MAC is in upper case; PuTTY compares it as text, and refuses it.", may, func(l []string) []string {
		last := len(l) - 1
		l[last] = "Private-MAC: " + strings.ToUpper(strings.TrimPrefix(l[last], "Private-MAC: "))
		return l
	}, ""},
	{"headers-swapped", "Comment comes before Encryption.", refuse, func(l []string) []string { l[1], l[2] = l[2], l[1]; return l }, "reads headers in any order, and so files that PuTTY refuses"},
	{"no-space-after-colon", "The space after \"Comment:\" is missing.", may, replaced("Comment: ", "Comment:"), ""},
	{"two-spaces-after-colon", "A second space after \"Comment: \" is not part of what the MAC covers.", refuse, replaced("Comment: ", "Comment:  "), "trims values, and takes a comment that the MAC does not cover"},
	{"header-lower-case", "A header is in lower case.", refuse, replaced("Encryption:", "encryption:"), "compares headers without regard to case"},
	{"no-comment", "The header Comment is missing.", refuse, removed("Comment: "), ""},
	{"no-encryption", "The header Encryption is missing.", refuse, removed("Encryption: "), "takes the file for one that is not encrypted"},
	{"no-mac", "The MAC is missing.", refuse, removed("Private-MAC: "), "reads the key unverified"},
	{"no-private", "The private half is missing.", refuse, func(l []string) []string { return l[:5] }, ""},
	{"version-4", "The first line says version 4.", refuse, replaced("PuTTY-User-Key-File-3", "PuTTY-User-Key-File-4"), ""},
	{"version-0", "The first line says version 0.", refuse, replaced("PuTTY-User-Key-File-3", "PuTTY-User-Key-File-0"), ""},
	{"version-30", "The first line says version 30.", refuse, replaced("PuTTY-User-Key-File-3", "PuTTY-User-Key-File-30"), "looks at the first digit alone"},
	{"encryption-unknown", "The encryption is aes128-cbc, which PuTTY does not have.", refuse, replaced("Encryption: none", "Encryption: aes128-cbc"), ""},
	{"public-lines-too-few", "Public-Lines is one less than the lines that follow.", refuse, replaced("Public-Lines: 2", "Public-Lines: 1"), "reads lines until the next header"},
	{"public-lines-too-many", "Public-Lines is one more than the lines that follow.", refuse, replaced("Public-Lines: 2", "Public-Lines: 3"), "takes a header for base64"},
	{"public-lines-zero", "Public-Lines is 0.", refuse, replaced("Public-Lines: 2", "Public-Lines: 0"), ""},
	{"public-lines-negative", "Public-Lines is -2.", refuse, replaced("Public-Lines: 2", "Public-Lines: -2"), ""},
	{"public-lines-hex", "Public-Lines is 0x2.", refuse, replaced("Public-Lines: 2", "Public-Lines: 0x2"), ""},
	{"public-lines-plus", "Public-Lines is +2, which PuTTY takes.", may, replaced("Public-Lines: 2", "Public-Lines: +2"), ""},
	{"public-lines-blank", "Public-Lines has two blanks before the number, which PuTTY takes.", may, replaced("Public-Lines: 2", "Public-Lines:   2"), ""},
	{"public-lines-leading-zero", "Public-Lines is 02, which is decimal for PuTTY.", may, replaced("Public-Lines: 2", "Public-Lines: 02"), "reads it as an octal number"},
	{"public-lines-trailing-text", "Public-Lines is 2x.", refuse, replaced("Public-Lines: 2", "Public-Lines: 2x"), "reads the digits alone"},
	{"public-lines-huge", "Public-Lines is 4294967295.", refuse, replaced("Public-Lines: 2", "Public-Lines: 4294967295"), "allocates gigabytes"},
	{"private-lines-huge", "Private-Lines is 4294967295.", refuse, replaced("Private-Lines: 1", "Private-Lines: 4294967295"), "allocates gigabytes"},
	{"base64-bad-letter", "A line of base64 has a letter that base64 lacks.", refuse, func(l []string) []string { l[4] = "!" + l[4][1:]; return l }, "skips it"},
	{"base64-space", "A line of base64 has a space in it.", refuse, func(l []string) []string { l[4] = l[4][:8] + " " + l[4][9:]; return l }, "skips it"},
	{"base64-short-line", "A line of base64 has a number of letters that is not a multiple of 4.", refuse, func(l []string) []string { l[4] = l[4][:len(l[4])-1]; return l }, ""},
	{"blank-line-inside", "A blank line is in the base64; PuTTY swallows one, as part of the line end before it.", may, func(l []string) []string { return append(append(append([]string{}, l[:5]...), ""), l[5:]...) }, ""},
	{"blank-line-first", "A blank line comes before the first line.", may, func(l []string) []string { return append([]string{""}, l...) }, ""},
	{"bom", "A UTF-8 byte order mark comes first.", may, func(l []string) []string { l[0] = "\ufeff" + l[0]; return l }, ""},
	{"trailing-space-algorithm", "The first line has a space at its end.", may, func(l []string) []string { l[0] += " "; return l }, ""},
	{"trailing-space-base64", "A line of base64 has a space at its end.", may, func(l []string) []string { l[4] += " "; return l }, ""},
	{"trailing-space-mac", "The MAC has a space at its end.", may, func(l []string) []string { l[len(l)-1] += " "; return l }, ""},
	{"mac-cut", "The MAC is cut to 20 bytes.", refuse, func(l []string) []string { l[len(l)-1] = l[len(l)-1][:len("Private-MAC: ")+40]; return l }, "compares as many bytes as there are"},
	{"mac-empty", "The MAC is empty.", refuse, func(l []string) []string { l[len(l)-1] = "Private-MAC: "; return l }, "compares as many bytes as there are"},
	{"private-hash", "The MAC is called Private-Hash, which belongs to version 1.", refuse, replaced("Private-MAC: ", "Private-Hash: "), "takes a hash without a key for a MAC"},
	{"cut-in-base64", "The file ends in the middle of the private half.", refuse, func(l []string) []string { return l[:len(l)-1] }, ""},
	{"twice", "The file is there twice; the first one counts.", may, func(l []string) []string { return append(l, l...) }, ""},
	{"indented", "All lines are indented by two spaces.", may, func(l []string) []string {
		for i := range l {
			l[i] = "  " + l[i]
		}
		return l
	}, ""},
}

// ppkText has what the lines may look like, and what a change of lines does not make.
func ppkText() []vector {
	var list []vector
	for _, c := range ppkTexts {
		list = append(list, ppk("text-"+c.name, ed, 3, c.verdict, c.property, func(f *ppkFile) { f.lines = c.lines }).wrong(c.wrong))
	}
	list = append(list, ppk("text-comment-trailing-space-lost", ed, 3, refuse, "The comment was MACed with a trailing space that an editor took away.", func(f *ppkFile) {
		f.comment += " "
		f.lines = func(l []string) []string { l[2] = strings.TrimRight(l[2], " "); return l }
	}))
	noFinal := ppk("text-no-final-line-end", ed, 3, read, "The last line has no line end.", nil)
	noFinal.data = []byte(strings.TrimRight(string(noFinal.data), "\n"))
	utf16 := ppk("text-utf-16", ed, 3, may, "The text is UTF-16 with a byte order mark, as Notepad saved it.", nil)
	utf16.data = utf16Of(string(utf16.data))
	return append(list, noFinal.wrong("waits for the line end for ever", "PuTTY 0.75 to 0.80, for other files"), utf16)
}

// ppkComments has what the comment may be.
func ppkComments() []vector {
	var list []vector
	for _, comment := range []struct{ name, text, property string }{
		{"empty", "", "The comment is empty."},
		{"spaces", "  two at each end  ", "The comment begins and ends with spaces, which the MAC covers."},
		{"colon", "Private-Lines: 99", "The comment looks like a header."},
		{"latin1", "caf\xe9", "The comment is not UTF-8; it is covered byte for byte."},
		{"utf8", "naïve café ✓", "The comment is UTF-8."},
		{"long", strings.Repeat("comment ", 1200), "The comment has 9600 bytes."},
		{"tab", "a\tb", "The comment has a tab."},
		{"quotes", `"quoted" \ 'text'`, "The comment has quotes and a backslash."},
		{"escape", "\x1b[31mred", "The comment has a control sequence of a terminal."},
		{"html", "<script>alert(1)</script>", "The comment is HTML."},
	} {
		for version := 2; version <= 3; version++ {
			list = append(list, ppk("comment-"+comment.name, ed, version, read, comment.property, func(f *ppkFile) { f.comment = comment.text }).
				wrong("trims or re-encodes the comment, and the MAC fails"))
		}
	}
	return list
}

func utf16Of(text string) []byte {
	b := []byte{0xff, 0xfe}
	for i := range len(text) {
		b = append(b, text[i], 0)
	}
	return b
}
