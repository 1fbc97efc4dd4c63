package faults

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stracePath skips by name where processes cannot be watched.
func stracePath(t *testing.T) string {
	t.Helper()
	path := keytest.Tool(t, "strace")
	if got := keytest.RunDetached(t, t.TempDir(), "", path, "-o", os.DevNull, "true"); got.Code != 0 {
		keytest.Skip(t, "strace is not permitted here: "+got.Stderr)
	}
	return path
}

// TestSystemCalls watches every command that writes a key: whatever file it makes is
// made owner-only and is new, and no program is started. strace without root's rights
// cannot read the memory of keyconv, and shows addresses for names and structures.
func TestSystemCalls(t *testing.T) {
	strace := stracePath(t)
	made := regexp.MustCompile(`(\.keyconv-[A-Z2-7]+\.tmp"|0x[0-9a-f]+), O_WRONLY\|O_CREAT\|O_EXCL\|O_CLOEXEC, 0600\)`)
	for _, test := range writers {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			dir := faultFolder(t)
			fillOut(t, dir)
			log := filepath.Join(t.TempDir(), "log")
			got := keytest.RunDetached(t, dir, "", strace, append([]string{"-f", "-s", "1000", "-o", log,
				"-e", "trace=open,openat,openat2,creat,mknod,mknodat,execve,execveat,fork,vfork,clone,clone3", keytest.Command(t)},
				strings.Fields(test.args)...)...)
			require.Zero(t, got.Code, got.Stderr)
			files, programs := 0, 0
			for _, line := range keytest.StraceCalls(readFile(t, log)) {
				switch {
				case strings.Contains(line, "O_CREAT"):
					files++
					assert.Regexp(t, made, line)
				case strings.Contains(line, " execve"):
					programs++
				case regexp.MustCompile(` clone3?\(`).MatchString(line):
					assert.Regexp(t, `CLONE_THREAD| clone3\(0x`, line)
				}
				assert.NotRegexp(t, ` (creat|mknod|v?fork)`, line)
				assert.NotRegexp(t, `O_TRUNC|O_RDWR.*/out/`, line, "a file is written over")
			}
			assert.Equal(t, 1, programs, "keyconv started another program")
			// A certificate is a second file, and so are the damaged text that stays and the public
			// half of a new key in OpenSSH's form.
			two := slices.ContainsFunc([]string{"cert.ppk", "repair --in-place", "generate "}, func(s string) bool { return strings.Contains(test.args, s) })
			assert.Equal(t, two, files == 2, "%d files", files)
			assert.Positive(t, files)
		})
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// state is what is at an output afterwards.
type state int

const (
	asBefore state = iota
	isNew
	isEither
)

// TestFailingSystemCalls makes a system call fail and holds the command to what is
// documented then. A new output is given its name with link, an old one is replaced
// with rename. strace counts the calls of each thread apart, and Go changes threads: so only
// a first call is named by its number, and another by its file (-P).
func TestFailingSystemCalls(t *testing.T) {
	strace := stracePath(t)
	for _, test := range []struct {
		inject string
		args   string
		output string
		code   int
		stderr string
		state  state
	}{
		{"fsync:error=EIO:when=1", "pem2ppk key.pem -o out/new", "out/new", 1, "cannot write out/new: input/output error", asBefore},
		{"fsync:error=EIO:when=1", "pem2ppk key.pem -f -o out/old", "out/old", 1, "cannot write out/old: input/output error", asBefore},
		{"fsync:error=EIO:when=1", "passwd -C x out/own", "out/own", 1, "cannot write out/own: input/output error", asBefore},
		{"fsync:error=EIO -P out", "pem2ppk key.pem -o out/new", "out/new", 1, "the file is written, but may not last through a loss of power: input/output error", isNew},
		{"fsync:error=EINVAL", "pem2ppk key.pem -o out/new", "out/new", 0, "out/new", isNew},
		{"/linkat?:error=EPERM", "pem2ppk key.pem -o out/new", "out/new", 0, "out/new", isNew},
		{"/linkat?:error=EPERM", "pem2ppk key.pem -f -o out/old", "out/old", 0, "out/old", isNew},
		{"/rename.*:error=EACCES", "pem2ppk key.pem -f -o out/old", "out/old", 1, "cannot write out/old: permission denied", asBefore},
		{"/rename.*:error=EACCES", "passwd -C x out/own", "out/own", 1, "cannot write out/own: permission denied", asBefore},
		{"/^(rename|link).*:error=EACCES", "pem2ppk key.pem -o out/new", "out/new", 1, "cannot write out/new: permission denied", asBefore},
		{"/fchmod.*:error=EIO", "pem2ppk key.pem -o out/new", "out/new", 1, "cannot write out/new: input/output error", asBefore},
		{"/fchmod.*:error=EPERM", "pem2ppk key.pem -o out/new", "out/new", 0, "out/new", isNew},
		{"fsync:error=EIO:when=1", "repair --in-place out/damaged", "out/damaged", 1, "cannot write out/damaged: input/output error", asBefore},
		{"/rename.*:error=EACCES", "repair --in-place out/damaged", "out/damaged", 1, "cannot write out/damaged: permission denied", asBefore},
		{"/^(rename|link).*:error=EACCES", "repair --in-place out/damaged", "out/damaged", 1, "cannot write out/damaged: permission denied", asBefore},
		{"/rename.*:error=EACCES", "convert --to openssh --in-place out/own", "out/own", 1, "cannot write out/own: permission denied", asBefore},
		{"/fchown.*:error=EPERM", "passwd -C x out/own", "out/own", 0, "out/own", isNew},
	} {
		t.Run(test.inject+" "+test.args, func(t *testing.T) {
			t.Parallel()
			i := newInjection(t, test.output)
			got := i.run(t, strace, test.inject, test.args)
			assert.Equal(t, test.code, got.Code, got.Stderr)
			assert.Contains(t, got.Stderr, test.stderr)
			i.check(t, test.state)
		})
	}
}

// TestAnySystemCallFails fails one call after another: whatever is said, no key is
// lost, and success means a whole key.
func TestAnySystemCallFails(t *testing.T) {
	strace := stracePath(t)
	for _, failure := range []string{"write:error=ENOSPC", "close:error=EIO", "openat:error=EACCES", "/unlink.*:error=EACCES", "/.*stat.*:error=EIO"} {
		for _, command := range []struct{ args, output string }{
			{"pem2ppk key.pem -o out/new", "out/new"},
			{"passwd -C x out/own", "out/own"},
			{"convert --to openssh --in-place out/own", "out/own"},
		} {
			t.Run(failure+" "+command.args, func(t *testing.T) {
				t.Parallel()
				for _, when := range keytest.Some(2, []string{"1", "2", "3", "4+", "6", "8+"}) {
					i := newInjection(t, command.output)
					got := i.run(t, strace, failure+":when="+when, command.args)
					if got.Code == 0 {
						i.check(t, isNew)
						continue
					}
					i.mayLeave = i.mayLeave || strings.Contains(failure, "unlink")
					i.check(t, isEither)
				}
			})
		}
	}
}

// TestBothOrNeither: whichever file cannot get its name, a new key has its public half beside
// it, or nothing has changed.
func TestBothOrNeither(t *testing.T) {
	strace := stracePath(t)
	for force, fails := range map[string][]string{
		"":    {"1", "1+", "2+"},
		"-f ": {"1", "1+", "2", "3"}, // with 2+ not even the old half could get its name back
	} {
		for _, when := range fails {
			dir, before, got := generateFailing(t, strace, force, when)
			if got.Code != 0 {
				assert.Equal(t, before, keytest.Snapshot(t, dir), "%s%s", force, when)
				continue
			}
			require.Empty(t, got.Stderr)
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Len(t, entries, 2)
			half := keytest.RunDetached(t, dir, "", keytest.Command(t), "check", "--public", "k.pub", "k")
			assert.Equal(t, 0, half.Code, half.Stderr)
		}
	}
}

// generateFailing makes a key in a folder, which has the files already for "-f ". strace counts
// the calls of each thread apart, and Go may change threads between two of them: then other calls
// have failed than were meant, and it is set up again.
func generateFailing(t *testing.T, strace, force, when string) (dir string, before map[string]keytest.Entry, got keytest.Outcome) {
	t.Helper()
	for range 100 {
		dir = t.TempDir()
		if force != "" {
			keytest.WriteFile(t, dir, "k", []byte("old"))
			keytest.WriteFile(t, dir, "k.pub", []byte("old"))
		}
		before = keytest.Snapshot(t, dir)
		i := &injection{dir: dir, log: filepath.Join(t.TempDir(), "log")}
		got = i.run(t, strace, "linkat,renameat,renameat2:error=EIO:when="+when, "generate -q "+force+"-o k")
		if areInjected(t, i.log, when) {
			return dir, before, got
		}
	}
	require.Fail(t, "other calls fail than those meant", when)
	return dir, before, got
}

// areInjected reports whether just those calls in a log failed that were meant: "2" is the second
// of each kind, and "2+" are all from there.
func areInjected(t *testing.T, log, when string) bool {
	t.Helper()
	first, err := strconv.Atoi(strings.TrimSuffix(when, "+"))
	require.NoError(t, err)
	call := regexp.MustCompile(`^\d+ +([a-z0-9]+)\(`) // not a signal, nor the end of a thread
	calls := map[string]int{}
	for _, line := range keytest.StraceCalls(readFile(t, log)) {
		if m := call.FindStringSubmatch(line); m != nil {
			calls[m[1]]++
			meant := calls[m[1]] == first || calls[m[1]] > first && strings.HasSuffix(when, "+")
			if meant != strings.Contains(line, "(INJECTED)") {
				return false
			}
		}
	}
	return true
}

// injection is a run with a failing system call.
type injection struct {
	dir, output string
	log         string // of the calls; "" for none
	before      map[string]keytest.Entry
	mayLeave    bool // the temporary, since removing it is what fails
}

func newInjection(t *testing.T, output string) *injection {
	t.Helper()
	dir := faultFolder(t)
	fillOut(t, dir)
	return &injection{dir: dir, output: filepath.Join(dir, filepath.FromSlash(output)), before: keytest.Snapshot(t, dir)}
}

func (i *injection) run(t *testing.T, strace, inject, args string) keytest.Outcome {
	t.Helper()
	calls, _, _ := strings.Cut(inject, ":")
	inject, path, isOne := strings.Cut(inject, " -P ")
	line := []string{"-f", "-o", cmp.Or(i.log, os.DevNull), "-e", "trace=" + calls, "-e", "inject=" + inject}
	if isOne {
		line = append(line, "-P", filepath.Join(i.dir, path))
	}
	line = append(append(line, keytest.Command(t)), strings.Fields(args)...)
	got := keytest.RunDetached(t, i.dir, "", strace, line...)
	// Go itself writes to a file too, with which one thread wakes another, and ends the program
	// where it cannot.
	i.mayLeave = strings.Contains(got.Stderr, "runtime: netpollBreak")
	return got
}

func (i *injection) check(t *testing.T, want state) {
	t.Helper()
	now := keytest.Snapshot(t, i.dir)
	written, exists := now[i.output]
	changed := exists && written != i.before[i.output]
	if want != isEither {
		assert.Equal(t, want == isNew, changed, "output changed")
	}
	if changed {
		source := map[bool]string{true: "twins/ed25519.v3.ppk", false: "console-rsa2048.pem"}[filepath.Base(i.output) == "own"]
		assertWhole(t, i.output, parseTestdata(t, source))
	}
	_, was := i.before[i.output]
	assert.False(t, was && !exists, "the old output is lost")
	if !i.mayLeave {
		assertNoTemporary(t, filepath.Dir(i.output))
	}
	assertOwnerOnly(t, filepath.Dir(i.output))
	for path, e := range i.before {
		if path != i.output && e.Mode.IsRegular() {
			assert.Equal(t, e, now[path], path)
		}
	}
}
