package main

import (
	"fmt"
	"slices"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// report says what was written, and all that was lost or is worth knowing.
func (a *app) report(r result, written *keyconv.File) {
	a.record.from(r.file)
	a.record.to(r.output, written, r.key)
	a.reportWritten(r)
	a.reportLoss(r)
	a.reportWeakness(r, written.Findings())
	if len(r.passphrase) > 0 {
		a.warnOfPassphrase(r.output, r.format, r.passphrase)
	}
	if r.format.Holds().Private && len(r.passphrase) == 0 && r.output != stdio && !a.flags.noPassphrase {
		a.notePlain(r.output)
	}
}

// notePlain is for a key that whoever has the file can use. Many of them are noted once,
// in the end.
func (a *app) notePlain(output string) {
	a.fate.plain = true
	if a.slot == nil {
		a.note(output, "the key is not encrypted; --new-passphrase protects it")
	}
}

func (a *app) reportWritten(r result) {
	if a.flags.quiet || r.output == stdio {
		return
	}
	pub, err := sshkey.PublicOf(r.key.Private)
	if err != nil {
		return
	}
	what := displayName(r.input) + " -> " + displayName(r.output)
	if r.input == r.output {
		what = displayName(r.output) + " written"
	}
	fmt.Fprintf(a.stderr, "%s (%s, %s %d, %s)\n", what, r.title(), pub.Type(), sshkey.Bits(pub), sshkey.FingerprintSHA256(pub))
}

// title is what was written, in a few words.
func (r result) title() string {
	title := r.format.Title()
	if r.format == keyconv.PPK {
		title += ", version 3"
	}
	if len(r.passphrase) > 0 {
		title += ", encrypted"
	}
	return title
}

// reportLoss names what the output has no room for. Nothing drops silently.
func (a *app) reportLoss(r result) {
	a.noteRepairs(r.input, r.file)
	a.noteOtherKeys(r.input, r.file)
	switch {
	case r.file.Format == keyconv.PKCS12:
		a.note(r.input, "the certificates in the file are left out")
	case r.file.Extra:
		a.note(r.input, "text, or a certificate, around the key is left out")
	}
	a.noteCertificateBeside(r.input, r.key)
	a.noteComment(r.input, r.key.Comment, r.format)
}

// reportPublicLoss is reportLoss for a public key.
func (a *app) reportPublicLoss(name string, f *keyconv.File, pub ssh.PublicKey, comment string, format keyconv.Format) {
	a.noteRepairs(name, f)
	if f.Private {
		a.noteOtherKeys(name, f)
	}
	_, had := f.PublicKey.(*ssh.Certificate)
	_, has := pub.(*ssh.Certificate)
	if had && (!has || format == keyconv.SPKI) {
		a.note(name, "this is the key without its certificate; keyconv public --with-certificate prints that")
	}
	a.noteComment(name, comment, format)
}

func (a *app) noteOtherKeys(name string, f *keyconv.File) {
	if f.Keys > 1 {
		a.note(name, "the file holds %d keys, and this is number %d; --index N takes another", f.Keys, max(a.flags.index, 1))
	}
}

func (a *app) noteComment(name, comment string, format keyconv.Format) {
	if !format.Holds().Comment && comment != "" && comment != sshkey.DefaultComment {
		a.note(name, "the comment %q is left out: a %s has no room for one", comment, format.Title())
	}
}

// reportWeakness warns of what is weak in the output, and in the input and its key, each
// once. An input that was replaced is gone, and with it what was weak in it.
func (a *app) reportWeakness(r result, written []sshkey.Finding) {
	output, input := r.output, r.input
	if output == stdio {
		output = "standard output"
	}
	if r.file.Format == "" { // a new key has no input
		input = output
	}
	found := sshkey.Findings(*r.key)
	if r.input != r.output || r.input == stdio {
		found = append(without(r.file.Findings(), written), found...)
	}
	a.warnOfWeakness(output, written)
	a.warnOfWeakness(input, found)
}

func (a *app) warnOfWeakness(name string, findings []sshkey.Finding) {
	for _, f := range findings {
		a.record.warning(f.Code, describeFinding(f))
		a.say("warning", name, "%s", describeFinding(f))
	}
}

func describeFinding(f sshkey.Finding) string { return f.Message + "; " + f.Advice }

// without leaves out the findings that the others have too.
func without(findings, others []sshkey.Finding) []sshkey.Finding {
	return slices.DeleteFunc(findings, func(f sshkey.Finding) bool {
		return slices.ContainsFunc(others, func(o sshkey.Finding) bool { return o.Code == f.Code })
	})
}
