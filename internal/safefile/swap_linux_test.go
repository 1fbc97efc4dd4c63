package safefile

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// theirs is a folder of a user nobody, with a folder "d" that has a file "key", and a
// symlink "s" to a folder of root's that has other files.
func theirs(t *testing.T) (dir, victim string) {
	t.Helper()
	if os.Getuid() != 0 {
		keytest.Skip(t, "only root has more rights than the user whose folder it is")
	}
	dir, victim = openTempDir(t, 0o755), openTempDir(t, 0o755)
	require.NoError(t, os.Mkdir(join(dir, "d"), 0o755))
	existing(t, join(dir, "d", "key"), "old", 0o600)
	require.NoError(t, os.Symlink(victim, join(dir, "s")))
	for _, name := range []string{"", "d", "d/key", "s"} {
		require.NoError(t, os.Lchown(join(dir, name), nobody, nobody))
	}
	return dir, victim
}

// swap exchanges the folder with the symlink.
func swap(dir string) error {
	return unix.Renameat2(unix.AT_FDCWD, join(dir, "d"), unix.AT_FDCWD, join(dir, "s"), unix.RENAME_EXCHANGE)
}

func owner(t *testing.T, path string) uint32 {
	t.Helper()
	info, err := os.Lstat(path)
	require.NoError(t, err)
	return info.Sys().(*syscall.Stat_t).Uid
}

// TestSwappedFolder exchanges the folder for a symlink after it was opened, for every way
// to write: the file goes into the folder that was meant, and no temporary stays.
func TestSwappedFolder(t *testing.T) {
	for name, publish := range map[string]publisher{"link": publishNew, "rename": noLinks(syscall.EPERM), "claim": publishByClaim, "over": publishOver} {
		t.Run(name, func(t *testing.T) {
			dir, victim := theirs(t)
			_, err := write(join(dir, "d", "new"), []byte("secret"), Options{}, func(d *folder, temporary, name string) error {
				require.NoError(t, swap(dir))
				return publish(d, temporary, name)
			})
			require.NoError(t, err)
			assert.Equal(t, "secret", text(t, join(dir, "s", "new")))
			assertOnly(t, join(dir, "s"), "key", "new")
			assertOnly(t, victim)
		})
	}
	t.Run("failing", func(t *testing.T) {
		dir, victim := theirs(t)
		_, err := write(join(dir, "d", "new"), []byte("secret"), Options{}, func(d *folder, temporary, name string) error {
			require.NoError(t, swap(dir))
			return unix.EIO
		})
		require.ErrorIs(t, err, unix.EIO)
		assertOnly(t, join(dir, "s"), "key")
		assertOnly(t, victim)
	})
}

// TestSwappedBetweenReadingAndReplacing: the file that was read is replaced, although the
// path now leads to one of the same name elsewhere.
func TestSwappedBetweenReadingAndReplacing(t *testing.T) {
	dir, victim := theirs(t)
	existing(t, join(victim, "key"), "of root", 0o600)
	e, err := OpenExisting(join(dir, "d", "key"))
	require.NoError(t, err)
	defer func() { assert.NoError(t, e.Close()) }()
	require.NoError(t, swap(dir))
	_, err = e.Replace([]byte("new"))
	require.NoError(t, err)
	assert.Equal(t, "of root", text(t, join(victim, "key")))
	assert.Equal(t, "new", text(t, join(dir, "s", "key")))
	assert.EqualValues(t, nobody, owner(t, join(dir, "s", "key")))
	assertOnly(t, victim, "key")
}

// TestExchangedFile: another file at the name is not replaced.
func TestExchangedFile(t *testing.T) {
	dir := t.TempDir()
	existing(t, join(dir, "key"), "old", 0o600)
	e, err := OpenExisting(join(dir, "key"))
	require.NoError(t, err)
	defer func() { assert.NoError(t, e.Close()) }()
	existing(t, join(dir, "other"), "other", 0o600)
	require.NoError(t, os.Rename(join(dir, "other"), join(dir, "key")))
	_, err = e.Replace([]byte("new"))
	assertPathError(t, err, "replace", join(dir, "key"), "another file has taken its place meanwhile")
	assert.Equal(t, "other", text(t, join(dir, "key")))
	assertOnly(t, dir, "key")
}

// TestSymlinkOfSomebodyElse: root does not follow one to a folder that is not theirs.
func TestSymlinkOfSomebodyElse(t *testing.T) {
	dir, victim := theirs(t)
	existing(t, join(victim, "key"), "of root", 0o644)
	require.NoError(t, os.Symlink(join(victim, "key"), join(dir, "d", "link")))
	require.NoError(t, os.Lchown(join(dir, "d", "link"), nobody, nobody))
	for _, path := range []string{join(dir, "s", "key"), join(dir, "d", "link"), join(dir, "d", "..", "s", ".", "key")} {
		const why = "a symlink of nobody leads to it, and its folder belongs to root: name the file itself"
		_, err := Replace(path, []byte("new"))
		assertPathError(t, err, "replace", path, why)
		_, err = OpenExisting(path)
		assertPathError(t, err, "open", path, why)
	}
	_, err := Write(join(dir, "s", "new"), []byte("new"), Options{})
	require.Error(t, err)
	assertOnly(t, victim, "key")
	assert.Equal(t, "of root", text(t, join(victim, "key")))

	// Their own symlink to their own folder is fine, and so is a symlink of root's.
	require.NoError(t, os.Symlink("d", join(dir, "own")))
	require.NoError(t, os.Lchown(join(dir, "own"), nobody, nobody))
	_, err = Replace(join(dir, "own", "key"), []byte("new"))
	require.NoError(t, err)
	require.NoError(t, os.Symlink(victim, join(dir, "d", "of root")))
	_, err = Replace(join(dir, "d", "of root", "key"), []byte("new"))
	require.NoError(t, err)
	assert.Equal(t, "new", text(t, join(victim, "key")))
}

// TestNothingIsGivenAwayInASharedFolder, where the owner of a file is not that of the
// folder.
func TestNothingIsGivenAwayInASharedFolder(t *testing.T) {
	if os.Getuid() != 0 {
		keytest.Skip(t, "only root can give files away")
	}
	for _, tt := range []struct {
		perm    fs.FileMode
		owner   int
		refused bool
	}{{0o755, 0, false}, {0o777, 0, true}, {0o777 | fs.ModeSticky, 0, true}, {0o775, 0, true}, {0o755, nobody, false}, {0o777, nobody, false}, {0o755, 12345, true}} {
		dir := openTempDir(t, tt.perm)
		path := join(dir, "key")
		existing(t, path, "old", 0o600)
		require.NoError(t, os.Chown(path, nobody, nobody))
		require.NoError(t, os.Chown(dir, tt.owner, 0))
		_, err := Replace(path, []byte("new"))
		assert.Equal(t, tt.refused, err != nil, "%v %d: %v", tt.perm, tt.owner, err)
		if tt.refused {
			assert.ErrorContains(t, err, "run this as nobody")
		}
		assert.EqualValues(t, nobody, owner(t, path))
		assertOnly(t, dir, "key")
	}
}

// TestRaceForAFolder lets another user exchange a folder of theirs for a symlink to one of
// root's, as fast as they can, while root replaces a file in it: nothing ever gets into
// root's folder, and no temporary stays. Without an open folder, when each call resolved
// the path again, the first file got there after some hundred attempts.
func TestRaceForAFolder(t *testing.T) {
	dir, victim := theirs(t)
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		asNobody(t, func() {
			for !stop.Load() {
				if !assert.NoError(t, swap(dir)) {
					return
				}
			}
		})
	}()
	defer func() {
		stop.Store(true)
		<-done
	}()
	replaced, attempts, enough := 0, 0, 5000
	if keytest.Sampled() {
		enough = 1000
	}
	for end := time.Now().Add(keytest.Patience); attempts < enough || (replaced == 0 || replaced == attempts) && time.Now().Before(end); attempts++ {
		if _, err := Replace(join(dir, "d", "key"), []byte("new")); err == nil {
			replaced++
		}
		if entries, err := os.ReadDir(victim); err != nil || len(entries) > 0 {
			t.Fatalf("root's folder has %v (%v)", entries, err)
		}
	}
	t.Logf("of %d attempts %d replaced the file", attempts, replaced)
	assert.Positive(t, replaced)
	assert.Less(t, replaced, attempts)
	for _, name := range []string{"d", "s"} {
		left, err := filepath.Glob(join(dir, name, ".keyconv-*"))
		require.NoError(t, err)
		assert.Empty(t, left)
	}
}
