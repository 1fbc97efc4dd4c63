package rawkey

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func newRSAKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	require.NoError(t, err)
	return key
}

// TestRSAWithoutPrimes: p and q follow from n, e and d, however d is reduced.
func TestRSAWithoutPrimes(t *testing.T) {
	for _, bits := range []int{1024, 1031, 2048} {
		key := newRSAKey(t, bits)
		n, e, p, q := key.N, big.NewInt(int64(key.E)), key.Primes[0], key.Primes[1]
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(e, phi)
		zero := new(big.Int)
		for name, d := range map[string]*big.Int{"lcm": key.D, "phi": d, "more than phi": new(big.Int).Add(d, phi)} {
			for _, missing := range [][2]*big.Int{{nil, nil}, {zero, zero}, {p, nil}, {zero, q}} {
				got, err := CompleteRSA(n, e, d, missing[0], missing[1])
				require.NoError(t, err, "%d, %s", bits, name)
				require.NoError(t, rsaKey{got}.validate())
				assert.True(t, got.PublicKey.Equal(&key.PublicKey))
				assert.True(t, got.Primes[0].Cmp(p) == 0 || got.Primes[0].Cmp(q) == 0)
			}
		}
		got, err := CompleteRSA(n, e, nil, p, q)
		require.NoError(t, err)
		require.NoError(t, rsaKey{got}.validate())
	}
}

// TestRSAOfOtherExponents: small, large and Fermat's.
func TestRSAOfOtherExponents(t *testing.T) {
	tried := 0
	for range 3 {
		key := newRSAKey(t, 1024)
		p1, q1 := new(big.Int).Sub(key.Primes[0], one), new(big.Int).Sub(key.Primes[1], one)
		for _, e := range []int64{3, 5, 17, 37, 65539, 1<<31 - 1, 1<<33 + 17, 1<<62 + 57} {
			d := new(big.Int).ModInverse(big.NewInt(e), new(big.Int).Mul(p1, q1))
			if d == nil {
				continue
			}
			p, q := factorRSA(key.N, big.NewInt(e), d)
			require.NotNil(t, p, "e=%d", e)
			assert.Equal(t, key.N, new(big.Int).Mul(p, q))
			tried++
		}
	}
	assert.Positive(t, tried)
}

// TestRSAWithoutPrimesDamaged: no wrong number gives a key.
func TestRSAWithoutPrimesDamaged(t *testing.T) {
	key := newRSAKey(t, 1024)
	e := big.NewInt(int64(key.E))
	for i := range 200 {
		d, n := new(big.Int).Set(key.D), new(big.Int).Set(key.N)
		d.SetBit(d, i*5, d.Bit(i*5)^1)
		_, err := CompleteRSA(key.N, e, d, nil, nil)
		require.Equal(t, "*sshkey.InvalidKeyError", fmt.Sprintf("%T", err))
		n.SetBit(n, i*5, n.Bit(i*5)^1)
		_, err = CompleteRSA(n, e, key.D, nil, nil)
		require.Equal(t, "*sshkey.InvalidKeyError", fmt.Sprintf("%T", err))
	}
	huge := new(big.Int).Lsh(one, 1<<20)
	zero := new(big.Int)
	for _, numbers := range [][5]*big.Int{
		{zero, e, key.D, nil, nil}, {key.N, zero, key.D, nil, nil}, {key.N, e, zero, nil, nil}, {key.N, e, huge, nil, nil},
		{key.N, e, nil, zero, zero}, {key.N, e, nil, one, one}, {one, one, one, nil, nil}, {key.N, e, key.N, nil, nil},
		{key.N, e, nil, nil, nil}, {key.N, e, key.D, zero, one}, {key.N, e, key.D, huge, zero},
	} {
		_, err := CompleteRSA(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
		require.Equal(t, "*sshkey.InvalidKeyError", fmt.Sprintf("%T", err))
	}
	_, err := CompleteRSA(huge, e, key.D, nil, nil)
	require.Error(t, err)
}
