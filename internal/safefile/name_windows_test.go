package safefile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNamesThatAreNoFiles(t *testing.T) {
	for _, name := range []string{"nul", "CON", "com1", "key.ppk:stream", "key.ppk:", `C:nul`, `C:key.ppk:stream`} {
		_, err := Write(name, []byte("secret"), Options{})
		assert.Error(t, err, name)
		assert.Error(t, Check(name, true), name)
	}
	assert.ErrorIs(t, Check("nul", true), ErrSpecial)
	assert.ErrorContains(t, Check("key.ppk:stream", false), "no colon")
	for _, name := range []string{"null.ppk", "console", "my key.ppk", "kéy.ppk"} {
		assert.NoError(t, Check(name, false), name)
	}
}

// TestDriveRelative: C:name is in the current folder of the drive.
func TestDriveRelative(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	drive := dir[:2]
	require.Equal(t, ":", drive[1:])
	_, err := Write(drive+"key.ppk", []byte("secret"), Options{})
	require.NoError(t, err)
	assert.Equal(t, "secret", text(t, join(dir, "key.ppk")))
	_, err = Replace(drive+"key.ppk", []byte("new"))
	require.NoError(t, err)
	assert.Equal(t, "new", text(t, join(dir, "key.ppk")))
	assertOnly(t, dir, "key.ppk")
}
