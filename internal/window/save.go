package window

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/sixwords"
)

// form is a form in which a key can be saved.
type form struct {
	format engine.Format
	title  string // in the list of forms
	use    string // the programs that it is for
}

var (
	formPPK = form{engine.PPK, "PuTTY's .ppk, version 3", "PuTTY 0.75 and later, WinSCP, FileZilla, Pageant"}
	formPEM = form{engine.PEM, "PEM, as clouds hand it out", "OpenSSH, cloud tools, most programs"}
)

// forms are all forms, the usual first.
var forms = []form{
	formPPK,
	{engine.PPK2, "PuTTY's .ppk, version 2", "PuTTY before 0.75 (2021) and old programs with its code"},
	formPEM,
	{engine.OpenSSH, "OpenSSH's own form", "OpenSSH, GitHub, GitLab, most programs"},
	{engine.PKCS8, "PKCS#8", "OpenSSL, Java, .NET, Go"},
	{engine.SSHCom, "ssh.com", "Tectia and programs as old (RSA and DSA only)"},
	{engine.JWK, "JSON Web Key", "web programs; without a passphrase"},
	{engine.Dropbear, "Dropbear", "OpenWrt and other small systems; without a passphrase"},
	{engine.Public, "Public key, one line", "~/.ssh/authorized_keys, cloud consoles, GitHub"},
	{engine.RFC4716, "Public key, RFC 4716", "what PuTTYgen calls \"Save public key\""},
	{engine.SPKI, "Public key, PEM", "OpenSSL, Java, .NET"},
}

// kind returns the conversion to a form. The job decides what a PEM key becomes, as the
// command does: the traditional form where that is safe.
func (f form) kind() convert.Kind {
	k := convert.To(f.format)
	switch f.format {
	case engine.PPK:
		k = convert.ToPPK(3)
	case engine.PEM:
		k = convert.ToPEM("")
	}
	k.Accept = nil // a key that has the form already gets another passphrase or comment
	return k
}

// saveOther saves in a form of the list, which has those that what is open can have.
func (m *Model) saveOther(ctx context.Context) error {
	offered := slices.DeleteFunc(slices.Clone(forms), func(f form) bool {
		pub := m.key.file.PublicKey
		return f.format.About().Private && !m.key.file.Private || pub != nil && f.format.CheckType(rawkey.WithoutCertificate(pub).Type()) != nil
	})
	var rows []string
	for _, f := range offered {
		rows = append(rows, f.title+"\t"+f.format.About().Extension+"\t"+f.use)
	}
	answer := m.person.Fill(formsDialog.withRows(FormList, rows))
	i, err := strconv.Atoi(answer.text(FormList))
	if answer.Pressed != OK || err != nil || i < 0 || i >= len(offered) {
		return errDismissed
	}
	return m.save(ctx, offered[i])
}

// save asks for a name, and writes the key there. A file that is there is replaced if the
// person says so; if it holds this key already, it stays.
func (m *Model) save(ctx context.Context, f form) error {
	path, err := m.askPath(f, m.proposal(f.format.About().Extension))
	if err != nil {
		return err
	}
	if m.key.path != "" && disk.IsSameFile(path, m.key.path) {
		return fault.New(fault.Exists, "%s is the key that you opened, which is never changed", shortName(path)).With(fault.Advice{Do: fault.NameOther})
	}
	if f.format.About().Private && !m.willEncrypt() && !m.mayUpload(path) {
		return errDismissed
	}
	h, err := m.convertTo(ctx, f, output.Options{File: path}, true)
	if fault.ExitCode(err) == fault.Exists && fault.AdviceOf(err).Do == fault.Replace {
		if !m.person.Confirm(sentence(strings.ReplaceAll(err.Error(), path, shortName(path))) + " Replace it? What is in it now will be lost.") {
			return errDismissed
		}
		h, err = m.convertTo(ctx, f, output.Options{File: path, Replace: true}, false)
	}
	if err != nil {
		return err
	}
	m.status = h.summary()
	return nil
}

func (m *Model) willEncrypt() bool { return m.unlockOptions().WillEncrypt(m.key.file.Encrypted()) }

// askPath asks where to save.
func (m *Model) askPath(f form, proposal string) (string, error) {
	extension := f.format.About().Extension
	path := m.person.SaveAs(SaveAs{Title: "Save: " + f.title, Path: proposal, Extension: extension, Kind: f.format.About().Title})
	if path == "" {
		return "", errDismissed
	}
	return path, nil
}

// proposal returns a name beside the key that is open, or in the folder of the user's
// documents where it has no place to stay.
func (m *Model) proposal(extension string) string {
	name := m.key.path
	if name == "" || isInZip(name) {
		folder, _ := m.lookup("USERPROFILE")
		base := "key"
		if name != "" {
			base = filepath.Base(name)
		}
		name = filepath.Join(folder, "Documents", base)
		if folder == "" {
			name = base
		}
	}
	proposed := output.Options{}.Name(name, extension)
	if proposed == m.key.path { // which is never changed
		proposed = strings.TrimSuffix(proposed, extension) + "-new" + extension
	}
	return proposed
}

func (m *Model) convertTo(ctx context.Context, f form, o output.Options, resume bool) (*heard, error) {
	job := m.newJob(m.key)
	writeTo(job, o)
	job.Resume = resume
	return m.work(ctx, job, func(t *convert.Task) error {
		if !f.format.About().Private {
			return t.Public(ctx, f.format, f.format.About().Extension, quote.OneLine)
		}
		return t.Convert(ctx, f.kind())
	})
}

// summary says what was written, and what is worth knowing about it.
func (h *heard) summary() string {
	var lines []string
	for _, r := range h.results {
		switch name := shortName(r.Output); {
		case r.Outcome == convert.Skipped:
			lines = append(lines, name+" holds this key already, and stays as it is.")
		case !r.Format.About().Private:
			lines = append(lines, name+" is saved, in "+input.Shown(filepath.Dir(r.Output))+".")
		case r.Encrypted:
			lines = append(lines, name+" is saved, encrypted, in "+input.Shown(filepath.Dir(r.Output))+".")
		default:
			lines = append(lines, name+" is saved, in "+input.Shown(filepath.Dir(r.Output))+". It has no passphrase: anybody who gets the file can log in.")
		}
	}
	for _, n := range h.notes {
		if n.Code == fault.Plain {
			continue
		}
		text, weakness := n.Text, n.Advice.Finding
		isOfInput := weakness != nil && weakness.Advice.Text == "" && !h.wrote(n.File)
		if isOfInput { // what is weak in its file, and no longer in the one that is saved
			text = shortName(n.File) + ": " + text
		}
		text = sentence(text)
		if n.Warning || weakness != nil {
			text = "Careful: " + text
		}
		switch {
		case isOfInput:
			text += " What you have saved does not have this weakness."
		case weakness != nil:
			text += adviceOnFinding(*weakness)
		}
		lines = append(lines, withoutFolders(text, n.File))
	}
	return strings.Join(lines, " ")
}

// wrote reports whether a file is one that was saved.
func (h *heard) wrote(name string) bool {
	return slices.ContainsFunc(h.results, func(r convert.Result) bool { return r.Output == name })
}

// choosePassphrase asks what protects the files that are saved from now on.
func (m *Model) choosePassphrase() error {
	d := newPassphraseDialog
	if !m.key.file.Encrypted() {
		d = d.with(map[ID]string{KeepAsIs: "As the key is now: no passp&hrase"})
	}
	answer := m.person.Fill(d)
	defer answer.wipe()
	if answer.Pressed != OK {
		return errDismissed
	}
	choice := protection{none: answer.isChosen(NoPassphrase)}
	if answer.isChosen(NewPassphrase) {
		p, err := answer.newPassphrase(NewFirst, NewSecond)
		if err != nil {
			return err
		}
		choice.passphrase = p
	}
	if answer.isChosen(MadePassphrase) {
		p, err := m.makePassphrase()
		if err != nil {
			return err
		}
		choice.passphrase = p
	}
	clear(m.protect.passphrase)
	m.protect = choice
	switch {
	case choice.passphrase != nil:
		m.status = "Files that you save now get the new passphrase. The key that you opened stays as it is."
	case choice.none:
		m.status = "Files that you save now have no passphrase: anybody who gets one can log in."
	default:
		m.status = "Files that you save now are protected as the key is."
	}
	return nil
}

// makePassphrase returns six random words, once the person says that they are kept.
func (m *Model) makePassphrase() ([]byte, error) {
	words, err := sixwords.Make()
	if err != nil {
		return nil, err
	}
	if !m.person.Confirm("The new passphrase is:\n\n" + words + "\n\nIt is shown only now, and nobody can find it again. Have you written it down?") {
		return nil, errDismissed
	}
	return []byte(words), nil
}

// chooseComment asks for the comment of the files that are saved from now on.
func (m *Model) chooseComment() error {
	comment := m.key.file.Comment
	if m.comment != nil {
		comment = *m.comment
	}
	answer := m.person.Fill(commentDialog.with(map[ID]string{CommentText: quote.OneLine(comment)}))
	if answer.Pressed != OK {
		return errDismissed
	}
	text := strings.TrimSpace(answer.text(CommentText))
	m.comment = &text
	m.status = fmt.Sprintf("Files that you save now have the comment %q, where their form has room for one.", text)
	return nil
}
