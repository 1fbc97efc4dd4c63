package rawkey_test

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func randomDSA(t testing.TB) *dsa.PrivateKey {
	return keytest.Type(t, "dsa1024").New(t).Private.(*dsa.PrivateKey)
}

func dsaKeyOf(k *dsa.PrivateKey) (*dsa.PrivateKey, error) {
	return rawkey.NewDSA(k.P, k.Q, k.G, k.Y, k.X)
}

func TestDSAWithBrokenNumbers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*dsa.PrivateKey)
		err    string
	}{
		{"no p", func(k *dsa.PrivateKey) { k.P = nil }, "a number is missing"},
		{"no q", func(k *dsa.PrivateKey) { k.Q = nil }, "a number is missing"},
		{"no g", func(k *dsa.PrivateKey) { k.G = nil }, "a number is missing"},
		{"no x", func(k *dsa.PrivateKey) { k.X = nil }, "a number is missing"},
		{"x is 0", func(k *dsa.PrivateKey) { k.X = new(big.Int) }, "a number is missing"},
		{"x is negative", func(k *dsa.PrivateKey) { k.X = new(big.Int).Sub(k.X, k.Q) }, "a number is missing"},
		{"x is above p", func(k *dsa.PrivateKey) { k.X = k.P }, "a number is out of range"},
		{"y is above p", func(k *dsa.PrivateKey) { k.Y = new(big.Int).Add(k.Y, k.P) }, "a number is out of range"},
		{"g is above p", func(k *dsa.PrivateKey) { k.G = new(big.Int).Add(k.G, k.P) }, "a number is out of range"},
		{"q is above p", func(k *dsa.PrivateKey) { k.Q = add(k.P, 2) }, "a number is out of range"},
		{"another x", func(k *dsa.PrivateKey) { k.X = add(k.X, 1) }, "the private half does not match"},
		{"another y", func(k *dsa.PrivateKey) { k.Y = new(big.Int).Exp(k.G, add(k.X, 1), k.P) }, "the private half does not match"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := randomDSA(t)
			tt.change(k)
			_, err := dsaKeyOf(k)
			var invalid *sshkey.InvalidKeyError
			require.ErrorAs(t, err, &invalid)
			require.ErrorContains(t, err, tt.err)
			require.ErrorContains(t, (&sshkey.Key{Private: k}).Check(), tt.err)
			require.ErrorContains(t, (&sshkey.Key{Private: k}).Validate(), tt.err)
		})
	}
	noY := randomDSA(t)
	noY.Y = nil
	require.ErrorContains(t, (&sshkey.Key{Private: noY}).Check(), "a number is missing")
	var none *dsa.PrivateKey
	require.ErrorContains(t, (&sshkey.Key{Private: none}).Check(), "a number is missing")
}

// TestDSAAboveQ: PuTTY reads such a key, and it works.
func TestDSAAboveQ(t *testing.T) {
	k := randomDSA(t)
	k.X = new(big.Int).Add(k.X, k.Q)
	private, err := dsaKeyOf(k)
	require.NoError(t, err)
	assert.Zero(t, k.X.Cmp(private.X), "x stays as it was")
	require.NoError(t, (&sshkey.Key{Private: private}).Validate())
}

// TestDSAOtherGroup: damage to p, q or g leaves y = g^x as it is or is made to. Nothing
// else in a file says what q is.
func TestDSAOtherGroup(t *testing.T) {
	match := func(k *dsa.PrivateKey) { k.Y = new(big.Int).Exp(k.G, k.X, k.P) }
	for name, change := range map[string]func(*dsa.PrivateKey){
		"p is even":          func(k *dsa.PrivateKey) { k.P = add(k.P, 1); match(k) },
		"q is even":          func(k *dsa.PrivateKey) { k.Q = add(k.Q, 1) },
		"another prime q":    func(k *dsa.PrivateKey) { k.Q = big.NewInt(1000003) },
		"g of another order": func(k *dsa.PrivateKey) { k.G = add(k.P, -1); match(k) },
		"twice q":            func(k *dsa.PrivateKey) { k.Q = new(big.Int).Lsh(k.Q, 1) },
		"a byte more in q":   func(k *dsa.PrivateKey) { k.Q = new(big.Int).Lsh(k.Q, 8) },
		"g is 1":             func(k *dsa.PrivateKey) { k.G, k.Y = one, one },
	} {
		k := randomDSA(t)
		change(k)
		require.ErrorContains(t, (&sshkey.Key{Private: k}).Check(), "g does not generate the group of order q", name)
		_, err := dsaKeyOf(k)
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), name)
	}
}

// TestDSADomain: what only the thorough check sees.
func TestDSADomain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*dsa.PrivateKey)
		err    string
	}{
		{"p is not prime", func(k *dsa.PrivateKey) { // 4^2 = 1 modulo 15
			k.P, k.Q, k.G = big.NewInt(15), big.NewInt(2), big.NewInt(4)
			k.Y, k.X = k.G, one
		}, "not a prime number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := randomDSA(t)
			tt.change(k)
			key := &sshkey.Key{Private: k}
			require.NoError(t, key.Check())
			require.ErrorContains(t, key.Validate(), tt.err)
		})
	}
}

// TestDSAOverTheLimit: with numbers of these sizes the arithmetic would take long.
func TestDSAOverTheLimit(t *testing.T) {
	for _, tt := range []struct {
		pBits, qBits uint
		value        uint64
	}{
		{sshkey.MaxDSABits + 1, 160, sshkey.MaxDSABits + 1},
		{2048, sshkey.MaxDSAOrderBits + 1, sshkey.MaxDSAOrderBits + 1},
		{8 * sshkey.MaxFileSize / 4, 8*sshkey.MaxFileSize/4 - 1, 8 * sshkey.MaxFileSize / 4},
	} {
		p, q := new(big.Int).Lsh(one, tt.pBits-1), new(big.Int).Lsh(one, tt.qBits-1)
		large := add(p, -1)
		public := dsa.PublicKey{Parameters: dsa.Parameters{P: p, Q: q, G: large}, Y: large}
		blob := blob(rawkey.KeyAlgoDSA, p, q, large, large)
		for name, do := range map[string]func() error{
			"private":   func() error { _, err := rawkey.NewDSA(p, q, large, large, large); return err },
			"without y": func() error { _, err := rawkey.NewDSA(p, q, large, nil, large); return err },
			"key":       func() error { return (&sshkey.Key{Private: &dsa.PrivateKey{PublicKey: public, X: large}}).Check() },
			"public":    func() error { _, err := rawkey.ParsePublic(blob); return err },
			"SPKI":      func() error { _, err := rawkey.DecodeSPKI(spkiOf(t, &public)); return err },
		} {
			var limit *sshkey.LimitError
			require.ErrorAs(t, do(), &limit, name)
			assert.Equal(t, sshkey.LimitKeySize, limit.Kind)
			assert.Equal(t, tt.value, limit.Value, name)
		}
	}
}

// TestDSAOfOrder: an x above q is taken only with a g whose order q is, and so is a key
// without y.
func TestDSAOfOrder(t *testing.T) {
	k := randomDSA(t)
	fromX, err := rawkey.NewDSA(k.P, k.Q, k.G, nil, k.X)
	require.NoError(t, err)
	assert.Zero(t, fromX.Y.Cmp(k.Y))
	k.G = add(k.P, -1)
	_, err = rawkey.NewDSA(k.P, k.Q, k.G, nil, k.X)
	require.ErrorContains(t, err, "g does not generate the group")
	k.X = add(k.Q, 2)
	k.Y = new(big.Int).Exp(k.G, k.X, k.P)
	_, err = rawkey.NewDSA(k.P, k.Q, k.G, k.Y, k.X)
	require.ErrorContains(t, err, "g does not generate the group")
}
