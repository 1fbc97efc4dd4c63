package main

import (
	"fmt"
	"strings"
)

// fate is what became of an input, besides a failure.
type fate struct {
	skipped bool // there was nothing to do
	plain   bool // a key without a passphrase was written
}

// tally counts the fates of the inputs of a batch.
type tally struct{ done, skipped, failed, plain, interrupted int }

func (t *tally) count(one *app) {
	switch {
	case is[interrupted](one.failed):
		t.interrupted++
	case one.failed != nil:
		t.failed++
	case one.fate.skipped:
		t.skipped++
	default:
		t.done++
	}
	if one.fate.plain {
		t.plain++
	}
}

// summarize is the last line of a batch.
func (b *batch) summarize(inputs int) {
	a, t := b.a, b.tally
	if a.flags.quiet {
		return
	}
	done := a.inputs.verb()
	if a.flags.dryRun {
		done = "would be " + done
	}
	parts := []string{fmt.Sprintf("%d %s", t.done, done)}
	for _, part := range []struct {
		count int
		what  string
	}{{t.skipped, "skipped"}, {t.failed, "failed"}, {inputs - t.done - t.skipped - t.failed, "not done"}} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.count, part.what))
		}
	}
	fmt.Fprintf(a.stderr, "%d files: %s\n", inputs, strings.Join(parts, ", "))
	if a.ctx.Err() != nil && a.inputs.canContinue {
		fmt.Fprintln(a.stderr, "hint: the same command with --continue does the rest")
	}
	if t.plain > 0 {
		fmt.Fprintf(a.stderr, "note: %d of the keys written are not encrypted; --new-passphrase protects them\n", t.plain)
	}
	a.inputs.noteLeftAlone(a)
}
