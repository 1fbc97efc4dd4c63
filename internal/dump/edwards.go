package dump

import "math/big"

// edwards is a curve a*x^2 + y^2 = 1 + d*x^2*y^2 modulo p.
type edwards struct {
	name    string
	a, d, p *big.Int
}

// The curves of EdDSA: RFC 8032 sections 5.1 and 5.2.
var (
	curve25519 = edwards{"Ed25519", big.NewInt(-1), over25519(-121665, 121666), prime25519()}
	curve448   = edwards{"Ed448", big.NewInt(1), big.NewInt(-39081), prime448()}
)

func power2(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

// prime25519 is 2^255 - 19.
func prime25519() *big.Int { return new(big.Int).Sub(power2(255), big.NewInt(19)) }

// prime448 is 2^448 - 2^224 - 1.
func prime448() *big.Int {
	p := new(big.Int).Sub(power2(448), power2(224))
	return p.Sub(p, big.NewInt(1))
}

func over25519(a, b int64) *big.Int {
	inverse := new(big.Int).ModInverse(big.NewInt(b), prime25519())
	return inverse.Mul(inverse, big.NewInt(a))
}

// affine decodes a public key: y, with the lowest bit of x as the highest of the
// encoding (RFC 8032 sections 5.1.3 and 5.2.3). Of bytes that are no point x is 0.
func (c edwards) affine(public []byte) (x, y *big.Int) {
	y = littleEndian(public)
	sign := y.Bit(8*len(public) - 1)
	y.SetBit(y, 8*len(public)-1, 0)
	one := big.NewInt(1)
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
