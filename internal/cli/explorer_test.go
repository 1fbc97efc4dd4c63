package cli

import (
	"runtime"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/stretchr/testify/assert"
)

// TestMenus are below the classes of this user, each with a command that takes names with
// spaces.
func TestMenus(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range menus {
		assert.True(t, strings.HasPrefix(m.key(), classes+`\`), m.key())
		assert.True(t, strings.HasSuffix(m.key(), `\shell\keyconv`), m.key())
		assert.False(t, seen[m.key()])
		seen[m.key()] = true
	}
	assert.Equal(t, `"C:\Program Files\keyconv.exe" gui "%1"`, menuCommand(`C:\Program Files\keyconv.exe`))
}

// TestWindowsAlone: the window and Explorer are refused elsewhere, with what to do.
func TestWindowsAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("this is Windows")
	}
	for _, args := range [][]string{{"gui"}, {"gui", "key.pem"}, {"explorer", "--add"}, {"explorer", "--remove"}} {
		var stderr strings.Builder
		code := Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &stderr, Stderr: &stderr})
		assert.Equal(t, fault.Failed, code, args)
		assert.Contains(t, stderr.String(), "Windows")
	}
	var stderr strings.Builder
	code := Run(t.Context(), []string{"explorer"}, Streams{Stdin: strings.NewReader(""), Stdout: &stderr, Stderr: &stderr})
	assert.Equal(t, fault.Usage, code)
	assert.Contains(t, stderr.String(), "hint: keyconv explorer --add")
}
