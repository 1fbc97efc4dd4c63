// Package convert does the work on one input: it opens it, refuses what cannot go well,
// plans the output, unlocks the key, writes it, and reports what was lost or is weak.
//
// It has no front end: a Job says what is wanted, an unlock.Asker gives passphrases, an
// output.Place holds the files, and a Listener hears the result.
package convert

import (
	"context"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Job is what is done with the inputs of a run.
type Job struct {
	Input  input.Options
	Output output.Options
	KDF    KDF
	// Comment takes the place of that of the key; nil keeps it.
	Comment *string
	// Certificate is a file with a certificate to add, "" for none.
	Certificate       string
	RemoveCertificate bool
	WithCertificate   bool // the public key is that of the certificate, where there is one
	Nameless          bool // the input is a text without a file, whatever it is called
	PublicBeside      bool // New writes the public half beside a key in OpenSSH's form
	Resume            bool // skip an output that is there and holds the same key
	DryRun            bool // write nothing
	// Now is the time in seconds since 1970, for the certificates that have expired; 0 says
	// nothing of them.
	Now uint64

	Place output.Place
	Keys  *unlock.Keyring
}

// Listener hears what happens to an input.
type Listener interface {
	// Opened is for what was read; once more after decryption, which may have chosen
	// among several repairs.
	Opened(f *engine.File)
	// Noted is for what is good to know, or should worry.
	Noted(n fault.Note)
	// Done is for the output.
	Done(r Result)
}

// Outcome says what became of an output.
type Outcome int

// The outcomes.
const (
	Written   Outcome = iota
	Skipped           // it is there already
	Sound             // the input needs no repair, and there is no output
	Rehearsed         // it would have been written
)

// Result is an output.
type Result struct {
	Outcome   Outcome
	Input     string
	Output    string
	Format    engine.Format
	Encrypted bool
	// Public and Comment are those of the key that was written.
	Public  ssh.PublicKey
	Comment string
	// File is the private key that was written, as it was opened again; nil for others.
	File *engine.File
}

// Task is the work on one input.
type Task struct {
	*Job
	Name string
	// Slot is the place of the input among many; nil for one alone.
	Slot     *batch.Slot
	Listener Listener

	turn *unlock.Turn
	kept [][]byte // files that were read, to be wiped: one may be a key in plain
}

// Begin returns the task of an input.
func (j *Job) Begin(name string, slot *batch.Slot, l Listener) *Task {
	return &Task{Job: j, Name: name, Slot: slot, Listener: l, turn: &unlock.Turn{Keys: j.Keys, Name: name, Slot: slot, Note: l.Noted}}
}

// End wipes the files that were read, unless the run was interrupted: work that was
// abandoned may still read them; the process is about to end then.
func (t *Task) End(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	for _, data := range t.kept {
		clear(data)
	}
	t.kept = nil
}

// Open reads the input and what it has in the clear, mended where it is damaged, and
// returns the text as it was found too.
func (t *Task) Open(ctx context.Context) (*engine.File, []byte, error) {
	return t.open(ctx, t.Place.Read)
}

func (t *Task) open(ctx context.Context, read func(name string) ([]byte, error)) (*engine.File, []byte, error) {
	f, data, err := t.load(ctx, t.Input, read, t.Name)
	if err == nil {
		t.Listener.Opened(f)
		if t.Input.Strict {
			err = refuseDamaged(f)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return f, data, nil
}

// OpenOther opens another file than the input: its first key.
func (t *Task) OpenOther(ctx context.Context, name string) (*engine.File, []byte, error) {
	o := t.Input
	o.Index = 0
	f, data, err := t.load(ctx, o, t.Place.Read, name)
	if err == nil && t.Input.Strict {
		err = refuseDamaged(f)
	}
	return f, data, err
}

// load reads a file and opens it. What was read is returned, and wiped at the end, also
// where it cannot be opened: it may be a key in plain.
func (t *Task) load(ctx context.Context, o input.Options, read func(name string) ([]byte, error), name string) (*engine.File, []byte, error) {
	data, err := batch.Interruptible(ctx, func() ([]byte, error) { return read(name) })
	if err != nil {
		return nil, nil, err
	}
	t.kept = append(t.kept, data)
	f, err := batch.Interruptible(ctx, func() (*engine.File, error) { return o.Open(data) })
	return f, data, err
}

func refuseDamaged(f *engine.File) error {
	if len(f.Repairs) > 0 {
		return refused("the text is damaged: " + f.Repairs[0].Message)
	}
	if others := damagedBeside(f); len(others) > 0 {
		return refused(others[0])
	}
	return nil
}

func refused(why string) *fault.Error {
	return fault.Coded(fault.Refused, fault.Strict, "%s", why)
}

// NotPrivate returns the error of a file without a private key. It names a certificate
// for what it is: its form is that of a public key.
func NotPrivate(f *engine.File) error {
	err := f.Usable()
	if rawkey.CertificateOf(f.PublicKey) != nil {
		err = fault.Advise(err, fault.Advice{Do: fault.GivePrivate})
	}
	return err
}

// RefuseWeak refuses a strict job a key with a weakness that is more than carelessness. No
// other job pays for looking, which may mean to open the key.
func (t *Task) RefuseWeak(findings func() []rawkey.Finding) error {
	if !t.Input.Strict {
		return nil
	}
	for _, f := range findings() {
		if f.Refuse {
			return refused(f.Message).With(fault.Advice{Do: fault.FollowFinding, Finding: &f})
		}
	}
	return nil
}

// Unlock opens the private half. A strict job refuses a weak key: before it asks for a
// passphrase where the file shows the weakness without.
func (t *Task) Unlock(ctx context.Context, f *engine.File) (*sshkey.Key, []byte, error) {
	if err := t.RefuseWeak(f.KeyFindings); err != nil {
		return nil, nil, err
	}
	key, passphrase, err := t.turn.Open(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range key.Deviations { // which show when it is open, and count as mended
		f.Repairs = append(f.Repairs, engine.Repair(d))
	}
	if t.Input.Strict && len(key.Deviations) > 0 {
		return nil, nil, refused("the file departs from its format: " + key.Deviations[0].Message)
	}
	if err := t.RefuseWeak(func() []rawkey.Finding { return rawkey.Findings(key.Private) }); err != nil {
		return nil, nil, err
	}
	return key, passphrase, nil
}

// unlockForOutput opens the key and decides on the passphrase of the output, nil for
// none.
func (t *Task) unlockForOutput(ctx context.Context, f *engine.File) (*sshkey.Key, []byte, error) {
	key, old, err := t.Unlock(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	passphrase, err := t.turn.Output(ctx, f.Encrypted(), old)
	t.Slot.Settle()
	return key, passphrase, err
}

// PublicHalf asks for a passphrase only if it has to.
func (t *Task) PublicHalf(ctx context.Context, f *engine.File) (ssh.PublicKey, string, error) {
	pub, comment := f.PublicKey, f.Comment
	if pub == nil {
		key, _, err := t.turn.Open(ctx, f)
		if err != nil {
			return nil, "", err
		}
		if pub, err = key.Public(); err != nil {
			return nil, "", err
		}
	}
	cert, ok := pub.(*ssh.Certificate)
	if ok && f.Private && !t.WithCertificate {
		pub = cert.Key
	}
	return pub, comment, nil
}

// SetCertificate adds or removes the certificate, as the job says.
func (t *Task) SetCertificate(ctx context.Context, key *sshkey.Key) error {
	if t.RemoveCertificate {
		key.Certificate = nil
	}
	if t.Certificate == "" {
		return nil
	}
	data, err := batch.Interruptible(ctx, func() ([]byte, error) { return t.Place.Read(t.Certificate) })
	if err == nil {
		err = engine.AddCertificate(key, data)
	}
	if err == nil {
		return nil
	}
	err = fault.In(input.Shown(t.Certificate), err)
	if fault.ExitCode(err) != fault.NotAKey || fault.Is[*sshkey.UnsupportedError](err) {
		return err
	}
	return fault.Advise(err, fault.Advice{Do: fault.RightCertificate, File: t.Certificate})
}
