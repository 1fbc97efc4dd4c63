package safefile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// nobody is the usual number of the user without rights.
const nobody = 65534

// asNobody runs f without root's rights over files. The thread is thrown away
// afterwards, since it ends with its goroutine while locked to it.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		f() // there are no such rights to lose
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		if assert.NoError(t, unix.Setfsgid(nobody)) && assert.NoError(t, unix.Setfsuid(nobody)) {
			f()
		}
	}()
	<-done
}

// openTempDir returns a folder with that mode that the user nobody can reach.
func openTempDir(t *testing.T, perm fs.FileMode) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.Chmod(dir, perm))
	return dir
}

func TestReadOnlyFolder(t *testing.T) {
	dir := openTempDir(t, 0o777)
	existing(t, join(dir, "key"), "old", 0o666)
	require.NoError(t, os.Chmod(dir, 0o555))
	defer func() { assert.NoError(t, os.Chmod(dir, 0o755)) }()
	asNobody(t, func() {
		_, err := Write(join(dir, "new"), []byte("secret"), Options{})
		assertPathError(t, err, "write", join(dir, "new"), "permission denied")
		_, err = Write(join(dir, "key"), []byte("secret"), Options{Overwrite: true})
		assertPathError(t, err, "write", join(dir, "key"), "permission denied")
		_, err = Replace(join(dir, "key"), []byte("secret"))
		assertPathError(t, err, "replace", join(dir, "key"), "permission denied")
	})
	assert.Equal(t, "old", text(t, join(dir, "key")))
	assertOnly(t, dir, "key")
}

// TestFolderThatCannotBeListed: such a folder cannot be opened to be synced.
func TestFolderThatCannotBeListed(t *testing.T) {
	dir := openTempDir(t, 0o733)
	asNobody(t, func() {
		_, err := Write(join(dir, "key"), []byte("secret"), Options{})
		assert.NoError(t, err)
	})
	assert.Equal(t, "secret", text(t, join(dir, "key")))
}

func TestReplaceKeepsTheOwner(t *testing.T) {
	dir := openTempDir(t, 0o755)
	path := join(dir, "key")
	existing(t, path, "old", 0o600)
	if os.Getuid() != 0 {
		keytest.Skip(t, "only root can give files away")
	}
	require.NoError(t, os.Chown(path, nobody, nobody))
	res, err := Replace(path, []byte("new"))
	require.NoError(t, err)
	assert.False(t, res.NewOwner)
	info, err := os.Stat(path)
	require.NoError(t, err)
	stat := info.Sys().(*syscall.Stat_t)
	assert.Equal(t, []uint32{nobody, nobody}, []uint32{stat.Uid, stat.Gid})
	assert.Equal(t, fs.FileMode(0o600), info.Mode())
}

// TestNewOwner replaces a file of root as a user who may not give it back.
func TestNewOwner(t *testing.T) {
	dir := openTempDir(t, 0o777)
	path := join(dir, "key")
	asNobody(t, func() {
		d := openTestFolder(t, dir)
		res, err := d.put("key", content{data: []byte("new"), perm: 0o600, owner: &entry{uid: 0}}, publishOver)
		assert.NoError(t, err)
		assert.Equal(t, Result{Mode: 0o600, NewOwner: true}, res)
	})
	assert.Equal(t, "new", text(t, path))
}

// TestFileSizeLimit lets a write fail half-way. The limit is one of a whole process, and
// go test writes a file of its own, so a child process has it.
func TestFileSizeLimit(t *testing.T) {
	const isChild = "KEYCONV_TEST_FILE_SIZE_LIMIT"
	if os.Getenv(isChild) == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestFileSizeLimit$", "-test.v")
		child.Env = append(os.Environ(), isChild+"=1")
		out, err := child.CombinedOutput()
		require.NoError(t, err, string(out))
		require.Contains(t, string(out), "--- PASS: TestFileSizeLimit")
		return
	}
	dir := t.TempDir()
	existing(t, join(dir, "key"), "old", 0o600)
	var old unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_FSIZE, &old))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 4096, Max: old.Max}))
	defer func() { require.NoError(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &old)) }()

	failHalfWay(t, dir, syscall.EFBIG)
}

// failHalfWay writes more than fits, in every way, beside a file "key".
func failHalfWay(t *testing.T, dir string, want error) {
	t.Helper()
	large := bytes.Repeat([]byte("s"), 1<<17)
	_, err := Write(join(dir, "new"), large, Options{})
	assert.ErrorIs(t, err, want)
	_, err = Write(join(dir, "key"), large, Options{Overwrite: true})
	assertPathError(t, err, "write", join(dir, "key"), want.Error())
	_, err = Replace(join(dir, "key"), large)
	assertPathError(t, err, "replace", join(dir, "key"), want.Error())
	assert.Equal(t, "old", text(t, join(dir, "key")))
	assertOnly(t, dir, "key")
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	err := unix.Mount("none", dir, "tmpfs", 0, "size=64k")
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		keytest.Skip(t, "mounting a small disk is not permitted")
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(dir, 0)) })
	existing(t, join(dir, "key"), "old", 0o600)
	failHalfWay(t, dir, syscall.ENOSPC)
}

// TestFolderWithoutFiles: procfs takes no new files, not even from root.
func TestFolderWithoutFiles(t *testing.T) {
	const path = "/proc/self/keyconv-test"
	_, err := Write(path, []byte("secret"), Options{})
	var pathErr *fs.PathError
	require.ErrorAs(t, err, &pathErr)
	assert.Equal(t, path, pathErr.Path)
	assert.NotContains(t, pathErr.Err.Error(), "proc")
}
