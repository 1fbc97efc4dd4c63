//go:build !unix

package login

import "os"

// SSHHome returns the folder of the user's profile, in which ssh looks for its configuration.
var SSHHome = os.UserHomeDir
