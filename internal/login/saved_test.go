//go:build unix

package login

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/session"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPuTTYSessions reads what is in PuTTY's folder, and names what cannot be read.
func TestPuTTYSessions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sessions")
	t.Setenv("PUTTYSESSIONS", dir)
	list, failed := PuTTYSessions()
	assert.Empty(t, list)
	assert.Empty(t, failed, "there is no PuTTY")

	require.NoError(t, os.MkdirAll(filepath.Join(dir, "folder"), 0o700))
	for name, text := range map[string]string{"b": "HostName=2\n", "a%20x": "HostName=1\nPublicKeyFile=/k\n", "d": "x"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	require.NoError(t, os.Symlink("nothing", filepath.Join(dir, "c")))
	require.NoError(t, os.Truncate(filepath.Join(dir, "b"), maxSession+1))
	list, failed = PuTTYSessions()
	require.Len(t, list, 1)
	assert.Equal(t, "a x", list[0].Name)
	assert.Equal(t, "/k", list[0].KeyFile)
	require.Len(t, failed, 3)
	assert.EqualError(t, failed[0], filepath.Join(dir, "b")+": it is too large for a session")
	assert.EqualError(t, failed[1], filepath.Join(dir, "c")+": no such file or directory")
	assert.EqualError(t, failed[2], filepath.Join(dir, "d")+": it is not a session of PuTTY or KiTTY")
}

// TestFileStore reads the folder of the portable KiTTY with its folders, one with the files of
// several programs, and single files.
func TestFileStore(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"KiTTY/kitty.ini": "[KiTTY]\n", "KiTTY/Sessions/a%20b": "HostName\\10.0.0.1\\\n", "KiTTY/Sessions/Work/c": "HostName\\10.0.0.2\\\nPortNumber\\22\\\n",
		"all/sessions/p": "HostName=10.0.0.3\n", "all/sshhostkeys": "rsa2@22:h 0x10001,0xc0ffee\n", "all/WinSCP.ini": "[Sessions\\w]\nHostName=10.0.0.4\nbroken\n",
		"all/randomseed": "x", "one": "HostName=10.0.0.5\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	s := FileStore(filepath.Join(dir, "KiTTY"), session.DefaultCodePage)
	assert.Empty(t, s.Problems)
	assert.Equal(t, []string{"KiTTY c 10.0.0.2", "KiTTY a b 10.0.0.1"}, sessionsOf(s))
	s = FileStore(filepath.Join(dir, "all"), session.DefaultCodePage)
	assert.Equal(t, []string{"PuTTY p 10.0.0.3", "WinSCP w 10.0.0.4"}, sessionsOf(s))
	assert.Len(t, s.HostKeys, 1)
	require.Len(t, s.Problems, 1)
	require.EqualError(t, s.Problems[0], filepath.Join(dir, "all", "WinSCP.ini")+": line 3: this is not a line of WinSCP's .ini")
	assert.Equal(t, []string{"PuTTY one 10.0.0.5"}, sessionsOf(FileStore(filepath.Join(dir, "one"), session.DefaultCodePage)))
	require.Len(t, FileStore(filepath.Join(dir, "nothing"), session.DefaultCodePage).Problems, 1)
	require.Len(t, FileStore(os.DevNull, session.DefaultCodePage).Problems, 1)
}

func sessionsOf(s session.Store) []string {
	var all []string
	for _, saved := range s.Sessions {
		all = append(all, saved.Program.Title+" "+saved.Name+" "+saved.Host)
	}
	return all
}
