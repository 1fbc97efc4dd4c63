package main

import (
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// conversion is what a command does with each input.
type conversion struct {
	// accept refuses what the command is not for; nil accepts every private key.
	accept func(name string, f *keyconv.File) error
	// takes is what the command wants of a folder.
	takes func(keyconv.Format) bool
	// extension is that of the output, where it is not named.
	extension string
	// format is what to write.
	format func(encrypted bool, algorithm string) keyconv.Format
}

// wrongKind is an input that another command is for.
type wrongKind struct{ msg string }

func (e *wrongKind) Error() string { return e.msg }

// notPrivate names a certificate for what it is: its form is that of a public key.
func notPrivate(f *keyconv.File) error {
	if _, ok := f.PublicKey.(*ssh.Certificate); !ok {
		return &keyconv.NotPrivateError{Format: f.Format}
	}
	return withHint(&wrongKind{"this is no private key that can be read, but: " + f.Title},
		"give the private key that belongs to it: the file without -cert.pub")
}

func (a *app) convertAll(args []string, c conversion) error {
	inputs, err := a.expand(args, c.takes)
	if err != nil {
		return err
	}
	a.inputs.done, a.inputs.canContinue = "converted", true
	if err := a.checkJSON(inputs); err != nil {
		return err
	}
	if err := a.checkInputs(inputs, always(c.extension)); err != nil {
		return err
	}
	defer a.clearSecrets()
	a.eachInput(inputs, func(one *app, name string) error { return one.convert(name, c) })
	return nil
}

func (a *app) convert(name string, c conversion) error {
	f, err := a.open(name)
	if err != nil {
		return err
	}
	return a.convertFile(name, f, c)
}

// convertFile does all checks that cost nothing before it asks for a passphrase.
func (a *app) convertFile(name string, f *keyconv.File, c conversion) error {
	if c.accept != nil {
		if err := c.accept(name, f); err != nil {
			return err
		}
	}
	if !f.Private {
		return notPrivate(f)
	}
	if err := a.refuseSeen(f); err != nil {
		return err
	}
	output := a.outputName(name, c.extension)
	if err := a.checkStdout(output); err != nil {
		return err
	}
	g := a.goalOf(output, f, c)
	if done, err := a.isDone(name, f, g); done || err != nil {
		return err
	}
	if err := a.checkOutput(output, true); err != nil {
		return err
	}
	if err := a.checkWriting(f, g); err != nil {
		return err
	}
	if a.flags.dryRun {
		return a.rehearseKey(name, f, g)
	}
	key, passphrase, err := a.unlockForOutput(name, f)
	if err != nil {
		return err
	}
	pub, err := sshkey.PublicOf(key.Private)
	if err != nil {
		return err
	}
	if err := a.setCertificate(key); err != nil {
		return err
	}
	format := c.format(len(passphrase) > 0, pub.Type())
	return a.writeKey(result{name, output, f, key, passphrase, format})
}

// goalOf is what the output will be, as far as the file shows without its passphrase.
func (a *app) goalOf(output string, f *keyconv.File, c conversion) goal {
	encrypted, algorithm := a.willEncrypt(f), ""
	if f.PublicKey != nil {
		algorithm = sshkey.WithoutCertificate(f.PublicKey).Type()
	}
	return goal{output, c.format(encrypted, algorithm), encrypted}
}

// checkWriting refuses flags that do not fit the output, as far as the file shows
// without its passphrase what that will be.
func (a *app) checkWriting(f *keyconv.File, g goal) error {
	if f.PublicKey == nil {
		return nil
	}
	_, err := a.writeOptions(g.format, g.encrypted)
	return err
}

// result is a key on its way to an output.
type result struct {
	input, output string
	file          *keyconv.File
	key           *sshkey.Key
	passphrase    []byte // nil for none
	format        keyconv.Format
}

func (a *app) writeKey(r result) error {
	opts, err := a.writeOptions(r.format, len(r.passphrase) > 0)
	if err != nil {
		return err
	}
	if beside := r.certificateOutput(); beside != "" {
		if err := a.checkOutput(beside, false); err != nil {
			return err // before there is a key without its certificate
		}
	}
	a.setComment(r)
	w, err := a.marshal(r, opts)
	if err != nil {
		return err
	}
	defer clear(w.data)
	if err := a.write(r.output, w.data, r.format.Holds().Private); err != nil {
		return err
	}
	if err := a.writeCertificate(r); err != nil {
		return err
	}
	a.report(r, w.file)
	return nil
}

// unlockForOutput opens the key and decides on the passphrase of the output, nil for
// none.
func (a *app) unlockForOutput(name string, f *keyconv.File) (*sshkey.Key, []byte, error) {
	key, old, err := a.unlockStrict(name, f)
	if err != nil {
		return nil, nil, err
	}
	passphrase, err := a.outputPassphrase(f, old)
	a.settle()
	return key, passphrase, err
}

// unlockStrict is unlock, which with --strict refuses a weak key: before it asks for a
// passphrase where the file shows the weakness without.
func (a *app) unlockStrict(name string, f *keyconv.File) (*sshkey.Key, []byte, error) {
	if err := a.refuseSeen(f); err != nil {
		return nil, nil, err
	}
	key, passphrase, err := a.unlock(name, f)
	if err == nil && a.flags.strict {
		err = refuseWeak(sshkey.Findings(*key))
	}
	if err != nil {
		return nil, nil, err
	}
	return key, passphrase, nil
}

// refuseSeen refuses with --strict what the file shows without its passphrase.
func (a *app) refuseSeen(f *keyconv.File) error {
	if !a.flags.strict {
		return nil
	}
	return refuseWeak(f.KeyFindings())
}

// written is the output, and what the engine saw when it opened it again.
type written struct {
	data []byte
	file *keyconv.File
}

// marshal makes the file. Where it cannot, the key derivation that the command line
// asked for is at fault: all that takes one takes every key.
func (a *app) marshal(r result, opts *keyconv.Options) (written, error) {
	var memory uint64
	if len(r.passphrase) > 0 {
		memory = opts.KDFMemory(r.format)
	}
	w, err := derive(a, memory, func() (written, error) { return r.marshal(opts) })
	switch {
	case is[interrupted](err):
		return written{}, err
	case is[*keyconv.LimitError](err):
		return written{}, withHint(&usageError{msg: message(err)}, "choose less with the --kdf flags")
	case err != nil && *opts != (keyconv.Options{}):
		return written{}, &usageError{msg: message(err)}
	}
	return w, err
}

func (r result) marshal(opts *keyconv.Options) (w written, err error) {
	if len(r.passphrase) == 0 {
		w.data, w.file, err = keyconv.MarshalFile(r.key, r.format, opts)
	} else {
		w.data, w.file, err = keyconv.MarshalFileWithPassphrase(r.key, r.passphrase, r.format, opts)
	}
	return w, err
}

// setComment applies -C, and makes one line of a comment that the format could not
// hold else.
func (a *app) setComment(r result) {
	if a.flags.commentSet {
		r.key.Comment = a.flags.comment
	}
	if r.format == keyconv.OpenSSH || !strings.ContainsAny(r.key.Comment, "\r\n\x00") {
		return
	}
	r.key.Comment = sshkey.OneLine(r.key.Comment)
	a.warn(r.input, "the comment has line ends, which became spaces")
}
