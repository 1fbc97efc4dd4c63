package rawkey

import (
	"math/big"
	"slices"
)

// edwards is a curve a*x^2 + y^2 = 1 + d*x^2*y^2 modulo p.
type edwards struct {
	name    string
	a, d, p *big.Int
}

// curve25519 returns the curve of Ed25519 (RFC 8032 section 5.1): p is 2^255 - 19, and d
// is -121665/121666.
func curve25519() edwards {
	p := new(big.Int).Sub(power2(255), big.NewInt(19))
	d := new(big.Int).ModInverse(big.NewInt(121666), p)
	return edwards{"Ed25519", big.NewInt(-1), d.Mul(d, big.NewInt(-121665)), p}
}

// curve448 returns the curve of Ed448 (RFC 8032 section 5.2): p is 2^448 - 2^224 - 1.
func curve448() edwards {
	p := new(big.Int).Sub(power2(448), power2(224))
	return edwards{"Ed448", big.NewInt(1), big.NewInt(-39081), p.Sub(p, big.NewInt(1))}
}

func power2(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

// publicParts returns a public key as a point of the curve.
func (c edwards) publicParts(public []byte) []Part {
	x, y := c.affine(public)
	return []Part{{"key_type", "EdDSA"}, {"curve_name", c.name}, {"public_affine_x", x}, {"public_affine_y", y}}
}

// affine decodes a public key: y, with the lowest bit of x as the highest of the
// encoding (RFC 8032 sections 5.1.3 and 5.2.3). x is 0 for bytes that are not a point.
func (c edwards) affine(public []byte) (x, y *big.Int) {
	y = littleEndian(public)
	sign := y.Bit(8*len(public) - 1)
	y.SetBit(y, 8*len(public)-1, 0)
	y2 := new(big.Int).Mul(y, y)
	// x^2 = (1 - y^2) / (a - d*y^2)
	under := new(big.Int).Sub(c.a, new(big.Int).Mul(c.d, y2))
	x = new(big.Int).Sub(one, y2)
	if under.ModInverse(under, c.p) == nil || x.ModSqrt(x.Mul(x, under).Mod(x, c.p), c.p) == nil {
		return new(big.Int), y
	}
	if x.Bit(0) != sign {
		x.Sub(c.p, x)
	}
	return x, y
}

// littleEndian reads a number as RFC 8032 section 2 encodes it.
func littleEndian(b []byte) *big.Int {
	b = slices.Clone(b)
	defer clear(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}
