package agentconn

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"strings"

	"github.com/Microsoft/go-winio"
	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/sys/windows"
)

// openSSHPipe is where the agent of OpenSSH for Windows listens, and agents that take its
// place.
const openSSHPipe = `\\.\pipe\openssh-ssh-agent`

// openSSH is what messages call that agent, in contrast to Pageant.
const openSSH = "OpenSSH's agent"

// dial connects to the agent that SSH_AUTH_SOCK names, or without it to OpenSSH's, or to
// Pageant where that is not running.
func dial(ctx context.Context, o Options) (conn, string, error) {
	if o.Pageant {
		return dialPageant(ctx)
	}
	if path := os.Getenv("SSH_AUTH_SOCK"); path != "" {
		return dialNamed(ctx, path)
	}
	c, err := dialPipe(ctx, openSSHPipe, servedBySystem)
	switch {
	case err == nil:
		return c, openSSH, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, "", &NotRunningError{"no answer from " + openSSH, err}
	}
	c, name, err := dialPageant(ctx)
	if err != nil {
		return nil, "", &NotRunningError{What: "no agent: neither " + openSSH + " nor Pageant is running"}
	}
	return c, name, nil
}

// dialNamed connects to the pipe that SSH_AUTH_SOCK names. It refuses what Git for Windows
// and Cygwin set for their own programs.
func dialNamed(ctx context.Context, path string) (conn, string, error) {
	if !strings.HasPrefix(strings.ReplaceAll(path, "/", `\`), `\\.\pipe\`) {
		return nil, "", &NotRunningError{"no ssh-agent at SSH_AUTH_SOCK", ErrNotAPipe}
	}
	c, err := dialPipe(ctx, path, servedBySystem)
	if err != nil {
		return nil, "", &NotRunningError{"no ssh-agent at SSH_AUTH_SOCK", err}
	}
	return c, "the agent", nil
}

// servedBy lists the users, besides the current one, that a pipe may belong to.
type servedBy []windows.WELL_KNOWN_SID_TYPE

// servedBySystem is for OpenSSH's agent, which is a service.
var servedBySystem = servedBy{windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid}

// dialPipe makes sure that no other user made the pipe: all users share the names, and
// a private key is about to be sent.
func dialPipe(ctx context.Context, path string, others servedBy) (conn, error) {
	c, err := winio.DialPipeContext(ctx, path)
	if err != nil {
		return nil, quote.WithoutPath(err)
	}
	if err := checkOwner(c, others); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

func checkOwner(c net.Conn, others servedBy) error {
	handle := windows.Handle(c.(interface{ Fd() uintptr }).Fd())
	info, err := windows.GetSecurityInfo(handle, windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	owner, _, err := info.Owner()
	if err != nil {
		return err
	}
	user, err := currentUser()
	if err != nil {
		return err
	}
	if owner.Equals(user) {
		return nil
	}
	for _, known := range others {
		if owner.IsWellKnown(known) {
			return nil
		}
	}
	return &ForeignError{}
}

func currentUser() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
}
