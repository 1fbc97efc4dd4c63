package pemkey

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inSequences returns data with more at the end of each SEQUENCE, SET, OCTET STRING and
// tagged part in turn, and corrects the lengths around it: once at every place where a
// reader could leave something unread.
func inSequences(data, more []byte) [][]byte {
	var out [][]byte
	d := der.New(data)
	var before []byte
	for len(d.Rest()) > 0 {
		tag, start := d.Peek(), d.Rest()
		content := d.Element(tag, "any")
		if d.Err() != nil {
			return nil // not DER, but the bytes of a number
		}
		isNumber := tag == der.TagOctets && der.New(content).Small("") == 0 && (len(content) < 2 || content[0] != der.TagSequence && content[0] != der.TagOctets && content[0] != der.TagInteger)
		if tag&0x20 != 0 || tag == der.TagOctets && !isNumber {
			for _, changed := range append(inSequences(content, more), slicesOf(content, more)) {
				out = append(out, slicesOf(before, tlv(tag, 0, changed), d.Rest()))
			}
		}
		before = append(before, start[:len(start)-len(d.Rest())]...)
	}
	return out
}

// TestNothingIsSkipped puts an unknown part, and a byte that is not a part, at every place
// of every structure. An unknown part may be the public half after damage, so it is refused,
// though the key could still be read.
func TestNothingIsSkipped(t *testing.T) {
	places := 0
	for _, twin := range keytest.Twins(t, "pkcs1", "sec1", "dsa", "pkcs8") {
		if twin.Encrypted {
			continue
		}
		data := derOf(t, twin.Data)
		for name, more := range map[string][]byte{
			"an unknown field": tlv(0x85, 0, []byte("x")), "an empty one": tlv(0xa7, 0), "octets": tlv(der.TagOctets, 0, []byte("x")),
			"a boolean": tlv(1, 0, []byte{0xff}), "a zero": {0}, "half an element": {der.TagSequence, 5},
		} {
			for i, changed := range append(inSequences(data, more), slicesOf(data, more)) {
				places++
				_, err := Parse(pemOf("PRIVATE KEY", changed))
				requireDocumented(t, err)
				require.Error(t, err, "%s: %s at place %d: %x", twin.Name, name, i, changed)
			}
		}
	}
	assert.Greater(t, places, 200)
}

// TestEmptyNumber: a version without bytes is not 0 but damage, beside which more of it in
// an Ed25519 key would make another key of the file.
func TestEmptyNumber(t *testing.T) {
	data := derOf(t, keytest.Read(t, "twins/ed25519.pkcs8.pem"))
	at := bytes.Index(data, []byte{der.TagInteger, 1, 0})
	require.Equal(t, 2, at)
	for name, number := range map[string][]byte{"short": tlv(der.TagInteger, 0), "long": {der.TagInteger, 0x81, 0}} {
		changed := slicesOf(data[at+3:])
		changed = tlv(der.TagSequence, 0, number, changed)
		_, err := Parse(pemOf("PRIVATE KEY", changed))
		requireDocumented(t, err)
		require.ErrorContains(t, err, "the version", name)
	}
}

// TestSwappedLines: two swapped lines of an EC key in PKCS#8 damage the private number and
// the tag of the public point, which once was not compared then.
func TestSwappedLines(t *testing.T) {
	for _, name := range []string{"ecdsa256", "ecdsa384", "ecdsa521"} {
		for range 20 {
			key := keytest.Type(t, name).New(t)
			text, err := Marshal(key, &Options{Encoding: PKCS8})
			require.NoError(t, err)
			lines := strings.SplitAfter(string(text), "\n")
			for i := 1; i < len(lines)-3; i++ {
				swapped := append([]string(nil), lines...)
				swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
				_, err := Parse([]byte(strings.Join(swapped, "")))
				require.Error(t, err, "lines %d and %d of %s", i, i+1, text)
			}
		}
	}
}

// publicBits returns the public half of a key as PKCS#8 has it (RFC 5958 section 2, RFC
// 8017, RFC 3279, RFC 5480, RFC 8410).
func publicBits(t testing.TB, key *sshkey.Key) []byte {
	t.Helper()
	switch k := key.Private.(type) {
	case *rsa.PrivateKey:
		return x509.MarshalPKCS1PublicKey(&k.PublicKey)
	case *dsa.PrivateKey:
		return der.MustMarshal(k.Y)
	case *ecdsa.PrivateKey:
		_, point := ecdsaHalves(k)
		return point
	case ed25519.PrivateKey:
		return k[ed25519.SeedSize:]
	case ed448.PrivateKey:
		return k[ed448.SeedSize:]
	}
	t.Fatalf("%T", key.Private)
	return nil
}

// TestPKCS8PublicHalf: if PKCS#8 has the public half it is compared, for every algorithm.
func TestPKCS8PublicHalf(t *testing.T) {
	for _, kt := range keytest.Types() {
		key, other := kt.New(t), kt.New(t)
		oid, params, private := pkcs8Parts(key.Private)
		file := func(bits []byte) []byte {
			return pemOf("PRIVATE KEY", pkcs8Of(1, oid, params, private, tlv(der.TagImplicit1, 0, []byte{0}, bits)))
		}
		assertSame(t, key, mustParse(t, file(publicBits(t, key)), ""))
		bits := publicBits(t, key)
		for name, wrong := range map[string][]byte{
			"of another key": publicBits(t, other), "empty": {}, "with a byte more": append(bytes.Clone(bits), 0),
			"cut off": bits[:len(bits)-1], "one bit": append(bytes.Clone(bits[:len(bits)-1]), bits[len(bits)-1]^1),
		} {
			_, err := Parse(file(wrong))
			requireDocumented(t, err)
			require.Error(t, err, "%s: the public half is %s", kt.Name, name)
		}
	}
}

// TestPKCS8Attributes: attributes are read as such.
func TestPKCS8Attributes(t *testing.T) {
	key := twinKey(t, "ecdsa256")
	oid, params, private := pkcs8Parts(key.Private)
	parse := func(attributes []byte) error {
		_, err := Parse(pemOf("PRIVATE KEY", pkcs8Of(0, oid, params, private, tlv(der.TagExplicit0, 0, attributes))))
		return err
	}
	keyUsage := seq(oidDER("2.5.29.15"), tlv(der.TagSet, 0, tlv(der.TagBitString, 0, []byte{0, 0x80})))
	name := seq(oidDER("1.2.840.113549.1.9.20"), tlv(der.TagSet, 0, tlv(0x1e, 0, []byte{0, 'k'})))
	for what, attributes := range map[string][]byte{"none": nil, "one": keyUsage, "two": slicesOf(name, keyUsage)} {
		require.NoError(t, parse(attributes), what)
	}
	for what, attributes := range map[string][]byte{
		"noise":               []byte("noise"),
		"no identifier":       seq(tlv(der.TagSet, 0)),
		"no values":           seq(oidDER("2.5.29.15")),
		"more than values":    seq(oidDER("2.5.29.15"), tlv(der.TagSet, 0), number(1)),
		"values cut off":      seq(oidDER("2.5.29.15"), tlv(der.TagSet, 0, []byte{der.TagBitString, 9, 0})),
		"a byte after it":     slicesOf(keyUsage, []byte{0}),
		"the public key of a": tlv(der.TagBitString, 0, []byte{0}, publicBits(t, key)),
	} {
		require.ErrorAs(t, parse(attributes), new(*sshkey.SyntaxError), what)
	}
}

// TestAlgorithmParameters: parameters that the algorithm does not have are damage.
func TestAlgorithmParameters(t *testing.T) {
	for _, kt := range keytest.Types() {
		oid, params, private := pkcs8Parts(kt.New(t).Private)
		_, err := Parse(pemOf("PRIVATE KEY", pkcs8Of(0, oid, slicesOf(params, []byte{1, 1, 0xff}), private)))
		require.ErrorAs(t, err, new(*sshkey.SyntaxError), kt.Name)
	}
	key := twinKey(t, "ecdsa256")
	_, point := ecdsaHalves(key.Private.(*ecdsa.PrivateKey))
	inner := sec1Of(1, []byte{7}, curveOIDs.Get()["nistp384"], nil)
	_, err := Parse(pemOf("PRIVATE KEY", pkcs8Of(0, oidEC, oidDER(curveOIDs.Get()["nistp256"]), inner)))
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	require.ErrorContains(t, err, "the two copies of the curve differ")
	_, err = Parse(slicesOf(pemOf("EC PARAMETERS", append(oidDER(curveOIDs.Get()["nistp256"]), 0)), pemOf("EC PRIVATE KEY", sec1Of(1, []byte{7}, "", point))))
	require.ErrorAs(t, err, new(*sshkey.SyntaxError))
}

// TestSSHComNothingIsSkipped: the length must be right, and the padding shorter than a block.
func TestSSHComNothingIsSkipped(t *testing.T) {
	whole := derOf(t, normalDashes(stripHeader(keytest.Read(t, "twins", "rsa2048.sshcom"))))
	r := wire.NewReader(whole[8:])
	keyType, cipher, section := string(r.String("type")), string(r.String("cipher")), r.String("section")
	require.NoError(t, r.End())
	_, err := Parse(sshcomOf(sshcomMagic, keyType, cipher, section))
	require.NoError(t, err)
	_, err = Parse(sshcomOf(sshcomMagic, keyType, cipher, append(bytes.Clone(section), make([]byte, 7)...)))
	require.NoError(t, err, "padding of any bytes")
	_, err = Parse(sshcomOf(sshcomMagic, keyType, cipher, append(bytes.Clone(section), make([]byte, 8)...)))
	requireSyntax(t, err, 0, "the padding has 8 bytes")
	inner := wire.NewReader(section).String("inner")
	_, err = Parse(sshcomOf(sshcomMagic, keyType, cipher, wire.AppendString(nil, append(bytes.Clone(inner), 0))))
	requireSyntax(t, err, 0, "more data follows the last field")
	for name, changed := range map[string][]byte{"a byte more": append(bytes.Clone(whole), 0), "another length": append(append(bytes.Clone(whole[:7]), whole[7]^1), whole[8:]...)} {
		_, err = Parse(pemOf(sshcomLabel, changed))
		requireSyntax(t, err, 0, "ssh.com: ")
		require.Error(t, err, name)
	}
}
