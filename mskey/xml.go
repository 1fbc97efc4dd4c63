package mskey

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

const xmlBegin, xmlEnd = "<RSAKeyValue", "</RSAKeyValue>"

// xmlNames are the elements of an RSAKeyValue, of which a public key has the first two.
var xmlNames = []string{"Modulus", "Exponent", "P", "Q", "DP", "DQ", "InverseQ", "D"}

// isXML reports whether data is text with an RSAKeyValue that has a private number.
func isXML(data []byte) bool {
	element, _, ok := cutXML(data)
	return ok && (bytes.Contains(element, []byte("<D>")) || bytes.Contains(element, []byte("<P>")))
}

// cutXML returns what is inside of the first RSAKeyValue, and whether there is other text
// than white space and an XML declaration around it.
func cutXML(data []byte) (element []byte, extra, ok bool) {
	before, rest, ok := bytes.Cut(data, []byte(xmlBegin))
	if !ok {
		return nil, false, false
	}
	attributes, rest, ok := bytes.Cut(rest, []byte(">"))
	if !ok || len(attributes) > 0 && !isBlank(attributes[0]) {
		return nil, false, false
	}
	element, after, ok := bytes.Cut(rest, []byte(xmlEnd))
	before = bytes.TrimSpace(bytes.TrimPrefix(before, []byte("\xef\xbb\xbf")))
	isDeclaration := bytes.HasPrefix(before, []byte("<?xml")) && bytes.Index(before, []byte("?>")) == len(before)-2
	return element, len(before) > 0 && !isDeclaration || len(bytes.TrimSpace(after)) > 0, ok
}

func isBlank(c byte) bool { return strings.IndexByte(" \t\r\n", c) >= 0 }

// readXML reads the elements, each of which has base64 and white space alone. It is not
// an XML parser: a comment, an entity or an element of another name is refused.
func readXML(data []byte) (*File, error) {
	element, extra, ok := cutXML(data)
	if !ok {
		return nil, syntaxf("the XML is cut off")
	}
	if bytes.Contains(data[bytes.Index(data, []byte(xmlEnd))+len(xmlEnd):], []byte(xmlBegin)) {
		return nil, &sshkey.UnsupportedError{Code: sshkey.UnsupportedForm, What: "a text with more than one RSAKeyValue"}
	}
	numbers := map[string]*big.Int{}
	for rest := bytes.TrimSpace(element); len(rest) > 0; rest = bytes.TrimSpace(rest) {
		name, value, after, err := nextXML(rest)
		if err != nil {
			return nil, err
		}
		if numbers[name] != nil {
			return nil, syntaxf("the element %s is there twice", name)
		}
		numbers[name], rest = new(big.Int).SetBytes(value), after
		clear(value)
	}
	if numbers["Modulus"] == nil || numbers["Exponent"] == nil {
		return nil, syntaxf("the modulus or the exponent is missing")
	}
	key, err := rawkey.CompleteRSA(numbers["Modulus"], numbers["Exponent"], numbers["D"], numbers["P"], numbers["Q"])
	f, err := plain(FormXML, key, err)
	if err != nil {
		return nil, err
	}
	f.Extra = extra
	return f, nil
}

// nextXML returns the name and the value of the first element, and what follows it.
func nextXML(data []byte) (name string, value, rest []byte, err error) {
	for _, name := range xmlNames {
		inner, ok := bytes.CutPrefix(data, []byte("<"+name+">"))
		if !ok {
			continue
		}
		text, rest, ok := bytes.Cut(inner, []byte("</"+name+">"))
		if !ok {
			return "", nil, nil, syntaxf("the element %s is cut off", name)
		}
		letters := slices.DeleteFunc(bytes.Clone(text), isBlank)
		value := make([]byte, base64.StdEncoding.DecodedLen(len(letters)))
		n, err := base64.StdEncoding.Decode(value, letters)
		if err != nil || n == 0 {
			return "", nil, nil, syntaxf("the element %s is not base64", name)
		}
		return name, value[:n], rest, nil
	}
	return "", nil, nil, syntaxf("the RSAKeyValue has something else in it than the numbers of a key")
}
