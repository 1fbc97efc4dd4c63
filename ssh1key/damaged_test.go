package ssh1key

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/big"
	"math/rand"
	"testing"

	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// appendNumber writes an mp.
func appendNumber(b []byte, x *big.Int) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(x.BitLen()))
	return append(b, x.Bytes()...)
}

// fileOf builds a file.
func fileOf(cipher byte, reserved uint32, n, e *big.Int, private []byte) []byte {
	b := append([]byte(signature), cipher)
	b = binary.BigEndian.AppendUint32(b, reserved)
	b = binary.BigEndian.AppendUint32(b, uint32(n.BitLen()))
	b = wire.AppendString(appendNumber(appendNumber(b, n), e), "built")
	return append(b, private...)
}

// privateOf builds a private part, without padding.
func privateOf(numbers ...*big.Int) []byte {
	b := []byte{1, 2, 1, 2}
	for _, x := range numbers {
		b = appendNumber(b, x)
	}
	return b
}

func TestBuilt(t *testing.T) {
	x := dumped(t, read(t, "rsa1024.dump"))
	n, e, d := x["public_modulus"], x["public_exponent"], x["private_exponent"]
	p, q, zero := x["private_p"], x["private_q"], new(big.Int)
	good := privateOf(d, zero, q, p)
	_, err := Parse(fileOf(0, 0, n, e, good))
	require.NoError(t, err, "iqmp is computed, and padding not looked at")
	_, err = Parse(fileOf(0, 0, n, e, privateOf(d, zero, p, q)))
	require.NoError(t, err, "the primes in the other order")

	huge := new(big.Int).Lsh(big.NewInt(1), sshkey.MaxRSABits)
	syntax, invalid := new(*sshkey.SyntaxError), new(*sshkey.InvalidKeyError)
	unsupported, limit := new(*sshkey.UnsupportedError), new(*sshkey.LimitError)
	for name, test := range map[string]struct {
		file    []byte
		as      any
		message string
	}{
		"nothing":             {nil, syntax, "not a private key of SSH-1"},
		"signature":           {[]byte("SSH PRIVATE KEY FILE FORMAT 1.2\n\x00"), syntax, "not a private key of SSH-1"},
		"signature alone":     {[]byte(signature), syntax, "the data ends early"},
		"reserved":            {fileOf(0, 1, n, e, good), syntax, "reserved"},
		"IDEA":                {fileOf(1, 0, n, e, good), unsupported, "IDEA"},
		"Blowfish":            {fileOf(6, 0, n, e, good), unsupported, "Blowfish"},
		"cipher 200":          {fileOf(200, 0, n, e, good), unsupported, "number 200"},
		"no whole block":      {fileOf(3, 0, n, e, make([]byte, 17)), syntax, "no multiple of 8"},
		"nothing encrypted":   {fileOf(3, 0, n, e, nil), syntax, "0 bytes"},
		"huge modulus":        {fileOf(3, 0, huge, e, make([]byte, 8)), limit, "16385"},
		"huge exponent":       {fileOf(3, 0, n, n, make([]byte, 8)), unsupported, "exponent"},
		"modulus 0":           {fileOf(0, 0, zero, e, good), invalid, "out of range"},
		"exponent 0":          {fileOf(0, 0, n, zero, good), invalid, "out of range"},
		"no private part":     {fileOf(0, 0, n, e, nil), syntax, "check bytes"},
		"check bytes":         {fileOf(0, 0, n, e, append([]byte{1, 2, 1, 3}, good[4:]...)), syntax, "do not repeat"},
		"wrong d":             {fileOf(0, 0, n, e, privateOf(p, zero, q, p)), invalid, "RSA"},
		"wrong p":             {fileOf(0, 0, n, e, privateOf(d, zero, q, q)), invalid, "RSA"},
		"p, q, d and iqmp 0":  {fileOf(0, 0, n, e, privateOf(zero, zero, zero, zero)), invalid, "RSA"},
		"number of 65535 bit": {fileOf(0, 0, n, e, []byte{1, 2, 1, 2, 0xff, 0xff, 1}), syntax, "the data ends early"},
		"file of 2 MiB":       {make([]byte, 2<<20), limit, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(test.file)
			requireDocumented(t, err)
			require.ErrorAs(t, err, test.as)
			require.ErrorContains(t, err, test.message)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		})
	}
}

// paddingOf is how many bytes of padding a plain file of puttygen's has.
func paddingOf(t testing.TB, data []byte) int {
	t.Helper()
	f, err := Decode(data)
	require.NoError(t, err)
	r := wire.NewReader(f.private)
	r.Take(2*checkSize, "check bytes")
	for range 4 {
		readNumber(r, "a number")
	}
	require.NoError(t, r.Err())
	return len(r.Rest())
}

// TestTruncated: a plain file without its padding is whole; any shorter one is not.
func TestTruncated(t *testing.T) {
	for _, twin := range twins {
		plain := read(t, twin.name+".key")
		whole := len(plain) - paddingOf(t, plain)
		for i := range plain {
			_, err := Parse(plain[:i])
			if i >= whole {
				require.NoError(t, err)
				continue
			}
			requireSyntax(t, err, "")
		}
		encrypted := read(t, twin.name+".enc.key")
		for i := range encrypted {
			_, err := ParseWithPassphrase(encrypted[:i], []byte(passphrase))
			requireDocumented(t, err)
		}
	}
}

// TestMutated changes each byte: there is no panic and no other key.
func TestMutated(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for _, name := range []string{"rsa1024.key", "rsa1024.enc.key"} {
		data := read(t, name)
		want, err := ParseWithPassphrase(data, []byte(passphrase))
		require.NoError(t, err)
		for i := range data {
			changed := bytes.Clone(data)
			changed[i] ^= byte(1 + random.Intn(255))
			key, err := ParseWithPassphrase(changed, []byte(passphrase))
			if err != nil {
				requireDocumented(t, err)
				continue
			}
			assert.True(t, want.Equal(key), "%s: byte %d", name, i)
		}
	}
}

// falseMatch is a wrong passphrase of rsa1024.enc.key that its check bytes take for
// the right one; there is one in 65,536.
func falseMatch(t testing.TB, f *File) []byte {
	t.Helper()
	for i := range 2_000_000 {
		wrong := fmt.Appendf(nil, "wrong %d", i)
		block := bytes.Clone(f.private[:8])
		decrypt3DES(block, wrong)
		if bytes.Equal(block[:checkSize], block[checkSize:2*checkSize]) {
			return wrong
		}
	}
	t.Fatal("no passphrase matches the check bytes")
	return nil
}

func TestFalseMatchOfCheckBytes(t *testing.T) {
	f, err := Decode(read(t, "rsa1024.enc.key"))
	require.NoError(t, err)
	_, err = f.Decrypt(falseMatch(t, f))
	requireDocumented(t, err)
	require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
}

func TestManyWrongPassphrases(t *testing.T) {
	f, err := Decode(read(t, "rsa2048.enc.key"))
	require.NoError(t, err)
	for i := range 2000 {
		_, err = f.Decrypt(fmt.Appendf(nil, "wrong %d", i))
		require.EqualError(t, err, "ssh1key: wrong passphrase, or the file is damaged")
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	}
	_, err = f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
}
