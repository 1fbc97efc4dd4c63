package rawkey_test

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"
)

// codes are those of the findings, in their order. What is said of each is checked on
// the way.
func codes(t require.TestingT, found []rawkey.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, f.Code)
		for _, text := range []string{f.Message, f.Advice.Text} {
			require.NotEmpty(t, text, f.Code)
			require.False(t, strings.HasSuffix(text, ".") || strings.Contains(text, ";"), text)
			require.NotContains(t, text, "keyconv ", "command lines are for the command")
		}
		source, err := url.Parse(f.Source)
		require.NoError(t, err)
		require.Equal(t, "https", source.Scheme, f.Code)
	}
	return list
}

func weakKey(t testing.TB, name string) *sshkey.Key {
	t.Helper()
	key, err := pemkey.Parse(keytest.Read(t, "weak", name))
	require.NoError(t, err)
	return key
}

// TestFindings has a made key for each finding, and whether --strict refuses it.
func TestFindings(t *testing.T) {
	for name, want := range map[string]struct {
		private, public []string
		refuse          bool
	}{
		"rsa1024.pem":            {[]string{"rsa-small"}, []string{"rsa-small"}, true},
		"rsa-e3.pem":             {[]string{"rsa-small-exponent"}, []string{"rsa-small-exponent"}, false},
		"rsa-e37.pem":            {[]string{"rsa-small-exponent"}, []string{"rsa-small-exponent"}, false},
		"rsa-roca.pem":           {[]string{"rsa-roca"}, []string{"rsa-roca"}, true},
		"rsa-fermat.pem":         {[]string{"rsa-fermat"}, []string{"rsa-fermat"}, true},
		"rsa-close-primes.pem":   {[]string{"rsa-close-primes"}, nil, true},
		"rsa-unequal-primes.pem": {[]string{"rsa-unequal-primes"}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			key := weakKey(t, name)
			require.NoError(t, key.Validate(), "a weak key is a key all the same")
			found := rawkey.Findings(key.Private)
			assert.Equal(t, want.private, codes(t, found))
			assert.Equal(t, want.refuse, found[0].Refuse)
			pub, err := key.Public()
			require.NoError(t, err)
			assert.Equal(t, want.public, codes(t, rawkey.PublicFindings(pub)))
		})
	}
}

// TestPublicFindings is about public keys that have no private half that Check would
// let pass.
func TestPublicFindings(t *testing.T) {
	for name, want := range map[string]string{
		"rsa-equal-primes.pub":  "rsa-equal-primes",
		"rsa-even-exponent.pub": "rsa-even-exponent",
		"rsa-small-factor.pub":  "rsa-small-factor",
	} {
		pub, _ := publicOf(t, keytest.Read(t, "weak", name))
		found := rawkey.PublicFindings(pub)
		assert.Equal(t, []string{want}, codes(t, found))
		assert.True(t, found[0].Refuse)
		assert.Equal(t, found, rawkey.PublicFindings(&ssh.Certificate{Key: pub}), "of a certificate: the key's")
	}
	p := big.NewInt(1000003)
	equal := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, p), E: 65537}, Primes: []*big.Int{p, p}}
	assert.Equal(t, []string{"rsa-small", "rsa-equal-primes"}, codes(t, rawkey.Findings(equal)))
}

// TestFindingsOfGoodKeys makes 50 keys of every type. Only DSA and P-521 have a finding,
// which each of their keys has.
func TestFindingsOfGoodKeys(t *testing.T) {
	always := map[string][]string{"dsa1024": {"dsa"}, "ecdsa521": {"ecdsa-p521"}}
	for _, kt := range keytest.AllTypes() {
		for range 50 {
			key := *kt.New(t)
			assert.Equal(t, always[kt.Name], codes(t, rawkey.Findings(key.Private)), kt.Name)
			pub, err := key.Public()
			require.NoError(t, err)
			assert.Equal(t, rawkey.Findings(key.Private), rawkey.PublicFindings(pub), kt.Name)
		}
	}
	assert.True(t, rawkey.Findings(keytest.Type(t, "dsa1024").New(t).Private)[0].Refuse)
	assert.False(t, rawkey.Findings(keytest.Type(t, "ecdsa521").New(t).Private)[0].Refuse)
}

// TestFindingsOfGoodRSA pairs eleven primes to 55 moduli, which is quicker than to make
// as many keys.
func TestFindingsOfGoodRSA(t *testing.T) {
	var primes []*big.Int
	for range 11 {
		p, err := rand.Prime(rand.Reader, 1024)
		require.NoError(t, err)
		primes = append(primes, p)
	}
	for i, p := range primes {
		for _, q := range primes[:i] {
			assert.Empty(t, rawkey.Findings(keyOfPrimes(p, q).Private), "p = %x, q = %x", p, q)
		}
	}
}

// keyOfPrimes returns everything that findings need of a key.
func keyOfPrimes(p, q *big.Int) *sshkey.Key {
	return &sshkey.Key{Private: &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, Primes: []*big.Int{p, q},
	}}
}

// TestFindingsOfLittle does not panic on what no parser makes.
func TestFindingsOfLittle(t *testing.T) {
	for _, private := range []any{
		nil, "no key", (*rsa.PrivateKey)(nil), &rsa.PrivateKey{}, (*ecdsa.PrivateKey)(nil), &ecdsa.PrivateKey{},
		&rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int), E: 3}},
	} {
		assert.Empty(t, rawkey.Findings(private), "%T", private)
	}
	assert.Equal(t, []string{"dsa"}, codes(t, rawkey.Findings(&dsa.PrivateKey{})))
	n := new(big.Int).Lsh(big.NewInt(3), 2100)
	n.Add(n, big.NewInt(13)) // without a small factor
	for _, primes := range [][]*big.Int{nil, {nil, nil}, {n}, {n, n, n}, {n, new(big.Int)}, {big.NewInt(-5), n}} {
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: 65537}, Primes: primes}
		assert.Empty(t, rawkey.Findings(key))
	}
	assert.Empty(t, rawkey.PublicFindings(nil))
	assert.Empty(t, rawkey.PublicFindings(&ssh.Certificate{}))
	token, _ := publicOf(t, keytest.Read(t, "corpus", "generated", "ed25519.pub"))
	assert.Empty(t, rawkey.PublicFindings(token))
}

// TestSmallRSA is about the border: 2047 bits are refused by servers that want 2048.
func TestSmallRSA(t *testing.T) {
	for bits, want := range map[uint][]string{2047: {"rsa-small"}, 2048: nil} {
		n := new(big.Int).Lsh(big.NewInt(1), bits-1)
		n.Add(n, big.NewInt(map[uint]int64{2047: 7, 2048: 29}[bits])) // without a small factor
		pub, err := ssh.NewPublicKey(&rsa.PublicKey{N: n, E: 65537})
		require.NoError(t, err)
		assert.Equal(t, want, codes(t, rawkey.PublicFindings(pub)), bits)
	}
	found := rawkey.Findings(weakKey(t, "rsa1024.pem").Private)
	assert.Contains(t, found[0].Message, "1024 bits")
}

// TestClosePrimesBorder is FIPS 186-4 section B.3.3 step 5.4 to the bit, in both orders
// of the primes.
func TestClosePrimesBorder(t *testing.T) {
	p := primeOf(t, 1024)
	for more, want := range map[int64][]string{0: {"rsa-close-primes"}, 1: nil} {
		distance := new(big.Int).Lsh(big.NewInt(1), 1024-100)
		q := new(big.Int).Sub(p, distance.Add(distance, big.NewInt(more)))
		assert.Equal(t, want, codes(t, rawkey.Findings(keyOfPrimes(p, q).Private)))
		assert.Equal(t, want, codes(t, rawkey.Findings(keyOfPrimes(q, p).Private)))
	}
}

// TestFermat makes moduli a*a-b*b that fall within a number of steps which is known, and
// finds those of up to 100.
func TestFermat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 128, 128).Draw(t, "a"))
		a.SetBit(a, 1023, 1).SetBit(a, 1022, 1) // so that n has 2048 bits
		steps := rapid.Int64Range(1, 200).Draw(t, "steps")
		b := new(big.Int).Mul(a, big.NewInt(2*steps))
		b.Sqrt(b)
		key := keyOfPrimes(new(big.Int).Add(a, b), new(big.Int).Sub(a, b))
		n := key.Private.(*rsa.PrivateKey).N
		real := new(big.Int).Sub(a, new(big.Int).Sqrt(n))
		want := []string{"rsa-fermat"}
		if real.Cmp(big.NewInt(100)) > 0 {
			want = []string{"rsa-close-primes"}
		}
		assert.Equal(t, want, codes(t, rawkey.Findings(key.Private)), "%d steps", real)
	})
}

func TestCurveFindings(t *testing.T) {
	for curve, want := range map[elliptic.Curve][]string{
		elliptic.P256(): nil, elliptic.P384(): nil, elliptic.P521(): {"ecdsa-p521"},
	} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		assert.Equal(t, want, codes(t, rawkey.Findings(key)))
	}
}

// TestOpenSSLSmallExponent is about a key that a real program makes.
func TestOpenSSLSmallExponent(t *testing.T) {
	out := keytest.Run(t, nil, keytest.Tool(t, "openssl"), "genrsa", "-3", "-traditional", "2048")
	key, err := pemkey.Parse(out)
	require.NoError(t, err)
	found := rawkey.Findings(key.Private)
	assert.Equal(t, []string{"rsa-small-exponent"}, codes(t, found))
	assert.Contains(t, found[0].Message, "only 3")
}

// BenchmarkFindings measures what each conversion pays.
func BenchmarkFindings(b *testing.B) {
	for _, kt := range keytest.AllTypes() {
		key := *kt.New(b)
		b.Run(kt.Name, func(b *testing.B) {
			for b.Loop() {
				rawkey.Findings(key.Private)
			}
		})
	}
	data := keytest.Read(b, "console-rsa2048.pem")
	b.Run("rsa2048-with-parsing", func(b *testing.B) {
		for b.Loop() {
			key, err := pemkey.Parse(data)
			require.NoError(b, err)
			rawkey.Findings(key.Private)
		}
	})
}
