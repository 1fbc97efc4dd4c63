package pemkey

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tlv builds an ASN.1 element with its length in so many bytes; 0 means the shortest
// form.
func tlv(tag byte, lengthBytes int, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	if lengthBytes == 0 && len(content) < 0x80 {
		return append([]byte{tag, byte(len(content))}, content...)
	}
	if lengthBytes == 0 {
		lengthBytes = 2
	}
	length := binary.BigEndian.AppendUint64(nil, uint64(len(content)))
	out := append([]byte{tag, 0x80 | byte(lengthBytes)}, length[8-lengthBytes:]...)
	return append(out, content...)
}

func seq(parts ...[]byte) []byte { return tlv(der.TagSequence, 0, parts...) }

func number(x int64) []byte { return der.MustMarshal(big.NewInt(x)) }

func oidDER(dotted string) []byte { return der.MustMarshal(parseOID(dotted)) }

// rsaNumbers returns the INTEGERs of the RSA twin, without the SEQUENCE.
func rsaNumbers(t testing.TB) []byte {
	t.Helper()
	var raw asn1.RawValue
	_, err := asn1.Unmarshal(derOf(t, keytest.Read(t, "twins", "rsa2048.pem")), &raw)
	require.NoError(t, err)
	return raw.Bytes
}

// rewrite puts every INTEGER of a PKCS#1 structure into another form.
func rewrite(t testing.TB, numbers []byte, form func(content []byte) []byte) []byte {
	t.Helper()
	var out []byte
	for rest := numbers; len(rest) > 0; {
		var raw asn1.RawValue
		var err error
		rest, err = asn1.Unmarshal(rest, &raw)
		require.NoError(t, err)
		out = append(out, form(raw.Bytes)...)
	}
	return seq(out)
}

// TestDERAllows reads what PuTTY and OpenSSL read too, though it is not DER.
func TestDERAllows(t *testing.T) {
	numbers := rsaNumbers(t)
	want := twinKey(t, "rsa2048")
	for name, der := range map[string][]byte{
		"as it is":                 seq(numbers),
		"3 bytes of length":        tlv(der.TagSequence, 3, numbers),
		"4 bytes of length":        tlv(der.TagSequence, 4, numbers),
		"a NULL at the end":        seq(numbers, []byte{5, 0}),
		"long lengths of integers": rewrite(t, numbers, func(c []byte) []byte { return tlv(der.TagInteger, 4, c) }),
		"padded integers":          rewrite(t, numbers, func(c []byte) []byte { return tlv(der.TagInteger, 0, []byte{0, 0, 0}, c) }),
		"integers without sign byte": rewrite(t, numbers, func(c []byte) []byte {
			if len(c) == 1 { // a version of 0 is no number with a sign byte
				return tlv(der.TagInteger, 0, c)
			}
			return tlv(der.TagInteger, 0, bytes.TrimLeft(c, "\x00"))
		}),
	} {
		key, err := Parse(pemOf("RSA PRIVATE KEY", der))
		require.NoError(t, err, name)
		assertSame(t, want, key)
	}
}

func TestDERRefuses(t *testing.T) {
	numbers := rsaNumbers(t)
	good := seq(numbers)
	nested := []byte{}
	for range 2000 {
		nested = seq(nested)
	}
	for name, test := range map[string]struct {
		der     []byte
		message string
	}{
		"indefinite length":         {append([]byte{der.TagSequence, 0x80}, numbers...), "the length of the private key is wrong"},
		"5 bytes of length":         {append([]byte{der.TagSequence, 0x85, 0, 0, 0, 0, 4}, 2, 1, 0, 5), "the length of the private key"},
		"126 bytes of length":       {[]byte{der.TagSequence, 0xff, 1, 2}, "the length of the private key"},
		"length of 2^32-1":          {append([]byte{der.TagSequence, 0x84, 0xff, 0xff, 0xff, 0xff}, numbers...), "the length of the private key"},
		"length of 2^31-1":          {append([]byte{der.TagSequence, 0x84, 0x7f, 0xff, 0xff, 0xff}, numbers...), "the length of the private key"},
		"trailing data":             {append(good, 0), "the private key has a part that does not belong there"},
		"trailing data inside":      {seq(numbers, []byte{0}), "a part that does not belong there"},
		"a ninth number":            {seq(numbers, number(7)), "9 numbers are neither an RSA nor a DSA key"},
		"a NULL with content":       {seq(numbers, []byte{5, 1, 0}), "a NULL that is not empty"},
		"two NULLs":                 {seq(numbers, []byte{5, 0, 5, 0}), "a part that does not belong there"},
		"one byte short":            {good[:len(good)-1], "the length of the private key"},
		"tag alone":                 {[]byte{der.TagSequence}, "the length of the private key"},
		"a SET":                     {append([]byte{der.TagSet}, good[1:]...), "the private key is missing or of another type"},
		"empty SEQUENCE":            {seq(), "the version is missing"},
		"nesting":                   {nested, "the version is missing"},
		"version of 5 bytes":        {seq(tlv(der.TagInteger, 0, []byte{1, 0, 0, 0, 0}), numbers), "the version is out of range"},
		"version 2":                 {seq(number(2), numbers[3:]), "the version is 2, not 0"},
		"version 1, DSA":            {seq(number(1), number(2), number(3), number(4), number(5), number(6)), "the version is 1, not 0"},
		"7 numbers":                 {seq(number(0), bytes.Repeat(number(3), 7)), "7 numbers are neither"},
		"4 numbers":                 {seq(number(0), bytes.Repeat(number(3), 4)), "4 numbers are neither"},
		"version alone":             {seq(number(0)), "not a private key of a known kind"},
		"version, then NULL":        {seq(number(0), []byte{5, 0}), "not a private key of a known kind"},
		"last number cut off":       {seq(number(0), numbers[3:40]), "the length of a number is wrong"},
		"certificate in a key file": {seq(seq(number(0))), "the version is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(pemOf("RSA PRIVATE KEY", test.der))
			requireDocumented(t, err)
			requireSyntax(t, err, 1, test.message)
		})
	}
}

func TestDERInvalidNumbers(t *testing.T) {
	key := twinKey(t, "rsa2048").Private.(*rsa.PrivateKey)
	p, q := key.Primes[0], key.Primes[1]
	zero, one := new(big.Int), big.NewInt(1)
	e := big.NewInt(int64(key.E))
	for name, x := range map[string][]*big.Int{
		"n":       {zero, new(big.Int).Add(key.N, one), e, key.D, p, q, one, one, one},
		"d":       {zero, key.N, e, new(big.Int).Add(key.D, one), p, q, one, one, one},
		"e":       {zero, key.N, big.NewInt(3), key.D, p, q, one, one, one},
		"e is 1":  {zero, key.N, one, one, p, q, one, one, one},
		"p is n":  {zero, key.N, e, key.D, key.N, one, one, one, one},
		"zeros":   {zero, zero, zero, zero, zero, zero, zero, zero, zero},
		"p twice": {zero, new(big.Int).Mul(p, p), e, key.D, p, p, one, one, one},
	} {
		_, err := Parse(pemOf("RSA PRIVATE KEY", der.MustMarshal(x)))
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), name)
	}
	_, err := Parse(pemOf("RSA PRIVATE KEY", der.MustMarshal([]*big.Int{zero, key.N, new(big.Int).Lsh(one, 63), key.D, p, q, one, one, one})))
	requireUnsupported(t, err, "64 bits")
	huge := new(big.Int).Lsh(one, 16384)
	_, err = Parse(pemOf("RSA PRIVATE KEY", der.MustMarshal([]*big.Int{zero, huge, e, one, one, one, one, one, one})))
	require.ErrorAs(t, err, new(*sshkey.LimitError))
	for name, x := range map[string][]*big.Int{
		"DSA, y wrong":        {zero, big.NewInt(23), big.NewInt(11), big.NewInt(4), big.NewInt(5), big.NewInt(3)},
		"DSA, zeros":          {zero, zero, zero, zero, zero, zero},
		"DSA, x larger":       {zero, big.NewInt(23), big.NewInt(11), big.NewInt(4), big.NewInt(5), big.NewInt(300)},
		"DSA, p is 0, rest 1": {zero, zero, one, one, one, one},
	} {
		_, err := Parse(pemOf("DSA PRIVATE KEY", der.MustMarshal(x)))
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), name)
	}
	_, err = Parse(pemOf("DSA PRIVATE KEY", der.MustMarshal([]*big.Int{zero, huge, one, one, one, one})))
	require.ErrorAs(t, err, new(*sshkey.LimitError))
}

func TestMultiPrimeRSA(t *testing.T) {
	//lint:ignore SA1019 nothing else makes a key of three primes.
	key, err := rsa.GenerateMultiPrimeKey(rand.Reader, 3, 1024)
	require.NoError(t, err)
	_, err = Parse(pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	requireUnsupported(t, err, "an RSA key with more than two primes")
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	_, err = Parse(pemOf("PRIVATE KEY", der))
	requireUnsupported(t, err, "an RSA key with more than two primes")
}

// TestWrongLabels: the bytes decide.
func TestWrongLabels(t *testing.T) {
	labels := []string{"RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "PRIVATE KEY"}
	for _, twin := range keytest.Twins(t, "pkcs1", "sec1", "dsa", "pkcs8") {
		if twin.Encrypted {
			continue
		}
		want := mustParse(t, twin.Data, "")
		for _, label := range labels {
			f, err := Decode(pemOf(label, derOf(t, twin.Data)))
			require.NoError(t, err)
			assert.Equal(t, twinFormats[twin.Format], f.Format)
			assert.Equal(t, label, f.Label)
			key, err := f.Decrypt([]byte("ignored"))
			require.NoError(t, err)
			assertSame(t, want, key)
		}
		for _, label := range []string{"OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY"} {
			_, err := Decode(pemOf(label, derOf(t, twin.Data)))
			requireSyntax(t, err, 1, "")
		}
	}
}
