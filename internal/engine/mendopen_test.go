package engine_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// damagedPPK is an encrypted .ppk on one line, whose comment can be read in several
// ways: the last of them is right.
func damagedPPK(t testing.TB) string {
	t.Helper()
	key := keytest.Type(t, "ed25519").New(t)
	key.Comment = "a comment"
	return strings.ReplaceAll(string(marshal(t, key, engine.PPK, true)), "\n", " ")
}

// TestDecryptConcurrently: one File for many goroutines. The race detector says whether
// Decrypt changes it.
func TestDecryptConcurrently(t *testing.T) {
	f, err := engine.OpenMended(engine.Mend([]byte(damagedPPK(t))), 0, engine.Limits{})
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
	escaped := strings.ReplaceAll(string(marshal(t, key, engine.PPK, true)), "&", "&amp;")
	f, err := engine.OpenMended(engine.Mend([]byte(strings.ReplaceAll(escaped, "\n", " "))), 0, engine.Limits{})
	require.NoError(t, err)
	got, repairs, err := f.DecryptMended([]byte(passphrase))
	require.NoError(t, err)
	assert.Equal(t, key.Comment, got.Comment)
	assert.Contains(t, codesOf(repairs), "html")
	assert.NotContains(t, codesOf(f.Repairs), "html")
}

func codesOf(repairs []engine.Repair) (codes []string) {
	for _, r := range repairs {
		codes = append(codes, r.Code)
	}
	return codes
}

// TestOpenMendedTwice: each call returns a separate file.
func TestOpenMendedTwice(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, text := range []string{string(marshal(t, key, engine.OpenSSH, false)), damagedPPK(t)} {
		m := engine.Mend([]byte(text))
		first, err := engine.OpenMended(m, 0, engine.Limits{})
		require.NoError(t, err)
		second, err := engine.OpenMended(m, 0, engine.Limits{})
		require.NoError(t, err)
		assert.NotSame(t, first, second)
		first.Comment = "changed"
		assert.NotEqual(t, "changed", second.Comment)
	}
}

// TestOpenMendedIndex: an index without a key is an error.
func TestOpenMendedIndex(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, text := range []string{string(marshal(t, key, engine.OpenSSH, false)), damagedPPK(t), "nothing"} {
		m := engine.Mend([]byte(text))
		for _, index := range []int{-1, 1, 1 << 30} {
			f, err := engine.OpenMended(m, index, engine.Limits{})
			assert.ErrorContains(t, err, "is not supported")
			assert.Nil(t, f)
			assert.Nil(t, m.Candidates(index))
		}
	}
}

// TestOneDerivationForAllCandidates: the comment of a damaged .ppk can be read in many
// ways, and each passphrase is derived once for all of them.
func TestOneDerivationForAllCandidates(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	key.Comment = "\u2014 a > b \u2014"
	text := string(marshal(t, key, engine.PPK, true))
	text = strings.Replace(text, key.Comment, key.Comment+"&amp; > ", 1) // so that no comment is right
	limits := budget.Metered(engine.Limits{})
	m := engine.MendLimits([]byte(strings.ReplaceAll(text, "\n", " ")), limits)
	require.GreaterOrEqual(t, len(m.Candidates(0)), 8)
	f, err := engine.OpenMended(m, 0, limits)
	require.NoError(t, err)
	one := budget.DerivationSteps(cheap[engine.PPK].Memory*cheap[engine.PPK].Rounds, sshkey.MaxArgon2Work)
	before, none := budget.Spent(limits)
	assert.Zero(t, none)
	spellings := []string{passphrase, "wr\u00f6ng", "wr\xf6ng", "wr\x94ng"}
	for n, p := range spellings {
		_, err = f.Decrypt([]byte(p))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		reading, deriving := budget.Spent(limits)
		assert.Equal(t, uint64(n+1)*one, deriving)
		assert.Equal(t, before, reading, "a passphrase does not use up what reading may cost")
	}
}

// TestMendedOverTheLimit: a damaged file that asks for too much gets a *LimitError, not one
// about damage, and a caller can allow it.
func TestMendedOverTheLimit(t *testing.T) {
	text := strings.ReplaceAll(damagedPPK(t), "Argon2-Passes: 1 ", "Argon2-Passes: 2 ")
	for _, limits := range []engine.Limits{{KDFMemory: 63}, {KDFWork: 127}} {
		_, err := engine.OpenMended(engine.MendLimits([]byte(text), limits), 0, limits)
		var limit *sshkey.LimitError
		require.ErrorAs(t, err, &limit)
		assert.Contains(t, []sshkey.LimitKind{sshkey.LimitKDFMemory, sshkey.LimitKDFWork}, limit.Kind)
	}
	limits := engine.Limits{KDFMemory: 64, KDFWork: 128}
	_, err := engine.OpenMended(engine.MendLimits([]byte(text), limits), 0, limits)
	require.NoError(t, err)
}

// TestOwnBudget: the caller sets the limit of work, for Mend, OpenMended and Decrypt
// together.
func TestOwnBudget(t *testing.T) {
	text := []byte(damagedPPK(t))
	spent := budget.Metered(engine.Limits{})
	_, err := engine.OpenMended(engine.MendLimits(text, spent), 0, engine.Limits{})
	require.NoError(t, err)
	steps, _ := budget.Spent(spent)
	enough := engine.Limits{Work: steps}
	_, err = engine.OpenMended(engine.MendLimits(text, enough), 0, enough)
	require.NoError(t, err)
	for _, work := range []uint64{1, steps / 2, steps - 1} {
		limits := engine.Limits{Work: work}
		_, err = engine.OpenMended(engine.MendLimits(text, limits), 0, limits)
		var limit *sshkey.LimitError
		require.ErrorAs(t, err, &limit)
		assert.Equal(t, sshkey.LimitWork, limit.Kind)
		assert.Equal(t, work, limit.Max)
	}
}
