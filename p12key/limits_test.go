package p12key

import (
	"bytes"
	"encoding/asn1"
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// change walks through all elements of a file and may replace each. It goes where the
// reader of the package goes, but knows that from the test alone.
type change func(before, e asn1.RawValue) asn1.RawValue

func (c change) apply(t testing.TB, data []byte) []byte {
	t.Helper()
	var out []byte
	var before asn1.RawValue
	for len(data) > 0 {
		var e asn1.RawValue
		rest, err := asn1.Unmarshal(data, &e)
		require.NoError(t, err)
		data = rest
		switch {
		case e.IsCompound:
			e = asn1.RawValue{Class: e.Class, Tag: e.Tag, IsCompound: true, Bytes: c.apply(t, e.Bytes)}
		case e.Tag == asn1.TagOctetString && bytes.HasPrefix(e.Bytes, []byte{0x30, 0x82}):
			e = asn1.RawValue{Tag: e.Tag, Bytes: c.apply(t, e.Bytes)}
		}
		out = append(out, mustMarshal(t, c(before, e))...)
		before = e
	}
	return out
}

// withIterations puts another number into the nth place that has iterations; -1
// means all.
func withIterations(t testing.TB, data []byte, nth int, iterations *big.Int) (out []byte, places int) {
	t.Helper()
	out = change(func(before, e asn1.RawValue) asn1.RawValue {
		if e.Tag != asn1.TagInteger || before.Tag != asn1.TagOctetString || before.Class != 0 {
			return e
		}
		places++
		if nth >= 0 && places != nth+1 {
			return e
		}
		return asn1.RawValue{FullBytes: mustMarshal(t, iterations)}
	}).apply(t, data)
	return out, places
}

func requireWorkLimit(t testing.TB, err error, value, max uint64) {
	t.Helper()
	requireDocumented(t, err)
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	require.Equal(t, sshkey.LimitError{Kind: sshkey.LimitKDFWork, What: "iterations of a PKCS#12 file, in all", Value: value, Max: max}, *limit)
}

// TestIterations: those of certificates, key and MAC, each above the limit by itself.
// Running them would take hours.
func TestIterations(t *testing.T) {
	const many = 1 << 40
	for name, places := range map[string]int{
		"rsa2048.p12": 3, "legacy.p12": 3, "chain.p12": 3, "empty.p12": 3,
		"plain-mac.p12": 1, "plain-key.p12": 2, "plain-certificate.p12": 2,
	} {
		data := read(t, name)
		unchanged, found := withIterations(t, data, math.MaxInt, nil)
		require.Equal(t, places, found, name)
		require.Equal(t, data, unchanged, "the test writes what it reads")
		for nth := range places {
			changed, _ := withIterations(t, data, nth, big.NewInt(many))
			_, err := Decode(changed)
			requireWorkLimit(t, err, many+uint64(places-1)*2048, sshkey.MaxPBKDF2Iterations)
			_, err = DecodeLimits(changed, sshkey.Limits{KDFWork: 2 * many})
			if err != nil && strconv.IntSize == 32 {
				require.ErrorAs(t, err, new(*sshkey.SyntaxError)) // PBKDF2 counts in ints
				continue
			}
			require.NoError(t, err)
		}
		changed, _ := withIterations(t, data, -1, big.NewInt(math.MaxInt64))
		_, err := Decode(changed)
		require.ErrorAs(t, err, new(*sshkey.LimitError))
	}
}

// TestLimitIsOnTheSum: the sum counts, and the limit is exact.
func TestLimitIsOnTheSum(t *testing.T) {
	data := read(t, "rsa2048.p12")
	_, err := DecodeLimits(data, sshkey.Limits{KDFWork: 3 * 2048})
	require.NoError(t, err)
	_, err = DecodeLimits(data, sshkey.Limits{KDFWork: 3*2048 - 1})
	requireWorkLimit(t, err, 3*2048, 3*2048-1)
}

func TestPBMAC1Iterations(t *testing.T) {
	data := seal(t, contentOf(t, read(t, "plain-mac.p12")), passphrase, 1<<40)
	_, err := Decode(data)
	requireWorkLimit(t, err, 1<<40, sshkey.MaxPBKDF2Iterations)
}

// TestSaltOfAnotherClass: an element that is not a salt has no iterations after it.
func TestSaltOfAnotherClass(t *testing.T) {
	data, places := withIterations(t, read(t, "ecdsa256.p12"), 1, big.NewInt(1<<40))
	require.Equal(t, 3, places)
	salts := 0
	data = change(func(_, e asn1.RawValue) asn1.RawValue {
		if e.Tag != asn1.TagOctetString || len(e.Bytes) != 8 {
			return e
		}
		salts++
		return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: e.Tag, Bytes: e.Bytes}
	}).apply(t, contentOf(t, data))
	require.Equal(t, 2, salts)
	_, err := Decode(seal(t, data, passphrase, 1))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.SyntaxError))
}

func TestNoIterations(t *testing.T) {
	for _, iterations := range []*big.Int{big.NewInt(0), big.NewInt(-1), big.NewInt(math.MinInt64), new(big.Int).Lsh(big.NewInt(1), 100)} {
		for nth := range 3 {
			data, _ := withIterations(t, read(t, "rsa2048.p12"), nth, iterations)
			_, err := Decode(data)
			requireDocumented(t, err)
			require.ErrorAs(t, err, new(*sshkey.SyntaxError), "%v", iterations)
		}
	}
}

func TestKeySize(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), sshkey.MaxRSABits)
	data := change(func(_, e asn1.RawValue) asn1.RawValue {
		if e.Tag == asn1.TagInteger && len(e.Bytes) > 200 {
			return asn1.RawValue{FullBytes: mustMarshal(t, huge)}
		}
		return e
	}).apply(t, read(t, "plain.p12"))
	require.Greater(t, len(data), 4000)
	var limit *sshkey.LimitError
	_, err := Decode(data)
	requireDocumented(t, err)
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitKeySize, limit.Kind)
	assert.EqualValues(t, sshkey.MaxRSABits+1, limit.Value)

	_, err = Decode(make([]byte, 2<<20))
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitFileSize, limit.Kind)
}
