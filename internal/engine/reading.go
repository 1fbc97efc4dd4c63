package engine

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/readers"
	"github.com/keyconv/keyconv/sshkey"
)

// readings opens what programs find in a text, each clean text once.
type readings struct {
	text   []byte
	opened map[string]*File
}

// of returns the file that a program finds in the text, or nil.
func (r *readings) of(read readers.Reader) *File {
	for _, clean := range read(r.text) {
		f, done := r.opened[string(clean)]
		if !done {
			f = openWhole(clean)
			r.opened[string(clean)] = f
		}
		if f != nil {
			return f
		}
	}
	return nil
}

// inBase64 reports whether the text is one line of base64.
func (r *readings) inBase64() bool {
	_, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(r.text)))
	return err == nil && !bytes.ContainsAny(bytes.TrimSpace(r.text), "\r\n")
}

// usual reports whether the text is as programs write it, so far as the strictest of them
// can tell.
func (r *readings) usual(f *File) bool {
	read := readers.OpenSSH
	if f.ppk != nil {
		read = readers.PuTTY
	}
	found := r.of(read)
	return found != nil && found.isSame(f)
}

// openWhole opens a text and, if it is not encrypted, the key; nil where it cannot.
func openWhole(text []byte) *File {
	f, err := Open(text, Limits{})
	if err != nil || !f.Private {
		return nil
	}
	if !f.Encrypted() && f.Usable() == nil && f.plainKey() == nil {
		return nil // the MAC of a .ppk
	}
	return f
}

// isCandidate reports whether a file is one of those that a damaged text may have been. Only
// the passphrase shows which is right.
func (f *File) isCandidate(other *File) bool { return slices.ContainsFunc(f.candidates, other.isSame) }

// isGuessed reports whether something was left out of the base64 of an encrypted file, where
// only the passphrase shows what belongs to it.
func (f *File) isGuessed() bool {
	return f.Encrypted() && slices.ContainsFunc(f.Repairs, func(r Repair) bool { return r.Code == "text-inside" })
}

// hasWrongCount reports whether a .ppk has fewer lines than it says. If it is encrypted, only the
// passphrase shows whether a line is missing, which no repair brings back.
func (f *File) hasWrongCount() bool {
	return slices.Contains(f.Repairs, Repair(mend.RepairOf(mend.CodeCount)))
}

// legacySizes are the sizes in bytes that the content of a block with each label has: RSA keys of
// 512 to 16384 bits, EC keys of all curves without explicit parameters, DSA keys of all sizes.
var legacySizes = lazy.Map[string, [2]int]{Make: func() map[string][2]int {
	return map[string][2]int{
		"RSA PRIVATE KEY": {300, 16 << 10}, "EC PRIVATE KEY": {40, 290}, "DSA PRIVATE KEY": {300, 1400},
	}
}}

// hasDoubtfulLabel reports whether a block that is encrypted as a whole (RFC 1421) may hold
// something else than its label says, which no program opens: nobody encrypts PKCS#8 so, and the
// size speaks for the others.
func (f *File) hasDoubtfulLabel(text []byte) bool {
	if f.pem == nil || !f.Encrypted() || f.Format != PEM && f.pem().Label != "PRIVATE KEY" {
		return false
	}
	sizes, known := legacySizes.Get()[f.pem().Label]
	block, _ := pem.Decode(text)
	return !known || block != nil && (len(block.Bytes) < sizes[0] || len(block.Bytes) > sizes[1])
}

// isSame reports whether two texts hold the same key in the same form.
func (f *File) isSame(other *File) bool {
	switch {
	case f.Format != other.Format || f.Encryption != other.Encryption:
		return false
	case f.pem != nil && other.pem != nil:
		return f.pem().SameContent(other.pem())
	}
	return IsCommentOf(f.Comment, other.Comment) && f.PublicKey != nil && other.PublicKey != nil && bytes.Equal(rawkey.Blob(f.PublicKey), rawkey.Blob(other.PublicKey))
}

// IsCommentOf reports whether a text of a .ppk has this comment: in UTF-8, or in the code page
// that it is converted from.
func IsCommentOf(written, comment string) bool {
	return written == comment || slices.Contains(mend.Respelled(comment), written)
}

// badMAC reports whether the file is an unencrypted .ppk that was changed after it was
// written.
func (f *File) badMAC() bool {
	if f.ppk == nil || f.Encrypted() {
		return false
	}
	_, err := f.ppk().Decrypt(nil)
	var syntax *sshkey.SyntaxError
	return errors.As(err, &syntax)
}

// blockKeys returns how many keys the block of the file has, which is 1 but for an
// openssh-key-v1 block.
func (f *File) blockKeys() int {
	if f.pem == nil {
		return 1
	}
	return f.pem().BlockKeys()
}
