//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/require"
)

// BenchmarkBatch compares converting 2,000 unencrypted RSA 2048 keys in one run with a
// shell loop over puttygen, which gets fewer. "rate-of-puttygen" is how many times as
// many keys are done in the same time.
func BenchmarkBatch(b *testing.B) {
	keytest.Tool(b, "puttygen")
	keyconv := keytest.BuildRelease(b)
	const many, fewer = 2000, 200
	in := copies(b, many, keytest.Read(b, "console-rsa2048.pem"))
	var ours, theirs time.Duration
	for b.Loop() {
		ours += elapsed(b, keyconv, "pem2ppk", "-q", "-r", "-d", emptyFolder(b), in)
		theirs += elapsed(b, "sh", "-c", fmt.Sprintf(
			`i=0; while [ $i -lt %d ]; do puttygen "$1/$i.pem" -o "$2/$i.ppk" || exit; i=$((i+1)); done`, fewer), "sh", in, emptyFolder(b))
	}
	b.ReportMetric(many*float64(b.N)/ours.Seconds(), "keys/s")
	b.ReportMetric((many/ours.Seconds())/(fewer/theirs.Seconds()), "rate-of-puttygen")
}

// BenchmarkJobs compares reading and writing encrypted keys with two jobs and with one.
func BenchmarkJobs(b *testing.B) {
	keyconv := keytest.BuildRelease(b)
	const files = 40
	key := keytest.WriteFile(b, b.TempDir(), "key.pem", keytest.Read(b, "console-rsa2048.pem"))
	pass := keytest.WriteFile(b, b.TempDir(), "pass", []byte(keytest.Passphrase))
	encrypted := filepath.Join(b.TempDir(), "key.ppk")
	elapsed(b, keyconv, "pem2ppk", "-q", "--new-passphrase-file", pass, "-o", encrypted, key)
	data, err := os.ReadFile(encrypted)
	require.NoError(b, err)
	in := copies(b, files, data)
	var times [3]time.Duration
	for b.Loop() {
		for _, jobs := range []int{1, 2} {
			times[jobs] += elapsed(b, keyconv, "convert", "--to", "ppk", "-q", "-r", "--passphrase-file", pass, "-j", fmt.Sprint(jobs), "-d", emptyFolder(b), in)
		}
	}
	b.ReportMetric(files*float64(b.N)/times[2].Seconds(), "keys/s")
	b.ReportMetric(times[1].Seconds()/times[2].Seconds(), "rate-of-one-job")
}

func copies(b *testing.B, n int, data []byte) string {
	b.Helper()
	dir := b.TempDir()
	for i := range n {
		keytest.WriteFile(b, dir, fmt.Sprintf("%d.pem", i), data)
	}
	return dir
}

func emptyFolder(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp(b.TempDir(), "out")
	require.NoError(b, err)
	return dir
}

func elapsed(b *testing.B, name string, args ...string) time.Duration {
	b.Helper()
	begin := time.Now()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(b, err, string(out))
	return time.Since(begin)
}
