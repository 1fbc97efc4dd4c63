// Package readers takes the text of a key file apart as other programs do, line by line:
// each is strict in its own way, and so reads another key, or none, from a text that is not
// as programs write it. What a program has read is returned as a clean text, which
// this module opens: so that there is one opinion of what a key is.
//
// Each reader says which source it follows. The package has no tests of its own:
// TestVerdictMatrix and TestVerdictContents of package engine compare what it finds with
// what the programs themselves open.
package readers

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// Reader returns the texts that a program finds in a file, in its order: it takes the first
// that is a key.
type Reader func(file []byte) [][]byte

// Go is golang.org/x/crypto/ssh, which takes the first block that encoding/pem finds.
func Go(file []byte) [][]byte {
	block, _ := pem.Decode(file)
	if block == nil {
		return nil
	}
	dek := ""
	if strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
		dek = block.Headers["DEK-Info"]
		name, iv, _ := strings.Cut(dek, ",") // both as they are (x509.DecryptPEMBlock)
		if _, err := hex.DecodeString(iv); err != nil || name != strings.ToUpper(name) {
			return nil
		}
	}
	data := block.Bytes
	if dek == "" && (block.Type == "PRIVATE KEY" || block.Type == "EC PRIVATE KEY") {
		data = firstElement(data) // package x509 does not look at the rest of these two
	}
	return [][]byte{clean(block.Type, dek, data)}
}

// clean returns a block as programs write it. dekInfo is the cipher and IV of one that is
// encrypted as a whole (RFC 1421), or "".
func clean(label, dekInfo string, data []byte) []byte {
	var headers []string
	if dekInfo != "" {
		headers = []string{"Proc-Type: 4,ENCRYPTED", "DEK-Info: " + dekInfo}
	}
	return pemblock.Encode(label, headers, data)
}

// isTraditional reports whether a label is that of a key that RFC 1421 encrypts as a whole.
func isTraditional(label string) bool {
	return label == "RSA PRIVATE KEY" || label == "DSA PRIVATE KEY" || label == "EC PRIVATE KEY"
}

// hexDigits returns the digits that a text begins with.
func hexDigits(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789abcdefABCDEF"))]
}

// firstElement cuts off what follows the ASN.1 element that data begins with, which some
// programs do not look at.
func firstElement(data []byte) []byte {
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(data, &whole); err == nil {
		return data[:len(data)-len(rest)]
	}
	return data
}

// cString cuts a text at the first NUL, where C ends a string.
func cString(text []byte) []byte {
	before, _, _ := bytes.Cut(text, []byte{0})
	return before
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
