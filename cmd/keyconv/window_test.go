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

// inConsole runs the command in a console of its own, and says how often it waited for a
// key, and what there was to read by then.
func inConsole(ctx context.Context, args ...string) (code, waits int, text string) {
	var out bytes.Buffer
	s := cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}
	code = runInConsole(ctx, args, s, func() { waits++ })
	return code, waits, out.String()
}

const pressAnyKey = "\nPress any key to close this window."

func TestDropInWindow(t *testing.T) {
	key := keytest.WriteFile(t, t.TempDir(), "my key.pem", keytest.Read(t, "console-rsa2048.pem"))
	code, waits, text := inConsole(t.Context(), key)
	assert.Zero(t, code, text)
	assert.Equal(t, 1, waits)
	assert.Contains(t, text, "my key.ppk")
	assert.True(t, strings.HasSuffix(text, pressAnyKey), text)
	_, err := os.Stat(filepath.Join(filepath.Dir(key), "my key.ppk"))
	require.NoError(t, err)

	code, waits, text = inConsole(t.Context(), key)
	assert.Equal(t, fault.Exists, code)
	assert.Equal(t, 1, waits)
	assert.Contains(t, text, "move or rename that file")
	assert.True(t, strings.HasSuffix(text, pressAnyKey), text)

	code, waits, text = inConsole(t.Context(), filepath.Join(t.TempDir(), "missing"))
	assert.Equal(t, fault.Usage, code)
	assert.Equal(t, 1, waits)
	assert.NotContains(t, text, "move or rename")
}

// TestOpenInWindow: a double-click shows five lines.
func TestOpenInWindow(t *testing.T) {
	code, waits, text := inConsole(t.Context())
	assert.Zero(t, code)
	assert.Equal(t, 1, waits)
	assert.Equal(t, consoleHelp+pressAnyKey, text)
	assert.Equal(t, 5, strings.Count(consoleHelp, "\n"))
	for line := range strings.Lines(consoleHelp) {
		assert.LessOrEqual(t, len(line), 80, "wider than a console: %q", line)
	}
}

func TestInterruptInWindow(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(fault.Stop(fault.Interrupted))
	_, waits, text := inConsole(ctx, "missing")
	assert.Zero(t, waits)
	assert.NotContains(t, text, pressAnyKey)

	// Ctrl-C ends the waiting.
	ctx, cancel = context.WithCancelCause(t.Context())
	var out bytes.Buffer
	runInConsole(ctx, nil, cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}, func() {
		cancel(fault.Stop(fault.Interrupted))
		select {}
	})
	assert.Contains(t, out.String(), pressAnyKey)
}

// TestConsoleFlag keeps the console, for a person who prefers it.
func TestConsoleFlag(t *testing.T) {
	code, waits, text := inConsole(t.Context(), consoleFlag)
	assert.Zero(t, code)
	assert.Equal(t, 1, waits)
	assert.Equal(t, consoleHelp+pressAnyKey, text)
	key := keytest.WriteFile(t, t.TempDir(), "key.pem", keytest.Read(t, "console-rsa2048.pem"))
	code, _, text = inConsole(t.Context(), consoleFlag, key)
	assert.Zero(t, code, text)
	assert.FileExists(t, strings.TrimSuffix(key, ".pem")+".ppk")
}

// TestIsForWindow: Explorer gives nothing, or files and folders; all else is a command
// line.
func TestIsForWindow(t *testing.T) {
	dir := t.TempDir()
	key := keytest.WriteFile(t, dir, "key.pem", nil)
	for _, args := range [][]string{nil, {key}, {key, dir}} {
		assert.True(t, isForWindow(args), "%q", args)
	}
	for _, args := range [][]string{{"pem2ppk", key}, {key, "-o", "x"}, {"missing"}, {consoleFlag, key}, {""}} {
		assert.False(t, isForWindow(args), "%q", args)
	}
	assert.False(t, process.OpenedInExplorer(), "a test has a shell")
}

// TestShellHasNoWindow: nothing waits in a terminal, or where there is none.
func TestShellHasNoWindow(t *testing.T) {
	var out bytes.Buffer
	code := runInConsole(t.Context(), nil, cli.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}, nil)
	assert.Equal(t, fault.Usage, code)
	assert.NotContains(t, out.String(), "Press any key")
	assert.Nil(t, process.OwnConsole(), "a test has no window of its own")
}
