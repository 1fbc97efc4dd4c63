package rawkey

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// Curve is one of the three curves that SSH has (RFC 5656 section 10.1).
type Curve struct {
	Elliptic  elliptic.Curve
	Name      string // as the wire format names it: "nistp256"
	Algorithm string // of the SSH key: "ecdsa-sha2-nistp256"
}

// Curves returns the curves of SSH, the smallest first.
func Curves() [3]Curve {
	return [...]Curve{
		{elliptic.P256(), "nistp256", ssh.KeyAlgoECDSA256},
		{elliptic.P384(), "nistp384", ssh.KeyAlgoECDSA384},
		{elliptic.P521(), "nistp521", ssh.KeyAlgoECDSA521},
	}
}

// CurveOf returns the row of a Go curve, and false for a curve that SSH lacks.
func CurveOf(e elliptic.Curve) (Curve, bool) {
	return findCurve(func(c Curve) bool { return c.Elliptic == e })
}

// CurveByAlgorithm returns the row of an SSH algorithm name, and false for any other
// name.
func CurveByAlgorithm(name string) (Curve, bool) {
	return findCurve(func(c Curve) bool { return c.Algorithm == name })
}

func findCurve(is func(Curve) bool) (Curve, bool) {
	for _, c := range Curves() {
		if is(c) {
			return c, true
		}
	}
	return Curve{}, false
}

// Size returns the length of a coordinate and of a private scalar in bytes: 32, 48 or
// 66.
func (c Curve) Size() int { return (c.Elliptic.Params().BitSize + 7) / 8 }

// ParsePoint reads a public point, uncompressed or compressed (SEC 1 section
// 2.3.4). It returns an *sshkey.InvalidKeyError for anything else.
func (c Curve) ParsePoint(point []byte) (*ecdsa.PublicKey, error) {
	if len(point) == 1+c.Size() {
		x, y := elliptic.UnmarshalCompressed(c.Elliptic, point)
		if x == nil {
			return nil, invalid("ECDSA: the public point is not on the curve %s", c.Name)
		}
		uncompressed := make([]byte, 1+2*c.Size())
		uncompressed[0] = 4 // SEC 1 section 2.3.3
		x.FillBytes(uncompressed[1 : 1+c.Size()])
		y.FillBytes(uncompressed[1+c.Size():])
		point = uncompressed
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(c.Elliptic, point)
	if err != nil {
		if len(point) == 1+2*c.Size() && point[0]&^1 == 6 { // X9.62; SEC 1 does not have it
			return nil, invalid("ECDSA: the public point is in the hybrid form, which is not read")
		}
		return nil, invalid("ECDSA: the public point is not on the curve %s", c.Name)
	}
	return pub, nil
}

// NewECDSA makes an ECDSA private key from the point and the number of a key file. A nil
// point is computed; any other must match the number. It returns the errors of
// [Check].
func NewECDSA(c Curve, point []byte, d *big.Int) (*ecdsa.PrivateKey, error) {
	if d.Sign() <= 0 || d.Cmp(c.Elliptic.Params().N) >= 0 {
		return nil, invalid("ECDSA: the private number is out of range")
	}
	scalar := d.FillBytes(make([]byte, c.Size()))
	defer clear(scalar)
	testOnlyProof()
	key, err := ecdsa.ParseRawPrivateKey(c.Elliptic, scalar)
	if err != nil {
		return nil, invalid("ECDSA: the private number is out of range")
	}
	if point == nil {
		return key, nil
	}
	// A point that is not compressed is quicker to compare than to read.
	if c.isUncompressed(point, key) {
		return key, nil
	}
	pub, err := c.ParsePoint(point)
	if err != nil {
		return nil, err
	}
	if !pub.Equal(&key.PublicKey) {
		return nil, errECDSAHalves()
	}
	return key, nil
}

// isUncompressed reports whether a point is that of a new key, not compressed (SEC 1 section
// 2.3.3).
func (c Curve) isUncompressed(point []byte, key *ecdsa.PrivateKey) bool {
	var coordinate [66]byte
	own, size := coordinate[:c.Size()], c.Size()
	// Bytes of the key takes a copy, after another check of the point.
	x, y := key.X, key.Y
	return len(point) == 1+2*size && point[0] == 4 &&
		bytes.Equal(point[1:1+size], x.FillBytes(own)) && bytes.Equal(point[1+size:], y.FillBytes(own))
}

// isECDSAOf reports what Equal of an ECDSA key does, which takes copies of the numbers: those of
// a public key may be compared as they are.
func isECDSAOf(private crypto.PrivateKey, pub ssh.PublicKey) bool {
	mine, ok := private.(*ecdsa.PrivateKey)
	if !ok {
		return false
	}
	other, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return false
	}
	theirs, ok := other.CryptoPublicKey().(*ecdsa.PublicKey)
	//lint:ignore SA1019 The numbers are read, not changed.
	return ok && mine.Curve == theirs.Curve && mine.X.Cmp(theirs.X) == 0 && mine.Y.Cmp(theirs.Y) == 0
}

func errECDSAHalves() error {
	return invalid("ECDSA: the private half does not match the public half")
}

// ECDSAScalar returns the private number in the fixed width of its curve, as a copy
// that may be cleared: what Bytes of the key returns is memory that crypto/ecdsa goes
// on using (Go 1.26), so clearing that would spoil a signature made meanwhile. It
// returns an *sshkey.InvalidKeyError for a number out of range.
func ECDSAScalar(key *ecdsa.PrivateKey) ([]byte, error) {
	scalar, err := key.Bytes()
	if err != nil {
		return nil, invalid("ECDSA: the private number is out of range")
	}
	return bytes.Clone(scalar), nil
}

var ecdsaType = Type{
	Name: "ecdsa", Title: "ECDSA",
	Algorithms:     []string{ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521},
	TraditionalPEM: true, PKCS8: true, Certificates: true, JWK: true, Dropbear: true,
	PuTTY: "0.68", OpenSSH: Always,
	Sizes: Sizes{Default: 256, Only: []int{256, 384, 521}},
	bits: func(public crypto.PublicKey) int {
		if key, ok := public.(*ecdsa.PublicKey); ok {
			return key.Params().BitSize
		}
		return 0
	},
	parsePublic: parsePublicECDSA,
	material: func(private crypto.PrivateKey) material {
		if key, ok := private.(*ecdsa.PrivateKey); ok {
			return ecdsaKey{key}
		}
		return nil
	},
	findings: ecdsaFindings,
	generate: func(bits int) (crypto.PrivateKey, error) {
		c, _ := findCurve(func(c Curve) bool { return c.Elliptic.Params().BitSize == bits })
		return ecdsa.GenerateKey(c.Elliptic, rand.Reader)
	},
	checkSteps:   func(bits uint64) uint64 { return map[uint64]uint64{256: 20_000, 384: 150_000, 521: 700_000}[bits] },
	publicParts:  ecdsaPublicParts,
	privateParts: ecdsaPrivateParts,
}

func ecdsaPublicParts(public any) []Part {
	key, ok := public.(*ecdsa.PublicKey)
	if !ok {
		return nil
	}
	curve, ok := CurveOf(key.Curve)
	point, err := key.Bytes() // 4, then x and y
	if !ok || err != nil {
		return nil
	}
	x, y := new(big.Int).SetBytes(point[1:1+curve.Size()]), new(big.Int).SetBytes(point[1+curve.Size():])
	return []Part{{"key_type", "ECDSA"}, {"curve_name", curve.Name}, {"public_affine_x", x}, {"public_affine_y", y}}
}

func ecdsaPrivateParts(private any) []Part {
	key, ok := private.(*ecdsa.PrivateKey)
	if !ok {
		return nil
	}
	scalar, _ := key.Bytes()
	defer clear(scalar)
	return []Part{{"private_exponent", new(big.Int).SetBytes(scalar)}}
}

type ecdsaKey struct{ *ecdsa.PrivateKey }

func (k ecdsaKey) complete() error {
	if k.PrivateKey == nil || k.Curve == nil {
		return invalid("ECDSA: a number is missing")
	}
	c, ok := CurveOf(k.Curve)
	if !ok {
		return unsupported("key", "the elliptic curve "+k.Curve.Params().Name)
	}
	// Bytes panics if a number is nil, so check this first.
	if k.D == nil || k.X == nil || k.Y == nil {
		return invalid("ECDSA: a number is missing")
	}
	if k.D.Sign() <= 0 || k.D.Cmp(c.Elliptic.Params().N) >= 0 {
		return invalid("ECDSA: the private number is out of range")
	}
	if _, err := k.PublicKey.Bytes(); err != nil {
		return invalid("ECDSA: the public point is not on the curve %s", c.Name)
	}
	return nil
}

// check computes the point of the private number.
func (k ecdsaKey) check() error {
	scalar, err := ECDSAScalar(k.PrivateKey)
	if err != nil {
		return err
	}
	defer clear(scalar)
	testOnlyProof()
	right, err := ecdsa.ParseRawPrivateKey(k.Curve, scalar)
	if err != nil {
		return invalid("ECDSA: the private number is out of range")
	}
	if !right.PublicKey.Equal(&k.PublicKey) {
		return errECDSAHalves()
	}
	return nil
}

// validate has nothing to add: the curves are of prime order, so a number in range
// with its own point is a good key.
func (ecdsaKey) validate() error { return nil }

func (k ecdsaKey) public() (ssh.PublicKey, error) { return ssh.NewPublicKey(&k.PublicKey) }

func (k ecdsaKey) secret() []byte {
	c, _ := CurveOf(k.Curve)
	scalar, _ := ECDSAScalar(k.PrivateKey)
	defer clear(scalar)
	return wire.AppendString(wire.AppendString(nil, c.Algorithm), scalar)
}

func ecdsaFindings(pub crypto.PublicKey, private crypto.PrivateKey) []Finding {
	if key, ok := private.(*ecdsa.PrivateKey); ok && key != nil {
		return findECDSA(key.Curve)
	}
	if key, ok := pub.(*ecdsa.PublicKey); ok && key != nil {
		return findECDSA(key.Curve)
	}
	return nil
}

func parsePublicECDSA(algorithm string, r *wire.Reader) (ssh.PublicKey, error) {
	curve, _ := CurveByAlgorithm(algorithm)
	name, point := r.String("curve name"), r.String("point")
	if err := r.End(); err != nil {
		return nil, invalid("ECDSA public key: %v", err)
	}
	if string(name) != curve.Name {
		return nil, invalid("ECDSA public key: the curve is %s, but the key type says %q", quote.Short(name), curve.Name)
	}
	pub, err := curve.ParsePoint(point)
	if err != nil {
		return nil, err
	}
	return ssh.NewPublicKey(pub)
}

// findECDSA reports CVE-2024-31497. The key itself is sound: its signatures leaked it,
// and the file does not show whether there were any. So it is not refused.
func findECDSA(curve elliptic.Curve) []Finding {
	if curve != elliptic.P521() {
		return nil
	}
	return []Finding{{
		Code:    "ecdsa-p521",
		Message: "P-521 keys that were used with PuTTY 0.68 to 0.80 are compromised (CVE-2024-31497), and the file does not show whether this one was",
		Advice:  Advice{Action: ReplaceKey, Text: "replace the key if that may be so, also with FileZilla, WinSCP, TortoiseGit or TortoiseSVN of before May 2024"},
		Source:  "https://nvd.nist.gov/vuln/detail/CVE-2024-31497",
	}}
}
