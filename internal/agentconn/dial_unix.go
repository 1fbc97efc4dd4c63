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

// dial connects to the socket that ssh uses too (ssh-agent(1)). Its errors leave out
// "dial unix PATH": the message says that in its own words, and the path may hold anything.
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
		if op, ok := errors.AsType[*net.OpError](err); ok {
			err = op.Err
		}
		if call, ok := errors.AsType[*os.SyscallError](err); ok {
			err = call.Err
		}
		return nil, "", &NotRunningError{"no ssh-agent at SSH_AUTH_SOCK", err}
	}
	if err := checkPeer(c.(*net.UnixConn), path); err != nil {
		_ = c.Close()
		return nil, "", &NotRunningError{"no ssh-agent of yours at SSH_AUTH_SOCK", err}
	}
	return c, "the agent", nil
}

// checkPeer makes sure that the agent is the user's own: its owner would get the private
// key that is about to be sent. Root's is fine, as root can read the memory of any agent;
// launchd of macOS listens for the user's agent as root.
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
	id := strconv.FormatUint(uint64(uid), 10)
	if owner, err := user.LookupId(id); err == nil {
		return &ForeignError{Owner: owner.Username}
	}
	return &ForeignError{Owner: "the user with the number " + id}
}
