package main

import (
	"crypto/cipher"
	"crypto/md5"
	"encoding/hex"
	"strings"

	"github.com/keyconv/keyconv/vectors"
)

// legacyCipher is a cipher of DEK-Info (RFC 1423, and OpenSSL's names).
type legacyCipher struct {
	name     string
	key      int
	newBlock func(key []byte) cipher.Block
}

var legacyCiphers = []legacyCipher{
	{"AES-128-CBC", 16, aesBlock}, {"AES-192-CBC", 24, aesBlock}, {"AES-256-CBC", 32, aesBlock},
	{"DES-EDE3-CBC", 24, des3}, {"DES-CBC", 8, des1},
}

// legacyKey is EVP_BytesToKey of OpenSSL with MD5 and one round.
func legacyKey(passphrase, salt []byte, size int) []byte {
	var key, last []byte
	for len(key) < size {
		sum := md5.Sum(concat(last, passphrase, salt[:8]))
		last = sum[:]
		key = append(key, last...)
	}
	return key[:size]
}

func pkcs7(plain []byte, block int) []byte {
	n := block - len(plain)%block
	return concat(plain, []byte(strings.Repeat(string(rune(n)), n)))
}

// legacy encrypts a block as OpenSSL did before PKCS#8.
func legacy(c legacyCipher, plain []byte, passphrase string) (headers string, sealed []byte) {
	block := c.newBlock(make([]byte, c.key))
	iv := newStream("iv " + c.name).take(block.BlockSize())
	block = c.newBlock(legacyKey([]byte(passphrase), iv, c.key))
	padded := pkcs7(plain, block.BlockSize())
	sealed = make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, padded)
	return "Proc-Type: 4,ENCRYPTED\nDEK-Info: " + c.name + "," + strings.ToUpper(hex.EncodeToString(iv)) + "\n\n", sealed
}

// pemTypes has every type in the traditional form, plain and encrypted, and in PKCS#8.
func pemTypes() []vector {
	var list []vector
	for _, k := range append([]keyType{rsa1024}, allTypes...) {
		list = append(list, newVector("pkcs8", k.name+"-plain", "pkcs8", k, read, "PKCS#8 with a key of type "+k.algorithm+".", armour("PRIVATE KEY", "", pkcs8(k))))
		label, data := traditional(k)
		if label == "" {
			continue
		}
		format := map[string]string{"RSA PRIVATE KEY": "pkcs1", "DSA PRIVATE KEY": "dsa", "EC PRIVATE KEY": "sec1"}[label]
		list = append(list, newVector(format, k.name+"-plain", format, k, read, "The traditional form with a key of type "+k.algorithm+".", armour(label, "", data)))
		for _, c := range legacyCiphers {
			verdict := read
			if c.name == "DES-CBC" {
				verdict = may
			}
			headers, sealed := legacy(c, data, passphrase)
			list = append(list, newVector(format, k.name+"-"+strings.ToLower(c.name), format, k, verdict,
				"The traditional form, encrypted with "+c.name+".", armour(label, headers, sealed)).locked(passphrase))
		}
	}
	return list
}

// pemText has what the text around the base64 may be.
func pemText() []vector {
	label, data := traditional(rsa2048)
	text := string(armour(label, "", data))
	lines := strings.Split(text, "\n")
	begin, body, end := lines[0], lines[1:len(lines)-2], lines[len(lines)-2]
	with := func(body []string) string { return begin + "\n" + strings.Join(body, "\n") + "\n" + end + "\n" }
	oneLine := strings.Join(body, "")
	cases := []struct {
		name     string
		verdict  vectors.Verdict
		property string
		text     string
		wrong    string
	}{
		{"crlf", read, "Line ends are CR LF.", strings.ReplaceAll(text, "\n", "\r\n"), "keeps the CR in the base64"},
		{"cr", may, "Line ends are CR alone.", strings.ReplaceAll(text, "\n", "\r"), ""},
		{"no-final-line-end", read, "The last line has no line end.", strings.TrimSuffix(text, "\n"), ""},
		{"width-76", read, "Lines have 76 letters.", begin + "\n" + wrapped(oneLine, 76) + end + "\n", ""},
		{"width-48", read, "Lines have 48 letters.", begin + "\n" + wrapped(oneLine, 48) + end + "\n", ""},
		{"one-line", may, "The base64 is one line.", with([]string{oneLine}), ""},
		{"one-letter-lines", may, "Each line has one letter.", begin + "\n" + wrapped(oneLine, 1) + end + "\n", ""},
		{"text-before", read, "Text comes before the block, as openssl pkcs12 writes it.", "Bag Attributes\n    friendlyName: key\n" + text, ""},
		{"text-after", read, "Text follows the block.", text + "\nsome text\n", ""},
		{"certificate-before", may, "A certificate comes before the key.", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" + text, ""},
		{"parameters-before", may, "EC PARAMETERS come before the key.", string(armour("EC PARAMETERS", "", curveOIDs[256])) + text, ""},
		{"blank-line-first", may, "A blank line comes first.", "\n" + text, ""},
		{"bom", may, "A UTF-8 byte order mark comes first.", "\ufeff" + text, ""},
		{"utf-16", may, "The text is UTF-16, as PowerShell's > wrote it.", string(utf16Of(text)), ""},
		{"indented", may, "All lines are indented, as in YAML.", "    " + strings.Join(lines[:len(lines)-1], "\n    ") + "\n", ""},
		{"trailing-spaces", may, "Lines of base64 end with a space.", begin + "\n" + strings.Join(body, " \n") + " \n" + end + "\n", ""},
		{"begin-trailing-space", may, "The BEGIN line ends with a space.", strings.Replace(text, begin, begin+" ", 1), ""},
		{"end-trailing-space", may, "The END line ends with a space.", strings.Replace(text, end, end+" ", 1), "reads for ever (PuTTYgen 0.75 to 0.84)"},
		{"end-missing", may, "The END line is missing.", strings.Replace(text, end+"\n", "", 1), "reads for ever (PuTTYgen 0.75 to 0.84)"},
		{"blank-line-inside", may, "There is a blank line in the base64.", with(append(append(append([]string{}, body[:3]...), ""), body[3:]...)), ""},
		{"end-label-differs", may, "The END line has another label.", strings.Replace(text, end, "-----END PRIVATE KEY-----", 1), ""},
		{"four-dashes", may, "BEGIN and END have four dashes.", strings.ReplaceAll(text, "-----", "----"), ""},
		{"lower-case", may, "BEGIN is in lower case.", strings.Replace(text, begin, strings.ToLower(begin), 1), ""},
		{"base64-bad-letter", may, "One letter of the base64 is an exclamation mark.", strings.Replace(text, body[2], "!"+body[2][1:], 1), ""},
		{"base64-equals-missing", may, "The = at the end are missing.", strings.ReplaceAll(text, "=", ""), ""},
		{"base64-equals-more", may, "There is one = too many.", strings.Replace(text, "\n"+end, "=\n"+end, 1), ""},
		{"line-missing", refuse, "A line of the base64 is missing.", with(append(append([]string{}, body[:5]...), body[6:]...)), "fills up what is missing"},
		{"line-twice", refuse, "A line of the base64 is there twice.", with(append(append(append([]string{}, body[:6]...), body[5]), body[6:]...)), ""},
		{"lines-swapped", refuse, "Two lines of the base64 are swapped.", with(append(append(append([]string{}, body[:5]...), body[6], body[5]), body[7:]...)), ""},
		{"letter-changed", refuse, "One letter of the base64 is another.", strings.Replace(text, body[8], body[8][:30]+"A"+body[8][31:], 1), "does not check that n is p times q"},
		{"empty", refuse, "The block is empty.", begin + "\n" + end + "\n", ""},
		{"label-alone", refuse, "There is a BEGIN line and nothing else.", begin + "\n", ""},
		{"label-pkcs8", may, "The label says PKCS#8 above PKCS#1.", strings.ReplaceAll(text, label, "PRIVATE KEY"), ""},
		{"label-ec", may, "The label says EC above PKCS#1.", strings.ReplaceAll(text, label, "EC PRIVATE KEY"), ""},
		{"label-public", refuse, "The label says that the key is public.", strings.ReplaceAll(text, label, "RSA PUBLIC KEY"), "reads a private key where a public one is meant"},
		{"twice", may, "The key is there twice.", text + text, ""},
	}
	var list []vector
	for _, c := range cases {
		list = append(list, newVector("pem", c.name, "pkcs1", rsa2048, c.verdict, c.property, []byte(c.text)).wrong(c.wrong))
	}
	return list
}

// pemHeaders has what the headers of an encrypted block may be.
func pemHeaders() []vector {
	label, data := traditional(rsa2048)
	headers, sealed := legacy(legacyCiphers[0], data, passphrase)
	locked := string(armour(label, headers, sealed))
	var list []vector
	for _, c := range []struct {
		name     string
		verdict  vectors.Verdict
		property string
		text     string
	}{
		{"headers-iv-lower-case", may, "The IV is in lower case.", strings.Replace(locked, headers, strings.Replace(headers, ivOf(headers), strings.ToLower(ivOf(headers)), 1), 1)},
		{"headers-no-blank-line", may, "The blank line after the headers is missing.", strings.Replace(locked, "\n\n", "\n", 1)},
		{"headers-crlf", read, "An encrypted file has CR LF.", strings.ReplaceAll(locked, "\n", "\r\n")},
		{"headers-extra", may, "There is a header that nobody knows.", strings.Replace(locked, "DEK-Info", "X-Comment: hello\nDEK-Info", 1)},
		{"headers-no-space", may, "There is no space after the colons.", strings.ReplaceAll(locked, ": ", ":")},
	} {
		list = append(list, newVector("pem", c.name, "pkcs1", rsa2048, c.verdict, c.property, []byte(c.text)).locked(passphrase))
	}
	for _, c := range []struct{ name, property, text string }{
		{"headers-iv-missing", "DEK-Info has no IV.", strings.Replace(locked, ","+ivOf(headers), "", 1)},
		{"headers-iv-short", "The IV has 8 bytes, and AES wants 16.", strings.Replace(locked, ivOf(headers), ivOf(headers)[:16], 1)},
		{"headers-iv-not-hex", "The IV is not hexadecimal.", strings.Replace(locked, ivOf(headers), strings.Repeat("Z", 32), 1)},
		{"headers-cipher-unknown", "The cipher is one that does not exist.", strings.Replace(locked, "AES-128-CBC", "ROT-13-CBC", 1)},
		{"headers-dek-info-missing", "DEK-Info is missing.", strings.Replace(locked, "DEK-Info: AES-128-CBC,"+ivOf(headers)+"\n", "", 1)},
		{"headers-missing", "The headers of an encrypted file are missing.", strings.Replace(locked, headers, "", 1)},
		{"headers-not-a-block", "The encrypted data is no multiple of a block.", string(armour(label, headers, sealed[:len(sealed)-3]))},
	} {
		list = append(list, newVector("pem", c.name, "pkcs1", rsa2048, refuse, c.property, []byte(c.text)).locked(passphrase))
	}
	return append(list, newVector("pem", "passphrase-wrong", "pkcs1", rsa2048, refuse, "The passphrase of the manifest is wrong.", []byte(locked)).locked("another"))
}

func ivOf(headers string) string {
	_, after, _ := strings.Cut(headers, "CBC,")
	iv, _, _ := strings.Cut(after, "\n")
	return iv
}
