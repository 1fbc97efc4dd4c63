// Package unlock opens private keys with the passphrases of a run, each asked for
// once, and decides how outputs are protected.
package unlock

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
)

// Question is what an Asker is asked.
type Question struct {
	File string // the key to open; "" for a new passphrase
	Try  int    // 1, or more after a wrong passphrase
	// Skips says that an empty answer leaves the key out, unless it opens the key.
	Skips bool
}

// Asker asks a person for passphrases.
type Asker interface {
	// Ask returns the passphrase for a key, or a new one, which is asked for twice. An
	// error that is ErrNobody means that nobody answers; its text says why.
	Ask(ctx context.Context, q Question) ([]byte, error)
}

// ErrNobody is the error of an Asker when nobody answers.
var ErrNobody = errors.New("there is nobody to ask for the passphrase")

// Options say how keys are opened and outputs are protected. The zero value asks for
// the passphrase of an encrypted key, and protects the output with the same.
type Options struct {
	Given  *Given // opens the keys
	New    *Given // protects the outputs
	AskNew bool   // ask for what protects the outputs
	Plain  bool   // leave the outputs unprotected
}

// SetsNew reports whether the outputs get a passphrase of their own.
func (o Options) SetsNew() bool { return o.AskNew || o.New != nil }

// Given is a passphrase that is handed over with the job. It is read once, however many
// keys it is for.
type Given struct {
	Name string // what it comes from, for people
	// Read returns the passphrase. Its errors name what it comes from.
	Read func(ctx context.Context) (passphrase.Text, error)

	reading sync.Mutex
	done    bool
	text    passphrase.Text
}

func (g *Given) read(ctx context.Context) (passphrase.Text, error) {
	g.reading.Lock()
	defer g.reading.Unlock()
	if g.done {
		return g.text, nil
	}
	text, err := g.Read(ctx)
	if ctx.Err() != nil {
		return passphrase.Text{}, context.Cause(ctx)
	}
	if err != nil {
		return passphrase.Text{}, err
	}
	g.text, g.done = text, true
	return text, nil
}

// wrong names the cause of a wrong passphrase where that can be seen.
func (g *Given) wrong(err error) error {
	switch {
	case !errors.Is(err, sshkey.ErrIncorrectPassphrase):
	case len(g.text.Bytes) == 0:
		return &fault.Error{Msg: fmt.Sprintf("the passphrase of %s is empty, and an empty one does not open the key", g.Name), Err: err,
			Advice: fault.Advice{Do: fault.SetSecret}}
	case g.text.IsPath():
		return &fault.Error{Msg: fmt.Sprintf("the passphrase of %s does not open the key: it is the path of a file", g.Name), Err: err,
			Advice: fault.Advice{Do: fault.ReadFile}}
	}
	return err
}

// Keyring has the passphrases of a run. The answer to a question serves all inputs.
// Inputs that are worked on at the same time ask one after the other, in their order.
type Keyring struct {
	Options
	Asker Asker
	Many  bool // keys: an empty answer leaves one of them out

	// The lock of the batch guards these: see Slot.Update.
	typed  []*typed
	newOne []byte
}

// typed is a passphrase that was typed and opened that many keys.
type typed struct {
	passphrase []byte
	keys       int
}

// best returns the passphrase that opened the most keys of those not tried, or nil.
func (k *Keyring) best(tried map[*typed]bool) *typed {
	var best *typed
	for _, t := range k.typed {
		if !tried[t] && (best == nil || t.keys > best.keys) {
			best = t
		}
	}
	return best
}

// ask asks a person, and leaves the processor to other inputs meanwhile.
func (t *Turn) ask(ctx context.Context, q Question, what string, a fault.Advice) (p []byte, err error) {
	t.Slot.Rest(func() { p, err = t.Keys.Asker.Ask(ctx, q) })
	switch {
	case err == nil:
		return p, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, ErrNobody):
		return nil, (&fault.Error{Exit: fault.NeedsPassphrase, Msg: what + ", and " + err.Error(), Err: err}).With(a)
	}
	return nil, err
}
