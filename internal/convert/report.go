package convert

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

func (t *Task) note(code fault.Code, text string, advice fault.Advice) {
	t.Listener.Noted(fault.Note{Code: code, File: t.Name, Text: text, Advice: advice})
}

func (t *Task) warn(code fault.Code, file, text string) {
	t.Listener.Noted(fault.Note{Code: code, Warning: true, File: file, Text: text})
}

// report says what was written, and all that was lost or is worth knowing.
func (t *Task) report(r result, written *engine.File) error {
	pub, err := r.key.Public()
	if err != nil {
		return err
	}
	if r.file != nil {
		t.Listener.Opened(r.file)
	}
	encrypted := len(r.passphrase) > 0
	t.Listener.Done(Result{
		Input: t.Name, Output: r.output, Format: r.format, Encrypted: encrypted, File: written,
		Public: pub, Comment: r.key.Comment,
	})
	if r.file != nil {
		t.noteLoss(r)
	}
	format := r.format.About()
	switch {
	case !format.Comment:
		t.noteComment(r.format.DropsComment(r.key.Comment), r.format)
	case !utf8.ValidString(r.key.Comment):
		t.NoteCommentBytes(r.output, r.key.Comment)
	}
	t.noteWeakness(r, written)
	if encrypted {
		t.noteTyping(r)
	}
	if format.Private && !encrypted && r.output != input.Stdio && !t.Keys.Plain {
		note := fault.Note{Code: fault.Plain, File: r.output, Text: "the key is not encrypted", Advice: fault.Advice{Do: fault.SetPassphrase}}
		if !format.Encrypts {
			note.Text, note.Advice = "the key is not encrypted, as this form cannot be", fault.Advice{}
		}
		t.Listener.Noted(note)
	}
	if encrypted {
		t.noteStillPlain(r)
	}
	return nil
}

// noteStillPlain says that the passphrase of the output leaves the input as open as it was.
func (t *Task) noteStillPlain(r result) {
	if r.file == nil || r.file.Encrypted() || t.Name == r.output || t.Nameless || input.IsStream(t.Name) {
		return
	}
	var advice fault.Advice
	switch f := r.file; {
	case f.Keys > 1 || f.Extra || f.Format.About().Extension == "" || !f.Format.About().Encrypts:
	case f.Format == engine.PEM:
		advice = fault.Advice{Do: fault.ProtectInPlace, File: t.Name, Format: engine.OpenSSH}
	default:
		advice = fault.Advice{Do: fault.ProtectFile, File: t.Name}
	}
	t.Listener.Noted(fault.Note{Code: fault.StillPlain, File: r.output, Text: input.Shown(t.Name) + " itself is still unprotected", Advice: advice})
}

// noteLoss names what the output has no room for. Nothing is dropped silently.
func (t *Task) noteLoss(r result) {
	t.NoteRepairs(r.file)
	if r.file.Keys > 1 {
		t.NoteOtherKeys(r.file)
	}
	switch {
	case r.file.Format == engine.PKCS12:
		t.note(fault.Lost, "the certificates in the file are left out", fault.Advice{})
	case r.file.Extra:
		t.note(fault.Lost, "text, or a certificate, around the key is left out", fault.Advice{})
	}
	// ssh would use a certificate beside the key with it.
	if t.Name == input.Stdio || t.Name == r.output || r.key.Certificate != nil || t.RemoveCertificate {
		return
	}
	beside := CertificateName(t.Name)
	if found, err := t.Place.Find(beside); found && err == nil {
		t.note(fault.CertificateLeft, fmt.Sprintf("the certificate in %s is left out", input.Shown(beside)),
			t.certificateAdvice(r.key, beside))
	}
}

// certificateAdvice says how to add the certificate in a file, if it can be added: one of
// another key cannot, nor one of a type that is only shown.
func (t *Task) certificateAdvice(key *sshkey.Key, name string) fault.Advice {
	certified := *key
	data, err := t.Place.Read(name)
	if err != nil || engine.AddCertificate(&certified, data) != nil {
		return fault.Advice{}
	}
	return fault.Advice{Do: fault.AddCertificate, File: name}
}

// noteChoice says which form was chosen for a program, and whether one needs to know more
// of how it takes it.
func (t *Task) noteChoice(output string, c engine.Choice) {
	how := c.Verdict.Source
	if c.Verdict.Tried != "" {
		how = "tried with " + c.Verdict.Tried
	}
	what := c.Format.About().Title
	if c.Base64 {
		what += " in one line of base64"
	}
	text := fmt.Sprintf("written as %s, which %s opens (%s)", what, c.Verdict.Program, how)
	t.Listener.Noted(fault.Note{Code: fault.Chosen, File: output, Text: text})
}

// NoteRepairs says what was mended.
func (t *Task) NoteRepairs(f *engine.File) {
	for _, repair := range f.Repairs {
		t.note(fault.Mended, "mended: "+repair.Message, fault.Advice{})
	}
}

// NoteOtherKeys says which of several keys was taken, and warns of damaged ones.
func (t *Task) NoteOtherKeys(f *engine.File) {
	if f.Keys > 1 {
		t.note(fault.OtherKeys, fmt.Sprintf("the file holds %d keys, and this is number %d", f.Keys, max(t.Input.Index, 1)),
			fault.Advice{Do: fault.TakeKey})
		t.NoteDamagedKeys(f)
	}
}

// NoteDamagedKeys warns of other keys of the file that are damaged.
func (t *Task) NoteDamagedKeys(f *engine.File) {
	for _, text := range damagedBeside(f) {
		t.warn(fault.DamagedKey, t.Name, text)
	}
}

// damagedBeside says which other keys of the file cannot be read.
func damagedBeside(f *engine.File) (texts []string) {
	for _, line := range f.Damaged {
		texts = append(texts, fmt.Sprintf("line %d: another key begins here that cannot be read: it is damaged, cut off, or of a form that is not supported", line))
	}
	for _, number := range f.Unreadable {
		texts = append(texts, fmt.Sprintf("key %d of the file cannot be read: it is damaged, or of a form that is not supported", number))
	}
	return texts
}

// noteComment names a comment that the format has no room for.
func (t *Task) noteComment(dropped string, format engine.Format) {
	if dropped != "" {
		t.note(fault.Comment, fmt.Sprintf("the comment %s is left out: a %s has no room for one", quote.Comment(dropped), format.About().Title), fault.Advice{})
	}
}

// NoteCommentBytes says of a file with a comment that is not UTF-8, as Windows writes it in
// its code page, that Bitwarden, Tabby and others refuse the key for it.
func (t *Task) NoteCommentBytes(name, comment string) {
	if !utf8.ValidString(comment) {
		t.Listener.Noted(fault.Note{Code: fault.Comment, File: name, Text: "the comment is not UTF-8, and some programs refuse the key for that",
			Advice: fault.Advice{Do: fault.SetComment, File: name}})
	}
}

// SetComment gives the key the comment that was asked for, and joins the lines of one that the
// format cannot hold otherwise. A key from a form without comments gets the name of its file, as
// ssh-add does; puttygen gives it rawkey.DefaultComment, which is that of the library. f is the
// input; nil for a key that keeps its comment.
func (t *Task) SetComment(f *engine.File, key *sshkey.Key, format engine.Format) {
	isNameless := f != nil && !f.Format.About().Comment && key.Comment == rawkey.DefaultComment
	if isNameless && format.About().Comment && !t.Nameless && !input.IsStream(t.Name) {
		name := filepath.Base(t.Name)
		isText := utf8.ValidString(name) && !strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsPrint(c) })
		if isText && quote.Secret(name) == "" {
			key.Comment = name
		}
	}
	if t.Comment != nil {
		key.Comment = *t.Comment
	}
	if format == engine.OpenSSH || !strings.ContainsAny(key.Comment, "\r\n\x00") {
		return
	}
	key.Comment = rawkey.OneLine(key.Comment)
	t.warn(fault.Comment, t.Name, "the comment has line ends, which became spaces")
}

// noteWeakness warns of what is weak in the output, and in the input and its key, each
// once. An input that was replaced is gone, and with it what was weak in it. A person who
// wants no passphrase needs no better one.
func (t *Task) noteWeakness(r result, written *engine.File) {
	shown, in := r.output, t.Name
	if shown == input.Stdio {
		shown = standardOutput
	}
	if r.file == nil { // a new key has no input
		in = shown
	}
	ofOutput, found := written.Findings(), rawkey.Findings(r.key.Private)
	if r.key.Certificate != nil { // what keeps servers from taking it
		found = append(found, rawkey.CertificateFindings(r.key.Certificate, t.Now)...)
	}
	if r.file != nil && (t.Name != r.output || t.Name == input.Stdio) {
		ofInput := slices.DeleteFunc(r.file.Findings(), func(f rawkey.Finding) bool {
			isProtection := strings.HasPrefix(f.Code, "encryption-") || strings.HasPrefix(f.Code, "kdf-")
			return isProtection && t.Keys.Plain || slices.ContainsFunc(ofOutput, func(o rawkey.Finding) bool { return o.Code == f.Code })
		})
		found = append(ofInput, found...)
	}
	t.NoteFindings(shown, ofOutput)
	t.NoteFindings(in, found)
}

// standardOutput is what notes call it.
const standardOutput = "standard output"

// NoteFindings warns of known weaknesses.
func (t *Task) NoteFindings(name string, findings []rawkey.Finding) {
	file := name
	if name == standardOutput {
		file = ""
	}
	for _, f := range findings {
		t.Listener.Noted(fault.Note{Code: fault.Weakness, Warning: true, File: name, Text: f.Message, Finding: f.Code,
			Advice: fault.Advice{Do: fault.FollowFinding, File: file, Finding: &f}})
	}
}

// noteTyping warns of a passphrase that others will not type the same way: the windows of
// PuTTY on Windows use the ANSI code page, and bytes that are not text cannot be typed
// at all.
func (t *Task) noteTyping(r result) {
	if edges := (passphrase.Text{Bytes: r.passphrase}).Edges(); edges != "" {
		t.warn(fault.Typing, r.output, "the passphrase "+edges)
	}
	switch p := r.passphrase; {
	case !utf8.Valid(p):
		t.warn(fault.Typing, r.output, "the passphrase is not UTF-8, so it cannot be typed elsewhere; save its file as UTF-8 and set it again")
	case IsPPK(r.format) && len(p) != utf8.RuneCount(p):
		t.warn(fault.Typing, r.output, "the passphrase has letters outside of ASCII: PuTTY on Windows may not accept it as you type it there")
	}
}

// noteAccess warns of a file that others can read or own.
func (t *Task) noteAccess(name string, w output.Written) {
	if w.WiderMode {
		t.warn(fault.Access, name, fmt.Sprintf("this file system lets others read the file (mode %04o); move it to one that does not", w.Mode))
	}
	if w.NewOwner {
		t.warn(fault.Access, name, "the file belongs to you now: its owner could not be kept")
	}
}

// noteLinks names the other ways to a file that was changed in place.
func (t *Task) noteLinks(w output.Written) {
	if w.Target != "" {
		t.note(fault.Links, "it is a symlink; the file that was changed is "+input.Shown(w.Target), fault.Advice{})
	}
	if w.Links {
		t.warn(fault.Links, t.Name, "the file has other names (hard links), which still hold the key as it was")
	}
}
