package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
)

// The data types of RFC 4251 section 5.

func str(s string) []byte { return append(uint32Bytes(uint32(len(s))), s...) }

func mpint(x *big.Int) []byte {
	b := x.Bytes()
	if len(b) > 0 && b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return str(string(b))
}

func uint32Bytes(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func concat(parts ...[]byte) []byte { return slices.Concat(parts...) }

// changed returns a copy with one byte turned over; a negative index counts from the end.
func changed(b []byte, at int) []byte {
	c := slices.Clone(b)
	if at < 0 {
		at += len(c)
	}
	c[at] ^= 0x40
	return c
}

func base64Of(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// wrapped returns the text in lines of some width, each with a line feed.
func wrapped(text string, width int) string {
	var b strings.Builder
	for len(text) > width {
		b.WriteString(text[:width] + "\n")
		text = text[width:]
	}
	if text != "" {
		b.WriteString(text + "\n")
	}
	return b.String()
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// decoded returns the data of a PEM file without headers.
func decoded(file []byte) []byte {
	block, _ := pem.Decode(file)
	return block.Bytes
}

// armour writes a PEM file. Headers end with a blank line.
func armour(label, headers string, data []byte) []byte {
	return []byte("-----BEGIN " + label + "-----\n" + headers + wrapped(base64Of(data), 64) + "-----END " + label + "-----\n")
}

// short returns the name of a cipher without its domain.
func short(name string) string {
	name, _, _ = strings.Cut(name, "@")
	return name
}
