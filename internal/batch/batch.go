// Package batch works on many inputs, several at a time, and shows them in order. It
// knows nothing of keys: an input is a number, and the work on it a function.
package batch

import (
	"context"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// diskJobs is how many inputs write at once. It is more than there are processors: a
// sync waits for the disk, milliseconds at a time.
const diskJobs = 32

// DefaultMemory is what the key derivations of all jobs take together, in KiB: as much
// as a single file may ask for.
const DefaultMemory = 1 << 20

// maxMemory keeps the sum of the weights from overflowing.
const maxMemory = 1 << 40

// Options say how much is done at a time. The zero value is right for most.
type Options struct {
	Jobs   int    // inputs at a time; 0 for as many as there are processors
	Memory uint64 // for all key derivations together, in KiB; 0 for DefaultMemory
	// Finished is called when the work on an input is done, in any order and from several
	// goroutines, with the time for which it had a processor.
	Finished func(index int, worked time.Duration)
	// Settled is called after the work on an input, one input after the other in their
	// order, on the goroutine of Run.
	Settled func(index int)
}

// run is a run over many inputs.
type run struct {
	cpu          processors
	disk, memory *semaphore.Weighted
	budget       int64 // the weight of memory, in KiB

	mu      sync.Mutex // guards what follows, and what Update changes
	changed *sync.Cond
	turn    int          // the first input that may still ask
	settled map[int]bool // later inputs that will not
}

// Slot is the place of one input in a run. A nil Slot is that of an input alone: it
// never waits for another.
type Slot struct {
	run    *run
	index  int
	since  time.Time     // when it got the processor that it has
	worked time.Duration // for which it had one before
}

// Run calls work for the inputs 0 to n-1, several at a time, and returns when all are
// done. It begins no input after the context has ended.
//
// So few inputs are ahead of the first unfinished one that the memory stays the same
// however many there are.
func Run(ctx context.Context, n int, o Options, work func(s *Slot, index int)) {
	jobs, budget := o.Jobs, int64(min(o.Memory, maxMemory))
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	if budget == 0 {
		budget = DefaultMemory
	}
	r := &run{
		cpu: processors{free: jobs}, disk: semaphore.NewWeighted(diskJobs),
		memory: semaphore.NewWeighted(budget), budget: budget, settled: map[int]bool{},
	}
	r.changed = sync.NewCond(&r.mu)
	pending := make(chan chan int, jobs+diskJobs) // how far the inputs run ahead
	go func() {
		defer close(pending)
		for i := 0; i < n && ctx.Err() == nil; i++ {
			done := make(chan int, 1)
			pending <- done
			ready := r.cpu.queue(i) // goroutines would come in any order
			go func() {
				<-ready
				s := &Slot{run: r, index: i, since: time.Now()}
				work(s, i)
				s.release()
				s.Settle()
				if o.Finished != nil {
					o.Finished(i, s.worked)
				}
				done <- i
			}()
		}
	}()
	for done := range pending {
		if i := <-done; o.Settled != nil {
			o.Settled(i)
		}
	}
}

// Rest gives the processor to another input while f waits for something else. Without
// it an input that waits for its turn would keep the one before it from working.
func (s *Slot) Rest(f func()) {
	if s == nil {
		f()
		return
	}
	s.release()
	defer func() {
		<-s.run.cpu.queue(s.index)
		s.since = time.Now()
	}()
	f()
}

func (s *Slot) release() {
	s.worked += time.Since(s.since)
	s.run.cpu.release()
}

// OnDisk does work that waits for the disk.
func (s *Slot) OnDisk(write func() error) error {
	if s == nil {
		return write()
	}
	var err error
	s.Rest(func() {
		_ = s.run.disk.Acquire(context.Background(), 1) // a write that has begun is finished
		defer s.run.disk.Release(1)
		err = write()
	})
	return err
}

// Await waits until answered says that this input need not ask, or all earlier inputs
// have settled. It calls answered with the lock of Update held.
func (s *Slot) Await(ctx context.Context, answered func() bool) error {
	if s == nil {
		answered()
		return context.Cause(ctx)
	}
	r := s.run
	stop := context.AfterFunc(ctx, func() { s.Update(func() {}) })
	defer stop()
	s.Rest(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for ctx.Err() == nil && !answered() && r.turn < s.index {
			r.changed.Wait()
		}
	})
	return context.Cause(ctx)
}

// Update changes what the function of Await looks at.
func (s *Slot) Update(change func()) {
	if s == nil {
		change()
		return
	}
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	change()
	s.run.changed.Broadcast()
}

// Settle says that this input will not ask any more. Run does so after the work.
func (s *Slot) Settle() {
	if s == nil {
		return
	}
	s.Update(func() {
		r := s.run
		r.settled[s.index] = true
		for r.settled[r.turn] {
			delete(r.settled, r.turn)
			r.turn++
		}
	})
}

// Derive runs work that derives a key, once that much memory, in KiB, is free. Work that
// wants more than there is for all has all of it.
func Derive[T any](ctx context.Context, s *Slot, memory uint64, work func() (T, error)) (T, error) {
	return Interruptible(ctx, func() (T, error) {
		if s == nil || memory == 0 {
			return work()
		}
		weight := int64(min(memory, uint64(s.run.budget)))
		if err := s.run.memory.Acquire(ctx, weight); err != nil {
			var zero T
			return zero, context.Cause(ctx)
		}
		defer s.run.memory.Release(weight)
		return work()
	})
}

// Interruptible runs work that cannot be stopped, such as a key derivation, and
// abandons it when the context ends: the process is about to exit then.
func Interruptible[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := work()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		if ctx.Err() == nil { // select takes either when both are ready
			return r.value, r.err
		}
	case <-ctx.Done():
	}
	var zero T
	return zero, context.Cause(ctx)
}
