package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/require"
)

// BenchmarkProcess compares the CPU time of whole processes that convert one
// unencrypted RSA 2048 key, keyconv and puttygen by turns, so that a noisy machine
// disturbs both alike. "cpu-of-puttygen-%" is the figure to look at.
func BenchmarkProcess(b *testing.B) {
	puttygen := keytest.Tool(b, "puttygen")
	dir := b.TempDir()
	keyconv := buildKeyconv(b)
	in := keytest.Testdata(b, "console-rsa2048.pem")

	var ours, theirs time.Duration
	for b.Loop() {
		ours += cpuTime(b, keyconv, "pem2ppk", "-q", "-f", "-o", filepath.Join(dir, "ours.ppk"), in)
		theirs += cpuTime(b, puttygen, in, "-o", filepath.Join(dir, "theirs.ppk"))
	}
	b.ReportMetric(float64(ours.Microseconds())/float64(b.N), "keyconv-cpu-µs")
	b.ReportMetric(float64(theirs.Microseconds())/float64(b.N), "puttygen-cpu-µs")
	b.ReportMetric(100*float64(ours)/float64(theirs), "cpu-of-puttygen-%")
}

func cpuTime(b *testing.B, name string, args ...string) time.Duration {
	b.Helper()
	cmd := exec.Command(name, args...)
	out, err := cmd.CombinedOutput()
	require.NoError(b, err, string(out))
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// buildKeyconv builds the command as a release does.
func buildKeyconv(t testing.TB) string {
	t.Helper()
	keyconv := filepath.Join(t.TempDir(), "keyconv")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", keyconv, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	return keyconv
}
