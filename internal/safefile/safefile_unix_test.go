//go:build unix

package safefile

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	require.NoError(t, err)
	return info.Mode()
}

// setUmask sets the umask of the whole process: tests that use it do not run in parallel.
func setUmask(t *testing.T, mask int) {
	t.Helper()
	old := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(old) })
}

func TestModeWhateverTheUmask(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077, 0o777} {
		for _, tt := range []struct{ asked, want fs.FileMode }{
			{0, 0o600}, {0o600, 0o600}, {0o400, 0o400}, {0o644, 0o644}, {0o640, 0o640},
		} {
			t.Run(fmt.Sprintf("umask %03o mode %03o", umask, tt.asked), func(t *testing.T) {
				dir := t.TempDir()
				setUmask(t, umask)
				res, err := Write(join(dir, "key"), []byte("secret"), Options{Perm: tt.asked})
				require.NoError(t, err)
				assert.Equal(t, tt.want, mode(t, join(dir, "key")))
				assert.Equal(t, Result{Mode: tt.want}, res)
			})
		}
	}
}

func TestOverwriteNarrowsTheMode(t *testing.T) {
	dir := t.TempDir()
	path := join(dir, "key")
	existing(t, path, "old", 0o644)
	_, err := Write(path, []byte("new"), Options{Overwrite: true})
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), mode(t, path))
}

func TestReplaceKeepsANarrowMode(t *testing.T) {
	for _, tt := range []struct{ old, want fs.FileMode }{
		{0o600, 0o600}, {0o400, 0o400}, {0o440, 0o400}, {0o644, 0o600}, {0o777, 0o600}, {0, 0},
	} {
		t.Run(tt.old.String(), func(t *testing.T) {
			dir := t.TempDir()
			path := join(dir, "key")
			existing(t, path, "old", tt.old)
			setUmask(t, 0)
			res, err := Replace(path, []byte("new"))
			require.NoError(t, err)
			assert.Equal(t, tt.want, mode(t, path))
			assert.Equal(t, Result{Mode: tt.want}, res)
		})
	}
}

func TestReplaceFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(join(dir, "keys"), 0o700))
	existing(t, join(dir, "keys", "real"), "old", 0o600)
	require.NoError(t, os.Symlink("keys/real", join(dir, "middle")))
	require.NoError(t, os.Symlink("middle", join(dir, "link")))

	_, err := Replace(join(dir, "link"), []byte("new"))
	require.NoError(t, err)
	assert.Equal(t, "new", text(t, join(dir, "keys", "real")))
	assert.NotZero(t, mode(t, join(dir, "link"))&fs.ModeSymlink)
	assert.NotZero(t, mode(t, join(dir, "middle"))&fs.ModeSymlink)
	assertOnly(t, dir, "keys", "middle", "link")
	assertOnly(t, join(dir, "keys"), "real")
}

func TestOverwriteReplacesTheLinkItself(t *testing.T) {
	for _, target := range []string{"real", "nowhere"} {
		t.Run(target, func(t *testing.T) {
			dir := t.TempDir()
			existing(t, join(dir, "real"), "old", 0o644)
			path := join(dir, "link")
			require.NoError(t, os.Symlink(target, path))

			_, err := Write(path, []byte("new"), Options{})
			assert.ErrorIs(t, err, ErrExists)
			assertOnly(t, dir, "real", "link")

			_, err = Write(path, []byte("new"), Options{Overwrite: true})
			require.NoError(t, err)
			assert.Equal(t, fs.FileMode(0o600), mode(t, path))
			assert.Equal(t, "new", text(t, path))
			assert.Equal(t, "old", text(t, join(dir, "real")))
			assertOnly(t, dir, "real", "link")
		})
	}
}

func TestSpecialFilesAreRefused(t *testing.T) {
	tests := []struct {
		name, message string
		make          func(t *testing.T, path string)
	}{
		{"pipe", "it is a pipe, not a file", func(t *testing.T, path string) {
			require.NoError(t, syscall.Mkfifo(path, 0o600))
		}},
		{"socket", "it is a socket, not a file", func(t *testing.T, path string) {
			l, err := net.Listen("unix", path)
			require.NoError(t, err)
			t.Cleanup(func() { assert.NoError(t, l.Close()) })
		}},
		{"link to a device", "it is a device, not a file", symlinkTo("/dev/null")},
		{"link to a folder", "it is a folder, not a file", symlinkTo("/")},
		{"link to an open file", "it is a link to an open file, not a file", symlinkTo("/proc/self/fd/1")},
	}
	for _, tt := range tests {
		for _, overwrite := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s overwrite=%v", tt.name, overwrite), func(t *testing.T) {
				dir := t.TempDir()
				t.Chdir(dir) // the path of a socket has at most 108 bytes
				tt.make(t, "key")
				before := mode(t, "key")
				_, err := Write("key", []byte("secret"), Options{Overwrite: overwrite})
				assertPathError(t, err, "write", "key", tt.message)
				assert.Equal(t, before, mode(t, "key"))
				assertOnly(t, dir, "key")
			})
		}
	}
}

func symlinkTo(target string) func(t *testing.T, path string) {
	return func(t *testing.T, path string) { require.NoError(t, os.Symlink(target, path)) }
}

func TestReplaceRefusesSpecialFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, syscall.Mkfifo("pipe", 0o600))
	_, err := Replace("pipe", []byte("new"))
	assertPathError(t, err, "replace", "pipe", "it is a pipe, not a file")
}

// TestDotDotAfterALink: to the system, link/.. is the folder above the link's
// target. The temporary has to go there too.
func TestDotDotAfterALink(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(join(dir, "far", "away"), 0o700))
	require.NoError(t, os.Symlink("far/away", join(dir, "link")))
	_, err := write(dir+"/link/../key", []byte("secret"), Options{}, func(d *folder, temporary, name string) error {
		assertOnly(t, join(dir, "far"), "away", temporary)
		return publishNew(d, temporary, name)
	})
	require.NoError(t, err)
	assert.Equal(t, "secret", text(t, join(dir, "far", "key")))
	assertOnly(t, dir, "far", "link")
	assertOnly(t, join(dir, "far"), "away", "key")
}

// TestCheckSaysWhatWriteWould, for what can be replaced and what cannot.
func TestCheckSaysWhatWriteWould(t *testing.T) {
	dir := t.TempDir()
	existing(t, join(dir, "key"), "old", 0o600)
	require.NoError(t, syscall.Mkfifo(join(dir, "pipe"), 0o600))
	require.NoError(t, os.Symlink("pipe", join(dir, "link")))
	for path, want := range map[string]error{
		join(dir, "new"):  nil,
		join(dir, "key"):  ErrExists,
		join(dir, "pipe"): ErrSpecial,
		join(dir, "link"): ErrSpecial,
		"/dev/null":       ErrSpecial,
	} {
		assert.ErrorIs(t, Check(path, false), want, path)
	}
	assert.NoError(t, Check(join(dir, "key"), true))
	assert.ErrorIs(t, Check(join(dir, "pipe"), true), ErrSpecial)
	err := Check(dir, true)
	assertPathError(t, err, "write", dir, "it is a folder, not a file")
	assert.NotErrorIs(t, err, ErrSpecial)
}

// TestEditKeepsTheMode: a configuration may be read by others.
func TestEditKeepsTheMode(t *testing.T) {
	for _, want := range []fs.FileMode{0o600, 0o400, 0o644, 0o664} {
		t.Run(want.String(), func(t *testing.T) {
			dir := t.TempDir()
			path, link := join(dir, "config"), join(dir, "link")
			existing(t, path, "old", want)
			require.NoError(t, os.Symlink("config", link))
			setUmask(t, 0o077)
			res, err := Edit(link, []byte("new"))
			require.NoError(t, err)
			assert.Equal(t, want, mode(t, path))
			assert.Equal(t, "new", text(t, path))
			assert.Equal(t, path, res.Target)
			assertOnly(t, dir, "config", "link")
		})
	}
}
