package pemkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExplicitCurve: a curve of SSH that is written out is the curve, in every form that
// openssl writes.
func TestExplicitCurve(t *testing.T) {
	for _, name := range []string{"prime256v1", "secp384r1", "secp521r1"} {
		made := keytest.Run(t, nil, "openssl", "ecparam", "-name", name, "-genkey", "-noout")
		want := mustParse(t, made, "")
		for _, args := range [][]string{
			{"ec", "-param_enc", "explicit"}, {"ec", "-param_enc", "explicit", "-conv_form", "compressed"},
			{"ec", "-param_enc", "explicit", "-no_public"},
			{"pkey", "-ec_param_enc", "explicit"},
		} {
			assertSame(t, want, mustParse(t, keytest.Run(t, made, "openssl", args...), ""))
		}
		sealed := keytest.Run(t, made, "openssl", "pkey", "-ec_param_enc", "explicit", "-aes256", "-passout", "pass:"+passphrase)
		assertSame(t, want, mustParse(t, sealed, passphrase))
		both := keytest.Run(t, nil, "openssl", "ecparam", "-name", name, "-genkey", "-param_enc", "explicit")
		require.Contains(t, string(both), "BEGIN EC PARAMETERS")
		named := keytest.Run(t, both, "openssl", "ec", "-param_enc", "named_curve")
		assertSame(t, mustParse(t, named, ""), mustParse(t, both, ""))
	}
}

// domain builds SpecifiedECDomain of a curve; each part may be another.
func domain(p, a, b, order, cofactor *big.Int, base []byte) []byte {
	octets := func(x *big.Int) []byte { return tlv(der.TagOctets, 0, x.FillBytes(make([]byte, 32))) }
	return seq(
		number(1), seq(oidDER(oidPrimeField), der.MustMarshal(p)), seq(octets(a), octets(b)),
		tlv(der.TagOctets, 0, base), der.MustMarshal(order), der.MustMarshal(cofactor),
	)
}

// TestExplicitCurveIsCompared: with one number changed it is not the curve. The generator
// matters most: whoever chooses it knows a private key for any public one.
func TestExplicitCurveIsCompared(t *testing.T) {
	params := elliptic.P256().Params()
	a := new(big.Int).Sub(params.P, big.NewInt(3))
	one := big.NewInt(1)
	base := append([]byte{4}, append(params.Gx.FillBytes(make([]byte, 32)), params.Gy.FillBytes(make([]byte, 32))...)...)
	two, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 2))
	require.NoError(t, err)
	other, err := two.PublicKey.Bytes()
	require.NoError(t, err)
	plus := func(x *big.Int) *big.Int { return new(big.Int).Add(x, one) }
	scalar := tlv(der.TagOctets, 0, make([]byte, 31), []byte{5})
	parse := func(domain []byte) error {
		_, err := Parse(pemOf("EC PRIVATE KEY", seq(number(1), scalar, tlv(der.TagExplicit0, 0, domain))))
		return err
	}
	require.NoError(t, parse(domain(params.P, a, params.B, params.N, one, base)))
	for _, changed := range map[string][]byte{
		"p": domain(plus(params.P), a, params.B, params.N, one, base), "a": domain(params.P, plus(a), params.B, params.N, one, base),
		"b": domain(params.P, a, plus(params.B), params.N, one, base), "order": domain(params.P, a, params.B, plus(params.N), one, base),
		"cofactor": domain(params.P, a, params.B, params.N, plus(one), base), "generator": domain(params.P, a, params.B, params.N, one, other),
		"no generator": domain(params.P, a, params.B, params.N, one, nil), "P-384": domain(params.P, a, params.B, elliptic.P384().Params().N, one, base),
	} {
		requireUnsupported(t, parse(changed), "explicit parameters")
	}
	whole := domain(params.P, a, params.B, params.N, one, base)
	for cut := range len(whole) {
		requireDocumented(t, parse(whole[:cut]))
	}
	requireDocumented(t, parse(append(bytes.Clone(whole), 5, 0)))
}

// TestRSAWithNumbersLeftOut: p and q follow from n, e and d, and the CRT values from those.
func TestRSAWithNumbersLeftOut(t *testing.T) {
	want := twinKey(t, "rsa2048")
	var all [][]byte
	rewrite(t, rsaNumbers(t), func(content []byte) []byte {
		all = append(all, tlv(der.TagInteger, 0, content))
		return nil
	})
	zeros := func(n int) []byte { return bytes.Repeat(number(0), n) }
	for name, numbers := range map[string][]byte{
		"n, e, d": bytes.Join(all[:4], nil), "n, e, d, p, q": bytes.Join(all[:6], nil),
		"zeros for the rest": append(bytes.Join(all[:4], nil), zeros(5)...), "zeros for CRT": append(bytes.Join(all[:6], nil), zeros(3)...),
		"zero for q": append(bytes.Join(all[:5], nil), zeros(4)...),
	} {
		for _, file := range [][]byte{seq(numbers), pkcs8Of(0, oidRSA, []byte{5, 0}, seq(numbers))} {
			got, err := Parse(pemOf("PRIVATE KEY", file))
			require.NoError(t, err, name)
			assert.Equal(t, rawkey.NumbersLargerFirst(want.Private.(*rsa.PrivateKey)), rawkey.NumbersLargerFirst(got.Private.(*rsa.PrivateKey)), name)
		}
	}
	wrong := bytes.Join([][]byte{all[0], all[1], all[2], number(12345)}, nil)
	_, err := Parse(pemOf("PRIVATE KEY", seq(wrong)))
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	_, err = Parse(pemOf("PRIVATE KEY", seq(append(bytes.Join(all[:4], nil), all[5]...))))
	requireDocumented(t, err)
}
