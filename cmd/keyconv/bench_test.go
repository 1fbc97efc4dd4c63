//go:build unix

package main

import (
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
	keyconv := keytest.BuildRelease(b)
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
