package pemkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"math/big"
	"strconv"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// paddedFields returns the private fields of a key with zeros before each of its numbers.
func paddedFields(t *testing.T, key *sshkey.Key) []byte {
	t.Helper()
	pub, err := key.Public()
	require.NoError(t, err)
	r := wire.NewReader(opensshTypes.Get()[pub.Type()].append(nil, key.Private))
	b := wire.AppendString(nil, pub.Type())
	for i := 0; len(r.Rest()) > 0; i++ {
		field := r.String("field")
		if _, ec := key.Private.(*ecdsa.PrivateKey); !ec || i == 2 { // name, point, d
			field = append([]byte{0, 0}, field...)
		}
		b = wire.AppendString(b, field)
	}
	return wire.AppendString(b, key.Comment)
}

// TestPaddedNumbers: ssh-keygen reads numbers with needless zeros (sshbuf_get_bignum2), and
// RustCrypto writes them.
func TestPaddedNumbers(t *testing.T) {
	for _, kt := range keytest.Types() {
		if kt.Name == "ed25519" || kt.Name == "ed448" { // which are not numbers
			continue
		}
		for _, pass := range []string{"", passphrase} {
			key := kt.New(t)
			pub, err := key.Public()
			require.NoError(t, err)
			f := &opensshFile{cipher: encryptionNone, kdf: encryptionNone}
			if pass != "" {
				require.NoError(t, f.choose(Options{Rounds: 1}, zeros{}))
			}
			c, k := opensshCiphers.Get()[f.cipher], f.derive([]byte(pass))
			plain := append([]byte("abcdabcd"), paddedFields(t, key)...)
			for i := byte(1); len(plain)%c.blockSize != 0; i++ {
				plain = append(plain, i)
			}
			f.private, f.tag = c.seal(k[:c.keySize], k[c.keySize:], plain)
			got := mustParse(t, pemblock.Encode(opensshLabel, nil, f.encode(pub.Marshal())), pass)
			assertSame(t, key, got)
			assert.Equal(t, []sshkey.Deviation{sshkey.DeviationPadding}, got.Deviations, kt.Name)

			written, err := Marshal(got, &Options{Encoding: OpenSSH})
			require.NoError(t, err)
			assert.Empty(t, mustParse(t, written, "").Deviations, "what is written is canonical")
		}
	}
}

// TestPaddedPublic: the public half in the clear may have the zeros too.
func TestPaddedPublic(t *testing.T) {
	key := keytest.Type(t, "rsa2048").New(t)
	pub, err := key.Public()
	require.NoError(t, err)
	r := wire.NewReader(pub.Marshal())
	b := wire.AppendString(nil, r.String("type"))
	for range 2 {
		b = wire.AppendString(b, append([]byte{0}, r.String("number")...))
	}
	parts := plainParts(t)
	parts.publics, parts.private = [][]byte{b}, section(paddedFields(t, key))
	got := mustParse(t, parts.file(), "")
	assertSame(t, key, got)
}

func TestDeviationsOfDER(t *testing.T) {
	ec := keytest.Type(t, "ecdsa384").New(t)
	private := ec.Private.(*ecdsa.PrivateKey)
	scalar, point := ecdsaHalves(private)
	null, one := []byte{der.TagNull, 0}, der.MustMarshal(1)
	curve := oidDER(curveOID(private))
	number := tlv(der.TagOctets, 0, scalar)
	public := func(unused byte) []byte {
		return tlv(der.TagExplicit1, 0, tlv(der.TagBitString, 0, append([]byte{unused}, point...)))
	}
	named := tlv(der.TagExplicit0, 0, curve)
	pkcs8 := func(params, inner []byte) []byte {
		return pemOf(labelPKCS8, seq(der.MustMarshal(0), seq(oidDER(oidEC), params), tlv(der.TagOctets, 0, inner)))
	}
	ed := keytest.Type(t, "ed25519").New(t)
	pair := ed.Private.(ed25519.PrivateKey)
	edFile := func(secret []byte) []byte {
		return pemOf(labelPKCS8, seq(der.MustMarshal(0), seq(oidDER(oidEd25519)), tlv(der.TagOctets, 0, tlv(der.TagOctets, 0, secret))))
	}
	for name, test := range map[string]struct {
		data []byte
		want *sshkey.Key
		code sshkey.Deviation
	}{
		"NULL in PKCS#8":              {pkcs8(null, seq(one, number, named, public(0))), ec, sshkey.DeviationECNull},
		"NULL and no curve inside":    {pkcs8(null, seq(one, number, public(0))), ec, sshkey.DeviationECNull},
		"NULL inside PKCS#8":          {pkcs8(curve, seq(one, number, tlv(der.TagExplicit0, 0, null), public(0))), ec, sshkey.DeviationECNull},
		"NULL in SEC 1":               {pemOf(labelEC, seq(one, number, tlv(der.TagExplicit0, 0, null), public(0))), ec, sshkey.DeviationECNull},
		"NULL as EC PARAMETERS":       {append(pemOf(labelECParameters, null), pemOf(labelEC, seq(one, number, named, public(0)))...), ec, sshkey.DeviationECNull},
		"an unused bit in SEC 1":      {pemOf(labelEC, seq(one, number, named, public(1))), ec, sshkey.DeviationUnusedBits},
		"seven unused bits in PKCS#8": {pkcs8(curve, seq(one, number, public(7))), ec, sshkey.DeviationUnusedBits},
		"seed and public half":        {edFile(pair), ed, sshkey.DeviationSeedPair},
	} {
		t.Run(name, func(t *testing.T) {
			got := mustParse(t, test.data, "")
			assertSame(t, test.want, got)
			assert.Equal(t, []sshkey.Deviation{test.code}, got.Deviations)
		})
	}
	// What the halves do not prove is refused.
	other := append(pair[:32:32], keytest.Type(t, "ed25519").New(t).Private.(ed25519.PrivateKey)[32:]...)
	for name, data := range map[string][]byte{
		"NULL, and no point":   pkcs8(null, seq(one, number)),
		"eight unused bits":    pemOf(labelEC, seq(one, number, named, public(8))),
		"a pair of other keys": edFile(other),
		"a pair cut short":     edFile(pair[:63]),
	} {
		_, err := Parse(data)
		requireDocumented(t, err)
		require.Error(t, err, name)
	}
}

// TestLargeExponent: OpenSSL and OpenSSH use an exponent of 2^32+1.
func TestLargeExponent(t *testing.T) {
	if strconv.IntSize < 64 {
		t.Skip("package rsa has no room for it here")
	}
	e, one := new(big.Int).SetUint64(1<<32+1), big.NewInt(1)
	var p, q, d *big.Int
	for d == nil {
		p, q = must(rand.Prime(rand.Reader, 1024)), must(rand.Prime(rand.Reader, 1024))
		d = new(big.Int).ModInverse(e, new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)))
	}
	private, err := rawkey.NewRSA(rawkey.RSANumbers{N: new(big.Int).Mul(p, q), E: e, D: d, P: p, Q: q})
	require.NoError(t, err)
	key := &sshkey.Key{Private: private}
	for _, encoding := range []Encoding{Traditional, PKCS8, OpenSSH, SSHCom} {
		data, err := Marshal(key, &Options{Encoding: encoding})
		require.NoError(t, err)
		assertSame(t, key, mustParse(t, data, ""))
	}
}

// TestLabelOfAnotherForm: a label that does not belong to what is inside is reported; of a
// block that is encrypted as a whole that shows only with the passphrase.
func TestLabelOfAnotherForm(t *testing.T) {
	for name, labels := range map[string]map[string]bool{
		"rsa2048.aes128.pem":  {"RSA PRIVATE KEY": true, "EC PRIVATE KEY": false, "PRIVATE KEY": false, "DSA PRIVATE KEY": false},
		"ecdsa256.aes256.pem": {"RSA PRIVATE KEY": false, "EC PRIVATE KEY": true, "PRIVATE KEY": false},
		"rsa2048.pem":         {"RSA PRIVATE KEY": true, "EC PRIVATE KEY": false, "PRIVATE KEY": false, "DSA PRIVATE KEY": false},
		"ecdsa256.pem":        {"RSA PRIVATE KEY": false, "EC PRIVATE KEY": true, "PRIVATE KEY": false},
		"rsa2048.pkcs8.pem":   {"RSA PRIVATE KEY": true, "EC PRIVATE KEY": false, "PRIVATE KEY": true},
		"ecdsa256.pkcs8.pem":  {"RSA PRIVATE KEY": false, "EC PRIVATE KEY": true, "PRIVATE KEY": true},
		"ed25519.pkcs8.pem":   {"RSA PRIVATE KEY": false, "EC PRIVATE KEY": false, "PRIVATE KEY": true},
	} {
		text := keytest.Read(t, "twins", name)
		block, _ := pem.Decode(text)
		require.NotNil(t, block)
		for label, fits := range labels {
			key, err := ParseWithPassphrase(bytes.ReplaceAll(text, []byte(block.Type), []byte(label)), []byte(passphrase))
			require.NoError(t, err, "%s under %s", name, label)
			assert.Equal(t, fits, len(key.Deviations) == 0, "%s under %s", name, label)
			if !fits {
				assert.Equal(t, []sshkey.Deviation{sshkey.DeviationLabel}, key.Deviations)
			}
		}
	}
}
