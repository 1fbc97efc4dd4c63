package faults

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manyInputs is how many files a run is over that a signal ends.
const manyInputs = 60

// signalRuns returns how often each way to end is tried, at a random moment.
func signalRuns() int {
	if keytest.Sampled() {
		return 2
	}
	return 20
}

// manyFiles is a run over many files: every third output exists, and every fourth input
// is encrypted.
type manyFiles struct {
	dir    string
	args   []string
	before map[string]keytest.Entry
}

var batchInputs = []string{"rsa2048.pem", "ed25519.openssh", "rsa2048.aes128.pem", "ecdsa256.pem"}

const oldOutput = "what was there before"

func batchName(i int) string { return fmt.Sprintf("key%02d", i) }

func newConversions(t *testing.T) manyFiles {
	t.Helper()
	b := manyFiles{dir: faultFolder(t), args: []string{"convert", "--to", "ppk2", "-f", "-d", "out", "--passphrase-file", "pass"}}
	for i := range manyInputs {
		name := batchName(i)
		keytest.WriteFile(t, b.dir, name, keytest.Read(t, "twins", batchInputs[i%len(batchInputs)]))
		if i%3 == 0 {
			keytest.WriteFile(t, filepath.Join(b.dir, "out"), name+".ppk", []byte(oldOutput))
		}
		b.args = append(b.args, name)
	}
	b.before = keytest.Snapshot(t, b.dir)
	return b
}

// check is for after the end: inputs as they were, and of outputs nothing, or the old
// one whole, or the new one whole.
func (b manyFiles) checkConversions(t *testing.T, keys []*sshkey.Key) {
	t.Helper()
	now := keytest.Snapshot(t, b.dir)
	for i := range manyInputs {
		path := filepath.Join(b.dir, batchName(i))
		assert.Equal(t, b.before[path], now[path])
		output := filepath.Join(b.dir, "out", batchName(i)+".ppk")
		written, exists := now[output]
		switch {
		case !exists:
			assert.NotEqual(t, 0, i%3, "%s has gone", output)
		case written.Content == oldOutput:
			assert.Equal(t, 0, i%3, "%s was never there", output)
		default:
			assertWhole(t, output, keys[i%len(keys)])
		}
	}
}

// newChanges is passwd, which has no input but the file itself.
func newChanges(t *testing.T) manyFiles {
	t.Helper()
	b := manyFiles{dir: faultFolder(t), args: []string{"passwd", "--no-passphrase", "-C", "new"}}
	for i := range manyInputs {
		name := filepath.Join("out", batchName(i))
		keytest.WriteFile(t, b.dir, name, keytest.Read(t, "twins", "ed25519.v3.ppk"))
		b.args = append(b.args, name)
	}
	b.before = keytest.Snapshot(t, b.dir)
	return b
}

func (b manyFiles) checkChanges(t *testing.T, keys []*sshkey.Key) {
	t.Helper()
	old := keytest.Read(t, "twins", "ed25519.v3.ppk")
	for i := range manyInputs {
		path := filepath.Join(b.dir, "out", batchName(i))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		if !bytes.Equal(data, old) {
			assertWhole(t, path, keys[1])
			assert.Contains(t, string(data), "\nComment: new\n")
		}
	}
}

// newRepairs is repair in place, half of whose files need none.
func newRepairs(t *testing.T) manyFiles {
	t.Helper()
	b := manyFiles{dir: faultFolder(t), args: []string{"repair", "--in-place"}}
	for i := range manyInputs {
		name := filepath.Join("out", batchName(i))
		text := keytest.Read(t, "twins", "ed25519.v3.ppk")
		if i%2 == 0 {
			text = damaged(text)
		}
		keytest.WriteFile(t, b.dir, name, text)
		b.args = append(b.args, name)
	}
	b.before = keytest.Snapshot(t, b.dir)
	return b
}

func damaged(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\n"), []byte("\n  ")) }

// checkRepairs: a file is the damaged text or the clean one, and then the damaged one is
// beside it.
func (b manyFiles) checkRepairs(t *testing.T, _ []*sshkey.Key) {
	t.Helper()
	clean := keytest.Read(t, "twins", "ed25519.v3.ppk")
	for i := range manyInputs {
		path := filepath.Join(b.dir, "out", batchName(i))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		kept, err := os.ReadFile(path + ".damaged")
		switch {
		case i%2 == 1:
			assert.Equal(t, string(clean), string(data))
			assert.ErrorIs(t, err, os.ErrNotExist, path)
		case bytes.Equal(data, clean):
			require.NoError(t, err, "the damaged text of %s is gone", path)
			assert.Equal(t, string(damaged(clean)), string(kept))
		default:
			assert.Equal(t, string(damaged(clean)), string(data))
		}
	}
}

// run starts the command, and sends it a signal after a time. Without one it runs to
// its end. It returns the exit code and how long it took.
func (b manyFiles) run(t *testing.T, sig syscall.Signal, after time.Duration) (int, time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(keytest.Patiently(t), keytest.Command(t), b.args...)
	cmd.Dir = b.dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	begin := time.Now()
	require.NoError(t, cmd.Start())
	ended := make(chan time.Duration, 1)
	go func() {
		_ = cmd.Wait()
		ended <- time.Since(begin)
	}()
	var took time.Duration
	if sig == 0 {
		after = keytest.Patience
	}
	select {
	case took = <-ended:
	case <-time.After(after):
		_ = cmd.Process.Signal(cmp.Or(sig, syscall.SIGKILL)) // it may have ended
		took = <-ended
	}
	assert.NotContains(t, out.String(), "keyconv: ", "an error")
	assert.NotContains(t, out.String(), "DATA RACE")
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal()), took
	}
	return cmd.ProcessState.ExitCode(), took
}

// TestSignalsAtRandom ends runs over many files at random moments.
func TestSignalsAtRandom(t *testing.T) {
	keys := make([]*sshkey.Key, len(batchInputs))
	for i, name := range []string{"rsa2048.pem", "ed25519.openssh", "rsa2048.pem", "ecdsa256.pem"} {
		keys[i] = parseTestdata(t, "twins/"+name)
	}
	for name, make := range map[string]struct {
		new   func(*testing.T) manyFiles
		check func(manyFiles, *testing.T, []*sshkey.Key)
	}{
		"convert": {newConversions, manyFiles.checkConversions},
		"passwd":  {newChanges, manyFiles.checkChanges},
		"repair":  {newRepairs, manyFiles.checkRepairs},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, whole := make.new(t).run(t, 0, 0)
			require.Zero(t, code)
			ended := map[syscall.Signal]int{}
			for i := range 3 * signalRuns() {
				sig := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL}[i%3]
				b := make.new(t)
				after := rand.N(whole)
				code, took := b.run(t, sig, after)
				if code == 0 { // so the moments fit however busy the machine is
					whole = took
				}
				if code != 0 {
					assert.Equal(t, 128+int(sig), code, "%v after %v", sig, after)
					ended[sig]++
				}
				make.check(b, t, keys)
				assertOwnerOnly(t, filepath.Join(b.dir, "out"))
				if sig != syscall.SIGKILL {
					assertNoTemporary(t, filepath.Join(b.dir, "out"))
				}
			}
			t.Logf("whole run %v, ended early: %v", whole, ended)
			assert.NotEmpty(t, ended, "every run was over before its signal")
		})
	}
}
