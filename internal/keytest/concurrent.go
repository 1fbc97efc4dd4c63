package keytest

import "sync"

// Concurrently calls work eight times at once and waits for all. Run with -race: the race
// detector says whether they write what others read.
func Concurrently(work func()) {
	var group sync.WaitGroup
	for range 8 {
		group.Go(work)
	}
	group.Wait()
}
