package pemkey

import (
	"bytes"
	"encoding/binary"
	"unicode"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Carried returns the file so that Decrypt does not refuse a key on a security token or of a type
// that this package does not know, but returns it with a private half that is not understood. Such
// a key can only be written as openssh-key-v1 again: a program needs it to change the passphrase,
// the cipher or the comment. Carried returns nil for any other file, and for a block with several
// keys, in which nothing shows where one ends.
func (f *File) Carried() *File {
	s, ok := f.sealed().(*opensshFile)
	if !ok || len(s.publics) != 1 || s.usable() == nil {
		return nil
	}
	carried, file := *s, *f
	carried.carry = true
	file.half = seal(&carried)
	return &file
}

// carriedLayouts are the fields of the private halves on tokens, after the type: s is a string,
// f the flags (OpenSSH's PROTOCOL.u2f: public key, application, flags, handle, reserved).
var carriedLayouts = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{ssh.KeyAlgoSKED25519: "ssfss", ssh.KeyAlgoSKECDSA256: "sssfss"}
}}

// readCarried reads all that is left of the private section.
func (f *opensshFile) readCarried(r *wire.Reader) (*sshkey.Key, error) {
	pub := f.publics[0]
	algorithm := string(r.String("private key type"))
	rest := r.Rest()
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	if algorithm != pub.Type() {
		return nil, invalidf("the private half is of type %s, but the public one of type %s", quote.Short(algorithm), quote.Short(pub.Type()))
	}
	key := &rawkey.CarriedKey{Public: pub}
	var comment string
	var err error
	if layout := carriedLayouts.Get()[algorithm]; layout != "" {
		key.Fields, comment, err = splitByLayout(rest, layout)
		key.HasComment = true
	} else {
		key.Fields, comment, key.HasComment, err = splitByComment(rest)
	}
	if err != nil {
		return nil, err
	}
	return &sshkey.Key{Private: key, Comment: comment}, nil
}

func splitByLayout(rest []byte, layout string) (fields []byte, comment string, err error) {
	r := wire.NewReader(rest)
	for _, kind := range layout {
		if kind == 'f' {
			r.Take(1, "flags")
		} else {
			r.String("field of a key on a token")
		}
	}
	size := len(rest) - len(r.Rest())
	comment = string(r.String("comment"))
	if err := r.Err(); err != nil {
		return nil, "", syntaxf("openssh-key-v1: %v", err)
	}
	if !isPadding(r.Rest()) {
		return nil, "", errPadding
	}
	return bytes.Clone(rest[:size]), comment, nil
}

// splitByComment finds where the fields of an unknown type end. They are followed by the
// comment, as a string, and by padding. Where exactly one place fits that makes the comment a
// text, it is the right one: control characters are padding, or lengths. Otherwise everything
// is taken as the fields.
func splitByComment(rest []byte) (fields []byte, comment string, found bool, err error) {
	ends := []int{len(rest)}
	if n := len(rest); n > 0 && int(rest[n-1]) <= n && rest[n-1] > 0 && isPadding(rest[n-int(rest[n-1]):]) {
		ends = append(ends, n-int(rest[n-1]))
	}
	places, texts := 0, 0
	for _, end := range ends {
		for at := end - 4; at >= 0; at-- {
			if uint64(binary.BigEndian.Uint32(rest[at:])) != uint64(end-at-4) {
				continue
			}
			places++
			if !bytes.ContainsFunc(rest[at+4:end], unicode.IsControl) {
				fields, comment = rest[:at], string(rest[at+4:end])
				texts++
			}
		}
	}
	switch {
	case places == 0:
		return nil, "", false, errPadding
	case texts == 1:
		return bytes.Clone(fields), comment, true, nil
	}
	return bytes.Clone(rest), "", false, nil
}

// isPadding reports whether bytes are 1, 2, 3 and so on; there may be none, or more than a
// block, as in PuTTY.
func isPadding(b []byte) bool {
	for i, x := range b {
		if x != byte(i+1) {
			return false
		}
	}
	return true
}

var errPadding = &sshkey.SyntaxError{Msg: "openssh-key-v1: the padding is wrong: the file is damaged"}

// tokenOf returns what the file says of a security token, nil for a key that is not on one.
// The carried key may be nil.
func tokenOf(pub ssh.PublicKey, key *sshkey.Key) *sshkey.Token {
	token := sshkey.TokenOf(pub)
	if token == nil || key == nil {
		return token
	}
	r := wire.NewReader(key.Private.(*rawkey.CarriedKey).Fields)
	for _, kind := range carriedLayouts.Get()[pub.Type()] {
		if kind == 'f' {
			token.Flags, token.HasFlags = r.Take(1, "flags")[0], true
			break
		}
		r.String("field of a key on a token")
	}
	return token
}

// appendCarried appends the private half after its type, and the comment, but no padding.
func appendCarried(b []byte, key *sshkey.Key, carried *rawkey.CarriedKey) []byte {
	b = append(b, carried.Fields...)
	if carried.HasComment {
		b = wire.AppendString(b, key.Comment)
	}
	return b
}
