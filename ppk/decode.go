package ppk

import (
	"bytes"
	"crypto/sha1" // versions 1 and 2 are made of SHA-1
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

const (
	magic           = "PuTTY-User-Key-File-"
	encryptionNone  = "none"
	encryptionAES   = "aes256-cbc"
	macHeader       = "Private-MAC"
	hashHeader      = "Private-Hash" // of version 1 alone
	cipherBlockSize = 16
)

// maxBlobLines is PuTTY's limit on the base64 lines of one blob (sshpubk.c: a blob
// has at most 262144 bytes, 48 a line).
const maxBlobLines = 262144/48 - 1

// base64Width is the length of the longest line of base64, and of those that are
// written.
const base64Width = 64

// File is what a PuTTY key file has in the clear, and its private half still closed.
// Nothing of it is verified before Decrypt: the MAC covers everything.
type File struct {
	Version    int           // 1, 2 or 3
	Algorithm  string        // as the first line names it; "ssh-rsa" for example
	Encryption string        // "none" or "aes256-cbc"
	Comment    string        // in no certain encoding
	PublicKey  ssh.PublicKey // an *ssh.Certificate where the file holds one
	Argon2     *Argon2Params // nil unless version 3 and encrypted
	Extra      bool          // whether something follows the MAC, which PuTTY ignores

	salt    []byte
	public  []byte // the blob as in the file
	private []byte // the blob as in the file: encrypted and padded if Encrypted
	mac     []byte
	hashed  bool // version 1 with Private-Hash: a bare SHA-1 in place of a MAC
	macLine int
}

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f != nil && f.Encryption == encryptionAES }

// Decode reads everything that can be read without the passphrase. It returns a
// *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or *sshkey.InvalidKeyError.
func Decode(data []byte) (*File, error) { return DecodeLimits(data, sshkey.Limits{}) }

// DecodeLimits does what Decode does, with other limits than the defaults.
func DecodeLimits(data []byte, limits sshkey.Limits) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, prefixed(err)
	}
	f, t := &File{}, &text{rest: data, line: 1, next: 1}
	// The order is that of the file; PuTTY allows no other.
	if err := f.readClear(t); err != nil {
		return nil, prefixed(err)
	}
	if err := f.readPrivate(t); err != nil {
		return nil, prefixed(err)
	}
	if _, err := typeOf(f.Algorithm); err != nil {
		return nil, prefixed(err)
	}
	if f.Argon2 != nil {
		if err := f.Argon2.check(limits); err != nil {
			return nil, prefixed(err)
		}
	}
	pub, err := rawkey.ParsePublic(f.public)
	if err != nil {
		return nil, prefixed(err)
	}
	if pub.Type() != blobAlgorithm(f.Algorithm) { // the blob names the type again
		return nil, prefixed(&sshkey.InvalidKeyError{Msg: fmt.Sprintf("the public key is of type %q, but the first line says %s", pub.Type(), quote.Short(f.Algorithm))})
	}
	f.PublicKey = pub
	return f, nil
}

// readClear reads the first line, and the headers before the private half. It refuses an
// unknown encryption at once, since what follows depends on it.
func (f *File) readClear(t *text) error {
	line, err := t.readLine()
	if err != nil {
		return t.errorf("the file is empty")
	}
	rest, ok := strings.CutPrefix(string(line), magic)
	if !ok {
		return t.errorf("this is not a PuTTY key file: it does not begin with %q", magic)
	}
	version, algorithm, ok := strings.Cut(rest, ": ")
	if !ok || version == "" {
		return t.errorf("the first line should be %q", magic+"VERSION: KEYTYPE")
	}
	if len(version) != 1 || version < "1" || version > "3" {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedPPK, What: fmt.Sprintf("version %s of the PuTTY key format", quote.Short(version))}
	}
	f.Version, f.Algorithm = int(version[0]-'0'), algorithm
	if f.Encryption, err = t.header("Encryption"); err != nil {
		return err
	}
	if f.Encryption != encryptionNone && f.Encryption != encryptionAES {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedCipher, What: fmt.Sprintf("the encryption %s in a PuTTY key file", quote.Short(f.Encryption))}
	}
	if f.Comment, err = t.header("Comment"); err != nil {
		return err
	}
	if strings.ContainsRune(f.Comment, 0) {
		return t.errorf("the comment has a NUL byte")
	}
	if f.public, err = t.blob("Public-Lines"); err != nil || f.Version < 3 || !f.Encrypted() {
		return err
	}
	return f.readKeyDerivation(t)
}

// readPrivate reads the private half and the MAC. PuTTY ignores whatever follows.
func (f *File) readPrivate(t *text) (err error) {
	if f.private, err = t.blob("Private-Lines"); err != nil {
		return err
	}
	if f.Encrypted() && len(f.private)%cipherBlockSize != 0 {
		return t.errorf("the encrypted part has %d bytes, no multiple of %d", len(f.private), cipherBlockSize)
	}
	name := macHeader
	if f.Version == 1 && bytes.HasPrefix(t.rest, []byte(hashHeader)) {
		name, f.hashed = hashHeader, true
	}
	if f.mac, err = readHex(t, name); err != nil {
		return err
	}
	f.macLine, f.Extra = t.line, len(bytes.TrimSpace(t.rest)) > 0
	want := sha1.Size
	if f.Version == 3 {
		want = sha256.Size
	}
	if len(f.mac) != want {
		return t.errorf("%s has %d bytes, not %d", name, len(f.mac), want)
	}
	return nil
}

// text takes a file apart line by line, as PuTTY does: CR or LF ends a line, and then
// one further CR or LF is swallowed, so that LF, CR, CRLF and even doubled line ends
// work. The end of the file ends a line too.
type text struct {
	rest []byte
	line int // the number of the line that was read last, as an editor counts
	next int // the number of the line to come
}

func (t *text) readLine() ([]byte, error) {
	t.line = t.next
	if len(t.rest) == 0 {
		return nil, t.errorf("the file ends too early")
	}
	end := bytes.IndexAny(t.rest, "\r\n")
	if end < 0 {
		line := t.rest
		t.rest = nil
		return line, nil
	}
	line, ending := t.rest[:end], t.rest[end]
	t.rest = t.rest[end+1:]
	t.next++
	if len(t.rest) == 0 || t.rest[0] != '\r' && t.rest[0] != '\n' {
		return line, nil
	}
	if ending != '\r' || t.rest[0] != '\n' {
		t.next++ // that was an empty line
	}
	t.rest = t.rest[1:]
	return line, nil
}

// header reads the line "NAME: value". The value is everything up to the line end,
// spaces included, since the MAC covers them.
func (t *text) header(name string) (string, error) {
	line, err := t.readLine()
	if err != nil {
		return "", t.errorf("the file ends where %q should be", name)
	}
	if after, ok := bytes.CutPrefix(line, []byte(name)); ok && bytes.HasPrefix(after, []byte(": ")) {
		return string(after[2:]), nil
	}
	if string(line) == name+":" {
		return "", t.errorf("the space after %q is missing", line)
	}
	return "", t.errorf("%q should be here", name+": ")
}

// number reads a header whose value is a number by the rules of C's strtoul in
// base 10, as PuTTY reads it: leading blanks and a plus sign are allowed.
func (t *text) number(name string) (uint32, error) {
	value, err := t.header(name)
	if err != nil {
		return 0, err
	}
	digits := strings.TrimPrefix(strings.TrimLeft(value, " \t\v\f"), "+")
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || digits[0] == '+' || digits[0] == '_' {
		return 0, t.errorf("%s is not a number", name)
	}
	return uint32(n), nil
}

// blob reads the header with the count of base64 lines, and the lines.
func (t *text) blob(name string) ([]byte, error) {
	n, err := t.number(name)
	if err != nil {
		return nil, err
	}
	if n > maxBlobLines {
		return nil, t.errorf("%s is %d, more than PuTTY allows (%d)", name, n, maxBlobLines)
	}
	blob := make([]byte, 0, min(int(n)*base64Width, len(t.rest))/4*3)
	for range n {
		line, err := t.readLine()
		if err != nil {
			return nil, err
		}
		if bytes.Contains(line, []byte(": ")) {
			return nil, t.errorf("%s says %d lines, but there are fewer", name, n)
		}
		if len(line) > base64Width || len(line)%4 != 0 {
			return nil, t.errorf("a base64 line of %d characters; PuTTY wants a multiple of 4, at most %d", len(line), base64Width)
		}
		var group [3]byte
		for ; len(line) > 0; line = line[4:] { // PuTTY allows padding at the end of each four
			n, err := base64.StdEncoding.Decode(group[:], line[:4])
			if err != nil {
				return nil, t.errorf("this is not base64")
			}
			blob = append(blob, group[:n]...)
		}
	}
	return blob, nil
}

// readHex reads hexadecimal digits: either case for a salt, lower case for a MAC,
// which PuTTY compares as text.
func readHex(t *text, name string) ([]byte, error) {
	value, err := t.header(name)
	if err != nil {
		return nil, err
	}
	b, err := hex.DecodeString(value)
	if err != nil {
		return nil, t.errorf("%s is not hexadecimal", name)
	}
	if name != "Argon2-Salt" && value != strings.ToLower(value) {
		return nil, t.errorf("%s is not in lower case", name)
	}
	return b, nil
}

func (t *text) errorf(format string, args ...any) error {
	return &sshkey.SyntaxError{Line: t.line, Msg: fmt.Sprintf(format, args...)}
}

// refused is the error of a choice for writing that the format does not have.
func refused(format string, args ...any) error {
	return &sshkey.UnsupportedError{Code: sshkey.UnsupportedOption, What: fmt.Sprintf(format, args...)}
}

// errNotDecoded is the error of a File that did not come from Decode.
var errNotDecoded = &sshkey.InvalidKeyError{Msg: "the file did not come from Decode"}

// prefixed puts the package's name before an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("ppk", err) }
