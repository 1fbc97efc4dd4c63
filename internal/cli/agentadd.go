package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

func (w *agentWork) add(ctx context.Context, t *convert.Task, o *one) error {
	f, _, err := t.Open(ctx)
	if err != nil {
		return err
	}
	if !f.Private {
		return convert.NotPrivate(f)
	}
	if err := checkAgentType(f.PublicKey); err != nil {
		return err // before a person types a passphrase
	}
	key, _, err := t.Unlock(ctx, f)
	if err != nil {
		return err
	}
	pub, err := key.Public()
	if err != nil {
		return err
	}
	if err := checkAgentType(pub); err != nil {
		return err
	}
	if err := t.SetCertificate(ctx, key); err != nil {
		return err
	}
	t.SetComment(nil, key, engine.Public)
	o.Opened(f)
	o.record.key(pub, key.Comment)
	t.NoteRepairs(f)
	t.NoteOtherKeys(f)
	t.NoteFindings(o.name, append(f.Findings(), rawkey.Findings(key.Private)...))
	// ssh tries keys in the order of the agent.
	if err := t.Slot.Await(ctx, func() bool { return false }); err != nil {
		return err
	}
	if err := w.addPlain(ctx, t, o, key, pub); err != nil {
		return err
	}
	return w.addCertificate(ctx, t, o, key)
}

// checkAgentType refuses a type that OpenSSH and so its agent does not know. A nil public
// key, which the file has encrypted, passes.
func checkAgentType(pub ssh.PublicKey) error {
	if pub == nil {
		return nil
	}
	if t, _ := rawkey.TypeOf(pub.Type()); t.OpenSSH != rawkey.Never {
		return nil
	}
	return fault.New(fault.NotAKey, "an %s key cannot be added: the agent of OpenSSH does not know the type", rawkey.WithoutCertificate(pub).Type()).
		With(say("Pageant opens it as a .ppk: keyconv convert --to ppk writes one"))
}

func (w *agentWork) addPlain(ctx context.Context, t *convert.Task, o *one, key *sshkey.Key, pub ssh.PublicKey) error {
	added, err := w.send(ctx, t, sshkey.Key{Private: key.Private, Comment: key.Comment})
	kind, _ := rawkey.TypeOf(pub.Type())
	switch { // the protocol gives no reason for a refusal, so the advice is what it may be
	case err != nil && !errors.Is(err, agentconn.ErrRefused):
		return err
	case err != nil && w.constraints() != "":
		return fault.Advise(err, say("Pageant and OpenSSH for Windows know neither --lifetime nor --confirm; or the agent is locked: ssh-add -X unlocks it"))
	case err != nil && kind.OpenSSHDropped != "":
		return fault.Advise(err, say("OpenSSH has no %s since version %s; or the agent is locked: ssh-add -X unlocks it", kind.Title, kind.OpenSSHDropped))
	case err != nil && kind.PuTTY == rawkey.Never:
		return fault.Advise(err, say("only the agent of OpenSSH %s and later has %s; or the agent is locked: ssh-add -X unlocks it", kind.OpenSSH, kind.Title))
	case err != nil:
		return fault.Advise(err, say("the agent may be locked (ssh-add -X unlocks it), or not know keys of the type %s", pub.Type()))
	case !added:
		o.note(o.name, w.agent.Name+" has the key already")
		return nil
	}
	o.report("added %s to %s (%s, %s)%s", input.Shown(o.name), visible(w.agent.Name), describeShort(pub), quote.Comment(key.Comment), visible(w.constraints()))
	return nil
}

// addCertificate adds the key once more, with its certificate: the server decides
// which of the two it wants.
func (w *agentWork) addCertificate(ctx context.Context, t *convert.Task, o *one, key *sshkey.Key) error {
	where := o.name
	switch {
	case t.Certificate != "":
		where = t.Certificate
	case key.Certificate == nil:
		where = convert.CertificateName(o.name)
		if !loadBeside(ctx, t, o, where, key) {
			return nil
		}
	}
	if rawkey.HasUnsortedOptions(key.Certificate) {
		return fault.New(fault.Failed, "%s has the key; its certificate cannot be added, since its options are not in the order of their names", w.agent.Name).
			With(say("--remove-certificate leaves the certificate out; ssh-add adds it from a file"))
	}
	added, err := w.send(ctx, t, *key)
	if errors.Is(err, agentconn.ErrRefused) {
		return fault.New(fault.Failed, "%s has the key, but refused its certificate", w.agent.Name).
			With(say("--remove-certificate leaves the certificate out"))
	}
	switch {
	case err != nil:
		return err
	case !added:
		o.note(o.name, w.agent.Name+" has the certificate already")
	default:
		t.NoteFindings(where, rawkey.CertificateFindings(key.Certificate, t.Now))
		o.report("added the certificate in %s to %s (%q)%s", input.Shown(where), visible(w.agent.Name), key.Certificate.KeyId, visible(w.constraints()))
	}
	return nil
}

// loadBeside takes the certificate where ssh-add looks for it. One that does not fit
// does not keep the key from being added.
func loadBeside(ctx context.Context, t *convert.Task, o *one, where string, key *sshkey.Key) bool {
	if input.IsStream(o.name) || t.RemoveCertificate {
		return false
	}
	data, err := batch.Interruptible(ctx, func() ([]byte, error) { return t.Place.Read(where) })
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	o.guard.Protect(where, "the certificate beside the key")
	if err == nil {
		err = engine.AddCertificate(key, data)
	}
	if err != nil {
		o.Noted(fault.Note{Warning: true, File: o.name, Text: fmt.Sprintf("%s is left out: %s", input.Shown(where), message(err))})
		return false
	}
	return true
}

// send reports whether the key, or its certificate if it has one, was added. false is for one
// that is there: the agent of OpenSSH takes it again, Pageant refuses it.
func (w *agentWork) send(ctx context.Context, t *convert.Task, key sshkey.Key) (bool, error) {
	held, err := batch.Interruptible(ctx, func() (bool, error) {
		err := w.addToAgent(key)
		if !errors.Is(err, agentconn.ErrRefused) {
			return false, err
		}
		pub, invalid := rawkey.CertifiedPublic(key.Private, key.Certificate)
		keys, unknown := w.agent.List()
		if invalid != nil || unknown != nil {
			return false, err
		}
		return slices.ContainsFunc(keys, func(k *agent.Key) bool { return bytes.Equal(k.Blob, rawkey.Blob(pub)) }), err
	})
	switch {
	case !held:
		return err == nil, err
	case w.constraints() == "" && t.Comment == nil:
		return false, nil
	}
	return false, fault.New(fault.Failed, "%s already has it, and does not change it", w.agent.Name).
		With(say("keyconv agent --delete %s takes it out first", shellName(t.Name)))
}

// addToAgent gives the key to the agent, in the wire form of its type where the client of
// golang.org/x/crypto/ssh does not have the type.
func (w *agentWork) addToAgent(key sshkey.Key) error {
	keys, err := key.AddedKeys()
	if errors.Is(err, errors.ErrUnsupported) && key.Certificate == nil {
		private := pemkey.WireKey(key.Private)
		defer clear(private)
		return w.agent.AddWire(private, w.constrained(agent.AddedKey{Comment: key.Comment}))
	}
	if err != nil {
		return err
	}
	return w.agent.Add(w.constrained(keys[len(keys)-1]))
}

// constrained returns what the agent gets, with what was asked for on the command line.
func (w *agentWork) constrained(key agent.AddedKey) agent.AddedKey {
	key.LifetimeSecs, key.ConfirmBeforeUse = w.seconds, w.confirm
	return key
}

// constraints returns the end of the message of a key that was added.
func (w *agentWork) constraints() string {
	text := ""
	if w.seconds > 0 {
		text += ", for " + w.lifetime
		if _, err := strconv.ParseUint(w.lifetime, 10, 64); err == nil {
			text += "s"
		}
	}
	if w.confirm {
		text += ", to be confirmed at each use"
	}
	return text
}
