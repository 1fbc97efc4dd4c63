package safefile

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// accessList returns who may do what with the file, as SDDL. Windows may mark
// a list as one that takes part in inheritance ("AI"), which a protected one
// ("P") does not do.
func accessList(t *testing.T, path string) string {
	t.Helper()
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	require.NoError(t, err)
	return strings.Replace(descriptor.String(), "D:PAI(", "D:P(", 1)
}

// wantedAccessList goes through a descriptor, since Windows has short names for
// some users too.
func wantedAccessList(t *testing.T) string {
	t.Helper()
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	require.NoError(t, err)
	sddl := fmt.Sprintf("D:P(A;;FA;;;%s)(A;;FA;;;SY)(A;;FA;;;BA)", user.User.Sid)
	descriptor, err := windows.SecurityDescriptorFromString(sddl)
	require.NoError(t, err)
	return descriptor.String()
}

func TestDescriptor(t *testing.T) {
	access, err := ownerOnlyAccess()
	require.NoError(t, err)
	assert.Equal(t, wantedAccessList(t), access.SecurityDescriptor.String())
	control, _, err := access.SecurityDescriptor.Control()
	require.NoError(t, err)
	assert.NotZero(t, control&windows.SE_DACL_PROTECTED)
}

// inWine reports whether this is wine, which keeps a Unix mode in place of the list and
// makes a list from the mode when it is asked, without "P" and Administrators.
func inWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}

// assertOwnerOnly checks the whole list where there is one; in wine, that the mode gives
// no other user access.
func assertOwnerOnly(t *testing.T, path string) {
	t.Helper()
	if !inWine() {
		assert.Equal(t, wantedAccessList(t), accessList(t, path))
		return
	}
	f, err := os.Open(path)
	require.NoError(t, err)
	a, err := accessOf(windows.Handle(f.Fd()))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	assert.True(t, a.private(), a)
	assert.NotEmpty(t, a.allowed)
}

func TestAccessList(t *testing.T) {
	dir := t.TempDir()
	path := join(dir, "my key.ppk")
	_, err := Write(path, []byte("secret"), Options{})
	require.NoError(t, err)
	assertOwnerOnly(t, path)

	existing(t, join(dir, "old"), "old", 0o600)
	assert.NotEqual(t, accessList(t, path), accessList(t, join(dir, "old")))
	_, err = Write(join(dir, "old"), []byte("new"), Options{Overwrite: true})
	require.NoError(t, err)
	assertOwnerOnly(t, join(dir, "old"))

	_, err = Write(join(dir, "public"), []byte("public"), Options{Perm: 0o644})
	require.NoError(t, err)
	assert.NotEqual(t, accessList(t, path), accessList(t, join(dir, "public")))
}

// TestNobodyElseOpensTheTemporary: it is locked while it is written.
func TestNobodyElseOpensTheTemporary(t *testing.T) {
	f, err := (&folder{t.TempDir() + `\`}).create("key", ownerOnly)
	require.NoError(t, err)
	_, err = os.Open(f.Name())
	assert.ErrorIs(t, err, windows.ERROR_SHARING_VIOLATION)
	require.NoError(t, f.Close())
	assert.Empty(t, text(t, f.Name()))
}

func TestLongPaths(t *testing.T) {
	dir := t.TempDir()
	for range 4 {
		dir = join(dir, strings.Repeat("long folder ", 8)+"x")
	}
	require.NoError(t, os.MkdirAll(dir, 0o700))
	path := join(dir, "key")
	_, err := Write(path, []byte("secret"), Options{})
	require.NoError(t, err)
	_, err = Write(path, []byte("other"), Options{})
	assert.ErrorIs(t, err, fs.ErrExist)
	_, err = Replace(path, []byte("new"))
	require.NoError(t, err)
	assert.Equal(t, "new", text(t, path))
	assertOnly(t, dir, "key")
}

func TestExtended(t *testing.T) {
	for in, want := range map[string]string{
		`C:\a\b`:           `\\?\C:\a\b`,
		`\\server\share\a`: `\\?\UNC\server\share\a`,
		`\\?\C:\a`:         `\\?\C:\a`,
		`\\.\pipe\a`:       `\\.\pipe\a`,
	} {
		assert.Equal(t, want, extended(in))
	}
}
