package keyconv_test

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/rand"
	"encoding/asn1"
	"encoding/binary"
	"encoding/pem"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dsaNumbers are of the largest sizes that are read, and contradict each other: their
// check has to do all of its arithmetic.
func dsaNumbers(t testing.TB) dsa.PrivateKey {
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

// blockOf returns an openssh-key-v1 block of keys, each with its private part.
func blockOf(publics, privates [][]byte) []byte {
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

// dsaBlock returns a block of DSA keys, which fail their check one after the other.
func dsaBlock(t testing.TB, n int) []byte {
	var publics, privates [][]byte
	for range n {
		k := dsaNumbers(t)
		b := wire.AppendString(nil, sshkey.KeyAlgoDSA)
		for _, x := range []*big.Int{k.P, k.Q, k.G, k.Y} {
			b = wire.AppendMpint(b, x)
		}
		publics = append(publics, b)
		privates = append(privates, wire.AppendString(wire.AppendMpint(bytes.Clone(b), k.X), ""))
	}
	return blockOf(publics, privates)
}

// TestBombsOfKeys: in each form, many keys whose checks take long are refused as soon as
// their work is over the limit.
func TestBombsOfKeys(t *testing.T) {
	integers := func(numbers ...*big.Int) []byte {
		der, err := asn1.Marshal(numbers)
		require.NoError(t, err)
		return der
	}
	key := func(n int) []byte {
		k := dsaNumbers(t)
		k.Y.Sub(k.Y, big.NewInt(int64(2*n)))
		return pem.EncodeToMemory(&pem.Block{Type: "DSA PRIVATE KEY", Bytes: integers(new(big.Int), k.P, k.Q, k.G, k.Y, k.X)})
	}
	repeated := func(make func(n int) []byte, n int) []byte {
		var all []byte
		for i := range n {
			all = append(all, make(i)...)
		}
		return all
	}
	const work = 50_000_000
	for name, text := range map[string][]byte{
		"blocks of DSA keys": repeated(func(int) []byte { return dsaBlock(t, sshkey.MaxBlockKeys) }, 6),
		"DSA keys":           repeated(key, 100),
		"indented DSA keys":  bytes.ReplaceAll(repeated(key, 100), []byte("\n"), []byte("\n ")),
	} {
		limits := keyconv.Limits{Work: work}.Metered()
		_, err := keyconv.OpenMended(keyconv.MendLimits(text, limits), 0, limits)
		var limit *keyconv.LimitError
		require.ErrorAs(t, err, &limit, name)
		assert.Equal(t, sshkey.LimitWork, limit.Kind, name)
		steps, _ := limits.Spent()
		assert.Less(t, steps, uint64(work+(sshkey.MaxBlockKeys+1)*sshkey.MaxCheckSteps), "%s: no more than one file over the limit", name)
	}
}

// TestManyKeysInABlock: one key more than the limit is an error that says so, and the
// same block is not read again for each of its keys.
func TestManyKeysInABlock(t *testing.T) {
	_, err := keyconv.OpenMended(keyconv.Mend(dsaBlock(t, sshkey.MaxBlockKeys+1)), 0, keyconv.Limits{})
	var limit *keyconv.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitKeys, limit.Kind)

	var publics, privates [][]byte
	for range sshkey.MaxBlockKeys {
		k := keytest.Type(t, "dsa1024").New(t).Private.(*dsa.PrivateKey)
		b := wire.AppendString(nil, sshkey.KeyAlgoDSA)
		for _, x := range []*big.Int{k.P, k.Q, k.G, k.Y} {
			b = wire.AppendMpint(b, x)
		}
		publics = append(publics, b)
		privates = append(privates, wire.AppendString(wire.AppendMpint(bytes.Clone(b), k.X), ""))
	}
	text := blockOf(publics, privates)
	limits := keyconv.Limits{}.Metered()
	m := keyconv.MendLimits(text, limits)
	require.Equal(t, sshkey.MaxBlockKeys, m.Keys())
	after, _ := limits.Spent()
	for i := range m.Keys() {
		f, err := keyconv.OpenMended(m, i, limits)
		require.NoError(t, err)
		_, err = f.Decrypt(nil)
		require.NoError(t, err)
		f.KeyFindings()
	}
	now, _ := limits.Spent()
	assert.Equal(t, after, now, "nothing is read again")
}

// TestReadOnce: an undamaged key is read once, from Mend to Decrypt, and a damaged one
// twice: as it is and mended.
func TestReadOnce(t *testing.T) {
	for _, v := range victims(t) {
		if v.passphrase != "" {
			continue
		}
		once := keyconv.Limits{}.Metered()
		_, err := keyconv.Open([]byte(v.text), once)
		require.NoError(t, err, v.name)
		all := keyconv.Limits{}.Metered()
		f, err := keyconv.OpenMended(keyconv.MendLimits([]byte(v.text), all), 0, keyconv.Limits{})
		require.NoError(t, err, v.name)
		_, err = f.Decrypt(nil)
		require.NoError(t, err, v.name)
		want, _ := once.Spent()
		got, _ := all.Spent()
		assert.Equal(t, want, got, v.name)
	}
}
