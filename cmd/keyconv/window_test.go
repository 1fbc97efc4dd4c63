package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/process"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/fault"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inWindow runs the command in a window of its own, and says how often it waited for a
// key, and what there was to read by then.
func inWindow(ctx context.Context, args ...string) (code, waits int, text string) {
	var out bytes.Buffer
	s := cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}
	code = runInWindow(ctx, args, s, func() { waits++ })
	return code, waits, out.String()
}

const pressAnyKey = "\nPress any key to close this window."

func TestDropInWindow(t *testing.T) {
	key := keytest.WriteFile(t, t.TempDir(), "my key.pem", keytest.Read(t, "console-rsa2048.pem"))
	code, waits, text := inWindow(t.Context(), key)
	assert.Zero(t, code, text)
	assert.Equal(t, 1, waits)
	assert.Contains(t, text, "my key.ppk")
	assert.True(t, strings.HasSuffix(text, pressAnyKey), text)
	_, err := os.Stat(filepath.Join(filepath.Dir(key), "my key.ppk"))
	require.NoError(t, err)

	code, waits, text = inWindow(t.Context(), key)
	assert.Equal(t, fault.Exists, code)
	assert.Equal(t, 1, waits)
	assert.Contains(t, text, "move or rename that file")
	assert.True(t, strings.HasSuffix(text, pressAnyKey), text)

	code, waits, text = inWindow(t.Context(), filepath.Join(t.TempDir(), "missing"))
	assert.Equal(t, fault.Usage, code)
	assert.Equal(t, 1, waits)
	assert.NotContains(t, text, "move or rename")
}

// TestOpenInWindow: a double-click shows five lines.
func TestOpenInWindow(t *testing.T) {
	code, waits, text := inWindow(t.Context())
	assert.Zero(t, code)
	assert.Equal(t, 1, waits)
	assert.Equal(t, windowHelp+pressAnyKey, text)
	assert.Equal(t, 5, strings.Count(windowHelp, "\n"))
	for line := range strings.Lines(windowHelp) {
		assert.LessOrEqual(t, len(line), 80, "wider than a console: %q", line)
	}
}

func TestInterruptInWindow(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(fault.Stop(fault.Interrupted))
	_, waits, text := inWindow(ctx, "missing")
	assert.Zero(t, waits)
	assert.NotContains(t, text, pressAnyKey)

	// Ctrl-C ends the waiting.
	ctx, cancel = context.WithCancelCause(t.Context())
	var out bytes.Buffer
	runInWindow(ctx, nil, cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}, func() {
		cancel(fault.Stop(fault.Interrupted))
		select {}
	})
	assert.Contains(t, out.String(), pressAnyKey)
}

// TestShellHasNoWindow: nothing waits in a terminal, or where there is none.
func TestShellHasNoWindow(t *testing.T) {
	var out bytes.Buffer
	code := runInWindow(t.Context(), nil, cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}, nil)
	assert.Equal(t, fault.Usage, code)
	assert.NotContains(t, out.String(), "Press any key")
	assert.Nil(t, process.OwnConsole(), "a test has no window of its own")
}
