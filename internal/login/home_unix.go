//go:build unix

package login

import (
	"os"
	"os/user"
	"strconv"
)

// sshHome returns the home directory of the account, as ssh finds it (getpwuid in OpenSSH's
// ssh.c). HOME can be another: containers of GitHub set it. An account without an entry
// that can be read, as of a directory service, has that of HOME.
func sshHome() (string, error) {
	account, err := user.LookupId(strconv.Itoa(os.Getuid()))
	if err != nil || account.HomeDir == "" {
		return os.UserHomeDir()
	}
	return account.HomeDir, nil
}
