package faults

import (
	"bytes"
	"crypto/rsa"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// leakRuns are ways to fail, with the passphrase given in every way.
var leakRuns = []struct {
	code int
	args string
	env  string // of SECRET
	fd   string // what comes from file descriptor 3
}{
	{5, "ppk2pem --passphrase-file wrong enc.ppk -o new", "", ""},
	{5, "ppk2pem --passphrase-env SECRET enc.ppk -o new", keytest.WrongPassphrase, ""},
	{5, "ppk2pem --passphrase-fd 3 enc.ppk -o new", "", keytest.WrongPassphrase},
	{5, "convert --to pkcs8 --passphrase-env SECRET enc.key -o new", keytest.WrongPassphrase, ""},
	{5, "passwd --passphrase-fd 3 --no-passphrase enc.pem", "", keytest.WrongPassphrase},
	{5, "ppk2pem --passphrase-file pass damaged-enc.ppk", "", ""},
	{5, "pem2ppk --passphrase-env SECRET damaged-enc.p8", keytest.Passphrase, ""},
	{3, "pem2ppk --passphrase-fd 3 damaged-enc.key -o new", "", keytest.Passphrase},
	{2, "ppk2pem --passphrase-env SECRET enc.ppk -o new", "\xff\xfe" + keytest.Passphrase, ""},
	{2, "ppk2pem --passphrase-fd 3 enc.ppk -o new", "", keytest.Passphrase + "\x00"},
	{2, "ppk2pem --passphrase-env SECRET --passphrase-file pass enc.ppk -o new", keytest.Passphrase, ""},
	{2, "ppk2pem --passphrase " + wrongPassphraseWord + " enc.ppk -o new", "", ""},
	{2, "pem2ppk --new-passphrase-env SECRET --kdf md5 key.pem", keytest.Passphrase, ""},
	{3, "pem2ppk cut.pem", "", ""},
	{3, "pem2ppk altered.pem", "", ""},
	{3, "ppk2pem cut.ppk", "", ""},
	{3, "ppk2pem altered.ppk -o new", "", ""},
	{3, "pem2ppk token", "", ""},
	{3, "convert --to sshcom --passphrase-env SECRET enc.key -o new", keytest.Passphrase, ""},
	{3, "pem2ppk --certificate key.pem key.pem -o new", "", ""},
	{3, "passwd -C x two", "", ""},
	{6, "ppk2pem --passphrase-env SECRET enc.ppk -o taken.ppk", keytest.Passphrase, ""},
	{7, "pem2ppk --strict indented.pem", "", ""},
	{7, "pem2ppk --strict -o new indented-enc.p8 --passphrase-env SECRET", keytest.Passphrase, ""},
	{1, "ppk2pem --passphrase-env SECRET --no-passphrase enc.ppk -o no/such", keytest.Passphrase, ""},
	{1, "pem2ppk key.pem -o folder", "", ""},
	{3, "pem2ppk --passphrase-fd 3 cut.pem enc.key token altered.pem -d folder", "", keytest.Passphrase},
	{0, "inspect key.pem plain.ppk enc.ppk enc.key enc.p8 two indented.pem", "", ""},
	{0, "public key.pem -o -", "", ""},
}

const wrongPassphraseWord = "staple"

// TestNoSecretInAnyMessage holds the secrets, in all their forms, against all that is
// printed, in failure and in success.
func TestNoSecretInAnyMessage(t *testing.T) {
	dir := makeLeakFolder(t)
	secret := leakNeedles(t, dir)
	require.Greater(t, len(secret), 10000)
	for _, test := range keytest.Some(len(leakRuns)/2, leakRuns) {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			dir := makeLeakFolder(t)
			read, write, err := os.Pipe()
			require.NoError(t, err)
			_, err = write.WriteString(test.fd)
			require.NoError(t, err)
			require.NoError(t, write.Close())
			cmd := exec.CommandContext(keytest.Patiently(t), keytest.Command(t), strings.Fields(test.args)...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "SECRET="+test.env)
			cmd.ExtraFiles = []*os.File{read}
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
			out, _ := cmd.CombinedOutput()
			_ = read.Close()
			assert.Equal(t, test.code, cmd.ProcessState.ExitCode(), "%s", out)
			assert.Empty(t, secret.found(string(out)), "%s", out)
			for _, word := range []string{keytest.Passphrase, keytest.WrongPassphrase, "correct", "horse", "battery"} {
				assert.NotContains(t, string(out), word)
			}
		})
	}
}

// TestNeedlesFind makes sure that the search above would find a leak.
func TestNeedlesFind(t *testing.T) {
	secret := leakNeedles(t, makeLeakFolder(t))
	key := parseTestdata(t, "console-rsa2048.pem").Private.(*rsa.PrivateKey)
	lines := strings.Split(string(keytest.Read(t, "console-rsa2048.pem")), "\n")
	for _, leak := range []string{
		key.D.String(), fmt.Sprintf("%x", key.Primes[1]), fmt.Sprintf("%v", key.Precomputed.Dp.Bytes()), lines[9][20:32],
	} {
		assert.NotEmpty(t, secret.found("bad key: "+leak))
	}
	assert.Empty(t, secret.found(key.N.String()))
}

// makeLeakFolder adds damaged files to the failing folder.
func makeLeakFolder(t *testing.T) string {
	t.Helper()
	dir := keytest.FailingFolder(t)
	key := keytest.Read(t, "console-rsa2048.pem")
	keytest.WriteFile(t, dir, "altered.pem", alterMiddle(key))
	keytest.WriteFile(t, dir, "indented.pem", bytes.ReplaceAll(key, []byte("\n"), []byte("\n  ")))
	keytest.WriteFile(t, dir, "indented-enc.p8", bytes.ReplaceAll(keytest.Read(t, "twins", "rsa2048.pkcs8.enc.pem"), []byte("\n"), []byte("\n  ")))
	for name, source := range map[string]string{"enc.ppk": "rsa2048.v3.enc.ppk", "enc.p8": "rsa2048.pkcs8.enc.pem", "enc.key": "rsa2048.enc.openssh"} {
		data := keytest.Read(t, "twins", source)
		cut := max(bytes.Index(data, []byte("Private-Lines")), 0)
		keytest.WriteFile(t, dir, "damaged-"+name, append(bytes.Clone(data[:cut]), alterMiddle(data[cut:])...))
	}
	return dir
}

// alterMiddle changes a letter of base64 in the middle.
func alterMiddle(data []byte) []byte {
	data = bytes.Clone(data)
	i := len(data) / 2
	for ; data[i] == '\n'; i++ {
	}
	data[i] = map[bool]byte{true: 'B', false: 'A'}[data[i] == 'A']
	return data
}

// TestPromptShowsNoSecret types at the prompt: right, wrong, and a paste.
func TestPromptShowsNoSecret(t *testing.T) {
	dir := makeSignalFolder(t)
	s := keytest.StartSignalled(t, dir, "ppk2pem", "enc.ppk")
	shown := ""
	for range 3 {
		s.Sees(t, "assphrase for enc.ppk: ")
		_, err := s.User.WriteString(keytest.WrongPassphrase + "\n")
		require.NoError(t, err)
	}
	_ = s.Cmd.Wait()
	assert.Equal(t, 5, s.Cmd.ProcessState.ExitCode())
	buf := make([]byte, 4096)
	n, _ := s.User.Read(buf)
	shown += string(buf[:n]) + s.Stdout.String() + s.Stderr.String()
	assert.NotContains(t, shown, "staple")
}
