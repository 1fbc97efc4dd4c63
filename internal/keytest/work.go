package keytest

import (
	"runtime"
	"sync"
	"testing"
)

// Allocated returns how many bytes a function allocates, including those that it frees.
func Allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// RequireLinear fails if a function that reads data allocates more than a constant times
// its length.
func RequireLinear(t testing.TB, data []byte, read func()) {
	t.Helper()
	const perByte, constant = 500, 2 << 20
	if got := Allocated(read); got > uint64(perByte*len(data)+constant) {
		t.Fatalf("%d bytes allocated for %d bytes of input", got, len(data))
	}
}

// Concurrently calls work four times at once and waits for all calls. With -race the race
// detector reports whether one writes what another reads; it goes by what is ordered, not by
// the clock, so that few calls show it as well as many.
func Concurrently(work func()) {
	var group sync.WaitGroup
	for range 4 {
		group.Go(work)
	}
	group.Wait()
}
