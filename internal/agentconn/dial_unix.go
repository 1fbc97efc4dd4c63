//go:build !windows

package agentconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"strconv"
)

// dial connects to the socket that ssh uses too (ssh-agent(1)).
func dial(ctx context.Context, o Options) (conn, string, error) {
	if o.Pageant {
		return nil, "", &NotRunningError{What: "Pageant's way to talk is only on Windows"}
	}
	path := os.Getenv("SSH_AUTH_SOCK")
	if path == "" {
		return nil, "", &NotRunningError{What: "no ssh-agent: SSH_AUTH_SOCK is not set"}
	}
	c, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, "", &NotRunningError{"no ssh-agent at SSH_AUTH_SOCK", withoutOp(err)}
	}
	if err := checkPeer(c.(*net.UnixConn), path); err != nil {
		_ = c.Close()
		return nil, "", &NotRunningError{"no ssh-agent of yours at SSH_AUTH_SOCK", err}
	}
	return c, "the agent", nil
}

// checkPeer makes sure that the agent is the user's own: a private key is about to go
// through, and whose agent it is would get it. Root's is fine, as root can read the
// memory of any agent; launchd of macOS listens for the user's as root.
func checkPeer(c *net.UnixConn, path string) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	uid, err := peerOf(raw, path)
	if err != nil {
		return fmt.Errorf("cannot find out whose it is: %w", err)
	}
	if uid == 0 || int(uid) == os.Geteuid() {
		return nil
	}
	return &ForeignError{Owner: userName(uid)}
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if owner, err := user.LookupId(id); err == nil {
		return owner.Username
	}
	return "the user with the number " + id
}

// withoutOp leaves out "dial unix PATH", which the message says in its own words, and
// a path, which may hold anything.
func withoutOp(err error) error {
	var op *net.OpError
	var call *os.SyscallError
	switch {
	case errors.As(err, &call):
		return call.Err
	case errors.As(err, &op):
		return op.Err
	}
	return err
}
