//go:build unix && !linux && !darwin && !freebsd

package agentconn

import (
	"errors"
	"os"
	"syscall"
)

// peerOf returns the owner of the socket: package unix has no call on these systems that
// names the process at its other end.
func peerOf(_ syscall.RawConn, path string) (uint32, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, errors.ErrUnsupported
	}
	return stat.Uid, nil
}
