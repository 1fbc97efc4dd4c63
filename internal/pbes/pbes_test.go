package pbes

import (
	"errors"
	"math"
	"math/big"
	"runtime"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScryptCost: x/crypto/scrypt allocates 128*N*r + 128*r*p + 256*r bytes, and the cost
// does not overflow.
func TestScryptCost(t *testing.T) {
	const all = math.MaxInt32
	for _, test := range []struct {
		n, r, p      int
		memory, work uint64
	}{
		{1 << 14, 8, 1, 1 << 14, 1 << 14},
		{1 << 14, 8, 5, 1 << 14, 5 << 14},
		{1 << 17, 8, 1, 1 << 17, 1 << 17},
		{1 << 20, 8, 1, 1 << 20, 1 << 20},
		{2, 1, 1, 1, 1},
		{2, 4, 1 << 22, 2<<20 + 1, 12 << 20}, // 2 GiB
		{2, 1 << 22, 1, 5 << 19, 3 << 20},
		{1 << 30, all, all, math.MaxUint64, math.MaxUint64},
		{2, all, all, math.MaxUint64, math.MaxUint64},
		{2, 1, all, math.MaxUint64, math.MaxUint64},
	} {
		k := &scryptKDF{n: test.n, r: test.r, p: test.p}
		if test.work < math.MaxUint64 {
			assert.Equal(t, test.memory, k.memory(), "%+v", test)
			assert.Equal(t, test.work, k.work(), "%+v", test)
		}
		exact := func(factors ...int) *big.Int {
			product := big.NewInt(1)
			for _, f := range factors {
				product.Mul(product, big.NewInt(int64(f)))
			}
			return product
		}
		bytes := new(big.Int).Add(exact(128, test.n, test.r), exact(128, test.r, test.p))
		bytes.Add(bytes, exact(256, test.r))
		counted := new(big.Int).Lsh(new(big.Int).SetUint64(k.memory()+1024), 10)
		assert.Positive(t, counted.Cmp(bytes), "%+v: within 1 MiB", test)
		work := exact(test.n, test.r, test.p)
		if work.Rsh(work, 3); work.IsUint64() {
			assert.GreaterOrEqual(t, k.work(), work.Uint64(), "%+v", test)
		} else {
			assert.Equal(t, uint64(math.MaxUint64), k.work(), "%+v", test)
		}
	}
}

// TestMemoryIsCollected: two tries with different passphrases take the memory of one.
func TestMemoryIsCollected(t *testing.T) {
	k := &scryptKDF{n: 1 << 17, r: 8, p: 1}
	k.derive(NewPassphrase([]byte("p")), 32, 0)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	require.Less(t, stats.HeapAlloc, uint64(128<<20))
}

// TestWhatIsWrittenIsRead: Read reads the algorithm of each choice, with the same
// parameters.
func TestWhatIsWrittenIsRead(t *testing.T) {
	for _, o := range []Options{
		{}, {Rounds: 5}, {Cipher: "aes128-cbc", KDF: "pbkdf2"}, {KDF: "scrypt", Cipher: "3des-cbc", Memory: 2},
		{KDF: "scrypt", Memory: 64, Parallelism: 3},
	} {
		written, algorithm, err := New(o, zeros{})
		require.NoError(t, err)
		read, err := Read(der.New(der.MustMarshal(algorithm)).Sequence("the algorithm"), "PKCS#8")
		require.NoError(t, err)
		assert.Equal(t, written.KDF(), read.KDF())
		assert.Equal(t, written.Cipher, read.Cipher)
		if o.Rounds == 0 && o.KDF != "scrypt" {
			continue // 600,000 iterations
		}
		p := NewPassphrase([]byte("x"))
		sealed := written.Seal(written.Derive(p), []byte("text"))
		require.NoError(t, read.CheckSize(len(sealed)))
		require.NoError(t, read.Check(sshkey.Limits{}))
		plain, ok := read.Open(read.Derive(p), sealed)
		require.True(t, ok)
		assert.Equal(t, "text", string(plain))
	}
	for _, o := range []Options{
		{KDF: "scrypt", Parallelism: 1 << 30}, {KDF: "scrypt", Memory: 1 << 20, Parallelism: 4},
		{KDF: "scrypt", Memory: 1 << 63}, {KDF: "scrypt", Parallelism: math.MaxUint64}, {Rounds: math.MaxUint64},
	} {
		_, _, err := New(o, zeros{})
		require.ErrorAs(t, err, new(*sshkey.LimitError), "%+v", o)
	}
	_, _, err := New(Options{Parallelism: 2}, zeros{})
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }
