package keytest

import (
	"crypto/rsa"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTypesMakeGoodKeys(t *testing.T) {
	for _, kt := range Types() {
		t.Run(kt.Name, func(t *testing.T) {
			a, b := kt.New(t), kt.New(t)
			require.NoError(t, a.Validate())
			require.NoError(t, b.Validate())
			assert.NotEmpty(t, a.Comment)
			assert.False(t, a.Equal(b), "two keys are the same")
			assert.NotEmpty(t, Read(t, "twins", kt.Name+".pub"), "the type has twins")
		})
	}
}

// TestRSAInBothOrders makes sure that tests meet keys with p > q and with p < q,
// and that changing one does not change the pool.
func TestRSAInBothOrders(t *testing.T) {
	seen := map[int]bool{}
	for range 4 {
		key := Type(t, "rsa2048").New(t)
		private := key.Private.(*rsa.PrivateKey)
		seen[private.Primes[0].Cmp(private.Primes[1])] = true
		private.D.SetInt64(1)
		private.Primes[0].SetInt64(1)
	}
	assert.Equal(t, map[int]bool{1: true, -1: true}, seen)
	require.NoError(t, Type(t, "rsa2048").New(t).Validate())
}

func TestTables(t *testing.T) {
	for dir, least := range map[string]int{"generated": 171, "edge": 120, "import-edge": 71} {
		assert.GreaterOrEqual(t, len(Corpus(t, dir)), least, dir)
	}
	assert.GreaterOrEqual(t, len(Twins(t)), 160)
	for _, twin := range Twins(t, "ppk2", "ppk3") {
		assert.Contains(t, string(twin.Data), "PuTTY-User-Key-File-", twin.Name)
	}
}

func TestRun(t *testing.T) {
	assert.Equal(t, "in", string(Run(t, []byte("in"), "cat")))
	_, err := RunError(t, nil, "sh", "-c", "echo why >&2; exit 3")
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, "why")
}

// TestWatch: each trace of a secret is found wherever it stands in a text.
func TestWatch(t *testing.T) {
	for _, kt := range AllTypes() {
		key := kt.New(t)
		leak := Watch(t, key)
		assert.Empty(t, leak("a line of 1234567890 that has none\n"))
		for _, secret := range Secrets(t, key) {
			for _, trace := range traces(secret) {
				if len(trace) >= 8 {
					assert.NotEmpty(t, leak(trace), kt.Name)
					assert.NotEmpty(t, leak("line\nbefore it: "+upper(trace)+"\n"), kt.Name)
				}
			}
		}
	}
}

// upper makes small letters of ASCII capital.
func upper(text string) string {
	out := []byte(text)
	for i, b := range out {
		if 'a' <= b && b <= 'z' {
			out[i] -= 'a' - 'A'
		}
	}
	return string(out)
}

// TestStraceCalls: two threads whose calls overlap.
func TestStraceCalls(t *testing.T) {
	const log = `7 openat(AT_FDCWD, "a", O_RDONLY <unfinished ...>
8 fsync(4 <unfinished ...>
7 <... openat resumed>) = 3</a>
9 +++ exited with 0 +++
8 <... fsync resumed>)                = -1 EIO (Input/output error) (INJECTED)
7 close(3)                          = 0
`
	assert.Equal(t, []string{
		`7 openat(AT_FDCWD, "a", O_RDONLY) = 3</a>`,
		`8 fsync(4)                = -1 EIO (Input/output error) (INJECTED)`,
		`9 +++ exited with 0 +++`,
		`7 close(3)                          = 0`,
	}, StraceCalls(log))
}
