package disk

import (
	"io"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEditChangesWhatWasRead, and no file that took its name meanwhile.
func TestEditChangesWhatWasRead(t *testing.T) {
	t.Chdir(t.TempDir())
	d := &Place{Guard: NewGuard()}
	for _, exchanged := range []bool{false, runtime.GOOS != "windows"} { // where an open file keeps its name
		require.NoError(t, os.WriteFile("key", []byte("old"), 0o600))
		original, err := d.Edit("key")
		require.NoError(t, err)
		data, err := io.ReadAll(original)
		require.NoError(t, err)
		assert.Equal(t, "old", string(data))
		want := "new"
		if exchanged {
			want = "other"
			require.NoError(t, os.WriteFile("other", []byte(want), 0o600))
			require.NoError(t, os.Rename("other", "key"))
		}
		_, err = original.Replace([]byte("new"))
		assert.Equal(t, exchanged, err != nil)
		if exchanged {
			assert.EqualError(t, err, "cannot write key: another file has taken its place meanwhile")
		}
		_ = original.Close()
		data, err = os.ReadFile("key")
		require.NoError(t, err)
		assert.Equal(t, want, string(data))
	}
	_, err := d.Edit("missing")
	assert.ErrorIs(t, err, os.ErrNotExist)
}
