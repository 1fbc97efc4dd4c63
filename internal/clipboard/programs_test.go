//go:build !windows

package clipboard

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fake puts programs into a PATH of their own, each of which keeps its name, its arguments
// and its input, and ends with a code. It returns the file that they write.
func fake(t *testing.T, codes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	copied := filepath.Join(dir, "copied")
	for name, code := range codes {
		script := "#!/bin/sh\n/bin/sleep 60 </dev/null & # as xclip leaves a process behind\n" +
			"{ echo \"" + name + " $*$LC_CTYPE\"; /bin/cat; } >" + copied + "." + name + "\nkill $!\nexit " + code + "\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700))
	}
	return copied
}

// TestCopy: the program of the desktop gets the text, or the next one where it fails.
func TestCopy(t *testing.T) {
	for name, test := range map[string]struct {
		codes     map[string]string
		wayland   string
		x11       string
		took      string // the program with the text
		want, err string
	}{
		"wayland":  {map[string]string{"wl-copy": "0", "xclip": "0"}, "wayland-0", ":0", "wl-copy", "wl-copy \nkey ü", ""},
		"x11":      {map[string]string{"wl-copy": "0", "xclip": "0", "xsel": "0"}, "", ":0", "xclip", "xclip -selection clipboard\nkey ü", ""},
		"xsel":     {map[string]string{"xsel": "0"}, "", ":0", "xsel", "xsel --clipboard --input\nkey ü", ""},
		"macOS":    {map[string]string{"pbcopy": "0"}, "", "", "pbcopy", "pbcopy UTF-8\nkey ü", ""},
		"WSL":      {map[string]string{"clip.exe": "0"}, "", "", "clip.exe", "clip.exe \n\xff\xfek\x00e\x00y\x00 \x00\xfc\x00", ""},
		"next":     {map[string]string{"wl-copy": "1", "xclip": "0"}, "wayland-0", ":0", "xclip", "xclip -selection clipboard\nkey ü", ""},
		"dead":     {map[string]string{"wl-copy": "1", "xclip": "3"}, "wayland-0", ":0", "", "", "wl-copy does not reach the clipboard: exit status 1\nxclip does not reach the clipboard: exit status 3"},
		"none":     {map[string]string{"wl-copy": "0", "xclip": "0"}, "", "", "", "", (&NoneError{}).Error()},
		"programs": {nil, "wayland-0", ":0", "", "", "there is no program for the clipboard"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("WAYLAND_DISPLAY", test.wayland)
			t.Setenv("DISPLAY", test.x11)
			t.Setenv("LC_CTYPE", "")
			copied := fake(t, test.codes)
			err := Copy(t.Context(), "key ü")
			if test.err != "" {
				require.EqualError(t, err, test.err)
				return
			}
			require.NoError(t, err)
			got, err := os.ReadFile(copied + "." + test.took)
			require.NoError(t, err)
			assert.Equal(t, test.want, string(got))
		})
	}
}

// TestProgramsToInstall: those that can work on this desktop.
func TestProgramsToInstall(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("DISPLAY", ":0")
	fake(t, nil)
	var none *NoneError
	require.ErrorAs(t, Copy(t.Context(), "key"), &none)
	assert.Equal(t, []string{"xclip", "xsel"}, none.Programs)
}
