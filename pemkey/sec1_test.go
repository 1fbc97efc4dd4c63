package pemkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sec1Of builds an ECPrivateKey; nil parts are left out.
func sec1Of(version int64, scalar []byte, oid string, point []byte) []byte {
	var curve, public []byte
	if oid != "" {
		curve = tlv(der.TagExplicit0, 0, oidDER(oid))
	}
	if point != nil {
		public = tlv(der.TagExplicit1, 0, tlv(der.TagBitString, 0, []byte{0}, point))
	}
	return seq(number(version), tlv(der.TagOctets, 0, scalar), curve, public)
}

// TestSEC1Forms: a key is the same in all forms that writers give it.
func TestSEC1Forms(t *testing.T) {
	for _, name := range []string{"ecdsa256", "ecdsa384", "ecdsa521"} {
		t.Run(name, func(t *testing.T) {
			want := twinKey(t, name)
			key := want.Private.(*ecdsa.PrivateKey)
			scalar, point := ecdsaHalves(key)
			compressed := elliptic.MarshalCompressed(key.Curve, key.X, key.Y)
			oid := curveOID(key)
			for form, der := range map[string][]byte{
				"as it is":                       sec1Of(1, scalar, oid, point),
				"compressed point":               sec1Of(1, scalar, oid, compressed),
				"no point":                       sec1Of(1, scalar, oid, nil),
				"no curve":                       sec1Of(1, scalar, "", point),
				"no curve, compressed":           sec1Of(1, scalar, "", compressed),
				"number with a zero in front":    sec1Of(1, append([]byte{0}, scalar...), oid, point),
				"number with many zeros":         sec1Of(1, append(make([]byte, 100), scalar...), oid, point),
				"number without zeros":           sec1Of(1, bytes.TrimLeft(scalar, "\x00"), oid, point),
				"no curve, PKCS#8 has it":        pkcs8Of(0, oidEC, oidDER(oid), sec1Of(1, scalar, "", point)),
				"curve in PKCS#8 and inside":     pkcs8Of(0, oidEC, oidDER(oid), sec1Of(1, scalar, oid, point)),
				"PKCS#8, no point and no curve":  pkcs8Of(0, oidEC, oidDER(oid), sec1Of(1, scalar, "", nil)),
				"PKCS#8, compressed":             pkcs8Of(0, oidEC, oidDER(oid), sec1Of(1, scalar, "", compressed)),
				"PKCS#8 with the point after it": pkcs8Of(1, oidEC, oidDER(oid), sec1Of(1, scalar, "", nil), tlv(der.TagImplicit1, 0, []byte{0}, point)),
				"PKCS#8 with two points":         pkcs8Of(1, oidEC, oidDER(oid), sec1Of(1, scalar, oid, point), tlv(der.TagImplicit1, 0, []byte{0}, compressed)),
			} {
				got, err := Parse(pemOf("EC PRIVATE KEY", der))
				require.NoError(t, err, form)
				assertSame(t, want, got)
			}
			params := pemOf("EC PARAMETERS", oidDER(oid))
			got, err := Parse(slicesOf(params, pemOf("EC PRIVATE KEY", sec1Of(1, scalar, "", nil))))
			require.NoError(t, err, "the curve in a block of its own")
			assertSame(t, want, got)
		})
	}
}

// TestSEC1Refused: a point, a number or a version that cannot be right.
func TestSEC1Refused(t *testing.T) {
	for _, name := range []string{"ecdsa256", "ecdsa384", "ecdsa521"} {
		t.Run(name, func(t *testing.T) {
			key := twinKey(t, name).Private.(*ecdsa.PrivateKey)
			scalar, point := ecdsaHalves(key)
			compressed := elliptic.MarshalCompressed(key.Curve, key.X, key.Y)
			oid := curveOID(key)
			wrongPoint := bytes.Clone(point)
			wrongPoint[len(point)-1] ^= 1
			order := key.Params().N.Bytes()
			for form, der := range map[string][]byte{
				"point off the curve":     sec1Of(1, scalar, oid, wrongPoint),
				"point of another number": sec1Of(1, append(bytes.Clone(scalar[:len(scalar)-1]), scalar[len(scalar)-1]^1), oid, point),
				"number 0":                sec1Of(1, make([]byte, len(scalar)), oid, nil),
				"no bytes of number":      sec1Of(1, nil, oid, nil),
				"number is the order":     sec1Of(1, order, oid, nil),
				"long number":             sec1Of(1, append(scalar, 0), oid, nil),
				"point of the wrong size": sec1Of(1, scalar, oid, point[:len(point)-1]),
				"hybrid point":            sec1Of(1, scalar, oid, append([]byte{6 | point[len(point)-1]&1}, point[1:]...)),
				"point at infinity":       sec1Of(1, scalar, oid, []byte{0}),
				"compressed, off":         sec1Of(1, scalar, oid, append([]byte{5}, compressed[1:]...)),
				"empty point":             sec1Of(1, scalar, oid, []byte{}),
			} {
				_, err := Parse(pemOf("EC PRIVATE KEY", der))
				requireDocumented(t, err)
				require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), form)
			}
			for _, version := range []int64{0, 2} {
				_, err := Parse(pemOf("EC PRIVATE KEY", sec1Of(version, scalar, oid, point)))
				requireSyntax(t, err, 1, "the version of an EC private key is")
			}
			_, err := Parse(pemOf("EC PRIVATE KEY", sec1Of(1, scalar, "", nil)))
			requireUnsupported(t, err, "does not name its curve")
		})
	}
}

// TestSEC1CurvesDisagree: the inner curve counts, and then the point does not fit.
func TestSEC1CurvesDisagree(t *testing.T) {
	key := twinKey(t, "ecdsa256").Private.(*ecdsa.PrivateKey)
	scalar, point := ecdsaHalves(key)
	_, err := Parse(pemOf("EC PRIVATE KEY", sec1Of(1, scalar, curveOIDs.Get()["nistp384"], point)))
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	_, err = Parse(slicesOf(pemOf("EC PARAMETERS", oidDER(curveOIDs.Get()["nistp384"])), keytest.Read(t, "twins", "ecdsa256.pem")))
	require.NoError(t, err, "the key names its curve itself")
	_, err = Parse(slicesOf(pemOf("EC PARAMETERS", []byte("x")), keytest.Read(t, "twins", "ecdsa256.pem")))
	require.ErrorAs(t, err, new(*sshkey.SyntaxError))
}

func TestSEC1DamagedBits(t *testing.T) {
	scalar := bytes.Repeat([]byte{7}, 32)
	oid := tlv(der.TagExplicit0, 0, oidDER(curveOIDs.Get()["nistp256"]))
	for name, public := range map[string][]byte{
		"no bits":       tlv(der.TagExplicit1, 0, tlv(der.TagBitString, 0)),
		"unused bits":   tlv(der.TagExplicit1, 0, tlv(der.TagBitString, 0, []byte{9, 2})),
		"octets":        tlv(der.TagExplicit1, 0, tlv(der.TagOctets, 0, []byte{1, 2})),
		"nothing":       tlv(der.TagExplicit1, 0),
		"a long length": {der.TagExplicit1, 0x7f, 1},
	} {
		_, err := Parse(pemOf("EC PRIVATE KEY", seq(number(1), tlv(der.TagOctets, 0, scalar), oid, public)))
		requireSyntax(t, err, 1, "the public point")
		assert.NotContains(t, err.Error(), "passphrase", name)
	}
}
