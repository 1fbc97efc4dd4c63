package cli

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/keyconv/keyconv/internal/list"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// rowOf says in a line what is known of a key.
func (p *program) rowOf(k *list.Key) tableRow {
	r := tableRow{kind: "unknown", bits: "-", sha256: "-", state: stateOf(k), file: shownFile(k.Name)}
	r.folder, r.base = shownFile(filepath.Dir(k.Name)), shownFile(filepath.Base(k.Name))
	if k.PublicFile == k.Name+".pub" {
		r.file, r.base = r.file+" (.pub)", r.base+" (.pub)"
	}
	if k.InAgent {
		r.agent = "agent"
	}
	if k.Public != nil {
		r.kind = quote.Short(k.Public.Type())
		if t, ok := rawkey.TypeOf(k.Public.Type()); ok {
			r.kind = t.Name // as people call it
		}
		r.bits, r.sha256 = strconv.Itoa(rawkey.Bits(k.Public)), sshkey.FingerprintSHA256(k.Public)
	}
	if k.Comment != "" {
		r.comment = quote.Comment(k.Comment)
	}
	r.notes = notesOn(k)
	for _, text := range []*string{&r.file, &r.folder, &r.base, &r.comment} {
		*text = withoutHeaps(quote.Inert(p.hidden.Clean(*text)))
	}
	for i, note := range r.notes {
		r.notes[i] = withoutHeaps(visible(p.hidden.Clean(note)))
	}
	return r
}

func stateOf(k *list.Key) string {
	t := rawkey.Type{}
	if k.Public != nil {
		t, _ = rawkey.TypeOf(k.Public.Type())
	}
	switch {
	case k.File.Private && k.File.Encrypted():
		return "encrypted"
	case k.File.Private && t.Token:
		return "on a token"
	case k.File.Private:
		return "unencrypted"
	case k.Certificate != nil:
		return "certificate"
	}
	return "public"
}

// notesOn says what is not the same of every key.
func notesOn(k *list.Key) []string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	switch {
	case k.Index > 0:
		add("key %d in the file", k.Index)
	case k.Line > 0:
		add("line %d", k.Line)
	}
	for _, f := range k.Findings {
		switch {
		case strings.HasPrefix(f.Code, "cert-"): // said with the certificate
		case f.Refuse:
			add("weak: %s", f.Message)
		default:
			add("%s", f.Message)
		}
	}
	if len(k.File.Repairs) > 0 {
		add("damaged: keyconv repair mends the text")
	}
	if k.Public == nil {
		add("the public key is encrypted too")
	}
	if k.Certificate != nil {
		add("%s", describeListed(k))
	}
	if k.PublicFile != "" && k.PublicFile != k.Name+".pub" {
		add("public key: %s", nameNear(k, k.PublicFile))
	}
	return append(notes, notesOnOthers(k)...)
}

// notesOnOthers says what other files and programs have to do with a key.
func notesOnOthers(k *list.Key) []string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if k.OtherPublic != "" {
		add("%s is the public key of ANOTHER key, and ssh takes it for that of this one", nameNear(k, k.OtherPublic))
	}
	if k.SameCount > 0 {
		add("same key as %s", namesNear(k, k.Same, k.SameCount))
	}
	if k.Target != "" {
		add("symlink to %s", nameNear(k, k.Target))
	}
	if len(k.Also) > 0 {
		add("the same file: %s", namesNear(k, k.Also, len(k.Also)))
	}
	if len(k.Sessions) > 0 {
		names := make([]string, len(k.Sessions))
		for i, name := range k.Sessions {
			names[i] = quote.Name(name)
		}
		add("saved session: %s", firstOf(names, len(names)))
	}
	return notes
}

// describeListed says until when a certificate is valid.
func describeListed(k *list.Key) string {
	text := "certificate"
	if k.CertificateFile != "" {
		text = nameNear(k, k.CertificateFile)
	}
	until := k.Certificate.ValidBefore
	day := time.Unix(int64(until), 0).UTC().Format(time.DateOnly)
	for _, f := range k.Findings {
		switch f.Code {
		case "cert-expired":
			return text + " EXPIRED on " + day
		case "cert-not-yet-valid":
			text += " not yet valid,"
		case "cert-no-principals":
			text += " names no principals,"
		}
	}
	if until == ssh.CertTimeInfinity {
		return text + " valid for ever"
	}
	return text + " valid until " + day
}

// nameNear returns the name of a file as one reads it beside that of a key: without the
// folder, where that is the same.
func nameNear(k *list.Key, name string) string {
	if filepath.Dir(name) == filepath.Dir(k.Name) {
		return shownFile(filepath.Base(name))
	}
	return shownFile(name)
}

func namesNear(k *list.Key, names []string, count int) string {
	near := make([]string, len(names))
	for i, name := range names {
		near[i] = nameNear(k, name)
	}
	return firstOf(near, count)
}

// maxNamed is how many names a note has.
const maxNamed = 3

func firstOf(names []string, count int) string {
	shown := names[:min(len(names), maxNamed)]
	text := strings.Join(shown, ", ")
	if count > len(shown) {
		text += fmt.Sprintf(" and %d more", count-len(shown))
	}
	return text
}
