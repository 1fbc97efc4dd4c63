package rawkey_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"slices"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"
)

// primeOf returns a random prime of that many bits, the two highest of them set.
func primeOf(t *testing.T, bits int) *big.Int {
	t.Helper()
	p, err := rand.Prime(rand.Reader, bits)
	require.NoError(t, err)
	return p
}

// nextPrime returns the first prime above n.
func nextPrime(n *big.Int) *big.Int {
	p := new(big.Int).Add(n, big.NewInt(1))
	for !p.ProbablyPrime(0) {
		p.Add(p, big.NewInt(1))
	}
	return p
}

// publicRSA is of a modulus alone.
func publicRSA(t require.TestingT, n *big.Int, e int) ssh.PublicKey {
	pub, err := ssh.NewPublicKey(&rsa.PublicKey{N: n, E: e})
	require.NoError(t, err)
	return pub
}

// TestWeakPrimes has a key of about 2048 bits for each way to choose primes badly, and the
// sound ones next to it. The public half is nil where it shows nothing.
func TestWeakPrimes(t *testing.T) {
	// Three bits of 1, so that half of its products below have two.
	p := primeOf(t, 1024)
	for p.Bit(1021) == 0 {
		p = primeOf(t, 1024)
	}
	pattern := func(b ...byte) *big.Int { return new(big.Int).SetBytes(bytes.Repeat(b, 128/len(b))) }
	add := func(n *big.Int, bits uint) *big.Int {
		return new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), bits))
	}
	// Findings test no prime, so a product does for a long one, and is made sooner. Its two
	// highest bits are 1, as those of a random prime, so that the modulus is not a bit short.
	long := func(more int) *big.Int {
		n := new(big.Int)
		for n.BitLen() < 1024+more || n.Bit(1024+more-2) == 0 {
			n.Mul(p, primeOf(t, more))
		}
		return n
	}
	times := func(u, v int64) *big.Int {
		n := new(big.Int).Mul(p, big.NewInt(u))
		return n.Div(n, big.NewInt(v))
	}
	for name, c := range map[string]struct {
		p, q            *big.Int
		private, public string
	}{
		"two random primes":                 {p, primeOf(t, 1024), "", ""},
		"one bit longer, n of 2049 bits":    {primeOf(t, 1025), p, "", ""},
		"random lengths as they come":       {primeOf(t, 1032), primeOf(t, 1016), "", ""},
		"17 bits longer":                    {primeOf(t, 1033), primeOf(t, 1016), "rsa-unequal-primes", ""},
		"three quarters of the bits":        {long(512), primeOf(t, 512), "rsa-unequal-primes", ""},
		"a prime of 256 bits":               {long(768), primeOf(t, 256), "rsa-unequal-primes", ""},
		"a prime of 40 bits":                {long(984), primeOf(t, 40), "rsa-unequal-primes", ""},
		"65539, above the small primes":     {long(1008), big.NewInt(65539), "rsa-unequal-primes", ""},
		"65521, the last small prime":       {long(1009), big.NewInt(65521), "rsa-unequal-primes", "rsa-small-factor"},
		"3":                                 {long(1023), big.NewInt(3), "rsa-unequal-primes", "rsa-small-factor"},
		"2":                                 {long(1023), big.NewInt(2), "rsa-unequal-primes", "rsa-small-factor"},
		"the next prime":                    {p, nextPrime(p), "rsa-fermat", "rsa-fermat"},
		"2^400 apart":                       {p, nextPrime(add(p, 400)), "rsa-fermat", "rsa-fermat"},
		"2^900 apart":                       {p, nextPrime(add(p, 900)), "rsa-close-primes", ""},
		"2^930 apart":                       {p, nextPrime(add(p, 930)), "", ""},
		"3/2 of the other":                  {p, nextPrime(times(3, 2)), "rsa-related-primes", ""},
		"twice the other":                   {p, nextPrime(times(2, 1)), "rsa-related-primes", ""},
		"15/16 of the other":                {p, nextPrime(times(15, 16)), "rsa-related-primes", ""},
		"2^900 beside 5/4 of the other":     {p, nextPrime(add(times(5, 4), 900)), "rsa-related-primes", ""},
		"2^930 beside 5/4 of the other":     {p, nextPrime(add(times(5, 4), 930)), "", ""},
		"0xAAAA":                            {p, nextPrime(pattern(0xAA)), "rsa-pattern-primes", ""},
		"0xFFFF":                            {nextPrime(pattern(0xFF)), p, "rsa-pattern-primes", ""},
		"a word of 32 bits again and again": {p, nextPrime(pattern(0xC0, 0xDE, 0x12, 0x34)), "rsa-pattern-primes", ""},
		"a word of 64 bits again and again": {p, nextPrime(pattern(0xC0, 0xDE, 1, 2, 3, 4, 5, 6)), "rsa-pattern-primes", ""},
		"2^1023 + 2^1022 and a little":      {p, nextPrime(add(add(new(big.Int), 1023), 1022)), "rsa-pattern-primes", ""},
		"random above, zeros below":         {p, nextPrime(new(big.Int).Lsh(primeOf(t, 512), 512)), "rsa-pattern-primes", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, key := range []*sshkey.Key{keyOfPrimes(c.p, c.q), keyOfPrimes(c.q, c.p)} {
				n := key.Private.(*rsa.PrivateKey).N
				assertFinding(t, c.private, rawkey.Findings(key.Private))
				assertFinding(t, c.public, rawkey.PublicFindings(publicRSA(t, n, 65537)))
			}
		})
	}
}

// assertFinding wants one finding, refused, of that code, or none for "".
func assertFinding(t *testing.T, want string, found []rawkey.Finding) {
	t.Helper()
	if want == "" {
		assert.Empty(t, found)
		return
	}
	assert.Equal(t, []string{want}, codes(t, found))
	assert.True(t, found[0].Refuse)
}

// TestSmallFactors tries a modulus with each odd prime below 2^16; 2 is in TestWeakPrimes.
func TestSmallFactors(t *testing.T) {
	p := primeOf(t, 2048)
	step := int64(1)
	if keytest.Sampled() {
		step = 34 * 41 // a factor of 65521-3, so that the last prime is tried
	}
	for small := int64(3); small < 1<<16; small += step {
		if !big.NewInt(small).ProbablyPrime(0) {
			continue
		}
		n := new(big.Int).Mul(p, big.NewInt(small))
		require.Equal(t, []string{"rsa-small-factor"}, codes(t, rawkey.PublicFindings(publicRSA(t, n, 65537))), small)
	}
	assert.Empty(t, rawkey.PublicFindings(publicRSA(t, p, 65537)))
}

// TestSmallFactorsAreCheap: the product of the small primes is made once, and a key costs
// one division and one greatest common divisor, not thousands of divisions.
func TestSmallFactorsAreCheap(t *testing.T) {
	pub := publicRSA(t, new(big.Int).Mul(primeOf(t, 1024), primeOf(t, 1024)), 65537)
	assert.LessOrEqual(t, testing.AllocsPerRun(10, func() { rawkey.PublicFindings(pub) }), 400.0)
}

// TestExponents is about the small ones.
func TestExponents(t *testing.T) {
	n := new(big.Int).Mul(primeOf(t, 1024), primeOf(t, 1024))
	for e, want := range map[int]string{
		-1: "rsa-exponent-one", 0: "rsa-even-exponent", 1: "rsa-exponent-one", 2: "rsa-even-exponent", 65538: "rsa-even-exponent",
		3: "rsa-small-exponent", 65535: "rsa-small-exponent", 65537: "", 65539: "",
	} {
		found := rawkey.Findings(&rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: e}})
		if want == "rsa-small-exponent" {
			assert.Equal(t, []string{want}, codes(t, found), e)
			assert.False(t, found[0].Refuse, e)
			continue
		}
		assertFinding(t, want, found)
	}
}

// rocaPrimes are those whose product the modulus is made of in keys of 512 to 960 bits,
// so that larger keys have them too (The Return of Coppersmith's Attack, section 2.1).
var rocaPrimes = []int64{
	2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
	97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
}

// isROCA is the definition: a power of 65537 modulo each of the primes.
func isROCA(n *big.Int) bool {
	for _, p := range rocaPrimes {
		rest := new(big.Int).Mod(n, big.NewInt(p)).Int64()
		power, found := int64(1), false
		for range p {
			found = found || power%p == rest
			power = power * 65537 % p
		}
		if !found {
			return false
		}
	}
	return true
}

func TestROCA(t *testing.T) {
	product := big.NewInt(1)
	for _, p := range rocaPrimes {
		product.Mul(product, big.NewInt(p))
	}
	rapid.Check(t, func(t *rapid.T) {
		exponent := new(big.Int).SetUint64(rapid.Uint64().Draw(t, "exponent"))
		n := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 230, 230).Draw(t, "k"))
		n.SetBit(n, 230*8-1, 1)
		n.Mul(n, product)
		n.Add(n, new(big.Int).Exp(big.NewInt(65537), exponent, product))
		n.Add(n, big.NewInt(rapid.SampledFrom([]int64{0, 0, 2, 1024}).Draw(t, "more")))
		pub, err := ssh.NewPublicKey(&rsa.PublicKey{N: n, E: 65537})
		require.NoError(t, err)
		assert.Equal(t, isROCA(n), slices.Contains(codes(t, rawkey.PublicFindings(pub)), "rsa-roca"))
	})
	assert.True(t, isROCA(weakKey(t, "rsa-roca.pem").Private.(*rsa.PrivateKey).N))
}

// TestROCALooksAlike compares moduli of every kind with the definition: random ones, those
// of the chips, and those that fail at one of the primes alone.
func TestROCALooksAlike(t *testing.T) {
	product := big.NewInt(1)
	for _, p := range rocaPrimes {
		product.Mul(product, big.NewInt(p))
	}
	seen := map[bool]int{}
	check := func(n *big.Int) {
		want := isROCA(n)
		seen[want]++
		pub := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: 65537}}
		require.Equal(t, want, slices.Contains(codes(t, rawkey.Findings(pub)), "rsa-roca"), "%x", n)
	}
	tries := 20_000
	if keytest.Sampled() {
		tries = 2000
	}
	for range tries {
		n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 300))
		require.NoError(t, err)
		check(n.Add(n, big.NewInt(1)))
	}
	for i := range int64(1000) {
		power := new(big.Int).Exp(big.NewInt(65537), big.NewInt(i*i*i), product)
		check(power)
		p := []int64{11, 13, 17, 37, 97, 151, 157}[i%7]
		rest := new(big.Int).Div(product, big.NewInt(p)) // 0 modulo all of the others
		for range i % 11 {
			power.Add(power, rest)
		}
		check(power)
	}
	assert.Greater(t, seen[true], 1000)
	assert.Greater(t, seen[false], tries)
}
