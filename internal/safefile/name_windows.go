package safefile

import (
	"fmt"
	"path/filepath"
	"strings"
)

// checkName refuses a name that Windows does not take for that of a file: a device
// (CON, NUL; before Windows 11 also aux.ppk), or a stream hidden in another file
// (key.ppk:name), where no program looks for a key. A folder or drive before it is fine.
func checkName(path string) error {
	_, base := filepath.Split(path)
	switch {
	case strings.Contains(base, ":"):
		return fmt.Errorf("a file name has no colon: %q would be a stream hidden in a file", base)
	case base != "." && base != ".." && !filepath.IsLocal(base):
		return &reason{fmt.Sprintf("Windows takes the name %q for a device", base), ErrSpecial}
	}
	return nil
}
