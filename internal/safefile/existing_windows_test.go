package safefile

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// TestRestrict: a file that others may read, because its folder or the umask allows it,
// gets a list of the three accounts that OpenSSH for Windows accepts.
func TestRestrict(t *testing.T) {
	path := join(t.TempDir(), "my key.pem")
	existing(t, path, "secret", 0o600)
	everyone, err := windows.SecurityDescriptorFromString("D:P(A;;FR;;;WD)(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;OW)")
	require.NoError(t, err)
	f, err := OpenExisting(path)
	require.NoError(t, err)
	h := windows.Handle(f.Fd())
	require.NoError(t, windows.SetKernelObjectSecurity(h, windows.DACL_SECURITY_INFORMATION, everyone))
	before, err := accessOf(h)
	require.NoError(t, err)
	require.False(t, before.private(), before)

	r, err := f.Restrict()
	require.NoError(t, err)
	assert.True(t, r.Changed())
	assert.Contains(t, r.Before, accountName(wellKnown(t, windows.WinWorldSid)))
	assert.NotContains(t, r.After, accountName(wellKnown(t, windows.WinWorldSid)))
	assert.Empty(t, r.Owner)
	assertOwnerOnly(t, path)
	again, err := f.Restrict()
	require.NoError(t, err)
	assert.False(t, again.Changed())
	require.NoError(t, f.Close())
	assert.Equal(t, "secret", text(t, path))
}

func wellKnown(t *testing.T, kind windows.WELL_KNOWN_SID_TYPE) *windows.SID {
	t.Helper()
	sid, err := windows.CreateWellKnownSid(kind)
	require.NoError(t, err)
	return sid
}

func TestOpenExistingRefuses(t *testing.T) {
	_, err := OpenExisting(t.TempDir())
	assert.ErrorContains(t, err, "it is a folder")
	_, err = OpenExisting(join(t.TempDir(), "missing"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// TestAccess checks lists that a test cannot put on a file under wine.
func TestAccess(t *testing.T) {
	trusted, err := trustedSIDs()
	require.NoError(t, err)
	world := wellKnown(t, windows.WinWorldSid)
	for _, tt := range []struct {
		a       access
		private bool
	}{
		{access{everyone: true}, false},
		{access{allowed: nil}, true},
		{access{allowed: trusted}, true},
		{access{allowed: []*windows.SID{trusted[0], world}}, false},
	} {
		tt.a.trusted, tt.a.owner = trusted, trusted[0]
		assert.Equal(t, tt.private, tt.a.private(), tt.a)
		assert.Empty(t, tt.a.foreignOwner())
	}
	assert.NotEmpty(t, access{owner: world, trusted: trusted}.foreignOwner())
	assert.Equal(t, "nobody", access{}.String())
}
