// Package dump prints the numbers of a key one a line, in the form of
// "puttygen --dump", which scripts and people who compare keys read.
package dump

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Public prints a public key or certificate. It returns an *sshkey.UnsupportedError
// for a type that has no list of numbers, such as that of a key on a token.
func Public(pub ssh.PublicKey) ([]byte, error) {
	var l lines
	if err := l.key(pub); err != nil {
		return nil, err
	}
	err := l.certificate(pub)
	return l.Bytes(), err
}

// Private prints both halves of a key. It returns the errors of [sshkey.Key.Check]. The
// output is as secret as the key.
func Private(key *sshkey.Key) ([]byte, error) {
	pub, err := rawkey.CertifiedPublic(key.Private, key.Certificate)
	if err != nil {
		return nil, err
	}
	var l lines
	if err := l.key(pub); err != nil {
		return nil, err
	}
	l.parts(rawkey.PrivateParts(key.Private))
	err = l.certificate(pub)
	return l.Bytes(), err
}

// lines is the output, in PuTTY's three kinds of values (key_components_write in
// its sshpubk.c).
type lines struct {
	bytes.Buffer
	prefix string // of each name
}

// key prints the public half, without the certificate.
func (l *lines) key(pub ssh.PublicKey) error {
	parts := rawkey.PublicParts(pub)
	if parts == nil {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedWriting, What: "listing the numbers of the key type " + pub.Type()}
	}
	l.parts(parts)
	return nil
}

func (l *lines) parts(parts []rawkey.Part) {
	for _, part := range parts {
		switch value := part.Value.(type) {
		case string:
			l.text(part.Name, value)
		case *big.Int:
			l.number(part.Name, value)
		case []byte:
			l.binary(part.Name, value)
		}
	}
}

func (l *lines) text(name, value string) {
	fmt.Fprintf(l, "%s%s=%s\n", l.prefix, name, quoted(value))
}

func (l *lines) number(name string, value *big.Int) {
	fmt.Fprintf(l, "%s%s=0x%x\n", l.prefix, name, value)
}

func (l *lines) binary(name string, value []byte) {
	fmt.Fprintf(l, "%s%s=b64(\"%s\")\n", l.prefix, name, base64.StdEncoding.EncodeToString(value))
}

var escapes = lazy.Map[byte, string]{Make: func() map[byte]string {
	return map[byte]string{'\n': `\n`, '\r': `\r`, '\t': `\t`, '\b': `\b`, '"': `\"`, '\\': `\\`}
}}

// quoted returns a string in C's notation, with octal numbers for bytes that are not
// printable ASCII.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch escape, ok := escapes.Get()[c]; {
		case ok:
			b.WriteString(escape)
		case c >= ' ' && c <= '~':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
