package agentconn

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// peerOf returns the user whose process listens on the other side of a socket
// (SO_PEERCRED in unix(7)). Who made the file that leads to it does not matter.
func peerOf(c syscall.RawConn, _ string) (uid uint32, err error) {
	if controlErr := c.Control(func(fd uintptr) {
		var cred *unix.Ucred
		if cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			uid = cred.Uid
		}
	}); controlErr != nil {
		return 0, controlErr
	}
	return uid, err
}
