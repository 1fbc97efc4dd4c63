package session

import (
	"regexp"
	"strings"
)

var (
	drivePath = regexp.MustCompile(`^[A-Za-z]:[\\/]`)
	sharePath = regexp.MustCompile(`^[\\/]{2}[^\\/]+[\\/][^\\/]+[\\/]`)
	mounted   = regexp.MustCompile(`^/mnt/([a-z])/`)
)

// IsWindowsPath reports whether the path is an absolute path of Windows.
func IsWindowsPath(path string) bool {
	return drivePath.MatchString(path) || sharePath.MatchString(path)
}

// WindowsPath returns the path as Windows writes it. A path below /mnt/c, where WSL has
// the drive C:, becomes one of the drive. Any other is returned as it is.
func WindowsPath(path string) string {
	if m := mounted.FindStringSubmatch(path); m != nil {
		path = strings.ToUpper(m[1]) + ":/" + path[len(m[0]):]
	}
	if IsWindowsPath(path) {
		return strings.ReplaceAll(path, "/", `\`)
	}
	return path
}

func checkWindowsPath(path string) error {
	switch {
	case !IsWindowsPath(path):
		return invalidf(`the path of the key is no absolute path of Windows, such as C:\keys\my.ppk: %q`, path)
	case strings.ContainsAny(path, `"*?<>|`):
		return invalidf("the path of the key has characters that Windows forbids: %q", path)
	}
	return nil
}
