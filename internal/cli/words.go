package cli

import (
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"golang.org/x/crypto/ssh"
)

// wordings has the errors of a job that name an option, in the words of the flags.
var wordings = lazy.Map[fault.Code, string]{Make: func() map[fault.Code]string {
	return map[fault.Code]string{
		fault.NoSuchKey:      "there is no --index %d: keys in this file: %d",
		fault.Strict:         "%s (refused by --strict)",
		fault.KDFUnencrypted: "the --kdf flags are for an encrypted output, and this one has no passphrase",
		fault.KDFParameter:   "--kdf-%s has no meaning for %s",
		fault.TooManyInputs:  "-o names one output, but there are %d inputs",
		fault.EmptyList:      "the list of --files-from names no file",
		fault.KeyAsList:      "the list of --files-from looks like %s, not like names of files",
	}
}}

// advices has what a job advises, as a command line. FILE and FORMAT stand for those of
// the advice.
var advices = []struct {
	do   fault.Do
	text string
}{
	{fault.ConvertProtect, "keyconv convert --to FORMAT FILE -o FILE --new-passphrase"},
	{fault.ProtectInPlace, "keyconv convert --to FORMAT --in-place --new-passphrase FILE protects it, in OpenSSH's own form"},
	{fault.ConvertComment, "keyconv convert --to FORMAT --in-place -C TEXT FILE"},
	{fault.ConvertOtherName, "convert the key to a file of another name, keyconv convert --to FORMAT FILE -o FILE, and give that with --key"},
	{fault.ReplaceSession, "--force replaces it"},
	{fault.OtherSession, "choose another name, or change that block in an editor"},
	{fault.ConvertAway, "keyconv convert writes the key to a file of its own"},
	{fault.Check, "keyconv check FILE makes sure that it opens"},
	{fault.Repair, "keyconv repair FILE writes its clean text"},
	{fault.Upgrade, "keyconv convert --to FORMAT --in-place FILE makes version 3 of it"},
	{fault.RepairAway, "keyconv repair FILE without --in-place writes the key to a file of its own"},
	{fault.Inspect, "keyconv inspect FILE shows what a file is"},
	{fault.GivePrivate, "give the private key that belongs to it: the file without -cert.pub"},
	{fault.GivePassphrase, "give it with --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"},
	{fault.GiveNew, "give it with --new-passphrase-file FILE, --new-passphrase-env NAME or --new-passphrase-fd N"},
	{fault.SetSecret, "is the secret set? In CI one that is not set is empty, and workflows of forks get no secrets"},
	{fault.CheckTyping, "check Caps Lock and the keyboard layout; a forgotten passphrase cannot be recovered"},
	{fault.ReadFile, "did you mean --passphrase-file? It reads the passphrase from the file"},
	{fault.ReadNewFile, "did you mean --new-passphrase-file? It reads the passphrase from the file"},
	{fault.ProtectFile, "keyconv passwd FILE protects it"},
	{fault.SetPassphrase, "--new-passphrase protects it"},
	{fault.SetOrLeave, "--new-passphrase protects it, --no-passphrase writes it without one"},
	{fault.LeavePlain, "--no-passphrase writes a key without one"},
	{fault.CheaperKDF, "choose less with the --kdf flags"},
	{fault.TakeOne, "--index N -o FILE writes one of them"},
	{fault.TakeKey, "--index N takes another"},
	{fault.TakeOther, "--index N takes another key of the file; for this one copy or download the whole file again"},
	{fault.WithCertificate, "keyconv public --with-certificate prints that"},
	{fault.AddCertificate, "--certificate FILE adds it"},
	{fault.RightCertificate, "--certificate takes the -cert.pub file that was made for this key; keyconv inspect FILE shows what it is for"},
	{fault.NameOutput, "with -o FILE it is written beside the key"},
	{fault.NameOther, "name another file with -o"},
	{fault.ConvertInPlace, "keyconv convert --to FORMAT --in-place FILE replaces it with its conversion; -o FILE writes to another file"},
	{fault.RepairInPlace, "keyconv repair --in-place FILE replaces it, and keeps the damaged text beside it; -o FILE writes to another file"},
	{fault.KeepKey, "-o FILE writes elsewhere; if nobody needs that key, delete the file first"},
	{fault.NameInFolder, "-o takes the name of a file: name one in that folder"},
	{fault.MakeFolder, "mkdir FILE makes it"},
	{fault.UseFolder, "-d DIR writes all of them into a folder"},
	{fault.Replace, "--force replaces it; -o FILE or -d DIR writes elsewhere"},
	{fault.WriteStream, "-o - writes to standard output, which can go anywhere"},
	{fault.NameKeyFile, "name the key file in it; pem2ppk, ppk2pem, convert, check and inspect take all keys in it with -r"},
	{fault.RightFile, "a key file is small: is this the right file?"},
	{fault.NameFile, "give what it holds as FILE, without --input-env"},
	{fault.SetComment, "keyconv passwd -C TEXT FILE sets another"},
	{fault.NameKeyFolder, "--keys DIR says where the keys are"},
	{fault.OtherConfig, "--config FILE writes to another file, which ~/.ssh/config can Include"},
	{fault.GiveKey, "a file with a key is an input without --files-from, and so is -, which reads the key from standard input"},
	{fault.SetVariable, "is the secret set, and given to this step as an environment variable? " +
		"In CI an unset secret can be an empty variable, and workflows of forks get no secrets"},
}

// withoutFolder gives an error the words of a command that has no --output-dir.
func withoutFolder(err error) error {
	if fault.AdviceOf(err).Do == fault.Replace {
		return fault.Advise(err, say("--force replaces it; -o FILE writes elsewhere"))
	}
	return err
}

// advice puts an advice into words.
func advice(a fault.Advice) string {
	text := ""
	for _, known := range advices {
		if known.do == a.Do {
			text = known.text
		}
	}
	switch a.Do {
	case fault.Say, fault.FollowFinding:
		if a.Finding != nil {
			return adviceOn(*a.Finding, a.File)
		}
		return a.Text
	case fault.GivePassphrase:
		if a.Format == engine.OpenSSH {
			return text + "; a key made in cmd with ssh-keygen -N '' has two quotes as its passphrase, and an empty one opens it"
		}
	case fault.ConvertPlainly:
		file := shellName(a.File)
		if input.IsVariable(a.File) {
			file += " -o FILE"
		}
		if a.Format == engine.PPK {
			return fmt.Sprintf("keyconv pem2ppk %s converts it to .ppk", file)
		}
		return fmt.Sprintf("keyconv ppk2pem %s converts it to PEM", file)
	}
	if a.Format != "" {
		text = strings.Replace(text, "FORMAT", string(a.Format), 1)
	}
	if a.File == "" {
		return text
	}
	return strings.Replace(text, "FILE", shellName(a.File), 1)
}

func usagef(format string, args ...any) *fault.Error { return fault.New(fault.Usage, format, args...) }

// say returns an advice in the words of the command line.
func say(format string, args ...any) fault.Advice {
	return fault.Advice{Do: fault.Say, Text: fmt.Sprintf(format, args...)}
}

// Opened notes what was read.
func (o *one) Opened(f *engine.File) {
	if o.record != nil {
		o.record.from(f)
	}
}

// Noted prints a note or warning.
func (o *one) Noted(n fault.Note) {
	text := n.Text
	if hint := advice(n.Advice); hint != "" {
		text += "; " + hint
	}
	switch {
	case n.Warning:
		code := n.Finding
		if n.Code == fault.DamagedKey {
			code = string(n.Code)
		}
		o.record.warning(code, text)
		o.warn(n.File, text)
	case n.Code == fault.StillPlain && o.isBatch: // the summary counts them
		o.open = true
	case n.Code != fault.Plain:
		o.say("note:", n.File, text)
	default:
		o.plain = true
		if !o.isBatch { // the summary counts them otherwise
			o.say("note:", n.File, text)
		}
	}
}

// Done prints the result.
func (o *one) Done(r convert.Result) {
	if o.record != nil {
		o.record.done(r)
	}
	from, to, title := input.Shown(r.Input), input.Shown(r.Output), r.Format.About().Title
	if r.Format == engine.PPK {
		title += ", version 3"
	}
	switch {
	case r.Outcome == convert.Sound:
		o.skipped = true
		o.report("%s: needs no repair", from)
	case r.Outcome == convert.Skipped && r.Input == r.Output:
		o.skipped = true
		o.report("%s: %s already", from, title)
	case r.Outcome == convert.Skipped:
		o.skipped = true
		o.report("%s: %s holds this key already", from, to)
	case r.Outcome == convert.Rehearsed:
		o.report("%s -> %s (not written: --dry-run)", from, to)
	case r.File == nil || r.Output == stdio:
	default:
		what := from + " -> " + to
		if r.Input == r.Output {
			what = to + " written"
		}
		if r.Encrypted {
			title += ", encrypted"
		}
		if r.Public != nil { // nil where only the passphrase shows it
			title += ", " + describeShort(rawkey.WithoutCertificate(r.Public))
		}
		o.report("%s (%s)", what, title)
	}
}

// describeShort returns the type, size and fingerprint of a key in a message.
func describeShort(pub ssh.PublicKey) string {
	return fmt.Sprintf("%s %d, %s", pub.Type(), rawkey.Bits(pub), ssh.FingerprintSHA256(rawkey.WithoutCertificate(pub)))
}

// describeFinding returns a weakness with what to do about it.
func describeFinding(f rawkey.Finding, name string) string {
	return fmt.Sprintf("%s; %s", f.Message, adviceOn(f, name))
}
