package main

import (
	"bytes"
	"io"
	"runtime"

	"golang.org/x/sync/semaphore"
)

// diskJobs is how many files are written at once. It is more than there are processors:
// a sync waits for the disk, milliseconds at a time.
const diskJobs = 32

// defaultJobsMemory is what the key derivations of all jobs take together, in KiB: as
// much as a single file may ask for.
const defaultJobsMemory = 1 << 20

// batch is a run over many inputs, several at a time. What they print is shown in the
// order of the inputs, and only so many are begun that the memory stays the same
// however many there are.
type batch struct {
	a      *app
	each   app           // what each input begins with, while a takes what comes of them
	cpu    chan struct{} // holds a token for each input at work
	disk   chan struct{} // holds a token for each file that is being written
	memory *semaphore.Weighted
	budget int64 // the weight of memory, in KiB
	screen *screen
	tally  tally
	told   bool // that standard output cannot be written
}

// slot is the place of one input in a batch. What it prints waits here for its turn.
type slot struct {
	*batch
	index          int
	stdout, stderr bytes.Buffer
}

func newBatch(a *app, inputs int) *batch {
	jobs, budget := int(a.flags.jobs), int64(min(a.flags.jobsMemory, 1<<40))
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	if budget == 0 {
		budget = defaultJobsMemory
	}
	return &batch{
		a: a, each: a.fresh(), cpu: make(chan struct{}, jobs), disk: make(chan struct{}, diskJobs),
		memory: semaphore.NewWeighted(budget), budget: budget,
		screen: newScreen(a.stderr, inputs, a.flags.quiet),
	}
}

// eachInput does the work for each input, several at a time where there are many. One
// failure does not stop the rest, an interruption does, even one that came when the
// work could not be stopped. The exit code is that of the first failure in the order
// of the inputs.
func (a *app) eachInput(names []string, work func(one *app, name string) error) {
	defer a.clearKept() // what was read to compare with, as by check
	a.guard.protectInputs(names)
	if len(names) > 1 && !a.inputs.oneByOne && !a.writesToStdout(names) {
		newBatch(a, len(names)).run(names, work)
		return
	}
	for _, name := range names {
		one := a.fresh()
		one.do(name, work)
		a.take(&one)
		if err := interruption(a.ctx); err != nil {
			a.fail("", err)
			return
		}
	}
	a.inputs.noteLeftAlone(a)
}

// fresh is a copy for one input, to which nothing has happened yet.
func (a *app) fresh() app {
	one := *a
	one.failed, one.kept = nil, nil
	return one
}

// do does the work on one input, and reports how it failed.
func (a *app) do(name string, work func(one *app, name string) error) {
	err := interruption(a.ctx)
	if err == nil {
		err = a.inputs.broken[name]
	}
	a.begin(name)
	if err == nil {
		err = work(a, name)
	}
	if failed := a.end(err); err == nil {
		err = failed
	}
	if err != nil {
		a.fail(name, err)
	}
	a.clearKept()
}

// take remembers the first failure, and an interruption before any.
func (a *app) take(one *app) {
	if a.failed == nil || is[interrupted](one.failed) {
		a.failed = one.failed
	}
}

func (b *batch) run(names []string, work func(one *app, name string) error) {
	line := make(chan chan *app, cap(b.cpu)+cap(b.disk))
	go b.start(names, work, line)
	for done := range line {
		b.finish(<-done)
	}
	b.screen.close()
	if err := interruption(b.a.ctx); err != nil {
		b.a.fail("", err)
	}
	b.summarize(len(names))
}

// start begins with the inputs, as far ahead of the first unfinished one as the line is
// long.
func (b *batch) start(names []string, work func(one *app, name string) error, line chan<- chan *app) {
	defer close(line)
	for i, name := range names {
		if b.a.ctx.Err() != nil {
			return
		}
		done := make(chan *app, 1)
		line <- done
		go func() { done <- b.work(i, name, work) }()
	}
}

func (b *batch) work(i int, name string, work func(one *app, name string) error) *app {
	one := b.each
	one.slot = &slot{batch: b, index: i}
	one.stdout, one.stderr = &one.slot.stdout, &one.slot.stderr
	b.cpu <- struct{}{}
	one.do(name, work)
	<-b.cpu
	one.settle()
	return &one
}

// finish shows what an input printed, and counts it.
func (b *batch) finish(one *app) {
	b.screen.print(func() {
		if _, err := one.slot.stdout.WriteTo(b.a.stdout); err != nil && one.failed == nil {
			b.cannotTell(one, err)
		}
		// An error of standard error has nowhere to be told.
		_, _ = io.Copy(b.a.stderr, &one.slot.stderr)
	})
	b.a.take(one)
	b.tally.count(one)
}

// cannotTell is for results that standard output does not take, which is said once.
func (b *batch) cannotTell(one *app, err error) {
	one.failed = err
	if !b.told {
		one.fail("", err)
	}
	b.told = true
}

// resting leaves the processor to another input while f waits for something else.
func (a *app) resting(f func()) {
	if a.slot == nil {
		f()
		return
	}
	<-a.slot.cpu
	defer func() { a.slot.cpu <- struct{}{} }()
	f()
}

// onDisk is for work that waits for the disk.
func (a *app) onDisk(write func() error) error {
	var err error
	a.resting(func() {
		if a.slot != nil {
			a.slot.disk <- struct{}{}
			defer func() { <-a.slot.disk }()
		}
		err = write()
	})
	return err
}

// derive runs work that derives a key, once it can have that much memory, in KiB. One
// that wants more than there is for all has it alone.
func derive[T any](a *app, memory uint64, work func() (T, error)) (T, error) {
	return interruptible(a.ctx, func() (T, error) {
		if a.slot == nil || memory == 0 {
			return work()
		}
		weight := int64(min(memory, uint64(a.slot.budget)))
		if err := a.slot.memory.Acquire(a.ctx, weight); err != nil {
			var none T
			return none, interruption(a.ctx)
		}
		defer a.slot.memory.Release(weight)
		return work()
	})
}
