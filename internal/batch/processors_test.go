package batch

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestFirstInputGoesFirst: a processor that comes free goes to the first input that waits,
// however late it came.
func TestFirstInputGoesFirst(t *testing.T) {
	p := &processors{}
	var order []int
	var all sync.WaitGroup
	for _, index := range []int{7, 9, 2, 8, 3} {
		ready := p.queue(index)
		all.Go(func() {
			<-ready
			order = append(order, index)
			p.release()
		})
	}
	p.release()
	all.Wait()
	assert.Equal(t, []int{2, 3, 7, 8, 9}, order)
	assert.Equal(t, 1, p.free)
}

// TestWrittenInputsAreShown: an input that comes back from the disk is finished before
// another begins. Each writes until the next has begun, which works until the one before
// it waits for the processor.
func TestWrittenInputsAreShown(t *testing.T) {
	const n = 100
	var settled atomic.Int64
	var ahead, finished int64 // with one processor, one input at a time changes them
	begun := make([]chan struct{}, n+1)
	for i := range begun {
		begun[i] = make(chan struct{})
	}
	close(begun[n])
	o := Options{Jobs: 1, Settled: func(int) { settled.Add(1) }, Finished: func(int, time.Duration) { atomic.AddInt64(&finished, 1) }}
	Run(t.Context(), n, o, func(s *Slot, i int) {
		ahead = max(ahead, int64(i)-atomic.LoadInt64(&finished))
		close(begun[i])
		for i > 0 && !s.run.cpu.hasWaiting(i-1) {
			runtime.Gosched()
		}
		assert.NoError(t, s.OnDisk(func() error { <-begun[i+1]; return nil }))
	})
	assert.LessOrEqual(t, ahead, int64(2))
	assert.Equal(t, int64(n), finished)
	assert.Equal(t, int64(n), settled.Load())
}

func (p *processors) hasWaiting(index int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.waiting, func(w waiter) bool { return w.index == index })
}
