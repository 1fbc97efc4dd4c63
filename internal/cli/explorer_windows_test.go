package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows/registry"
)

func explorer(t *testing.T, flag string) {
	t.Helper()
	var out strings.Builder
	require.Zero(t, Run(t.Context(), []string{"explorer", flag}, Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}), out.String())
}

// paths lists the keys below one of this user's classes, with their values.
func paths(t *testing.T, path string) []string {
	t.Helper()
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.READ)
	if err != nil {
		return nil
	}
	defer func() { _ = key.Close() }()
	all := []string{path}
	names, err := key.ReadValueNames(-1)
	require.NoError(t, err)
	for _, name := range names {
		value, _, err := key.GetStringValue(name)
		require.NoError(t, err)
		all = append(all, path+": "+name+"="+value)
	}
	below, err := key.ReadSubKeyNames(-1)
	require.NoError(t, err)
	for _, name := range below {
		all = append(all, paths(t, path+`\`+name)...)
	}
	return all
}

// TestExplorer: the menus and Send to are there after --add, also twice, and nothing of
// them is after --remove, while what others have there stays.
func TestExplorer(t *testing.T) {
	config := t.TempDir()
	t.Setenv("APPDATA", config)
	sendTo := filepath.Join(config, "Microsoft", "Windows", "SendTo")
	require.NoError(t, os.MkdirAll(sendTo, 0o700))
	other, _, err := registry.CreateKey(registry.CURRENT_USER, classes+`\SystemFileAssociations\.pem\shell\other`, registry.SET_VALUE)
	require.NoError(t, err)
	require.NoError(t, other.Close())
	t.Cleanup(func() {
		_ = registry.DeleteKey(registry.CURRENT_USER, classes+`\SystemFileAssociations\.pem\shell\other`)
	})
	before := paths(t, classes)

	explorer(t, "--add")
	explorer(t, "--add")
	self, err := os.Executable()
	require.NoError(t, err)
	added := paths(t, classes)
	for _, m := range menus {
		assert.Contains(t, added, m.key()+": ="+menuTitle)
		assert.Contains(t, added, m.key()+`\command: =`+menuCommand(self))
	}
	link, err := os.ReadFile(filepath.Join(sendTo, "keyconv.lnk"))
	require.NoError(t, err)
	assert.Contains(t, string(link), string(utf16le("gui")))

	explorer(t, "--remove")
	assert.Equal(t, before, paths(t, classes))
	assert.NoFileExists(t, filepath.Join(sendTo, "keyconv.lnk"))
	explorer(t, "--remove")
	assert.Equal(t, before, paths(t, classes))
}

func utf16le(text string) []byte {
	var data []byte
	for _, letter := range utf16.Encode([]rune(text)) {
		data = append(data, byte(letter), byte(letter>>8))
	}
	return data
}
