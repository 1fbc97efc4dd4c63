package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/keyconv/keyconv/internal/passphrase"
)

// secrets are the passphrases of a run. A source is read once, since a pipe can be read
// only once, and the answer to a prompt serves all inputs. Inputs that are worked on at
// the same time ask one after the other, in their order.
type secrets struct {
	reading sync.Mutex // held while a source is read
	read    map[passphrase.Source][]byte

	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	typed   []*typed     // what was typed and opened a key
	new     []byte       // what was typed for the output
	turn    int          // the first input that may still ask
	settled map[int]bool // later inputs that will not
}

// typed is a passphrase that opened that many keys.
type typed struct {
	passphrase []byte
	keys       int
}

func newSecrets() *secrets {
	s := &secrets{settled: map[int]bool{}}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// clearSecrets wipes the passphrases at the end of a run. As with clearKept, work that
// an interruption left behind may still read them.
func (a *app) clearSecrets() {
	if a.ctx.Err() == nil {
		a.secrets.clear()
	}
}

func (s *secrets) clear() {
	for _, p := range s.read {
		clear(p)
	}
	for _, t := range s.typed {
		clear(t.passphrase)
	}
	clear(s.new)
}

// readSource reads a source of the command line, once.
func (a *app) readSource(given sourceFlags) ([]byte, error) {
	s := given.source()
	a.secrets.reading.Lock()
	defer a.secrets.reading.Unlock()
	if p, ok := a.secrets.read[s]; ok {
		return p, nil
	}
	p, err := s.Read(a.ctx, a.stdin)
	if a.ctx.Err() != nil {
		return nil, interruption(a.ctx)
	}
	if err != nil {
		return nil, given.readError(err)
	}
	if a.secrets.read == nil {
		a.secrets.read = map[passphrase.Source][]byte{}
	}
	a.secrets.read[s] = p
	return p, nil
}

// readError names the flag: else the message would be that of the input.
func (s sourceFlags) readError(err error) error {
	flag, takes := s.given()
	if usage := (*passphrase.UsageError)(nil); errors.As(err, &usage) {
		return withHint(usagef("%s: %s", flag, usage.Problem), "%s takes %s", flag, takes)
	}
	return withHint(fmt.Errorf("%s: %w", flag, withoutPath(err)), "%s takes %s", flag, takes)
}

// opened remembers what opened a key.
func (s *secrets) opened(t *typed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.keys == 0 {
		s.typed = append(s.typed, t)
	}
	t.keys++
	s.changed.Broadcast()
}

func (s *secrets) keepNew(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.new = p
	s.changed.Broadcast()
}

// untried is what opened the most keys of what was not tried; nil for none.
func (s *secrets) untried(tried map[*typed]bool) *typed {
	var best *typed
	for _, t := range s.typed {
		if !tried[t] && (best == nil || t.keys > best.keys) {
			best = t
		}
	}
	return best
}

// nextTyped is the next passphrase to try on the input, or nil when it is its turn to
// ask. Until then an earlier input may still be asked for one that opens this too.
func (a *app) nextTyped(tried map[*typed]bool) (next *typed, err error) {
	err = a.await(func(s *secrets) bool {
		next = s.untried(tried)
		return next != nil
	})
	return next, err
}

// typedNew is the passphrase that was typed for the outputs, or nil when it is the turn
// of this input to ask.
func (a *app) typedNew() (p []byte, err error) {
	err = a.await(func(s *secrets) bool {
		p = s.new
		return p != nil
	})
	return p, err
}

// awaitTurn waits until the work on all earlier inputs is over.
func (a *app) awaitTurn() error { return a.await(func(*secrets) bool { return false }) }

// await waits until there is an answer already, or the turn of this input has come.
func (a *app) await(answered func(*secrets) bool) error {
	s, index := a.secrets, 0
	if a.slot != nil {
		index = a.slot.index
	}
	stop := context.AfterFunc(a.ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.changed.Broadcast()
	})
	defer stop()
	a.resting(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for a.ctx.Err() == nil && !answered(s) && s.turn < index {
			s.changed.Wait()
		}
	})
	return interruption(a.ctx)
}

// settle says that this input will not ask any more.
func (a *app) settle() {
	if a.slot == nil {
		return
	}
	s := a.secrets
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settled[a.slot.index] = true
	for s.settled[s.turn] {
		delete(s.settled, s.turn)
		s.turn++
	}
	s.changed.Broadcast()
}

// ask is how a person is asked: with nothing else on the terminal meanwhile, and with
// the processor left to others.
func (a *app) ask(prompt func() ([]byte, error)) (p []byte, err error) {
	if a.slot == nil {
		return prompt()
	}
	a.resting(func() {
		a.slot.screen.still(func() { p, err = prompt() })
	})
	return p, err
}
