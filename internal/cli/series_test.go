package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

// runSeries does the work for inputs by these names, and returns what was printed.
func runSeries(ctx context.Context, jobs uint64, names []string, do work) (stderr string, failed error) {
	var out bytes.Buffer
	p := &program{printer: printer{stdout: io.Discard, stderr: &out}, guard: disk.NewGuard(), jobs: jobs}
	s := &series{program: p, job: p.register(&cobra.Command{})(), inputs: &input.Set{Names: names}, done: "done"}
	s.each(ctx, do)
	return out.String(), p.failed
}

// TestEachInputCountsForItself: inputs that are begun after one has failed are not
// counted as failed.
func TestEachInputCountsForItself(t *testing.T) {
	names := []string{"bad"}
	for i := range 320 {
		names = append(names, fmt.Sprint(i))
	}
	for _, jobs := range []uint64{1, 8} {
		stderr, failed := runSeries(t.Context(), jobs, names, func(_ context.Context, t *convert.Task, _ *one) error {
			if t.Name == "bad" {
				return errors.New("it is bad")
			}
			return nil
		})
		assert.Equal(t, "keyconv: bad: it is bad\n321 files: 320 done, 1 failed\n", stderr)
		assert.EqualError(t, failed, "it is bad")
	}
}

// TestNoWorkAfterASignal that came while a file was written, which goes on to its end.
func TestNoWorkAfterASignal(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	done := 0
	_, failed := runSeries(ctx, 1, []string{"first", "second", "third"}, func(context.Context, *convert.Task, *one) error {
		done++
		cancel(fault.Stop(fault.Terminated))
		return nil
	})
	assert.Equal(t, 1, done)
	assert.Equal(t, 143, fault.ExitCode(failed))
}

func TestCounted(t *testing.T) {
	assert.Equal(t, "1 session", counted(1, "session"))
	assert.Equal(t, "0 sessions", counted(0, "session"))
	assert.Equal(t, "1 of the keys written is not encrypted", notEncrypted(1))
	assert.Equal(t, "2 of the keys written are not encrypted", notEncrypted(2))
}
