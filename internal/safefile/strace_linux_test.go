package safefile

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyconv/keyconv/internal/keytest"
)

// childEnv names the folder in which the test program only writes files, while its
// parent watches.
const childEnv = "KEYCONV_SAFEFILE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := writeEveryWay(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func writeEveryWay(dir string) error {
	syscall.Umask(0)
	secret := []byte("secret")
	for _, step := range []func() error{
		func() error { _, err := Write(join(dir, "new"), secret, Options{}); return err },
		func() error { _, err := Write(join(dir, "new"), secret, Options{Overwrite: true}); return err },
		func() error { _, err := Replace(join(dir, "new"), secret); return err },
		func() error { _, err := Write(join(dir, "public"), secret, Options{Perm: 0o644}); return err },
		func() error {
			_, err := write(join(dir, "renamed"), secret, Options{}, noLinks(syscall.EPERM))
			return err
		},
		func() error {
			_, err := write(join(dir, "claimed"), secret, Options{}, publishByClaim)
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// TestSystemCalls watches what a test of the result cannot see: that no moment
// shows a file that is open to others or not yet safe on the disk, and that every call
// is relative to a folder that was opened once.
func TestSystemCalls(t *testing.T) {
	strace := keytest.Tool(t, "strace")
	dir := t.TempDir()
	log := join(t.TempDir(), "log")
	cmd := exec.Command(strace, "-f", "-y", "-s", "4096", "-o", log,
		"-e", "trace=/^(open|creat|fchmod|write|fsync|link|rename|unlink)", os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)

	call := regexp.MustCompile(`^\d+ +([a-z]+?)(?:at2?)?\(.*` + regexp.QuoteMeta(dir))
	exclusive := regexp.MustCompile(`O_CREAT\|O_EXCL\|[A-Z_|]*, 0600\)`)
	var calls []string
	for _, line := range keytest.StraceCalls(text(t, log)) {
		m := call.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		calls = append(calls, m[1])
		assert.NotContains(t, line, `"`+dir, "the folder was opened once, and no call names it again")
		if strings.Contains(line, "O_CREAT") {
			assert.Regexp(t, exclusive, line)
			calls[len(calls)-1] = "create"
		}
	}
	assert.Equal(t, []string{
		"open", "create", "fchmod", "write", "fsync", "link", "unlink", "open", "fsync",
		"open", "create", "fchmod", "write", "fsync", "rename", "open", "fsync",
		"open", "create", "fchmod", "write", "fsync", "rename", "open", "fsync",
		"open", "create", "fchmod", "write", "fchmod", "fsync", "link", "unlink", "open", "fsync",
		"open", "create", "fchmod", "write", "fsync", "rename", "open", "fsync",
		"open", "create", "fchmod", "write", "fsync", "create", "rename", "open", "fsync",
	}, calls)
}
