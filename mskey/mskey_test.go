package mskey

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const passphrase = keytest.Passphrase

func twinKey(t testing.TB, keyType string) *sshkey.Key {
	t.Helper()
	key, err := pemkey.Parse(keytest.Read(t, "twins", keyType+".pkcs8.pem"))
	require.NoError(t, err)
	return key
}

// requireDocumented makes sure that an error is of a type that the documentation
// names and has the prefix of the package.
func requireDocumented(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "mskey: "), "%q", err)
	documented := errors.Is(err, sshkey.ErrIncorrectPassphrase) ||
		errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError)) ||
		errors.As(err, new(*sshkey.PassphraseMissingError))
	require.True(t, documented, "%T %v", err, err)
}

// byOpenSSL writes a key with openssl.
func byOpenSSL(t testing.TB, keyType string, args ...string) []byte {
	t.Helper()
	program := map[bool]string{true: "dsa", false: "rsa"}[strings.HasPrefix(keyType, "dsa")]
	args = append([]string{program, "-provider", "default", "-provider", "legacy", "-passout", "pass:" + passphrase}, args...)
	return keytest.Run(t, keytest.Read(t, "twins", keyType+".pkcs8.pem"), "openssl", args...)
}

// xmlOf writes what .NET does.
func xmlOf(t testing.TB, keyType string) string {
	t.Helper()
	n := rawkey.NumbersLargerFirst(twinKey(t, keyType).Private.(*rsa.PrivateKey))
	var b strings.Builder
	b.WriteString("<RSAKeyValue>")
	for i, x := range []*big.Int{n.N, n.E, n.P, n.Q, n.DP, n.DQ, n.QInv, n.D} {
		fmt.Fprintf(&b, "<%[1]s>%[2]s</%[1]s>", xmlNames[i], base64.StdEncoding.EncodeToString(x.Bytes()))
	}
	return b.String() + "</RSAKeyValue>"
}

// cngRSA writes a blob as bcrypt.h has it.
func cngRSA(t testing.TB, magic string) []byte {
	t.Helper()
	n := rawkey.NumbersLargerFirst(twinKey(t, "rsa2048").Private.(*rsa.PrivateKey))
	out := []byte(magic)
	for _, size := range []int{2048, 3, 256, 128, 128} {
		out = binary.LittleEndian.AppendUint32(out, uint32(size))
	}
	numbers := []*big.Int{n.E, n.N, n.P, n.Q}
	if magic == magicRSAFull {
		numbers = append(numbers, n.DP, n.DQ, n.QInv, n.D)
	}
	for i, x := range numbers {
		out = append(out, x.FillBytes(make([]byte, []int{3, 256, 128, 128, 128, 128, 128, 256}[i]))...)
	}
	return out
}

func cngECC(t testing.TB, keyType, magic string) []byte {
	t.Helper()
	key := twinKey(t, keyType).Private.(*ecdsa.PrivateKey)
	scalar, err := rawkey.ECDSAScalar(key)
	require.NoError(t, err)
	point, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(scalar)))
	return slices.Concat(out, point[1:], scalar)
}

type sample struct {
	name, form, keyType string
	data                []byte
	encrypted           bool
}

func samples(t testing.TB) []sample {
	t.Helper()
	return []sample{
		{"XML", FormXML, "rsa2048", []byte(xmlOf(t, "rsa2048")), false},
		{"RSA blob", FormBlob, "rsa2048", byOpenSSL(t, "rsa2048", "-outform", "MSBLOB"), false},
		{"DSA blob", FormBlob, "dsa", dsaBlob(t), false},
		{"PVK", FormPVK, "rsa2048", byOpenSSL(t, "rsa2048", "-outform", "PVK", "-pvk-none"), false},
		{"PVK strong", FormPVK, "rsa2048", byOpenSSL(t, "rsa2048", "-outform", "PVK", "-pvk-strong"), true},
		{"PVK weak", FormPVK, "rsa2048", byOpenSSL(t, "rsa2048", "-outform", "PVK", "-pvk-weak"), true},
		{"CNG RSA", FormRSA, "rsa2048", cngRSA(t, magicRSA), false},
		{"CNG RSA full", FormFull, "rsa2048", cngRSA(t, magicRSAFull), false},
		{"CNG P-256", FormECC, "ecdsa256", cngECC(t, "ecdsa256", "ECS2"), false},
		{"CNG P-384", FormECC, "ecdsa384", cngECC(t, "ecdsa384", "ECK4"), false},
		{"CNG P-521", FormECC, "ecdsa521", cngECC(t, "ecdsa521", "ECS6"), false},
	}
}

// newDSA makes a key with q of 160 bits, the only size that the blob has.
var newDSA = sync.OnceValue(func() []byte {
	key := &dsa.PrivateKey{}
	if errors.Join(dsa.GenerateParameters(&key.Parameters, rand.Reader, dsa.L1024N160), dsa.GenerateKey(key, rand.Reader)) != nil {
		return nil
	}
	text, _ := pemkey.Marshal(&sshkey.Key{Private: key}, &pemkey.Options{Encoding: pemkey.Traditional})
	return text
})

func samePublic(t testing.TB, a, b *sshkey.Key) bool {
	t.Helper()
	one, err := a.Public()
	require.NoError(t, err)
	other, err := b.Public()
	require.NoError(t, err)
	return bytes.Equal(one.Marshal(), other.Marshal())
}

func dsaBlob(t testing.TB) []byte {
	t.Helper()
	return keytest.Run(t, newDSA(), "openssl", "dsa", "-outform", "MSBLOB", "-provider", "default", "-provider", "legacy")
}

func (s sample) key(t testing.TB) *sshkey.Key {
	t.Helper()
	if s.keyType == "dsa" {
		key, err := pemkey.Parse(newDSA())
		require.NoError(t, err)
		return key
	}
	return twinKey(t, s.keyType)
}

// TestForms: what openssl writes, and what the headers of Windows say, is the key.
func TestForms(t *testing.T) {
	for _, s := range samples(t) {
		f, err := Decode(s.data)
		require.NoError(t, err, s.name)
		assert.Equal(t, s.form, f.Form, s.name)
		assert.Equal(t, s.encrypted, f.Encrypted(), s.name)
		assert.NotEmpty(t, FormOf(s.data))
		got, err := f.Decrypt([]byte(passphrase))
		require.NoError(t, err, s.name)
		assert.True(t, s.key(t).Equal(got), s.name)
		_, err = Parse(s.data)
		if s.encrypted {
			requireDocumented(t, err)
			require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError))
			for _, wrong := range []string{"", "x", passphrase + " "} {
				_, err := f.Decrypt([]byte(wrong))
				requireDocumented(t, err)
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			}
			continue
		}
		require.NoError(t, err)
		assert.NotNil(t, f.PublicKey)
	}
}

// TestXML: layouts that programs and people make.
func TestXML(t *testing.T) {
	text := xmlOf(t, "rsa2048")
	spaced := strings.ReplaceAll(strings.ReplaceAll(text, "><", ">\r\n  <"), "==<", "==\n\t<")
	for _, test := range []struct {
		text  string
		extra bool
	}{
		{text, false}, {text + "\r\n", false}, {"\xef\xbb\xbf" + text, false}, {spaced, false},
		{`<?xml version="1.0" encoding="utf-8"?>` + "\n" + text, false},
		{strings.Replace(text, "<RSAKeyValue>", `<RSAKeyValue xmlns="http://www.w3.org/2000/09/xmldsig#">`, 1), false},
		{"<config>" + text + "</config>", true}, {"key = " + text, true},
	} {
		f, err := Decode([]byte(test.text))
		require.NoError(t, err, test.text)
		assert.Equal(t, test.extra, f.Extra)
		key, err := f.Decrypt(nil)
		require.NoError(t, err)
		assert.True(t, twinKey(t, "rsa2048").Equal(key))
	}
	drop := func(names ...string) string {
		out := text
		for _, name := range names {
			before, rest, _ := strings.Cut(out, "<"+name+">")
			_, after, _ := strings.Cut(rest, "</"+name+">")
			out = before + after
		}
		return out
	}
	for _, text := range []string{drop("DP", "DQ", "InverseQ"), drop("P", "Q", "DP", "DQ", "InverseQ"), drop("D")} {
		key, err := Parse([]byte(text))
		require.NoError(t, err)
		assert.True(t, samePublic(t, twinKey(t, "rsa2048"), key))
	}
	for _, text := range []string{
		drop("Modulus"), drop("Exponent"), drop("D", "P", "Q"), text[:len(text)-3], text + text,
		strings.Replace(text, "<P>", "<P><!-- x -->", 1), strings.Replace(text, "<P>", "<P>&#65;", 1), strings.Replace(text, "<P>", "<X>1</X><P>", 1),
		strings.Replace(text, "<P>", "<P>AAAA</P><P>", 1), strings.Replace(text, "<D>", "<D>!", 1), strings.Replace(text, "</D>", "</d>", 1),
		"<RSAKeyValue><D>", "<RSAKeyValue", "<RSAKeyValueX><D>AA==</D></RSAKeyValue>", "<RSAKeyValue><D></D></RSAKeyValue>",
		"<RSAKeyValue><Modulus>" + strings.Repeat("////", 100_000) + "</Modulus><Exponent>AQAB</Exponent><D>AQAB</D></RSAKeyValue>",
		"<RSAKeyValue>" + strings.Repeat("<P>", 300_000) + "</RSAKeyValue>",
	} {
		_, err := Decode([]byte(text))
		requireDocumented(t, err)
	}
}

// TestDamaged: neither a cut nor a changed byte gives another key, but for DSA of CryptoAPI,
// whose form has no public half.
func TestDamaged(t *testing.T) {
	for _, s := range samples(t) {
		key := s.key(t)
		for i := range s.data {
			_, err := ParseWithPassphrase(s.data[:i], []byte(passphrase))
			requireDocumented(t, err)
			if i%3 > 0 && s.form != FormECC || s.keyType == "dsa" {
				continue
			}
			damaged := bytes.Clone(s.data)
			damaged[i] ^= 1 << (i % 8)
			got, err := ParseWithPassphrase(damaged, []byte(passphrase))
			if err != nil {
				requireDocumented(t, err)
				continue
			}
			require.True(t, samePublic(t, key, got), "%s: byte %d", s.name, i)
		}
		if s.form != FormXML {
			_, err := Decode(append(bytes.Clone(s.data), 0))
			requireDocumented(t, err)
		}
	}
}

// TestHostileSizes: sizes that the file does not have are refused without memory for them.
func TestHostileSizes(t *testing.T) {
	for _, s := range samples(t) {
		for at := 0; at+4 <= min(40, len(s.data)); at++ {
			for _, size := range []string{"\xff\xff\xff\xff", "\xff\xff\xff\x7f", "\x00\x00\x00\x80", "\x00\x00\x00\x00"} {
				damaged := bytes.Clone(s.data)
				copy(damaged[at:], size)
				allocated := keytest.Allocated(func() {
					if _, err := Decode(damaged); err != nil {
						requireDocumented(t, err)
					}
				})
				assert.Less(t, allocated, uint64(1<<20), s.name)
			}
		}
	}
	_, err := Decode(make([]byte, sshkey.MaxFileSize+1))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.LimitError))
	_, err = Decode(nil)
	requireDocumented(t, err)
	for _, text := range []string{"RSA1", "ECS1", "ECS3"} { // public keys
		assert.Empty(t, FormOf(append([]byte(text), make([]byte, 100)...)))
	}
}

func TestConcurrentUse(t *testing.T) {
	f, err := Decode(samples(t)[4].data)
	require.NoError(t, err)
	keytest.Concurrently(func() {
		got, err := f.Decrypt([]byte(passphrase))
		if assert.NoError(t, err) {
			assert.True(t, twinKey(t, "rsa2048").Equal(got))
		}
	})
}
