//go:build unix

package login

import (
	"os"
	"os/user"
	"strconv"
)

// SSHHome returns the home directory in which ssh looks for its configuration: that of the
// account (getpwuid in OpenSSH's ssh.c). HOME can be another: containers of GitHub set it. An
// account without an entry that can be read, as of a directory service, has that of HOME. It
// is a variable, since no environment variable leads ssh, and so a test, away from it.
var SSHHome = func() (string, error) {
	account, err := user.LookupId(strconv.Itoa(os.Getuid()))
	if err != nil || account.HomeDir == "" {
		return os.UserHomeDir()
	}
	return account.HomeDir, nil
}
