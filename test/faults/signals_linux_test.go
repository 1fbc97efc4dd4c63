package faults

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestSignals ends the command where it waits and where it works: with the exit code
// of the signal, the echo back on, and nothing new in the folder.
func TestSignals(t *testing.T) {
	prompt := func(text string) func(*testing.T, *keytest.Signalled) {
		return func(t *testing.T, s *keytest.Signalled) {
			s.Sees(t, text)
			assert.Zero(t, s.Modes(t).Lflag&unix.ECHO, "the echo is on at the prompt")
		}
	}
	work := func(t *testing.T, s *keytest.Signalled) { s.WorksHard(t) }
	for _, test := range keytest.Some(5, []struct {
		name, args string
		until      func(*testing.T, *keytest.Signalled)
	}{
		{"at the prompt", "ppk2pem enc.ppk", prompt("Passphrase for enc.ppk: ")},
		{"at the prompt without a command", "enc.ppk", prompt("Passphrase for enc.ppk: ")},
		{"at the prompt for a new passphrase", "pem2ppk --new-passphrase key.pem", prompt("New passphrase: ")},
		{"at the prompt of generate", "generate --new-passphrase -o new.ppk", prompt("New passphrase: ")},
		{"at the prompt of passwd", "passwd enc.ppk", prompt("Passphrase for enc.ppk: ")},
		{"while it reads a key", "pem2ppk pipe -o new.ppk", func(t *testing.T, s *keytest.Signalled) { s.Reads(t, s.Cmd.Dir+"/pipe") }},
		{"while it reads a certificate", "pem2ppk --certificate pipe key.pem -o new.ppk", func(t *testing.T, s *keytest.Signalled) { s.Reads(t, s.Cmd.Dir+"/pipe") }},
		{"while it reads a passphrase", "ppk2pem --passphrase-file pipe enc.ppk", func(t *testing.T, s *keytest.Signalled) { s.Reads(t, s.Cmd.Dir+"/pipe") }},
		{"while it derives a key to read", "ppk2pem --max-kdf-work 4294967295 --passphrase-file pass slow.ppk", work},
		{"while it derives a key to write", "pem2ppk --new-passphrase-file pass --kdf-memory 16384 --kdf-passes 640 key.pem", work},
		{"while it derives a key for passwd", "passwd --passphrase-file pass --kdf-memory 16384 --kdf-passes 640 -C x enc.ppk", work},
	}) {
		for sig, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
			t.Run(test.name+"/"+sig.String(), func(t *testing.T) {
				dir := makeSignalFolder(t)
				before := keytest.Snapshot(t, dir)
				s := keytest.StartSignalled(t, dir, strings.Fields(test.args)...)
				test.until(t, s)
				require.NoError(t, s.Cmd.Process.Signal(sig))
				_ = s.Cmd.Wait()
				assert.Equal(t, code, s.Cmd.ProcessState.ExitCode(), "%v: %s", s.Cmd.ProcessState, &s.Stderr)
				assert.Empty(t, s.Stdout.String())
				assert.Empty(t, s.Stderr.String())
				assert.Equal(t, s.Before, s.Modes(t), "the terminal is not as it was")
				assert.Equal(t, before, keytest.Snapshot(t, dir))
			})
		}
	}
}

// TestCtrlCAtThePrompt is what a person does: the terminal makes the signal.
func TestCtrlCAtThePrompt(t *testing.T) {
	dir := makeSignalFolder(t)
	before := keytest.Snapshot(t, dir)
	s := keytest.StartSignalled(t, dir, "ppk2pem", "enc.ppk", "other.ppk")
	s.Sees(t, "Passphrase for enc.ppk (Enter skips it): ")
	_, err := s.User.WriteString("half a passphr\x03")
	require.NoError(t, err)
	_ = s.Cmd.Wait()
	assert.Equal(t, 130, s.Cmd.ProcessState.ExitCode(), s.Stderr.String())
	assert.Equal(t, "2 files: 0 converted, 2 not done\nhint: the same command with --continue does the rest\n", s.Stderr.String())
	assert.Equal(t, s.Before, s.Modes(t), "the terminal is not as it was")
	assert.Equal(t, before, keytest.Snapshot(t, dir))
}

// TestFirstOfSeveralStays keeps what was written before the signal.
func TestFirstOfSeveralStays(t *testing.T) {
	dir := makeSignalFolder(t)
	s := keytest.StartSignalled(t, dir, "key.pem", "enc.ppk")
	s.Sees(t, "Passphrase for enc.ppk (Enter skips it): ")
	require.Eventually(t, func() bool { // the other is written meanwhile
		_, err := os.Stat(dir + "/key.ppk")
		return err == nil
	}, keytest.Patience, time.Millisecond)
	require.NoError(t, s.Cmd.Process.Signal(syscall.SIGTERM))
	_ = s.Cmd.Wait()
	assert.Equal(t, 143, s.Cmd.ProcessState.ExitCode(), s.Stderr.String())
	assert.FileExists(t, dir+"/key.ppk")
	assert.NoFileExists(t, dir+"/enc.pem")
}

// makeSignalFolder has a key whose derivation takes hours.
func makeSignalFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.pem": "console-rsa2048.pem", "enc.ppk": "twins/ed25519.v3.enc.ppk", "other.ppk": "twins/ecdsa256.v3.enc.ppk"})
	slow := bytes.Replace(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"), []byte("Argon2-Passes: 1\n"), []byte("Argon2-Passes: 60000000\n"), 1)
	keytest.WriteFile(t, dir, "slow.ppk", slow)
	keytest.WriteFile(t, dir, "pass", []byte(keytest.Passphrase+"\n"))
	require.NoError(t, unix.Mkfifo(dir+"/pipe", 0o600))
	return dir
}
