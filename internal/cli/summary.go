package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
)

// tally counts the results of a batch.
type tally struct{ done, skipped, failed, plain, open int }

// show prints what an input printed, and counts it.
func (s *series) show(o *one) {
	s.screen.print(func() {
		_, err := io.Copy(s.stdout, o.stdout.(*bytes.Buffer))
		// An error of standard error has nowhere to be reported.
		_, _ = io.Copy(s.stderr, o.stderr.(*bytes.Buffer))
		switch {
		case o.failed != nil:
			s.fail(o.name, o.failed)
		case err != nil && s.stdoutFailed:
			o.failed = err
		case err != nil:
			o.failed, s.stdoutFailed = err, true
			s.fail("", err)
		}
	})
	switch e, _ := errors.AsType[*fault.Error](o.failed); {
	case fault.IsStop(o.failed):
	case e != nil && e.Code == fault.LeftOut:
		s.tally.skipped++
		s.leftOut = true
	case o.failed != nil:
		s.tally.failed++
	case o.skipped:
		s.tally.skipped++
	default:
		s.tally.done++
	}
	if o.plain {
		s.tally.plain++
	}
	if o.open {
		s.tally.open++
	}
}

// summarize prints the last line of a batch.
func (s *series) summarize(ctx context.Context) {
	if s.quiet {
		return
	}
	t, all, done := s.tally, len(s.inputs.Names), s.done
	if s.job.DryRun {
		done = "would be " + done
	}
	parts := []string{fmt.Sprintf("%d %s", t.done, done)}
	for _, part := range []struct {
		count int
		what  string
	}{{t.skipped, "skipped"}, {t.failed, "failed"}, {all - t.done - t.skipped - t.failed, "not done"}} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.count, part.what))
		}
	}
	s.report("%d files: %s", all, strings.Join(parts, ", "))
	if (ctx.Err() != nil || s.leftOut) && s.resumes {
		s.report("hint: the same command with --continue does the rest")
	}
	if t.plain > 0 {
		s.report("note: %s; --new-passphrase protects them", notEncrypted(t.plain))
	}
	if t.open > 0 {
		s.report("note: %s still unprotected", oneOf(t.open, "1 of the files that were converted is itself", "%d of the files that were converted are themselves"))
	}
	if s.inputs.Others > 0 {
		s.noteOthers()
	}
}

// noteOthers says how many files in folders are not among the keys wanted.
func (s *series) noteOthers() {
	s.report("note: files in the folders that are not among the keys wanted: %d", s.inputs.Others)
}

// counted returns a number with the word for what it counts.
func counted(n int, word string) string { return oneOf(n, "1 "+word, "%d "+word+"s") }

// oneOf returns the words for one, or those for several with their number.
func oneOf(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(several, n)
}

// notEncrypted begins a sentence about some of the keys that were written.
func notEncrypted(n int) string {
	return oneOf(n, "1 of the keys written is not encrypted", "%d of the keys written are not encrypted")
}
