package session

import "strings"

// IsWindowsPath reports whether the path is an absolute path of Windows: of a drive, as
// in C:\keys, or of a share, as in \\server\share\keys.
func IsWindowsPath(path string) bool {
	slashes := strings.ReplaceAll(path, `\`, "/")
	if len(path) > 2 && 'a' <= path[0]|0x20 && path[0]|0x20 <= 'z' && slashes[1:3] == ":/" {
		return true
	}
	below, ok := strings.CutPrefix(slashes, "//")
	server, below, _ := strings.Cut(below, "/")
	share, _, found := strings.Cut(below, "/")
	return ok && found && server != "" && share != ""
}

// WindowsPath returns the path as Windows writes it. A path below /mnt/c, where WSL has
// the drive C:, becomes one of the drive. Any other is returned as it is.
func WindowsPath(path string) string {
	drive, rest, found := strings.Cut(strings.TrimPrefix(path, "/mnt/"), "/")
	if found && strings.HasPrefix(path, "/mnt/") && len(drive) == 1 && 'a' <= drive[0] && drive[0] <= 'z' {
		path = strings.ToUpper(drive) + ":/" + rest
	}
	if IsWindowsPath(path) {
		return strings.ReplaceAll(path, "/", `\`)
	}
	return path
}

func checkWindowsPath(path string) error {
	switch {
	case !IsWindowsPath(path):
		return invalidf(`the path of the key is not an absolute Windows path such as C:\keys\my.ppk: %q`, path)
	case strings.ContainsAny(path, `"*?<>|`):
		return invalidf("the path of the key has characters that Windows forbids: %q", path)
	}
	return nil
}
