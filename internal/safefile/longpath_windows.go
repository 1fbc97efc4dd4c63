package safefile

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// maxShortPath is the longest path that goes to Windows as it is. MAX_PATH is
// 260 with the NUL, and for a folder 12 less, to leave room for an 8.3 name.
const maxShortPath = 247

// longPathPtr returns path as the Windows calls take it. Package os extends long
// paths by itself; our own calls have to do the same.
func longPathPtr(path string) (*uint16, error) {
	if len(path) > maxShortPath {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		path = extended(abs)
	}
	return windows.UTF16PtrFromString(path)
}

// extended puts the prefix that lifts MAX_PATH before an absolute path.
func extended(abs string) string {
	switch {
	case strings.HasPrefix(abs, `\\?\`), strings.HasPrefix(abs, `\\.\`):
		return abs
	case strings.HasPrefix(abs, `\\`):
		return `\\?\UNC\` + abs[2:]
	}
	return `\\?\` + abs
}
