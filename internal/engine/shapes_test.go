package engine_test

import (
	"errors"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cost is what a text asked for, counted.
type cost struct{ steps, allocated uint64 }

// costOf does what a command does with a text before it asks for a passphrase.
func costOf(t testing.TB, data []byte) cost {
	t.Helper()
	limits := budget.Metered(engine.Limits{})
	allocated := keytest.Allocated(func() {
		f, err := engine.OpenMended(engine.MendLimits(data, limits), 0, limits)
		if err == nil {
			engine.InspectFile(f, data)
			return
		}
		require.True(t, isDocumented(err), "%T: %v", err, err)
	})
	steps, _ := budget.Spent(limits)
	return cost{steps, allocated}
}

func maxCost(t testing.TB, s keytest.Shape, size int) (largest cost) {
	for _, size := range s.Sizes(size) {
		c := costOf(t, s.Make(size))
		largest = cost{max(largest.steps, c.steps), max(largest.allocated, c.allocated)}
	}
	return largest
}

// maxGrowth is how much more a text of twice the length may cost.
const maxGrowth = 2.2

// The worst shapes take 490 steps and 95 bytes of memory for each of their bytes.
const (
	maxStepsPerByte     = 550
	maxAllocatedPerByte = 110
)

// TestShapes: whatever a text is made of, twice as much of it costs at most about twice as
// much, and a text of the largest size stays far from the limit.
func TestShapes(t *testing.T) {
	const size = 16 << 10
	shapes := keytest.Shapes()
	require.Greater(t, len(shapes), 90)
	for _, s := range keytest.Some(30, shapes) {
		t.Run(s.Name, func(t *testing.T) {
			once, twice := maxCost(t, s, size), maxCost(t, s, 2*size)
			t.Logf("steps a byte: %d, bytes a byte: %d", twice.steps/(2*size), twice.allocated/(2*size))
			assert.LessOrEqual(t, float64(twice.steps), maxGrowth*float64(once.steps)+10_000)
			assert.LessOrEqual(t, float64(twice.allocated), maxGrowth*float64(once.allocated)+250_000)
			assert.Less(t, twice.steps/(2*size), uint64(maxStepsPerByte))
			assert.Less(t, twice.allocated, uint64(maxAllocatedPerByte*2*size))
		})
	}
}

// TestShapesOfALargeSize: none of them needs more than its part of the limit of work. (If the
// work grew with the square of the size, the test would time out.)
func TestShapesOfALargeSize(t *testing.T) {
	part := 4
	if keytest.Sampled() {
		part = 16
	}
	size := sshkey.MaxFileSize / part
	for _, s := range keytest.Shapes() {
		data := s.Make(size)
		data = data[:min(size, len(data))]
		limits := budget.Metered(engine.Limits{Work: sshkey.MaxWork / uint64(part)})
		_, err := engine.OpenMended(engine.MendLimits(data, limits), 0, limits)
		var limit *sshkey.LimitError
		assert.False(t, errors.As(err, &limit) && limit.Kind == sshkey.LimitWork, "%s: %v", s.Name, err)
	}
}
