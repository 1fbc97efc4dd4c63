//lint:file-ignore SA1019 The deprecated fields are what a program may set wrongly.

package rawkey_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generated returns a key with its point and its number.
func generated(t testing.TB, c rawkey.Curve) (point []byte, d *big.Int) {
	t.Helper()
	key, err := ecdsa.GenerateKey(c.Elliptic, rand.Reader)
	require.NoError(t, err)
	point, err = key.PublicKey.Bytes()
	require.NoError(t, err)
	scalar, err := key.Bytes()
	require.NoError(t, err)
	return point, new(big.Int).SetBytes(scalar)
}

func TestCurves(t *testing.T) {
	for i, size := range []int{32, 48, 66} {
		c := rawkey.Curves()[i]
		assert.Equal(t, size, c.Size())
		assert.Equal(t, "ecdsa-sha2-"+c.Name, c.Algorithm)
		byCurve, ok := rawkey.CurveOf(c.Elliptic)
		assert.True(t, ok)
		assert.Equal(t, c, byCurve)
		byName, ok := rawkey.CurveByAlgorithm(c.Algorithm)
		assert.True(t, ok)
		assert.Equal(t, c, byName)
	}
	_, ok := rawkey.CurveOf(elliptic.P224())
	assert.False(t, ok)
	_, ok = rawkey.CurveByAlgorithm("ecdsa-sha2-nistp224")
	assert.False(t, ok)
}

func TestNewECDSA(t *testing.T) {
	for _, c := range rawkey.Curves() {
		t.Run(c.Name, func(t *testing.T) {
			point, d := generated(t, c)
			other, _ := generated(t, c)
			n := c.Elliptic.Params().N
			x, y := new(big.Int).SetBytes(point[1:1+c.Size()]), new(big.Int).SetBytes(point[1+c.Size():])
			offCurve := append([]byte{}, point...)
			offCurve[len(offCurve)-1] ^= 1
			hybrid := append([]byte{}, point...)
			hybrid[0] = 6
			compressed := elliptic.MarshalCompressed(c.Elliptic, x, y)
			badCompressed := append([]byte{9}, compressed[1:]...)
			for _, tt := range []struct {
				name  string
				point []byte
				d     *big.Int
				err   string
			}{
				{"right", point, d, ""},
				{"no point", nil, d, ""},
				{"compressed", compressed, d, ""},
				{"smallest", nil, one, ""},
				{"largest", nil, add(n, -1), ""},
				{"zero", point, new(big.Int), "the private number is out of range"},
				{"negative", point, new(big.Int).Neg(d), "the private number is out of range"},
				{"the order", point, n, "the private number is out of range"},
				{"plus the order", point, new(big.Int).Add(d, n), "the private number is out of range"},
				{"far too long", point, new(big.Int).Lsh(d, 4000), "the private number is out of range"},
				{"another number", point, add(d, 1), "the private half does not match"},
				{"another point", other, d, "the private half does not match"},
				{"off the curve", offCurve, d, "the public point is not on the curve " + c.Name},
				{"hybrid", hybrid, d, "the public point is in the hybrid form, which is not read"},
				{"badly compressed", badCompressed, d, "the public point is not on the curve"},
				{"infinity", []byte{0}, d, "the public point is not on the curve"},
				{"empty", []byte{}, d, "the public point is not on the curve"},
				{"too long", append(point, 0), d, "the public point is not on the curve"},
			} {
				key, err := rawkey.NewECDSA(c, tt.point, tt.d)
				if tt.err != "" {
					var invalid *sshkey.InvalidKeyError
					require.ErrorAs(t, err, &invalid, tt.name)
					require.ErrorContains(t, err, tt.err, tt.name)
					continue
				}
				require.NoError(t, err, tt.name)
				require.NoError(t, (&sshkey.Key{Private: key}).Validate(), tt.name)
				scalar, err := key.Bytes()
				require.NoError(t, err)
				assert.Zero(t, tt.d.Cmp(new(big.Int).SetBytes(scalar)), tt.name)
			}
		})
	}
}

// TestECDSAOfAProgram: a Key that no parser made.
func TestECDSAOfAProgram(t *testing.T) {
	for _, c := range rawkey.Curves() {
		for _, tt := range []struct {
			name   string
			change func(*ecdsa.PrivateKey)
			err    string
		}{
			{"no number", func(k *ecdsa.PrivateKey) { k.D = nil }, "a number is missing"},
			{"zero", func(k *ecdsa.PrivateKey) { k.D = new(big.Int) }, "out of range"},
			{"negative", func(k *ecdsa.PrivateKey) { k.D = big.NewInt(-1) }, "out of range"},
			{"the order", func(k *ecdsa.PrivateKey) { k.D = c.Elliptic.Params().N }, "out of range"},
			{"far too long", func(k *ecdsa.PrivateKey) { k.D = new(big.Int).Lsh(one, 4000) }, "out of range"},
			{"another number", func(k *ecdsa.PrivateKey) { k.D = add(k.D, 1) }, "does not match"},
			{"no curve", func(k *ecdsa.PrivateKey) { k.Curve = nil }, "a number is missing"},
			{"no point", func(k *ecdsa.PrivateKey) { k.X, k.Y = nil, nil }, "a number is missing"},
			{"no y", func(k *ecdsa.PrivateKey) { k.Y = nil }, "a number is missing"},
			{"negative x", func(k *ecdsa.PrivateKey) { k.X = big.NewInt(-1) }, "not on the curve"},
			{"long x", func(k *ecdsa.PrivateKey) { k.X = new(big.Int).Lsh(one, 4000) }, "not on the curve"},
			{"zero point", func(k *ecdsa.PrivateKey) { k.X, k.Y = new(big.Int), new(big.Int) }, "not on the curve"},
			{"off the curve", func(k *ecdsa.PrivateKey) { k.X = add(k.X, 1) }, "not on the curve"},
		} {
			t.Run(c.Name+" "+tt.name, func(t *testing.T) {
				k, err := ecdsa.GenerateKey(c.Elliptic, rand.Reader)
				require.NoError(t, err)
				tt.change(k)
				key := &sshkey.Key{Private: k}
				var invalid *sshkey.InvalidKeyError
				require.ErrorAs(t, key.Check(), &invalid)
				require.ErrorContains(t, key.Validate(), tt.err)
			})
		}
	}
	var none *ecdsa.PrivateKey
	require.ErrorContains(t, (&sshkey.Key{Private: none}).Check(), "a number is missing")
}

func TestCurveOfNoSSH(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	err = (&sshkey.Key{Private: k}).Check()
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorContains(t, err, "the elliptic curve P-224 is not supported")
}
