package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFilesWithout: a shell gets the extensions of the files that a command can take, and
// no word that it could run, whatever files are called.
func TestFilesWithout(t *testing.T) {
	for _, test := range []struct {
		typed string
		names []string
		want  []string // nil for every file
	}{
		{"", []string{"a.pem", "a.ppk", "a.pub", "b.KEY", "c.pem"}, []string{"pem", "KEY"}},
		{"", []string{"a.PPK", "a.pem"}, []string{"pem"}},
		{"", []string{"a.pem", "id_rsa"}, nil},
		{"", []string{"a.pem", ".hidden"}, nil},
		{"", []string{"a.ppk"}, nil},
		{"", nil, nil},
		{"a", []string{"a.pem", "id_rsa"}, []string{"pem"}},
		{"missing/", nil, nil},
		{"", []string{"a.pem", "b.$(touch pwned)"}, nil},
		{"", []string{"a.pem", "b.`touch pwned`"}, nil},
		{"", []string{"a.pem", "b.x y"}, nil},
		{"", []string{"a.pem", "b.x;y"}, nil},
		{"", []string{"a.pem", "b.é"}, nil},
		{"", []string{"a.pem", "b.-d"}, nil},
		{"a", []string{"a.pem", "b.$(touch pwned)"}, []string{"pem"}},
	} {
		dir := t.TempDir()
		t.Chdir(dir)
		for _, name := range test.names {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
		}
		got, directive := filesWithout([]string{"ppk", "pub"})(nil, nil, test.typed)
		assert.ElementsMatch(t, test.want, got, test.names)
		want := cobra.ShellCompDirectiveDefault
		if test.want != nil {
			want = cobra.ShellCompDirectiveFilterFileExt
		}
		assert.Equal(t, want, directive, test.names)
	}
}

func TestVariablesArePlainWords(t *testing.T) {
	t.Setenv("KEYCONV_PLAIN", "x")
	t.Setenv("KEYCONV_$(touch pwned)", "x")
	names := variables()
	assert.Contains(t, names, "KEYCONV_PLAIN")
	assert.NotContains(t, names, "KEYCONV_$(touch pwned)")
}
