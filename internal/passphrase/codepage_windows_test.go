package passphrase

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// TestNotUTF8: a file then has the ANSI code page, a pipe that of the console.
func TestNotUTF8(t *testing.T) {
	for _, tt := range []struct {
		source Source
		page   uint32
	}{
		{File(fileWith(t, "s\xebcret\n")), ansiPage},
		{FD(0), oemPage},
	} {
		got, err := tt.source.Read(t.Context(), strings.NewReader("s\xebcret\n"))
		require.NoError(t, err)
		assert.True(t, utf8.Valid(got.Bytes), "%q", got.Bytes)
		back, ok := toPage(tt.page, string(got.Bytes))
		require.True(t, ok)
		assert.Equal(t, "s\xebcret", string(back), tt.source)
	}
	if windows.GetACP() == 1252 {
		assert.Equal(t, "s\u00ebcret", string(fromSystem([]byte("s\xebcret"), file)))
	}
}

// TestSystemPages: the pages of this Windows come first, with the letters that its
// programs get in place of what the code page lacks.
func TestSystemPages(t *testing.T) {
	pages := systemPages()
	require.Len(t, pages, 2)
	if windows.GetACP() != 1252 {
		return // the letters below are those of western Europe
	}
	assert.Equal(t, "Windows-1252", pages[0].Name)
	for text, want := range map[string]string{"p\u00e4ss": "p\xe4ss", "\u20ac": "\x80", "\u043a": "?", "plain": "plain"} {
		got, ok := pages[0].Encode(text)
		assert.True(t, ok)
		assert.Equal(t, want, string(got), text)
	}
	_, ok := pages[0].Encode("")
	assert.False(t, ok)
}
