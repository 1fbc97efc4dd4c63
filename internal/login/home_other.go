//go:build !unix

package login

import "os"

// sshHome returns the folder of the user's profile.
func sshHome() (string, error) { return os.UserHomeDir() }
