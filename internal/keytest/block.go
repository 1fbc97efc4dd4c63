package keytest

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// DSANumbers returns numbers that are of the largest sizes that are read, and contradict
// each other: their check has to do all of its arithmetic.
func DSANumbers(t testing.TB) dsa.PrivateKey {
	t.Helper()
	number := func(bits uint) *big.Int {
		top := new(big.Int).Lsh(big.NewInt(1), bits-1)
		n, err := rand.Int(rand.Reader, top)
		require.NoError(t, err)
		return n.Add(n, top).SetBit(n, 0, 1)
	}
	k := dsa.PrivateKey{X: number(sshkey.MaxDSAOrderBits - 1)}
	k.P, k.Q, k.G, k.Y = number(sshkey.MaxDSABits), number(sshkey.MaxDSAOrderBits), number(3000), number(3000)
	return k
}

// OpenSSHBlock returns an openssh-key-v1 block of keys, each with its private part.
func OpenSSHBlock(publics, privates [][]byte) []byte {
	b := append([]byte("openssh-key-v1\x00"), "\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00"...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(publics)))
	for _, public := range publics {
		b = wire.AppendString(b, public)
	}
	section := append([]byte("abcdabcd"), bytes.Join(privates, nil)...)
	for i := byte(1); len(section)%8 != 0; i++ {
		section = append(section, i)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: wire.AppendString(b, section)})
}

// DSABlock returns a block of DSA keys, which fail their check one after the other.
func DSABlock(t testing.TB, n int) []byte {
	var publics, privates [][]byte
	for range n {
		k := DSANumbers(t)
		b := wire.AppendString(nil, rawkey.KeyAlgoDSA)
		for _, x := range []*big.Int{k.P, k.Q, k.G, k.Y} {
			b = wire.AppendMpint(b, x)
		}
		publics = append(publics, b)
		privates = append(privates, wire.AppendString(wire.AppendMpint(bytes.Clone(b), k.X), ""))
	}
	return OpenSSHBlock(publics, privates)
}

// element encodes an element of ASN.1 (X.690 section 8.1).
func element(tag byte, content []byte) []byte {
	n := len(content)
	if n < 128 {
		return append([]byte{tag, byte(n)}, content...)
	}
	return append([]byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, content...)
}

// inPEM writes a block with its base64 in one line.
func inPEM(label string, content []byte) []byte {
	return []byte("-----BEGIN " + label + "-----\n" + base64.StdEncoding.EncodeToString(content) + "\n-----END " + label + "-----\n")
}
