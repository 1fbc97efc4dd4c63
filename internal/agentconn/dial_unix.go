//go:build !windows

package agentconn

import (
	"context"
	"errors"
	"net"
	"os"
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
	return c, "the agent", nil
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
