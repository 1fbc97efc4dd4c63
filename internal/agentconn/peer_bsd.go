//go:build darwin || freebsd

package agentconn

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// solLocal is SOL_LOCAL, the level of options of Unix sockets (sys/un.h).
const solLocal = 0

// peerOf returns the user whose process listens on the other side of a socket
// (LOCAL_PEERCRED in unix(4)). Who made the file that leads to it does not matter.
func peerOf(c syscall.RawConn, _ string) (uid uint32, err error) {
	if controlErr := c.Control(func(fd uintptr) {
		var cred *unix.Xucred
		if cred, err = unix.GetsockoptXucred(int(fd), solLocal, unix.LOCAL_PEERCRED); err == nil {
			uid = cred.Uid
		}
	}); controlErr != nil {
		return 0, controlErr
	}
	return uid, err
}
