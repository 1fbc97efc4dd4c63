package batch

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is for a machine that is stuck; nothing waits for it otherwise.
const patience = 60 * time.Second

// TestMemory: work with memory together stays under the limit, and what wants more than
// all of it has it alone.
func TestMemory(t *testing.T) {
	sizes := []int64{40, 60, 150, 1, 99, 100, 40, 60, 5000, 30, 30, 30}
	var used, peak atomic.Int64
	Run(t.Context(), len(sizes), Options{Jobs: 8, Memory: 100}, func(s *Slot, i int) {
		_, err := Derive(t.Context(), s, uint64(sizes[i]), func() (any, error) {
			memory := min(sizes[i], 100)
			now := used.Add(memory)
			defer used.Add(-memory)
			for old := peak.Load(); now > old && !peak.CompareAndSwap(old, now); old = peak.Load() {
			}
			time.Sleep(time.Millisecond)
			return nil, nil
		})
		assert.NoError(t, err)
	})
	assert.LessOrEqual(t, peak.Load(), int64(100))
	assert.Positive(t, peak.Load())
}

// TestSettledInOrder: inputs are settled in their order, whichever is done first, and
// no more than that many are at work at a time.
func TestSettledInOrder(t *testing.T) {
	const n, jobs = 200, 3
	var working, peak atomic.Int64
	var order []int
	Run(t.Context(), n, Options{Jobs: jobs, Settled: func(i int) { order = append(order, i) }}, func(_ *Slot, i int) {
		now := working.Add(1)
		defer working.Add(-1)
		for old := peak.Load(); now > old && !peak.CompareAndSwap(old, now); old = peak.Load() {
		}
		for range (n - i) % 7 {
			runtime.Gosched()
		}
	})
	require.Len(t, order, n)
	assert.True(t, slices.IsSorted(order))
	assert.LessOrEqual(t, peak.Load(), int64(jobs))
}

// TestNoWorkAfterASignal that came while an input was at work, which goes on to its end.
func TestNoWorkAfterASignal(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var done atomic.Int64
	Run(ctx, 10000, Options{Jobs: 1}, func(*Slot, int) {
		done.Add(1)
		cancel()
	})
	assert.Less(t, done.Load(), int64(10000))
}

// TestAwaitTurns: inputs that have to ask do so in their order, one at a time, however
// few processors there are; and an answer serves those that wait.
func TestAwaitTurns(t *testing.T) {
	const n = 50
	answers, asked := map[int]bool{}, []int{}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	Run(ctx, n, Options{Jobs: 2}, func(s *Slot, i int) {
		kind := i % 3
		known := false
		err := s.Await(ctx, func() bool { known = answers[kind]; return known })
		if !assert.NoError(t, err) || known {
			return
		}
		s.Update(func() {
			asked = append(asked, i)
			answers[kind] = true
		})
	})
	assert.Equal(t, []int{0, 1, 2}, asked)
}

// TestAwaitEndsWithTheContext, also where an earlier input never settles.
func TestAwaitEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("the reason")
	Run(ctx, 2, Options{Jobs: 2}, func(s *Slot, i int) {
		if i == 0 {
			<-ctx.Done()
			return
		}
		time.AfterFunc(time.Millisecond, func() { cancel(reason) })
		assert.Equal(t, reason, s.Await(ctx, func() bool { return false }))
	})
}

// TestDiskDoesNotHoldAProcessor: with one job, an input that writes lets the next work.
func TestDiskDoesNotHoldAProcessor(t *testing.T) {
	next := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	Run(ctx, 2, Options{Jobs: 1}, func(s *Slot, i int) {
		if i == 1 {
			close(next)
			return
		}
		assert.NoError(t, s.OnDisk(func() error {
			select {
			case <-next:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}))
	})
}

// TestOneAlone: an input without a slot never waits.
func TestOneAlone(t *testing.T) {
	var s *Slot
	called := false
	require.NoError(t, s.Await(t.Context(), func() bool { called = true; return false }))
	assert.True(t, called)
	require.NoError(t, s.OnDisk(func() error { return nil }))
	s.Rest(func() {})
	s.Settle()
	_, err := Derive(t.Context(), s, 1<<40, func() (any, error) { return nil, nil })
	require.NoError(t, err)
}

// TestInterruptible leaves work alone that does not end.
func TestInterruptible(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("the reason")
	hang := make(chan struct{})
	defer close(hang)
	time.AfterFunc(time.Millisecond, func() { cancel(reason) })
	_, err := Interruptible(ctx, func() (int, error) { <-hang; return 1, nil })
	assert.Equal(t, reason, err)
}

// doneAfter is a context that has ended, but is only asked for that after some work.
type doneAfter struct {
	context.Context
	worked chan struct{}
}

func (d doneAfter) Done() <-chan struct{} {
	<-d.worked
	for range 10 { // until the result is there as well
		runtime.Gosched()
	}
	return d.Context.Done()
}

// TestInterruptedThoughDone: a result that comes together with the end of the context does not
// count, on a busy machine either.
func TestInterruptedThoughDone(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("the reason")
	cancel(reason)
	for range 100 {
		worked := make(chan struct{})
		value, err := Interruptible(doneAfter{ctx, worked}, func() (int, error) {
			close(worked)
			return 1, nil
		})
		assert.Equal(t, reason, err)
		assert.Zero(t, value)
	}
}
