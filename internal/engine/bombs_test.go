package engine_test

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBombsOfKeys: in each form, many keys whose checks take long are refused as soon as
// their work is over the limit.
func TestBombsOfKeys(t *testing.T) {
	integers := func(numbers ...*big.Int) []byte {
		der, err := asn1.Marshal(numbers)
		require.NoError(t, err)
		return der
	}
	key := func(n int) []byte {
		k := keytest.DSANumbers(t)
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
		"blocks of DSA keys": repeated(func(int) []byte { return keytest.DSABlock(t, sshkey.MaxBlockKeys) }, 6),
		"DSA keys":           repeated(key, 100),
		"indented DSA keys":  bytes.ReplaceAll(repeated(key, 100), []byte("\n"), []byte("\n ")),
	} {
		limits := budget.Metered(engine.Limits{Work: work})
		_, err := engine.OpenMended(engine.MendLimits(text, limits), 0, limits)
		var limit *sshkey.LimitError
		require.ErrorAs(t, err, &limit, name)
		assert.Equal(t, sshkey.LimitWork, limit.Kind, name)
		steps, _ := budget.Spent(limits)
		assert.Less(t, steps, uint64(work+(sshkey.MaxBlockKeys+1)*rawkey.MaxCheckSteps), "%s: no more than one file over the limit", name)
	}
}

// TestManyKeysInABlock: one key more than the limit is an error that says so, and the
// same block is not read again for each of its keys.
func TestManyKeysInABlock(t *testing.T) {
	_, err := engine.OpenMended(engine.Mend(keytest.DSABlock(t, sshkey.MaxBlockKeys+1)), 0, engine.Limits{})
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitKeys, limit.Kind)

	var publics, privates [][]byte
	for range sshkey.MaxBlockKeys {
		k := keytest.Type(t, "dsa1024").New(t).Private.(*dsa.PrivateKey)
		b := wire.AppendString(nil, rawkey.KeyAlgoDSA)
		for _, x := range []*big.Int{k.P, k.Q, k.G, k.Y} {
			b = wire.AppendMpint(b, x)
		}
		publics = append(publics, b)
		privates = append(privates, wire.AppendString(wire.AppendMpint(bytes.Clone(b), k.X), ""))
	}
	text := keytest.OpenSSHBlock(publics, privates)
	limits := budget.Metered(engine.Limits{})
	m := engine.MendLimits(text, limits)
	require.Equal(t, sshkey.MaxBlockKeys, m.Keys())
	after, _ := budget.Spent(limits)
	for i := range m.Keys() {
		f, err := engine.OpenMended(m, i, limits)
		require.NoError(t, err)
		_, err = f.Decrypt(nil)
		require.NoError(t, err)
		f.KeyFindings()
	}
	now, _ := budget.Spent(limits)
	assert.Equal(t, after, now, "nothing is read again")
}

// TestReadOnce: an undamaged key is read once, from Mend to Decrypt, and a damaged one
// twice: as it is and mended.
func TestReadOnce(t *testing.T) {
	for _, v := range victims(t) {
		if v.passphrase != "" {
			continue
		}
		once := budget.Metered(engine.Limits{})
		_, err := engine.Open([]byte(v.text), once)
		require.NoError(t, err, v.name)
		all := budget.Metered(engine.Limits{})
		f, err := engine.OpenMended(engine.MendLimits([]byte(v.text), all), 0, engine.Limits{})
		require.NoError(t, err, v.name)
		_, err = f.Decrypt(nil)
		require.NoError(t, err, v.name)
		want, _ := budget.Spent(once)
		got, _ := budget.Spent(all)
		assert.Equal(t, want, got, v.name)
	}
}
