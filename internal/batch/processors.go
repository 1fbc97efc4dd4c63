package batch

import "sync"

// processors go to one input each at a time. Of those that wait the first in the order of
// the inputs has precedence: one that comes back from the disk does not queue behind
// inputs that have not begun, so that results can be shown as the work goes on.
type processors struct {
	mu      sync.Mutex
	free    int
	waiting []waiter
}

type waiter struct {
	index int
	ready chan struct{}
}

// queue puts an input among those that wait, and returns what is closed when its turn
// comes. Work that waits for a processor ends soon after its context, so this needs none.
func (p *processors) queue(index int) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := waiter{index, make(chan struct{})}
	if p.free > 0 {
		p.free--
		close(w.ready)
	} else {
		p.waiting = append(p.waiting, w)
	}
	return w.ready
}

func (p *processors) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		p.free++
		return
	}
	first := 0
	for i, w := range p.waiting {
		if w.index < p.waiting[first].index {
			first = i
		}
	}
	close(p.waiting[first].ready)
	p.waiting = append(p.waiting[:first], p.waiting[first+1:]...)
}
