package cli

import (
	"os"
	"path/filepath"
)

// puttySessions is where PuTTY on Unix has its sessions (make_filename in its
// unix/storage.c).
func puttySessions() (string, error) {
	if dir, ok := os.LookupEnv("PUTTYSESSIONS"); ok {
		return dir, nil
	}
	dir, err := puttyFolder()
	return dir + "/sessions", err
}

// puttyFolder: the new place counts only where it exists.
func puttyFolder() (string, error) {
	if dir, ok := os.LookupEnv("PUTTYDIR"); ok {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	if dir := filepath.Join(configFolder(home), "putty"); exists(dir) {
		return dir, nil
	}
	return filepath.Join(home, ".putty"), nil
}

// configFolder is that of the XDG Base Directory Specification.
func configFolder(home string) string {
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(home, ".config")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func sshConfig() (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".ssh", "config"), err
}

// siteManager is FileZilla's list of sites. On Unix the old folder counts where it
// exists, and XDG_CONFIG_HOME before ~/.config.
func siteManager() (string, error) {
	const name = "sitemanager.xml"
	if hasRegistry {
		dir, err := os.UserConfigDir() // %APPDATA%
		return filepath.Join(dir, "FileZilla", name), err
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	if old := filepath.Join(home, ".filezilla"); exists(old) {
		return filepath.Join(old, name), nil
	}
	return filepath.Join(configFolder(home), "filezilla", name), nil
}
