// Package agentconn finds the SSH agent that is running, and talks to it without ever
// waiting for a dead one.
package agentconn

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

const (
	// answerTime is how long an agent may take to list its keys, which it does at once.
	answerTime = 10 * time.Second
	// requestTime is how long it may take for anything else: gpg-agent asks for a
	// passphrase in a window when a key is added.
	requestTime = 5 * time.Minute
)

// ErrRefused is the error of an agent that answers and refuses. The protocol has no room
// for a reason (draft-miller-ssh-agent, section 3.1).
var ErrRefused = errors.New("refused it")

// ErrNotAPipe is the error of an SSH_AUTH_SOCK that Git Bash or Cygwin set: it names a
// socket that only their own programs can use.
var ErrNotAPipe = errors.New("it names no pipe of Windows")

// NotRunningError reports an agent that is not there, or does not answer.
type NotRunningError struct {
	What  string // such as `SSH_AUTH_SOCK is not set`
	cause error  // nil where What says everything
}

func (e *NotRunningError) Error() string {
	if e.cause == nil {
		return e.What
	}
	return e.What + ": " + e.cause.Error()
}

// Unwrap returns the cause, or nil.
func (e *NotRunningError) Unwrap() error { return e.cause }

// ForeignError reports an agent of another user, who would get the key. It is the cause
// of a *NotRunningError.
type ForeignError struct {
	Owner string // a name, or empty where it is not known
}

func (e *ForeignError) Error() string {
	if e.Owner == "" {
		return "it belongs to another user, who would get the key"
	}
	return "it belongs to " + e.Owner + ", who would get the key"
}

// Options say which agent to take.
type Options struct {
	// Pageant selects PuTTY's agent for Windows, and no other.
	Pageant bool
	// Patience is how long the agent may take for each answer; 0 means answerTime for the
	// first list of its keys, and requestTime for anything later, since it may ask a person.
	Patience time.Duration
}

// Agent is an agent that has answered. It is safe for concurrent use.
type Agent struct {
	// Name is how a message calls it: "the agent", "Pageant".
	Name string

	mu     sync.Mutex
	link   *link
	client agent.Agent
}

// Dial connects to the agent that the environment names, which has to answer once. Its
// error is a *NotRunningError.
func Dial(ctx context.Context, o Options) (*Agent, error) {
	patience := cmp.Or(o.Patience, answerTime)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, name, err := dial(ctx, o)
	if err != nil {
		return nil, err
	}
	a := newAgent(conn, name, patience)
	if _, err := a.List(); err != nil {
		a.Close()
		return nil, &NotRunningError{name + " does not answer as an agent does", a.link.broken}
	}
	a.link.patience = cmp.Or(o.Patience, requestTime)
	return a, nil
}

func newAgent(c conn, name string, patience time.Duration) *Agent {
	l := &link{conn: c, patience: patience}
	return &Agent{Name: name, link: l, client: agent.NewClient(l)}
}

// Add gives a key to the agent.
func (a *Agent) Add(key agent.AddedKey) error {
	return a.request(func() error { return a.client.Add(key) })
}

// The numbers of the protocol (draft-ietf-sshm-ssh-agent, sections 3.2, 3.2.7 and 5.1).
const (
	addIdentity       = 17
	addConstrained    = 25
	constrainLifetime = 1
	constrainConfirm  = 2
	answerSuccess     = 6
	maxAnswer         = 1 << 18 // as the client of x/crypto/ssh
	lengthSize        = 4
)

// AddWire gives a private key to the agent in the wire form of its type, for types that the
// client of golang.org/x/crypto/ssh does not have. Of key only the comment and the
// constraints count.
func (a *Agent) AddWire(private []byte, key agent.AddedKey) error {
	const constraints = 1 + 4 + 1 // at most
	// The buffer has its full size from the start: one that grows leaves copies in memory.
	request := make([]byte, 0, lengthSize+1+len(private)+lengthSize+len(key.Comment)+constraints)
	defer func() { clear(request) }()
	request = append(request, 0, 0, 0, 0, addIdentity)
	request = append(request, private...)
	request = binary.BigEndian.AppendUint32(request, uint32(len(key.Comment)))
	request = append(request, key.Comment...)
	if key.LifetimeSecs > 0 {
		request = binary.BigEndian.AppendUint32(append(request, constrainLifetime), key.LifetimeSecs)
	}
	if key.ConfirmBeforeUse {
		request = append(request, constrainConfirm)
	}
	if key.LifetimeSecs > 0 || key.ConfirmBeforeUse {
		request[lengthSize] = addConstrained
	}
	binary.BigEndian.PutUint32(request, uint32(len(request)-lengthSize))
	return a.request(func() error { return a.link.ask(request) })
}

// List returns the keys that the agent shows. A locked agent shows none.
func (a *Agent) List() ([]*agent.Key, error) {
	var keys []*agent.Key
	err := a.request(func() (err error) {
		keys, err = a.client.List()
		return err
	})
	return keys, err
}

// Remove takes a key, or a certificate, from the agent.
func (a *Agent) Remove(key ssh.PublicKey) error {
	return a.request(func() error { return a.client.Remove(key) })
}

// Close ends the connection. The keys stay in the agent.
func (a *Agent) Close() { _ = a.link.conn.Close() }

// request distinguishes a broken connection from an agent that refuses: the errors of
// the client are only text.
func (a *Agent) request(do func() error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := do()
	switch {
	case err == nil:
		return nil
	case a.link.broken != nil:
		return fmt.Errorf("%s: %w", a.Name, a.link.broken)
	}
	return fmt.Errorf("%s %w", a.Name, ErrRefused)
}

// conn is a way to an agent.
type conn interface {
	io.ReadWriteCloser
	SetDeadline(time.Time) error
}

// link limits the time of each request. It has no Close of its own, which makes the
// client send one request after the other (agent.NewClient).
type link struct {
	conn     conn
	patience time.Duration
	broken   error // the first error: what comes after it is out of step
}

// Write sends a request, which the client does in one piece.
func (l *link) Write(p []byte) (int, error) {
	if l.broken != nil {
		return 0, l.broken
	}
	if err := l.conn.SetDeadline(time.Now().Add(l.patience)); err != nil {
		return 0, l.failed(err)
	}
	n, err := l.conn.Write(p)
	return n, l.failed(err)
}

// Read reads from the answer to the last request.
func (l *link) Read(p []byte) (int, error) {
	if l.broken != nil {
		return 0, l.broken
	}
	n, err := l.conn.Read(p)
	return n, l.failed(err)
}

// ask sends a request, which begins with its length, and returns ErrRefused for any answer
// except success.
func (l *link) ask(request []byte) error {
	if _, err := l.Write(request); err != nil {
		return err
	}
	head := make([]byte, lengthSize)
	if _, err := io.ReadFull(l, head); err != nil {
		return err
	}
	size := binary.BigEndian.Uint32(head)
	if size == 0 || size > maxAnswer {
		return l.failed(errors.New("it does not answer as an agent does"))
	}
	answer := make([]byte, size)
	if _, err := io.ReadFull(l, answer); err != nil {
		return err
	}
	if answer[0] != answerSuccess {
		return ErrRefused
	}
	return nil
}

// closings are the errors of a connection that the agent closed.
func closings() []error { return []error{io.EOF, io.ErrClosedPipe, syscall.EPIPE, syscall.ECONNRESET} }

// failed keeps the first error, in words that a person can use.
func (l *link) failed(err error) error {
	var slow interface{ Timeout() bool }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &slow) && slow.Timeout():
		err = fmt.Errorf("no answer within %v", l.patience)
	case slices.ContainsFunc(closings(), func(closed error) bool { return errors.Is(err, closed) }):
		err = errors.New("the connection was closed")
	}
	l.broken = err
	return err
}
