package ciphers

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRC2 checks the vectors of RFC 2268 section 5 whose key is used in full.
func TestRC2(t *testing.T) {
	for _, test := range []struct{ key, plain, encrypted string }{
		{"ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49"},
		{"3000000000000000", "1000000000000001", "30649edf9be7d2c2"},
		{"88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6"},
	} {
		key, _ := hex.DecodeString(test.key)
		b, _ := hex.DecodeString(test.plain)
		c, err := newRC2(key)
		require.NoError(t, err)
		c.Encrypt(b, b)
		assert.Equal(t, test.encrypted, hex.EncodeToString(b))
		c.Decrypt(b, b)
		assert.Equal(t, test.plain, hex.EncodeToString(b))
	}
}

// names returns the names of all ciphers.
func names() (list []string) {
	for name := range streamCiphers.Get() {
		list = append(list, name)
	}
	for name, b := range blockCiphers.Get() {
		for _, mode := range strings.Fields(b.modes) {
			list = append(list, name+"-"+mode)
		}
	}
	return list
}

// TestCiphersAreOpenSSLs compares every cipher with openssl, for data that ends with a
// block and for data that does not. In each of the modes less data is the start of the same
// result, so that openssl is asked for the longest alone.
func TestCiphersAreOpenSSLs(t *testing.T) {
	require.Greater(t, len(names()), 45)
	for _, name := range names() {
		if strings.HasPrefix(name, "IDEA-") { // which Debian leaves out of openssl
			continue
		}
		t.Run(name, func(t *testing.T) {
			c, ok := ByName(name)
			require.True(t, ok)
			assert.Equal(t, name, c.Name)
			key, iv := pattern(c.KeySize, 3), pattern(c.IVSize, 5)
			clear(iv[:min(4, len(iv))]) // the counter of ChaCha20
			longest := 1000 - 1000%c.BlockSize
			args := []string{"enc", "-" + name, "-K", hex.EncodeToString(key), "-nopad", "-provider", "legacy", "-provider", "default"}
			if c.IVSize > 0 {
				args = append(args, "-iv", hex.EncodeToString(iv))
			}
			want := keytest.Run(t, pattern(longest, 11), "openssl", args...)
			require.Len(t, want, longest)
			for _, size := range []int{1, 8, 16, 61, 64, longest} {
				if size%c.BlockSize != 0 {
					continue
				}
				plain := pattern(size, 11)
				got := c.Seal(key, iv, bytes.Clone(plain))
				assert.Equal(t, hex.EncodeToString(want[:size]), hex.EncodeToString(got), "%d bytes", size)
				assert.Equal(t, plain, c.Open(key, iv, got))
			}
		})
	}
}

// TestIDEA compares with what Node.js 20 writes, whose OpenSSL has the cipher: blocks with a key
// of Lai's thesis and with keys that have zeros, and the hashes of TestCiphersAreOpenSSLs' texts
// in each mode.
func TestIDEA(t *testing.T) {
	plain, _ := hex.DecodeString("0000000100020003ffff000080000001")
	for key, want := range map[string]string{
		"00010002000300040005000600070008": "11fbed2b01986de558904bd9743af6e3",
		"00000000000000000000000000000000": "00c1003800d7ffaeff8a00157fafffc2",
		"ffffffffffffffffffffffffffffffff": "d608d2745ecfbc9b3f943da1eba807f0",
	} {
		k, _ := hex.DecodeString(key)
		c, err := newIDEA(k)
		require.NoError(t, err)
		got := bytes.Clone(plain)
		c.Encrypt(got, got)
		c.Encrypt(got[8:], got[8:])
		assert.Equal(t, want, hex.EncodeToString(got))
		c.Decrypt(got, got)
		c.Decrypt(got[8:], got[8:])
		assert.Equal(t, plain, got)
	}
	for mode, want := range map[string]string{
		"CBC": "43b3efd291e0ca9f3825bf897476130e5f52bc9192cb08374d1754fc506ec09a",
		"CFB": "d6d22d1b1ea58bd0d2d41e6d36496f0187972261df7d7a47134e622732cfd270",
		"OFB": "ae941fd60af71b332ed4bb32f35d115f19511f01cfb68ea30b04dd5a8de6965a",
	} {
		c, ok := ByName("IDEA-" + mode)
		require.True(t, ok)
		key, iv := pattern(c.KeySize, 3), pattern(c.IVSize, 5)
		clear(iv[:4])
		hash := sha256.New()
		for _, size := range []int{1, 8, 16, 61, 64, 1000} {
			if size%c.BlockSize == 0 {
				sealed := c.Seal(key, iv, pattern(size, 11))
				hash.Write(sealed)
				assert.Equal(t, pattern(size, 11), c.Open(key, iv, sealed))
			}
		}
		assert.Equal(t, want, hex.EncodeToString(hash.Sum(nil)), mode)
	}
}

func TestNamesThatAreNoCipher(t *testing.T) {
	for _, name := range []string{"", "-", "AES", "AES-256", "AES-256-", "-CBC", "BF-ECB", "AES-127-CBC", "DES-CTR", "AES-256-CBC CFB", "RC2-40-CFB", "RC4-64"} {
		_, ok := ByName(name)
		assert.False(t, ok, "%q", name)
	}
}

// pattern returns bytes that do not repeat soon.
func pattern(size, step int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i*step + i*i>>3 + 7)
	}
	return b
}
