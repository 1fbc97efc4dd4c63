package p12key

import (
	"bytes"
	"encoding/asn1"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSeveralKeys: each key is found under its number, in the order of the file, also after
// one that is not encrypted or not a key of SSH.
func TestSeveralKeys(t *testing.T) {
	types := []string{"ed25519", "rsa2048", "ecdsa256", "ed448"}
	var bags []safeBag
	for i, name := range types {
		bag := encryptedKeyBagOf(t, pkcs8Of(t, name), "a", 1)
		if i == 2 {
			bag = plainKeyBag(pkcs8Of(t, name))
		}
		bags = append(bags, bag)
	}
	data := sealParts(t, "a", clearPart(t, bags[:3]...), hiddenPart(t, "a"), clearPart(t, bags[3]))
	f, err := Decode(data)
	require.NoError(t, err)
	require.Equal(t, len(types), f.Keys)
	for i, name := range types {
		picked, err := f.Pick(i)
		require.NoError(t, err)
		assert.Equal(t, len(types), picked.Keys)
		key, err := picked.Decrypt([]byte("a"))
		require.NoError(t, err)
		assert.True(t, twinKey(t, name).Equal(key), name)
		_, err = picked.Decrypt([]byte("b"))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	}
	for _, index := range []int{-1, len(types), 1 << 30} {
		_, err := f.Pick(index)
		requireDocumented(t, err)
	}
	_, err = DecodeLimits(data, sshkey.Limits{KDFWork: 2}) // the MAC, a part, and one key
	requireWorkLimit(t, err, 3, 2)
	_, err = DecodeLimits(data, sshkey.Limits{KDFWork: 3})
	require.NoError(t, err)
}

// TestSeveralPlainKeys: each shows its public half without a passphrase, and one that is
// damaged does not hide the others.
func TestSeveralPlainKeys(t *testing.T) {
	rsa := pkcs8Of(t, "rsa2048")
	damaged := bytes.Clone(rsa)
	damaged[100] ^= 1 // in the modulus
	content := mustMarshal(t, []contentInfo{clearPart(t, plainKeyBag(rsa), plainKeyBag(damaged), plainKeyBag(pkcs8Of(t, "ed25519")))})
	f, err := Decode(mustMarshal(t, struct {
		Version  int
		AuthSafe contentInfo
	}{3, contentInfo{asnData, explicit(mustMarshal(t, content))}}))
	require.NoError(t, err)
	require.False(t, f.Encrypted())
	for i, want := range map[int]*sshkey.Key{0: twinKey(t, "rsa2048"), 2: twinKey(t, "ed25519")} {
		picked, err := f.Pick(i)
		require.NoError(t, err)
		pub, err := want.Public()
		require.NoError(t, err)
		assert.Equal(t, pub.Marshal(), picked.PublicKey.Marshal())
	}
	_, err = f.Pick(1)
	requireDocumented(t, err)

	content = mustMarshal(t, []contentInfo{clearPart(t, plainKeyBag(damaged))})
	f, err = Decode(mustMarshal(t, struct {
		Version  int
		AuthSafe contentInfo
	}{3, contentInfo{asnData, explicit(mustMarshal(t, content))}}))
	requireDocumented(t, err)
	require.Nil(t, f, "a file beside an error")
}

// TestFirstKeyDamaged: the others are read, whatever is wrong with it, and count with it.
func TestFirstKeyDamaged(t *testing.T) {
	rsa := pkcs8Of(t, "rsa2048")
	damaged := bytes.Clone(rsa)
	damaged[100] ^= 1 // in the modulus
	good := encryptedKeyBagOf(t, rsa, "a", 1)
	content := good.Value.Bytes
	unknown := bytes.Replace(content, []byte{0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42}, []byte{0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 99}, 1)
	for name, bag := range map[string]safeBag{
		"halves":          plainKeyBag(damaged),
		"structure":       {ID: asnKeyBag, Value: asn1.RawValue{FullBytes: append([]byte{0xa1, 0x82, byte(len(rsa) >> 8), byte(len(rsa))}, rsa...)}},
		"encryption":      {ID: asnEncryptedKeyBag, Value: explicit(append([]byte{0x31}, content[1:]...))},
		"unknown cipher":  {ID: asnEncryptedKeyBag, Value: explicit(unknown)},
		"many iterations": encryptedKeyBagOf(t, rsa, "a", 1<<40),
	} {
		parts := mustMarshal(t, []contentInfo{clearPart(t, bag, good, plainKeyBag(pkcs8Of(t, "ed25519")))})
		data := mustMarshal(t, struct {
			Version  int
			AuthSafe contentInfo
		}{3, contentInfo{asnData, explicit(mustMarshal(t, parts))}})
		_, err := Decode(data)
		requireDocumented(t, err)
		var keys []*File
		for f, err := range All(data, sshkey.Limits{}) {
			if len(keys) == 0 {
				requireDocumented(t, err)
			} else {
				require.NoError(t, err, name)
			}
			keys = append(keys, f)
		}
		require.Len(t, keys, 3, name)
		assert.Nil(t, keys[0], name)
		for i, want := range map[int]string{1: "rsa2048", 2: "ed25519"} {
			key, err := keys[i].Decrypt([]byte("a"))
			require.NoError(t, err, name)
			assert.True(t, twinKey(t, want).Equal(key), name)
		}
	}
	for f, err := range All(nil, sshkey.Limits{}) {
		assert.Nil(t, f)
		requireDocumented(t, err)
	}
}

func TestTooManyKeys(t *testing.T) {
	bags := make([]safeBag, sshkey.MaxTextKeys+1)
	for i := range bags {
		bags[i] = plainKeyBag(pkcs8Of(t, "ed25519"))
	}
	_, err := Decode(sealParts(t, "a", clearPart(t, bags[1:]...)))
	require.NoError(t, err)
	_, err = Decode(sealParts(t, "a", clearPart(t, bags...)))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.LimitError))
}

// ber writes elements again with indefinite lengths, and strings in pieces of some size.
func ber(t testing.TB, data []byte, piece int) (out []byte) {
	t.Helper()
	for len(data) > 0 {
		size, header := int(data[1]), 2
		if size > 0x80 {
			header += size - 0x80
			size = 0
			for _, b := range data[2:header] {
				size = size<<8 | int(b)
			}
		}
		tag, content := data[0], data[header:header+size]
		data = data[header+size:]
		switch {
		case tag&0x20 != 0:
			out = append(append(append(out, tag, 0x80), ber(t, content, piece)...), 0, 0)
		case tag == 0x04 && len(content) > piece || tag == 0x80:
			if len(content) > 2 && content[0] == 0x30 && content[1] == 0x82 {
				content = ber(t, content, piece)
			}
			out = append(out, tag|0x20, 0x80)
			for ; len(content) > 0; content = content[min(piece, len(content)):] {
				n := min(piece, len(content))
				out = append(append(out, 0x04, 0x81, byte(n)), content[:n]...)
			}
			out = append(out, 0, 0)
		default:
			out = append(append(append(out, tag, 0x82), byte(size>>8), byte(size)), content...)
		}
	}
	return out
}

// TestBER: lengths that are indefinite and strings in pieces, as Java and Firefox write
// them. openssl reads the same key.
func TestBER(t *testing.T) {
	for _, r := range readable(t) {
		if r.name != "plain.p12" && r.name != "plain-ed25519.p12" {
			continue // a MAC covers the bytes inside
		}
		for _, piece := range keytest.Some(2, []int{1, 16, 100, 255}) {
			data := ber(t, r.data, piece)
			key, err := ParseWithPassphrase(data, nil)
			require.NoError(t, err, "%s, %d", r.name, piece)
			assert.True(t, twinKey(t, r.keyType).Equal(key))
			if piece > 1 {
				openssl := keytest.Run(t, data, "openssl", "pkcs12", "-nodes", "-nocerts", "-passin", "pass:")
				again, err := pemkey.Parse(openssl)
				require.NoError(t, err)
				assert.True(t, key.Equal(again))
			}
			for cut := range len(data) / 7 {
				_, err := ParseWithPassphrase(data[:7*cut], nil)
				requireDocumented(t, err)
			}
		}
	}
	sealed := read(t, "ecdsa256.p12")
	outer := append(append([]byte{0x30, 0x80}, sealed[4:]...), 0, 0)
	key, err := ParseWithPassphrase(outer, []byte(passphrase))
	require.NoError(t, err)
	assert.True(t, twinKey(t, "ecdsa256").Equal(key))
}

// TestNestedTooDeep: a tower of open elements is refused in linear time.
func TestNestedTooDeep(t *testing.T) {
	for _, begin := range [][]byte{{0x30, 0x80}, {0x24, 0x80}, {0x30, 0x80, 0x24, 0x80}} {
		tower := bytes.Repeat(begin, sshkey.MaxFileSize/len(begin)/4)
		tower = append(tower, make([]byte, len(tower))...)
		_, err := Decode(tower)
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.SyntaxError))
	}
}

// TestNoMAC: a file whose passphrase nothing but the key proves.
func TestNoMAC(t *testing.T) {
	f, err := Decode(read(t, "no-mac.p12"))
	require.NoError(t, err)
	require.True(t, f.Encrypted())
	for _, wrong := range []string{"", "x", "correct horse "} {
		_, err := f.Decrypt([]byte(wrong))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	}
	key, err := f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
	assert.True(t, twinKey(t, "rsa2048").Equal(key))
}
