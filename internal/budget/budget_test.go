package budget_test

import (
	"bytes"
	"crypto/ed25519"
	"math"
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSpend: copies of limits share a meter, other limits have one of their own, and the
// step after the last is an error.
func TestSpend(t *testing.T) {
	limits := budget.Metered(sshkey.Limits{Work: 800})
	var group sync.WaitGroup
	for range 8 {
		again := budget.Metered(limits)
		group.Go(func() {
			for range 100 {
				assert.NoError(t, budget.Spend(again, 1))
			}
		})
	}
	group.Wait()
	reading, deriving := budget.Spent(limits)
	assert.EqualValues(t, 800, reading)
	assert.Zero(t, deriving)
	var limit *sshkey.LimitError
	require.ErrorAs(t, budget.Spend(limits, 1), &limit)
	assert.Equal(t, &sshkey.LimitError{Kind: sshkey.LimitWork, What: "the work (in steps) of reading the file", Value: 801, Max: 800}, limit)

	require.NoError(t, budget.Spend(budget.Metered(sshkey.Limits{}), sshkey.MaxWork))
	require.Error(t, budget.Spend(sshkey.Limits{}, sshkey.MaxWork+1), "without a meter, each step by itself")
	raised := sshkey.Limits{Work: 2000, Meter: limits.Meter}
	require.NoError(t, budget.Spend(raised, 1000))
	require.Error(t, budget.Spend(raised, 1000))
}

// TestDerivationSteps: at its limit by default, each key derivation costs the same.
func TestDerivationSteps(t *testing.T) {
	for _, byDefault := range []uint64{sshkey.MaxArgon2Work, sshkey.MaxBcryptRounds, sshkey.MaxPBKDF2Iterations, sshkey.MaxScryptWork} {
		assert.EqualValues(t, uint64(sshkey.MaxPassphraseWork), budget.DerivationSteps(byDefault, byDefault))
		assert.EqualValues(t, uint64(sshkey.MaxPassphraseWork/2), budget.DerivationSteps(byDefault/2, byDefault))
		assert.Equal(t, uint64(math.MaxUint64), budget.DerivationSteps(math.MaxUint64, byDefault))
		require.NoError(t, budget.CheckWork(sshkey.Limits{PassphraseWork: sshkey.MaxPassphraseWork}, "w", byDefault, byDefault))
		var limit *sshkey.LimitError
		require.ErrorAs(t, budget.CheckWork(sshkey.Limits{PassphraseWork: sshkey.MaxPassphraseWork - 1}, "w", byDefault, byDefault), &limit)
		assert.Equal(t, sshkey.LimitPassphraseWork, limit.Kind)
	}
}

// TestStepsOfEveryType: a type without a row of its own is counted as the slowest, and
// none is slower; Validate never costs less than Check.
func TestStepsOfEveryType(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		pub, err := kt.New(t).Public()
		require.NoError(t, err)
		steps := rawkey.CheckSteps(pub)
		assert.Positive(t, steps)
		assert.LessOrEqual(t, steps, uint64(rawkey.MaxCheckSteps), kt.Name)
		assert.GreaterOrEqual(t, rawkey.ValidateSteps(pub), steps, kt.Name)
		assert.Less(t, rawkey.ValidateSteps(pub), uint64(sshkey.MaxWork), kt.Name)
	}
}

// TestPublicChecksNothing: the proof was made where the key was read. Of a key that a
// program put together wrongly the public half is the one that it has, and Check says so.
func TestPublicChecksNothing(t *testing.T) {
	private := bytes.Clone(keytest.Type(t, "ed25519").New(t).Private.(ed25519.PrivateKey))
	private[0] ^= 1
	key := sshkey.Key{Private: ed25519.PrivateKey(private)}
	pub, err := key.Public()
	require.NoError(t, err)
	assert.True(t, bytes.HasSuffix(pub.Marshal(), private[ed25519.SeedSize:]))
	require.ErrorAs(t, key.Check(), new(*sshkey.InvalidKeyError))
	_, err = (&sshkey.Key{Private: "no key"}).Public()
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
}
