package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
)

func TestExitCode(t *testing.T) {
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, Done},
		{errors.New("anything"), Failed},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, Failed},
		{New(Usage, "no"), Usage},
		{New(Exists, "there"), Exists},
		{&engine.NotPrivateError{Format: engine.Empty}, NotAKey},
		{&sshkey.LimitError{}, NotAKey},
		{&sshkey.PassphraseMissingError{}, NeedsPassphrase},
		{sshkey.ErrIncorrectPassphrase, WrongPassphrase},
		{&Error{Exit: Usage, Err: &sshkey.LimitError{}}, Usage},
		{Stop(Terminated), Terminated},
	} {
		assert.Equal(t, test.want, ExitCode(test.err), "%v", test.err)
		if test.err != nil {
			assert.Equal(t, test.want, ExitCode(fmt.Errorf("x: %w", Advise(test.err, Advice{Do: Inspect}))), "%v", test.err)
		}
	}
	assert.True(t, IsStop(fmt.Errorf("x: %w", Stop(Interrupted))))
	assert.False(t, IsStop(New(OtherKey, "no")))
	assert.False(t, IsStop(nil))
}

// TestAdvice: the outermost counts, and does not change the words.
func TestAdvice(t *testing.T) {
	err := Advise(New(NotAKey, "not %d", 1).With(Advice{Do: Inspect}), Advice{Do: GivePrivate})
	assert.EqualError(t, err, "not 1")
	assert.Equal(t, GivePrivate, AdviceOf(fmt.Errorf("x: %w", err)).Do)
	assert.Equal(t, Inspect, AdviceOf(Advise(New(NotAKey, "no").With(Advice{Do: Inspect}), Advice{})).Do)
	assert.Equal(t, Advice{}, AdviceOf(errors.New("anything")))
}

// TestIn names the file once.
func TestIn(t *testing.T) {
	err := In("shown", &fs.PathError{Op: "open", Path: "secret/path", Err: fs.ErrPermission})
	assert.EqualError(t, err, "shown: permission denied")
	assert.ErrorIs(t, err, fs.ErrPermission)
}
