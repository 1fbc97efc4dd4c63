package rawkey_test

import (
	"crypto/rsa"
	"errors"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var one = big.NewInt(1)

// rsaNumbers are the numbers of a key file.
type rsaNumbers struct{ n, e, d, p, q *big.Int }

func randomRSA(t testing.TB) rsaNumbers {
	key := keytest.Type(t, "rsa2048").New(t).Private.(*rsa.PrivateKey)
	return rsaNumbers{key.N, big.NewInt(int64(key.E)), key.D, key.Primes[0], key.Primes[1]}
}

// rsaOf makes the numbers of a key of two factors, which need not be primes.
func rsaOf(e, p, q int64) rsaNumbers {
	k := rsaNumbers{e: big.NewInt(e), p: big.NewInt(p), q: big.NewInt(q)}
	k.n = new(big.Int).Mul(k.p, k.q)
	k.d = new(big.Int).ModInverse(k.e, k.phi())
	return k
}

func (k rsaNumbers) phi() *big.Int {
	return new(big.Int).Mul(new(big.Int).Sub(k.p, one), new(big.Int).Sub(k.q, one))
}

func (k rsaNumbers) key() (*rsa.PrivateKey, error) {
	return rawkey.NewRSA(rawkey.RSANumbers{N: k.n, E: k.e, D: k.d, P: k.p, Q: k.q})
}

func add(x *big.Int, n int64) *big.Int { return new(big.Int).Add(x, big.NewInt(n)) }

func TestNewRSARefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*rsaNumbers)
		err    string
	}{
		{"n is not pq", func(k *rsaNumbers) { k.n = add(k.n, 2) }, "n is not p times q"},
		{"another n", func(k *rsaNumbers) { k.n = new(big.Int).Mul(k.n, big.NewInt(3)) }, "n is not p times q"},
		{"n and p are zero", func(k *rsaNumbers) { k.n, k.p = new(big.Int), new(big.Int) }, "p or q is out of range"},
		{"all are zero", func(k *rsaNumbers) {
			*k = rsaNumbers{new(big.Int), new(big.Int), new(big.Int), new(big.Int), new(big.Int)}
		}, "out of range"},
		{"p is n, q is 1", func(k *rsaNumbers) { k.p, k.q = k.n, one }, "p or q is out of range"},
		{"negative primes", func(k *rsaNumbers) { k.p, k.q = new(big.Int).Neg(k.p), new(big.Int).Neg(k.q) }, "p or q is out of range"},
		{"wrong d", func(k *rsaNumbers) { k.d = add(k.d, 2) }, "d is not the inverse of e"},
		{"d is zero", func(k *rsaNumbers) { k.d = new(big.Int) }, "d is out of range"},
		{"d is negative", func(k *rsaNumbers) { k.d = new(big.Int).Sub(k.d, k.phi()) }, "d is out of range"},
		{"d is far too long", func(k *rsaNumbers) { k.d.Add(k.d, new(big.Int).Mul(k.phi(), big.NewInt(8))) }, "d is out of range"},
		{"wrong e", func(k *rsaNumbers) { k.e = big.NewInt(65539) }, "d is not the inverse of e"},
		{"e is 1", func(k *rsaNumbers) { k.e, k.d = one, one }, "e is out of range"},
		{"e is 0", func(k *rsaNumbers) { k.e = new(big.Int) }, "e is out of range"},
		{"e is negative", func(k *rsaNumbers) { k.e = big.NewInt(-3) }, "e is out of range"},
		{"p and q are the same", func(k *rsaNumbers) { *k = rsaOf(7, 1000003, 1000003) }, "p and q have a common factor"},
		{"p and q share a factor", func(k *rsaNumbers) { *k = rsaOf(5, 101*103, 101*107) }, "p and q have a common factor"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := randomRSA(t)
			tt.change(&k)
			_, err := k.key()
			var invalid *sshkey.InvalidKeyError
			require.ErrorAs(t, err, &invalid)
			require.ErrorContains(t, err, tt.err)
			// A program that put the same numbers together gets that error too, and
			// never a panic.
			key := &sshkey.Key{Private: &rsa.PrivateKey{
				PublicKey: rsa.PublicKey{N: k.n, E: int(k.e.Int64())}, D: k.d, Primes: []*big.Int{k.p, k.q},
			}}
			require.ErrorContains(t, key.Check(), tt.err)
			require.ErrorAs(t, key.Validate(), &invalid)
		})
	}
}

func TestRSAOfOtherPrograms(t *testing.T) {
	lcm := func(k rsaNumbers) *big.Int {
		p1, q1 := add(k.p, -1), add(k.q, -1)
		return new(big.Int).Div(k.phi(), new(big.Int).GCD(nil, nil, p1, q1))
	}
	for name, change := range map[string]func(*rsaNumbers){
		"as made":        func(*rsaNumbers) {},
		"swapped":        func(k *rsaNumbers) { k.p, k.q = k.q, k.p },
		"d modulo phi":   func(k *rsaNumbers) { k.d = new(big.Int).ModInverse(k.e, k.phi()) },
		"d modulo lcm":   func(k *rsaNumbers) { k.d = new(big.Int).ModInverse(k.e, lcm(*k)) },
		"d plus phi":     func(k *rsaNumbers) { k.d = new(big.Int).Add(k.d, k.phi()) },
		"e is 3":         func(k *rsaNumbers) { *k = rsaOf(3, 1000037, 1000121) },
		"e is 2^31-1":    func(k *rsaNumbers) { *k = rsaOf(1<<31-1, 1000003, 1000033) },
		"a tiny old key": func(k *rsaNumbers) { *k = rsaOf(7, 1000003, 1000033) },
	} {
		t.Run(name, func(t *testing.T) {
			k := randomRSA(t)
			change(&k)
			private, err := k.key()
			require.NoError(t, err)
			assert.Zero(t, k.d.Cmp(private.D), "d stays as it was")
			assert.Equal(t, []*big.Int{k.p, k.q}, private.Primes, "the primes stay in order")
			assert.Equal(t, new(big.Int).ModInverse(k.q, k.p), private.Precomputed.Qinv)
			key := &sshkey.Key{Private: private}
			require.NoError(t, key.Check())
			require.NoError(t, key.Validate())
		})
	}
}

// TestCompositePrimes: the test takes long, so only Validate does it.
func TestCompositePrimes(t *testing.T) {
	private, err := rsaOf(11, 1001, 1009).key() // 1001 is 7 times 11 times 13
	require.NoError(t, err)
	key := &sshkey.Key{Private: private}
	require.NoError(t, key.Check())
	require.ErrorContains(t, key.Validate(), "not a prime number")
}

// TestWrongCRT: parsers never keep the values of a file, so only what a program
// made itself can have wrong ones.
func TestWrongCRT(t *testing.T) {
	for name, change := range map[string]func(*rsa.PrivateKey){
		"dp":   func(k *rsa.PrivateKey) { k.Precomputed.Dp = add(k.Precomputed.Dp, 2) },
		"dq":   func(k *rsa.PrivateKey) { k.Precomputed.Dq = add(k.Precomputed.Dq, 2) },
		"qinv": func(k *rsa.PrivateKey) { k.Precomputed.Qinv = add(k.Precomputed.Qinv, 2) },
	} {
		private, err := randomRSA(t).key()
		require.NoError(t, err)
		change(private)
		key := &sshkey.Key{Private: private}
		require.NoError(t, key.Check(), name)
		require.ErrorContains(t, key.Validate(), "a CRT value is wrong", name)
	}
	bare := randomRSA(t)
	key := &sshkey.Key{Private: &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: bare.n, E: int(bare.e.Int64())}, D: bare.d, Primes: []*big.Int{bare.p, bare.q},
	}}
	require.NoError(t, key.Validate(), "a key without CRT values is complete")
}

func TestRSAWithMissingNumbers(t *testing.T) {
	k := randomRSA(t)
	pub := rsa.PublicKey{N: k.n, E: 65537}
	for name, private := range map[string]*rsa.PrivateKey{
		"no key":    nil,
		"empty":     {},
		"no n":      {D: k.d, Primes: []*big.Int{k.p, k.q}},
		"no d":      {PublicKey: pub, Primes: []*big.Int{k.p, k.q}},
		"nil prime": {PublicKey: pub, D: k.d, Primes: []*big.Int{k.p, nil}},
	} {
		key := &sshkey.Key{Private: private}
		var invalid *sshkey.InvalidKeyError
		require.ErrorAs(t, key.Check(), &invalid, name)
		require.ErrorAs(t, key.Validate(), &invalid, name)
	}
}

func TestRSABeyondUs(t *testing.T) {
	k := randomRSA(t)
	for _, primes := range [][]*big.Int{nil, {k.n}, {k.p, k.q, big.NewInt(3)}} {
		key := &sshkey.Key{Private: &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: k.n, E: 65537}, D: k.d, Primes: primes}}
		require.ErrorIs(t, key.Check(), errors.ErrUnsupported)
		require.ErrorContains(t, key.Check(), "an RSA key with other than two primes is not supported")
	}
	for _, e := range []*big.Int{new(big.Int).Lsh(one, 63), new(big.Int).Lsh(one, 64), new(big.Int).Lsh(one, 2000)} {
		_, err := rawkey.NewRSA(rawkey.RSANumbers{N: k.n, E: e, D: k.d, P: k.p, Q: k.q})
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
	p := new(big.Int).Lsh(one, sshkey.MaxRSABits/2)
	n := new(big.Int).Mul(p, p)
	_, err := rawkey.NewRSA(rawkey.RSANumbers{N: n, E: big.NewInt(3), D: one, P: p, Q: p})
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, &sshkey.LimitError{Kind: sshkey.LimitKeySize, What: "RSA modulus in bits", Value: sshkey.MaxRSABits + 1, Max: sshkey.MaxRSABits}, limit)
}

func TestEqualTakesPrimesAsASet(t *testing.T) {
	k := randomRSA(t)
	keyOf := func(k rsaNumbers) *sshkey.Key {
		private, err := k.key()
		require.NoError(t, err)
		return &sshkey.Key{Private: private}
	}
	a := keyOf(k)
	swapped := k
	swapped.p, swapped.q = k.q, k.p
	assert.True(t, a.Equal(keyOf(swapped)))
	assert.True(t, keyOf(swapped).Equal(a))
	longer := k
	longer.d = new(big.Int).Add(k.d, k.phi())
	assert.False(t, a.Equal(keyOf(longer)), "d counts exactly")
	assert.False(t, a.Equal(keytest.Type(t, "rsa2048").New(t)))
}
