package engine

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"html"
	"math/big"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// jwkSet returns a set of keys, each as JSON.
func jwkSet(keys ...[]byte) []byte {
	return fmt.Appendf(nil, `{"keys":[%s]}`, bytes.Join(keys, []byte(",")))
}

func jwkTwin(t *testing.T, name string) []byte {
	t.Helper()
	key, err := pemkey.Parse(keytest.Read(t, "twins", name+".pkcs8.pem"))
	require.NoError(t, err)
	data, err := jwkkey.Marshal(key)
	require.NoError(t, err)
	return data
}

// TestDamagedKeyAmongSeveral: in a form that is not text, too, a damaged key keeps its
// number, is an error where it is asked for, and does not hide the others.
func TestDamagedKeyAmongSeveral(t *testing.T) {
	ed25519, ed448 := jwkTwin(t, "ed25519"), jwkTwin(t, "ed448")
	damaged := bytes.Replace(ed25519, []byte(`"d": "`), []byte(`"d": "A`), 1)
	for i, set := range [][][]byte{{damaged, ed25519, ed448}, {ed25519, damaged, ed448}, {ed25519, ed448, damaged}} {
		data := jwkSet(set...)
		wrapped := base64.StdEncoding.AppendEncode(nil, data)
		secret := []byte("data:\n  keys: " + string(wrapped) + "\n")
		for _, text := range [][]byte{data, wrapped, secret} {
			for _, limits := range []sshkey.Limits{{}, {KDFWork: 100}} { // those of Mend, and others
				requireOneDamaged(t, text, limits, i)
			}
		}
	}
	// A keystore, whose keys are encrypted.
	data := keytest.Read(t, "jks", "several.jks")
	keys := Mend(data).Keys()
	require.Greater(t, keys, 1)
	at := bytes.Index(data, []byte{0x2b, 6, 1, 4, 1, 42, 2, 17, 1, 1}) // 1.3.6.1.4.1.42.2.17.1.1
	require.Positive(t, at)
	data[at] ^= 1
	m := Mend(data)
	require.Equal(t, keys, m.Keys())
	_, err := OpenMended(m, 0, sshkey.Limits{})
	require.Error(t, err)
	f, err := OpenMended(m, 1, sshkey.Limits{})
	require.NoError(t, err)
	assert.Equal(t, []int{1}, f.Unreadable)
}

func requireOneDamaged(t *testing.T, text []byte, limits sshkey.Limits, damaged int) {
	t.Helper()
	m := Mend(text)
	require.Equal(t, 3, m.Keys())
	for i := range 3 {
		f, err := OpenMended(m, i, limits)
		if i == damaged {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, JWK, f.Format)
		assert.Equal(t, 3, f.Keys)
		assert.Equal(t, []int{damaged + 1}, f.Unreadable)
		_, err = f.Decrypt(nil)
		require.NoError(t, err)
	}
}

// TestSeveralKeysCost: each key of a set costs its check.
func TestSeveralKeysCost(t *testing.T) {
	key := jwkTwin(t, "rsa2048")
	set := [][]byte{bytes.Replace(key, []byte(`"d": "`), []byte(`"d": "A`), 1)}
	for range 20 {
		set = append(set, key)
	}
	_, err := OpenMended(MendLimits(jwkSet(set...), sshkey.Limits{Work: 100_000}), 1, sshkey.Limits{})
	require.ErrorAs(t, err, new(*sshkey.LimitError))
	_, err = OpenMended(Mend(jwkSet(set...)), 1, sshkey.Limits{})
	require.NoError(t, err)
}

// rsaXML returns the RSAKeyValue of a key.
func rsaXML(t *testing.T) []byte {
	t.Helper()
	key, err := pemkey.Parse(keytest.Read(t, "twins", "rsa2048.pem"))
	require.NoError(t, err)
	k := key.Private.(*rsa.PrivateKey)
	var b bytes.Buffer
	b.WriteString("<RSAKeyValue>")
	for _, part := range []struct {
		name  string
		value *big.Int
	}{{"Modulus", k.N}, {"Exponent", big.NewInt(int64(k.E))}, {"P", k.Primes[0]}, {"Q", k.Primes[1]}, {"D", k.D}} {
		fmt.Fprintf(&b, "<%s>%s</%[1]s>", part.name, base64.StdEncoding.EncodeToString(part.value.Bytes()))
	}
	b.WriteString("</RSAKeyValue>")
	return b.Bytes()
}

// TestWholeTextDecoded: a form of text without markers is found in another encoding, too,
// and the cause has its name.
func TestWholeTextDecoded(t *testing.T) {
	utf16Text := func(order binary.AppendByteOrder, mark bool) func([]byte) []byte {
		return func(text []byte) (out []byte) {
			if mark {
				out = order.AppendUint16(out, 0xfeff)
			}
			for _, unit := range utf16.Encode([]rune(string(text))) {
				out = order.AppendUint16(out, unit)
			}
			return out
		}
	}
	xml, set := rsaXML(t), jwkSet(jwkTwin(t, "ed25519"), jwkTwin(t, "ed448"))
	for text, format := range map[string]Format{string(xml): RSAXML, string(jwkTwin(t, "ecdsa256")): JWK, string(set): JWK} {
		want, err := OpenMended(Mend([]byte(text)), 0, sshkey.Limits{})
		require.NoError(t, err)
		for name, d := range map[string]struct {
			code   string
			change func([]byte) []byte
		}{
			"UTF-16LE with a mark": {"utf-16", utf16Text(binary.LittleEndian, true)}, "UTF-16LE": {"utf-16", utf16Text(binary.LittleEndian, false)},
			"UTF-16BE with a mark": {"utf-16", utf16Text(binary.BigEndian, true)}, "UTF-16BE": {"utf-16", utf16Text(binary.BigEndian, false)},
			"a byte order mark": {"", func(text []byte) []byte { return append([]byte("\ufeff"), text...) }},
			"HTML":              {"html", func(text []byte) []byte { return []byte(html.EscapeString(string(text))) }},
		} {
			f, err := OpenMended(Mend(d.change([]byte(text))), 0, sshkey.Limits{})
			require.NoError(t, err, name)
			assert.Equal(t, format, f.Format, name)
			assert.Equal(t, want.Keys, f.Keys, name)
			assert.True(t, bytes.Equal(rawkey.Blob(want.PublicKey), rawkey.Blob(f.PublicKey)), name)
			var codes []string
			for _, r := range f.Repairs {
				codes = append(codes, r.Code)
			}
			assert.Equal(t, d.code, strings.Join(codes, ","), name)
		}
	}
	public := []byte("<RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>")
	_, err := OpenMended(Mend(utf16Text(binary.LittleEndian, true)(public)), 0, sshkey.Limits{})
	require.Error(t, err)
}
