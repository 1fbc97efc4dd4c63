package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// badKinds is one of every kind of file that cannot be converted, with its exit code.
var badKinds = map[string]struct {
	data []byte
	exit int
}{
	"empty":       {nil, 3},
	"text":        {[]byte("no key\n"), 3},
	"binary":      {bytes.Repeat([]byte{0, 1, 2, 0xff}, 500), 3},
	"cut":         {[]byte("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n"), 3},
	"large":       {bytes.Repeat([]byte("x"), sshkey.MaxFileSize+1), 3},
	"certificate": {[]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"), 3},
}

var badTestdata = map[string]int{
	"twins/ed25519.pub": 3, "twins/ed25519.v3.ppk": 3, "twins/ed25519.enc.openssh": 4,
	"corpus/import-edge/sk": 3, "corpus/import-edge/r_badn": 3,
}

// TestThousandGoodAndEveryBad: the good keys are all converted, each bad one has its
// line, and the exit code is that of the first.
func TestThousandGoodAndEveryBad(t *testing.T) {
	dir := t.TempDir()
	bad := fillFolder(t, dir, 1000)
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "0500-dangling")))
	bad["0500-dangling"] = 1
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "out"), 0o700))
	args := []string{keyconvPath(t), "pem2ppk", "--json", "-q", "-j", "4", "-d", "out"}
	first := 0
	for _, entry := range names {
		args = append(args, entry.Name())
		if first == 0 {
			first = bad[entry.Name()]
		}
	}
	got := runDetached(t, dir, "", args[0], args[1:]...)
	assert.Equal(t, first, got.code)
	assert.Equal(t, len(bad), strings.Count(got.stderr, "keyconv: "), "a line for each bad file")
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	require.Len(t, lines, len(names))
	for i, line := range lines {
		checkLine(t, line, names[i].Name(), bad[names[i].Name()])
	}
	written, err := filepath.Glob(filepath.Join(dir, "out", "*"))
	require.NoError(t, err)
	assert.Len(t, written, 1000)
	assertOwnerOnly(t, filepath.Join(dir, "out"))
}

// fillFolder writes good keys of four kinds, and the bad ones among them. It returns
// the exit codes of the bad.
func fillFolder(t *testing.T, dir string, good int) map[string]int {
	t.Helper()
	kinds := []string{"rsa2048.pem", "ed25519.openssh", "ecdsa256.pem", "ecdsa521.pkcs8.pem"}
	for i := range good {
		keytest.WriteFile(t, dir, fmt.Sprintf("%04d.pem", i), keytest.Read(t, "twins", kinds[i%len(kinds)]))
	}
	bad := map[string]int{}
	for name, kind := range badKinds {
		name = fmt.Sprintf("%04d-%s", 70*len(bad), name)
		keytest.WriteFile(t, dir, name, kind.data)
		bad[name] = kind.exit
	}
	for path, exit := range badTestdata {
		name := fmt.Sprintf("%04d-%s", 70*len(bad), filepath.Base(path))
		keytest.WriteFile(t, dir, name, keytest.Read(t, filepath.FromSlash(path)))
		bad[name] = exit
	}
	return bad
}

func checkLine(t *testing.T, line, name string, exit int) {
	t.Helper()
	var r record
	require.NoError(t, json.Unmarshal([]byte(line), &r), line)
	assert.Equal(t, name, r.Input, "the order of the inputs")
	assert.Equal(t, exit == 0, r.OK, line)
	if exit != 0 && assert.NotNil(t, r.Error, name) {
		assert.Equal(t, exit, r.Error.Exit, line)
	}
}

// TestFewDescriptors converts many files with hardly more descriptors than are written
// at a time.
func TestFewDescriptors(t *testing.T) {
	dir := t.TempDir()
	key := keytest.Read(t, "twins", "ed25519.openssh")
	for i := range 500 {
		keytest.WriteFile(t, dir, fmt.Sprintf("%04d.pem", i), key)
	}
	const few = 2*diskJobs + 24
	got := runDetached(t, dir, "", "/bin/sh", "-c", fmt.Sprintf(`ulimit -n %d; exec "$0" pem2ppk -r -j 2 .`, few), keyconvPath(t))
	assert.Zero(t, got.code, got.stderr)
	assert.Contains(t, got.stderr, "\n500 files: 500 converted\n")
}

// TestPromptsInTurn: files with two passphrases by turns ask once for each, the first of
// each kind, however many are worked on at a time.
func TestPromptsInTurn(t *testing.T) {
	dir := t.TempDir()
	keytest.WriteFile(t, dir, "one", []byte(keytest.Passphrase))
	keytest.WriteFile(t, dir, "two", []byte("another"))
	args := []string{"ppk2pem", "-j", "4", "--kdf-rounds", "1"}
	for i := range 12 {
		name := fmt.Sprintf("%02d.ppk", i)
		keytest.WriteFile(t, dir, name, keytest.Read(t, "twins", "ed25519.v3.enc.ppk"))
		if i%2 == 1 {
			got := runDetached(t, dir, "", keyconvPath(t), "passwd", "-q", "--passphrase-file", "one", "--new-passphrase-file", "two", "--kdf-memory", "64", "--kdf-passes", "1", name)
			require.Zero(t, got.code, got.stderr)
		}
		args = append(args, name)
	}
	s := startSignalled(t, dir, args...)
	s.sees(t, "Passphrase for 00.ppk: ")
	_, err := s.user.WriteString(keytest.Passphrase + "\n")
	require.NoError(t, err)
	s.sees(t, "Passphrase for 01.ppk: ")
	_, err = s.user.WriteString("another\n")
	require.NoError(t, err)
	require.NoError(t, s.cmd.Wait(), s.stderr.String())
	assert.Contains(t, s.stderr.String(), "\n12 files: 12 converted\n")
}

// TestProgressBar draws it on a terminal below the lines, and takes it away again.
func TestProgressBar(t *testing.T) {
	user, terminal := openTerminalPair(t)
	s := newScreen(terminal, 200, false)
	require.NotNil(t, s.bar)
	all := make(chan string, 1)
	go func() { all <- readUntil(t, user, "the end") }() // a terminal takes only so much that nobody reads
	s.print(func() { fmt.Fprintln(terminal, "too early for a bar") })
	time.Sleep(barDelay) // it is not drawn earlier, and knows no rate
	for i := range 100 {
		s.print(func() { fmt.Fprintf(terminal, "line %d\n", i) })
	}
	s.still(func() { fmt.Fprint(terminal, "Passphrase: ") })
	s.close()
	fmt.Fprintln(terminal, "the end")
	shown := <-all
	assert.Contains(t, shown, "too early for a bar\r\nline 0\r\n")
	assert.Regexp(t, `100 / 200 \[=+> +\] \d+/s \S+ left\r +\rline 99`, shown)
	assert.Regexp(t, `101 / 200 \[=+> +\] \d+/s \S+ left\r +\rPassphrase: `, shown)
	assert.Regexp(t, `Passphrase: the end`, shown)

	assert.Nil(t, newScreen(terminal, 200, true).bar, "with -q")
	assert.Nil(t, newScreen(&bytes.Buffer{}, 200, false).bar, "without a terminal")
	t.Setenv("TERM", "dumb")
	assert.Nil(t, newScreen(terminal, 200, false).bar, "a dumb terminal")
}

// TestProgressText: the bar has just the columns that it is given, at the start, on the
// way and at the end, and is longer only where they are too few.
func TestProgressText(t *testing.T) {
	for _, test := range []struct {
		done, total int
		since       time.Duration
		columns     int
		want        string
	}{
		{0, 200, 0, 40, "0 / 200 [>                  ] ?/s ? left"},
		{3, 200, 2 * time.Second, 40, "3 / 200 [>            ] 1.5/s 2m11s left"},
		{100, 200, 10 * time.Second, 40, "100 / 200 [=======>      ] 10/s 10s left"},
		{199, 200, time.Second, 40, "199 / 200 [=============>] 199/s 0s left"},
		{200, 200, time.Second, 40, "200 / 200 [==============] 200/s 0s left"},
		{100, 200, 10 * time.Second, 10, "100 / 200 [] 10/s 10s left"},
		{0, 0, 0, 0, "0 / 0 [] ?/s ? left"},
	} {
		got := progress{test.done, test.total}.text(test.since, test.columns)
		assert.Equal(t, test.want, got)
	}
}

func readUntil(t *testing.T, from *os.File, text string) string {
	t.Helper()
	assert.NoError(t, from.SetReadDeadline(time.Now().Add(patience)))
	var shown strings.Builder
	for buf := make([]byte, 1024); !strings.Contains(shown.String(), text); {
		n, err := from.Read(buf)
		if !assert.NoError(t, err, "the terminal shows %q", &shown) {
			break
		}
		shown.Write(buf[:n])
	}
	return shown.String()
}

// TestJobsMemory: key derivations together stay under the limit, and one that is larger
// than all of it has it alone.
func TestJobsMemory(t *testing.T) {
	a := newApp(t.Context(), streams{strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}})
	a.flags.jobs, a.flags.jobsMemory = 8, 100
	var used, most atomic.Int64
	work := func(one *app, name string) error {
		memory := int64(len(name))
		_, err := derive(one, uint64(memory), func() (any, error) {
			now := used.Add(min(memory, 100))
			defer used.Add(-min(memory, 100))
			for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
			}
			time.Sleep(time.Millisecond)
			return nil, nil
		})
		return err
	}
	var names []string
	for _, memory := range []int{40, 60, 150, 1, 99, 100, 40, 60, 5000, 30, 30, 30} {
		names = append(names, strings.Repeat("k", memory))
	}
	a.eachInput(names, work)
	require.NoError(t, a.failed)
	assert.LessOrEqual(t, most.Load(), int64(100))
	assert.Greater(t, most.Load(), int64(0))
}

// peakMemory runs a command and returns the most memory it had, in KiB.
func peakMemory(t testing.TB, dir string, args ...string) int64 {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
}

// TestEachInputCountsForItself: inputs that are begun after one has failed are not
// counted as failed.
func TestEachInputCountsForItself(t *testing.T) {
	var stderr bytes.Buffer
	a := newApp(t.Context(), streams{strings.NewReader(""), &bytes.Buffer{}, &stderr})
	a.flags.jobs = 1
	names := []string{"bad"}
	for i := range 4 * diskJobs {
		names = append(names, fmt.Sprint(i))
	}
	a.eachInput(names, func(_ *app, name string) error {
		if name == "bad" {
			return errors.New("it is bad")
		}
		return nil
	})
	assert.Equal(t, exitFailed, exitCode(a.failed))
	assert.Contains(t, stderr.String(), fmt.Sprintf("%d files: %d done, 1 failed\n", len(names), len(names)-1))
}
