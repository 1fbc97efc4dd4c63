package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

func (a *app) addToAgent(name string, w agentWork) error {
	f, err := a.open(name)
	if err != nil {
		return err
	}
	if !f.Private {
		return notPrivate(f)
	}
	if err := checkAgentType(f.PublicKey); err != nil {
		return err // before anybody types a passphrase
	}
	key, _, err := a.unlockStrict(name, f)
	if err != nil {
		return err
	}
	pub, err := sshkey.PublicOf(key.Private)
	if err != nil {
		return err
	}
	if err := checkAgentType(pub); err != nil {
		return err
	}
	if err := a.setCertificate(key); err != nil {
		return err
	}
	a.setComment(result{input: name, key: key, format: keyconv.Public})
	a.record.from(f)
	a.record.key(pub, key.Comment)
	a.noteRepairs(name, f)
	a.noteOtherKeys(name, f)
	a.warnOfWeakness(name, append(f.Findings(), sshkey.Findings(*key)...))
	if err := a.awaitTurn(); err != nil { // ssh tries keys in the order of the agent
		return err
	}
	if err := a.addPlain(name, key, pub, w); err != nil {
		return err
	}
	return a.addCertificate(name, key, w)
}

// checkAgentType refuses a type that OpenSSH and so its agent does not know. A nil public
// key, which the file has encrypted, passes.
func checkAgentType(pub ssh.PublicKey) error {
	if pub == nil || !lacksOpenSSH(pub) {
		return nil
	}
	return withHint(&wrongKind{"an " + sshkey.WithoutCertificate(pub).Type() + " key cannot be added: the agent of OpenSSH does not know the type"},
		"Pageant opens it as a .ppk: keyconv convert --to ppk writes one")
}

// lacksOpenSSH reports whether OpenSSH is known to have no keys of that type.
func lacksOpenSSH(pub ssh.PublicKey) bool {
	t, _ := sshkey.TypeOf(pub.Type())
	return t.OpenSSH == sshkey.Never
}

func (a *app) addPlain(name string, key *sshkey.Key, pub ssh.PublicKey, w agentWork) error {
	added, err := a.sendToAgent(name, w.addedKey(key, nil), w)
	if err != nil {
		return w.refusal(err, pub.Type())
	}
	if !added {
		a.note(name, "%s has the key already", w.agent.Name)
		return nil
	}
	a.tell("added %s to %s (%s %d, %s, %q)%s", displayName(name), w.agent.Name,
		pub.Type(), sshkey.Bits(pub), sshkey.FingerprintSHA256(pub), key.Comment, w.constraints())
	return nil
}

// addCertificate adds the key once more, with its certificate: the server decides
// which of the two it wants.
func (a *app) addCertificate(name string, key *sshkey.Key, w agentWork) error {
	where := name
	switch {
	case a.flags.certificate != "":
		where = a.flags.certificate
	case key.Certificate == nil:
		where = certificateName(name)
		if !a.loadBeside(name, where, key) {
			return nil
		}
	}
	added, err := a.sendToAgent(name, w.addedKey(key, key.Certificate), w)
	if errors.Is(err, agentconn.ErrRefused) {
		return withHint(fmt.Errorf("%s has the key, but refused its certificate", w.agent.Name), "--remove-certificate leaves the certificate out")
	}
	switch {
	case err != nil:
		return err
	case !added:
		a.note(name, "%s has the certificate already", w.agent.Name)
	default:
		a.tell("added the certificate in %s to %s (%q)%s", displayName(where), w.agent.Name, key.Certificate.KeyId, w.constraints())
	}
	return nil
}

// loadBeside takes the certificate where ssh-add looks for it. One that does not fit
// does not keep the key from being added.
func (a *app) loadBeside(name, where string, key *sshkey.Key) bool {
	if isStream(name) || a.flags.removeCertificate {
		return false
	}
	data, err := a.read(where)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	a.guard.protect(where, "the certificate beside the key")
	if err == nil {
		err = keyconv.AddCertificate(key, data)
	}
	if err != nil {
		a.warn(name, "%s is left out: %s", displayName(where), message(err))
		return false
	}
	return true
}

// sendToAgent reports whether the key was added. false is for one that is there: the
// agent of OpenSSH takes it again, Pageant refuses it.
func (a *app) sendToAgent(name string, added agent.AddedKey, w agentWork) (bool, error) {
	held, err := interruptible(a.ctx, func() (bool, error) {
		err := w.agent.Add(added)
		return errors.Is(err, agentconn.ErrRefused) && w.holds(added), err
	})
	switch {
	case !held:
		return err == nil, err
	case w.constraints() == "" && !a.flags.commentSet:
		return false, nil
	}
	return false, withHint(fmt.Errorf("%s has it already, and does not change it", w.agent.Name),
		"keyconv agent --delete %s takes it out first", shellName(name))
}

// holds reports whether the agent has that key, or that certificate.
func (w agentWork) holds(added agent.AddedKey) bool {
	var pub ssh.PublicKey = added.Certificate
	if added.Certificate == nil {
		var err error
		if pub, err = (sshkey.Key{Private: added.PrivateKey}).Public(); err != nil {
			return false
		}
	}
	keys, err := w.agent.List()
	return err == nil && slices.ContainsFunc(keys, func(k *agent.Key) bool { return bytes.Equal(k.Blob, pub.Marshal()) })
}

// addedKey is the key as the agent gets it.
func (w agentWork) addedKey(key *sshkey.Key, cert *ssh.Certificate) agent.AddedKey {
	return agent.AddedKey{
		PrivateKey: key.Private, Certificate: cert, Comment: key.Comment,
		LifetimeSecs: w.seconds, ConfirmBeforeUse: w.confirm,
	}
}

// constraints is what stands behind the message of a key that was added.
func (w agentWork) constraints() string {
	text := ""
	if w.seconds > 0 {
		text += ", for " + describeLifetime(w.lifetime)
	}
	if w.confirm {
		text += ", to be confirmed at each use"
	}
	return text
}

// refusal adds to a refusal, for which the protocol has no reason, what the reason may
// be.
func (w agentWork) refusal(err error, algorithm string) error {
	t, _ := sshkey.TypeOf(algorithm)
	switch {
	case !errors.Is(err, agentconn.ErrRefused):
		return err
	case w.constraints() != "":
		return withHint(err, "Pageant and OpenSSH for Windows know neither --lifetime nor --confirm; or the agent is locked: ssh-add -X unlocks it")
	case t.OpenSSHDropped != "":
		return withHint(err, "OpenSSH has no %s since version %s; or the agent is locked: ssh-add -X unlocks it", t.Title, t.OpenSSHDropped)
	}
	return withHint(err, "the agent may be locked (ssh-add -X unlocks it), or not know keys of the type %s", algorithm)
}

// tell prints what was done.
func (a *app) tell(format string, args ...any) {
	if !a.flags.quiet {
		fmt.Fprintf(a.stderr, "%s\n", visible(fmt.Sprintf(format, args...)))
	}
}
