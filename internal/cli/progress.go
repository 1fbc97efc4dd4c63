package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
)

// cost is a class of inputs that take about the same time.
type cost int

const (
	costUnknown cost = iota
	costPlain
	costDerived // a key derivation makes it a hundred times as long, more or less
	costs       // how many there are
)

// usualRatio is what a key derivation costs, in conversions without one: a tenth of a
// second to two milliseconds. It counts until there is one of each.
const usualRatio = 50

// progress is how much of a run over many inputs is done.
type progress struct {
	mu     sync.Mutex
	asking bool // a person is being asked
	inputs []inputProgress
}

type inputProgress struct {
	cost   cost
	begun  bool
	done   bool
	aside  bool          // it was done while a person was asked, in time that does not count
	worked time.Duration // for which it had a processor
}

func newProgress(total int) *progress { return &progress{inputs: make([]inputProgress, total)} }

// begin counts an input as at work. It may be called for a screen without a bar.
func (p *progress) begin(index int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inputs[index].begun = true
}

// finish counts an input, whose lines may have to wait for those before it. It may be called
// for a screen without a bar.
func (p *progress) finish(index int, worked time.Duration) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	in := &p.inputs[index]
	in.done, in.aside, in.worked = true, p.asking, worked
}

// setAsking says whether a person is being asked. It may be called for a screen without a bar.
func (p *progress) setAsking(asking bool) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asking = asking
}

// look finds out which inputs are encrypted, ahead of the work on them. It reads only
// files: anything else could be read once.
func (p *progress) look(ctx context.Context, names []string) {
	for i, name := range names {
		if ctx.Err() != nil {
			return
		}
		c := costOf(name)
		p.mu.Lock()
		p.inputs[i].cost = c
		p.mu.Unlock()
	}
}

func costOf(name string) cost {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return costUnknown
	}
	data, err := input.Files{}.Read(name)
	if err != nil {
		return costUnknown
	}
	defer clear(data)
	f, err := engine.Open(data, engine.Limits{})
	switch {
	case err != nil:
		return costUnknown
	case f.Encrypted():
		return costDerived
	}
	return costPlain
}

// left returns how long the rest takes after so much time, or false where nothing shows
// it. What an input costs is known from those of its class that are done; those at work are
// half done.
func (p *progress) left(worked time.Duration) (time.Duration, bool) {
	var count, counted, rest [costs]float64
	var spent [costs]float64
	for _, in := range p.inputs {
		switch {
		case !in.done && in.begun:
			counted[in.cost] += 0.5
			rest[in.cost] += 0.5
			continue
		case !in.done:
			rest[in.cost]++
			continue
		case !in.aside:
			counted[in.cost]++
		}
		count[in.cost]++
		spent[in.cost] += in.worked.Seconds()
	}
	mean := means(count, spent)
	var behind, ahead float64
	for c := range mean {
		behind += counted[c] * mean[c]
		ahead += rest[c] * mean[c]
	}
	if behind <= 0 || count == [costs]float64{} {
		return 0, false
	}
	return time.Duration(float64(worked) * ahead / behind), true
}

// means returns what an input of each class costs.
func means(count, spent [costs]float64) (mean [costs]float64) {
	for c := range mean {
		if count[c] > 0 {
			mean[c] = spent[c] / count[c]
		}
	}
	switch {
	case count[costPlain] == 0:
		mean[costPlain] = mean[costDerived] / usualRatio
	case count[costDerived] == 0:
		mean[costDerived] = mean[costPlain] * usualRatio
	}
	if all := count[costUnknown] + count[costPlain] + count[costDerived]; count[costUnknown] == 0 && all > 0 {
		mean[costUnknown] = (spent[costPlain] + spent[costDerived]) / all
	}
	return mean
}

// text returns the bar after that time, such as "3 / 200 [>      ] 12/s 16s left", in
// that many columns, or longer if nothing is left of the bar between its brackets. The
// rate is that of the whole run.
func (p *progress) text(worked time.Duration, columns int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	done, counted, total := 0, 0, len(p.inputs)
	for _, in := range p.inputs {
		if in.done {
			done++
		}
		if in.done && !in.aside {
			counted++
		}
	}
	speed, left := "?/s", "? left"
	if counted > 0 && worked > 0 {
		rate := float64(counted) / worked.Seconds()
		digits := 0
		if rate < 10 {
			digits = 1
		}
		speed = fmt.Sprintf("%.*f/s", digits, rate)
	}
	if rest, ok := p.left(worked); ok {
		left = rest.Round(time.Second).String() + " left"
	}
	before, after := fmt.Sprintf("%d / %d [", done, total), "] "+speed+" "+left
	room := max(0, columns-len(before)-len(after))
	line := strings.Repeat("=", room*done/max(1, total))
	if len(line) < room {
		line += ">"
	}
	return before + line + strings.Repeat(" ", room-len(line)) + after
}
