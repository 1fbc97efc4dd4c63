package keyconv_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// damagedPPK is an encrypted .ppk on one line, whose comment can be read in several
// ways: the last of them is right.
func damagedPPK(t testing.TB) string {
	t.Helper()
	key := keytest.Type(t, "ed25519").New(t)
	key.Comment = "a comment"
	return strings.ReplaceAll(string(marshal(t, key, keyconv.PPK, true)), "\n", " ")
}

// TestDecryptConcurrently: one File for many goroutines. The race detector says whether
// Decrypt changes it.
func TestDecryptConcurrently(t *testing.T) {
	f, err := keyconv.OpenMended(keyconv.Mend([]byte(damagedPPK(t))), 0, keyconv.Limits{})
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			key, err := f.Decrypt([]byte(passphrase))
			if assert.NoError(t, err) {
				assert.Equal(t, "a comment", key.Comment)
			}
			assert.NotEmpty(t, f.Repairs)
		})
	}
	group.Wait()
}

// TestDecryptMended: the repairs are those of the text that the MAC has proved.
func TestDecryptMended(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	key.Comment = "A&B"
	escaped := strings.ReplaceAll(string(marshal(t, key, keyconv.PPK, true)), "&", "&amp;")
	f, err := keyconv.OpenMended(keyconv.Mend([]byte(strings.ReplaceAll(escaped, "\n", " "))), 0, keyconv.Limits{})
	require.NoError(t, err)
	got, repairs, err := f.DecryptMended([]byte(passphrase))
	require.NoError(t, err)
	assert.Equal(t, key.Comment, got.Comment)
	assert.Contains(t, codesOf(repairs), "html")
	assert.NotContains(t, codesOf(f.Repairs), "html")
}

func codesOf(repairs []keyconv.Repair) (codes []string) {
	for _, r := range repairs {
		codes = append(codes, r.Code)
	}
	return codes
}

// TestOpenMendedTwice: each call gives a file of its own.
func TestOpenMendedTwice(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, text := range []string{string(marshal(t, key, keyconv.OpenSSH, false)), damagedPPK(t)} {
		m := keyconv.Mend([]byte(text))
		first, err := keyconv.OpenMended(m, 0, keyconv.Limits{})
		require.NoError(t, err)
		second, err := keyconv.OpenMended(m, 0, keyconv.Limits{})
		require.NoError(t, err)
		assert.NotSame(t, first, second)
		first.Comment = "changed"
		assert.NotEqual(t, "changed", second.Comment)
	}
}

// TestOpenMendedIndex: an index that no key has is an error.
func TestOpenMendedIndex(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, text := range []string{string(marshal(t, key, keyconv.OpenSSH, false)), damagedPPK(t), "nothing"} {
		m := keyconv.Mend([]byte(text))
		for _, index := range []int{-1, 1, 1 << 30} {
			f, err := keyconv.OpenMended(m, index, keyconv.Limits{})
			assert.ErrorContains(t, err, "there is no key")
			assert.Nil(t, f)
			assert.Nil(t, m.Candidates(index))
		}
	}
}
