package engine_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mended opens a text that has one key in it.
func mended(t *testing.T, text []byte, name string) *engine.File {
	t.Helper()
	f, err := engine.OpenMended(engine.Mend(text), 0, engine.Limits{})
	require.NoError(t, err, name)
	return f
}

// TestNumbersBesideHex: dates, times and numbers of the text around hexadecimal are not read as a
// part of it, be it that of a text or of DER, in one piece or in many.
func TestNumbersBesideHex(t *testing.T) {
	text := keytest.Read(t, "twins", "ecdsa256.pkcs8.pem")
	block, _ := pem.Decode(text)
	want := mended(t, text, "as it is").PublicKey
	for _, around := range []string{
		"bob 10:03\n%s\n10:04\nthanks\n", "ID=42\nKEY=%s\nB=2\n", "INSERT INTO t VALUES (1,'%s','2024-01-02');\n", "1,%s,x\n",
		"id 123e4567-e89b-12d3-a456-426614174000\n%s\n", "2024-01-02 03:04:05 %s\n",
	} {
		for _, data := range [][]byte{text, block.Bytes} {
			for _, digits := range []string{fmt.Sprintf("%x", data), fmt.Sprintf("% x", data), inLines(hex.EncodeToString(data))} {
				f := mended(t, fmt.Appendf(nil, around, digits), around)
				assert.Equal(t, want, f.PublicKey, around)
				assert.Contains(t, codesOf(f.Repairs), "hex", around)
			}
		}
	}
}

// TestHashBeforeBase64: a checksum on the line before is not the first line of the base64.
func TestHashBeforeBase64(t *testing.T) {
	text := keytest.Read(t, "twins", "ecdsa256.pkcs8.pem")
	encoded := base64.StdEncoding.EncodeToString(text)
	f := mended(t, fmt.Appendf(nil, "sha256: %x\n%s\n", sha256.Sum256(text), encoded), "hash")
	assert.Equal(t, mended(t, text, "as it is").PublicKey, f.PublicKey)
}

// TestBytesAfterDER: what follows a binary key is left out, and named.
func TestBytesAfterDER(t *testing.T) {
	text := keytest.Read(t, "twins", "ecdsa256.pkcs8.pem")
	block, _ := pem.Decode(text)
	for _, after := range []string{"\n", "\x00", "\x1a", "\xff\xff\xff\xff", "text\n", "\r\n\x00"} {
		f := mended(t, append(block.Bytes[:len(block.Bytes):len(block.Bytes)], after...), after)
		assert.Equal(t, mended(t, text, "as it is").PublicKey, f.PublicKey)
		assert.Equal(t, []string{"after"}, codesOf(f.Repairs), "%q", after)
	}
}

func inLines(s string) string {
	const width = 64
	if len(s) <= width {
		return s
	}
	return s[:width] + "\n" + inLines(s[width:])
}

// TestBytesAfterAWholeFile: what an editor or a shell writes after a file that is not text is left
// out, and named; other bytes are not.
func TestBytesAfterAWholeFile(t *testing.T) {
	for _, name := range []string{"ecdsa256.jks", "several.p12"} {
		data := keytest.Read(t, "jks", name)
		for _, after := range []string{"\n", "\r\n", "\x00", "\x1a"} {
			f := mended(t, append(data[:len(data):len(data)], after...), name)
			assert.Equal(t, []string{"after"}, codesOf(f.Repairs), "%s, %q", name, after)
			assert.Equal(t, mended(t, data, name).Keys, f.Keys, name)
			clean, _ := f.Clean()
			assert.Equal(t, data, clean, name)
		}
		_, err := engine.OpenMended(engine.Mend(append(data[:len(data):len(data)], "other"...)), 0, engine.Limits{})
		require.Error(t, err, name)
	}
}

// TestDamagedKeyOfASet: a set of keys ends in a line end, which is not what is wrong with it if one
// of its keys is damaged.
func TestDamagedKeyOfASet(t *testing.T) {
	key := marshal(t, keytest.Type(t, "ecdsa256").New(t), "jwk", false)
	damaged := bytes.Replace(key, []byte(`"d": "`), []byte(`"d": "!`), 1)
	set := fmt.Appendf(nil, `{"keys": [%s, %s]}`+"\n", damaged, key)
	f, err := engine.OpenMended(engine.Mend(set), 1, engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, 2, f.Keys)
	assert.Empty(t, f.Repairs)
}
