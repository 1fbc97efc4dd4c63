//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVersionIsNotCode: what stands for a version, a platform or a switch is run neither by
// make nor by its shell.
func TestVersionIsNotCode(t *testing.T) {
	folder, programs := t.TempDir(), t.TempDir()
	makefile, err := os.ReadFile(filepath.Join(keytest.Root(t), "Makefile"))
	require.NoError(t, err)
	keytest.WriteFile(t, folder, "Makefile", makefile)
	makes := keytest.Tool(t, "make")
	fake := keytest.WriteFile(t, programs, "go", []byte("#!/bin/sh\nprintf '%s\\n' \"$@\"\n"))
	require.NoError(t, os.Chmod(fake, 0o700))
	t.Setenv("PATH", programs+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, code := range []string{"v1$(shell touch run)", "v1$$(touch run)", "v1$(touch run)", "v1`touch run`", `v1"; touch run; "`, "v1${SHELL:=$(touch run)}"} {
		for _, target := range []string{"release", "page"} {
			run := exec.CommandContext(t.Context(), makes, target, "VERSION="+code, "TARGETS="+code, "ALLOW_DIRTY="+code)
			run.Dir = folder
			out, err := run.CombinedOutput()
			require.NoError(t, err, string(out))
			assert.Contains(t, string(out), "\n-version\n"+code+"\n", "it arrives as it is")
			assert.NoFileExists(t, filepath.Join(folder, "run"), "%s %s", target, code)
		}
	}
}
