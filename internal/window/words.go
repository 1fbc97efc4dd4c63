package window

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// advices has what a job advises, as something that a person does in the window; "" for
// what needs no words, since the window asks or shows it.
var advices = lazy.Map[fault.Do, string]{Make: func() map[fault.Do]string {
	return map[fault.Do]string{
		fault.ConvertPlainly:   "Save it in the form that the program takes, with the buttons below.",
		fault.ConvertProtect:   "Save it as .ppk or in OpenSSH's own form, with a passphrase.",
		fault.ProtectInPlace:   "Choose Passphrase..., and save the key again.",
		fault.ConvertComment:   "Save it in a form that has a comment, such as .ppk.",
		fault.SetComment:       "Choose Comment..., and save the key again.",
		fault.ConvertAway:      "Save the key to a file of its own.",
		fault.ConvertOtherName: "Save the key under another name first, and open that.",
		fault.Check:            "Open it, and type its passphrase.",
		fault.Repair:           "Save the key under another name.",
		fault.Upgrade:          "Save the key under another name.",
		fault.RepairAway:       "Save the key to a file of its own.",
		fault.TakeOne:          "Save the keys one by one.",
		fault.Inspect:          "Choose the folder or the files in which the keys are.",
		fault.GivePrivate:      "Open the private key that belongs to it: the file without -cert.pub.",
		fault.GiveKey:          "",
		fault.GivePassphrase:   "Try again, and type its passphrase.",
		fault.GiveNew:          "Try again, and type the new passphrase.",
		fault.SetSecret:        "Type the passphrase of the key.",
		fault.CheckTyping:      "Check Caps Lock and the keyboard layout. A forgotten passphrase cannot be recovered.",
		fault.ReadFile:         "Type the passphrase itself, not the name of a file.",
		fault.ReadNewFile:      "Type the passphrase itself, not the name of a file.",
		fault.ProtectFile:      "Choose Passphrase..., and save the key again.",
		fault.SetPassphrase:    "Passphrase... protects the files that you save.",
		fault.SetOrLeave:       "Choose Passphrase..., and set a new one or none.",
		fault.LeavePlain:       "Choose Passphrase..., and set a new one or none.",
		fault.CheaperKDF:       "Another form may do: see Other forms.",
		fault.TakeKey:          "",
		fault.TakeOther:        "Copy or download the whole file again.",
		fault.WithCertificate:  "",
		fault.AddCertificate:   "",
		fault.RightCertificate: "",
		fault.NameOutput:       "Choose a name for the file.",
		fault.NameOther:        "Choose another name.",
		fault.ConvertInPlace:   "Choose another name.",
		fault.RepairInPlace:    "Choose another name.",
		fault.KeepKey:          "Choose another name. If nobody needs that key any more, delete it first.",
		fault.NameInFolder:     "Choose a name in that folder.",
		fault.OtherConfig:      "",
		fault.NameKeyFolder:    "",
		fault.MakeFolder:       "Choose an existing folder.",
		fault.UseFolder:        "Save all in one folder, or do it one by one.",
		fault.Replace:          "Choose another name, or move that file away.",
		fault.ReplaceSession:   "Choose another name for the session.",
		fault.OtherSession:     "Choose another name for the session.",
		fault.WriteStream:      "Choose another name.",
		fault.NameKeyFile:      "Choose a key file in it.",
		fault.RightFile:        "A key file is small. Is this the right file?",
		fault.SetVariable:      "",
		fault.NameFile:         "",
	}
}}

// say returns an advice in words.
func say(text string) fault.Advice { return fault.Advice{Do: fault.Say, Text: text} }

// explain says in sentences what is wrong, and below that what to do about it.
func explain(err error) string {
	text := sentence(quote.WithoutPackages(err))
	advice := fault.AdviceOf(err)
	step := advices.Get()[advice.Do]
	if advice.Do == fault.Say {
		step = advice.Text
	}
	if step == "" {
		if i := slices.IndexFunc(steps(), func(row errorStep) bool { return row.is(err) }); i >= 0 {
			step = steps()[i].step(err)
		}
	}
	if step != "" {
		text += "\n\n" + step
	}
	return text
}

// errorStep is a kind of error, and what a person can do about it.
type errorStep struct {
	is   func(error) bool
	step func(error) string
}

func is(targets ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
	}
}

func always(text string) func(error) string { return func(error) string { return text } }

// depending makes a step that depends on what an error of that type says.
func depending[E error](step func(e E) string) func(error) string {
	return func(err error) string {
		var e E
		errors.As(err, &e)
		return step(e)
	}
}

// steps are for errors without an advice. They are searched in order.
func steps() []errorStep {
	return append(systemSteps(), []errorStep{
		{fault.Is[*engine.NotPrivateError], depending(func(e *engine.NotPrivateError) string {
			return cmp.Or(stepsNotPrivate.Get()[e.Format], "A private key is text that begins with a line like -----BEGIN RSA PRIVATE KEY----- or PuTTY-User-Key-File-3. Is this the right file?")
		})},
		{fault.Is[*sshkey.LimitError], depending(func(e *sshkey.LimitError) string {
			if strings.HasPrefix(string(e.Kind), "kdf") {
				return "Opening it would take far more memory or time than a key should. If you trust the file, the keyconv command can be allowed that much."
			}
			return advices.Get()[fault.RightFile]
		})},
		{fault.Is[*sshkey.UnsupportedError], depending(func(e *sshkey.UnsupportedError) string { return stepsUnsupported.Get()[e.Code] })},
		{fault.Is[*sshkey.InvalidKeyError], always("The key is damaged inside. Get it again from where it was made.")},
		{fault.Is[*sshkey.SyntaxError], always("The file is damaged. Download or copy the whole file again, and do not change it in an editor.")},
		{is(sshkey.ErrIncorrectPassphrase), always("It is the passphrase that was set when the key was made or last saved. Without it nobody can open the key.")},
		{fault.Is[*session.InvalidError], depending(func(e *session.InvalidError) string {
			if e.Letters {
				return `Choose a name with plain letters. If it is the path of the key: save the key in a folder such as C:\keys, open it from there, and try again.`
			}
			return "Please correct it, and try again."
		})},
		{is(fs.ErrNotExist), always("Check that the file and its folder exist. Windows says the same if its protection against ransomware (Controlled folder access) keeps programs out of a folder: then choose another one.")},
		{is(fs.ErrPermission), always(stepNoAccess)},
	}...)
}

// stepsNotPrivate has what to do with a file that is not a private key.
var stepsNotPrivate = lazy.Map[engine.Format, string]{Make: func() map[engine.Format]string {
	return map[engine.Format]string{
		engine.Empty:   "Download or copy the key again.",
		"x509":         "This is a certificate for web servers. The private key is another file, which was made together with it.",
		"x509-request": "This asks for a certificate. The private key is another file, which was made together with it.",
		"pgp":          "SSH does not use PGP keys.",
		"ssh1-public":  "SSH-1 is no longer in use. Make a new key.",
		"jwk":          "Ask the person or program that made it for the key in PEM.",
	}
}}

// stepsUnsupported has what to do with what is beyond keyconv.
var stepsUnsupported = lazy.Map[sshkey.UnsupportedCode, string]{Make: func() map[sshkey.UnsupportedCode]string {
	return map[sshkey.UnsupportedCode]string{
		sshkey.UnsupportedToken:      "The secret cannot leave the token. Use the file with ssh as it is.",
		sshkey.UnsupportedType:       "Save it for OpenSSH, and log in with Windows' own ssh.",
		sshkey.UnsupportedPPK:        "Save it as version 3 with the PuTTYgen that wrote it.",
		sshkey.UnsupportedArgon2:     "Save it again with the usual settings of the PuTTYgen that wrote it.",
		sshkey.UnsupportedEncryption: "Save it in a newer form with the program that wrote it.",
		sshkey.UnsupportedCipher:     "Save it with another cipher with the program that wrote it.",
		sshkey.UnsupportedPKCS12:     "Export the key as PEM from the program that wrote it.",
		sshkey.UnsupportedKeyType:    "Use it with the program that made it.",
		sshkey.UnsupportedKey:        "SSH programs do not take such a key. Make a new one.",
	}
}}

// adviceOnFinding returns what to do about a weakness, after the sentence that names it.
func adviceOnFinding(f rawkey.Finding) string {
	switch {
	case f.Advice.Text != "":
		return " " + sentence(f.Advice.Text)
	case f.Advice.Action == rawkey.ConvertTo:
		return " Save it as .ppk or in OpenSSH's own form, which are safe."
	case f.Advice.Action == rawkey.SetPassphrase:
		return " Save it again, and use that file."
	}
	return ""
}

// sentence returns a text with a capital at its beginning and a full stop at its end. A name
// at the beginning, such as that of a file, stays as it is.
func sentence(text string) string {
	text = quote.OneLine(strings.TrimSpace(text))
	first, size := utf8.DecodeRuneInString(text)
	if word, _, _ := strings.Cut(text, " "); !strings.ContainsAny(word, ".:_0123456789") {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if text != "" && !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return text
}

// withoutFolders leaves the names of files in a message about a key.
func withoutFolders(text, path string) string {
	return strings.ReplaceAll(text, filepath.Dir(path)+string(filepath.Separator), "")
}

// The next steps for errors of the system.
const (
	stepDiskFull = "The disk is full. Free some space, or choose a folder on another drive. Nothing was half-written."
	stepInUse    = "Another program holds the file open. Close it there, and try again."
	stepNoAccess = "Windows does not let you use this file or folder. Choose a folder of your own, such as Documents, for the key and what is saved."
	stepReadOnly = "The drive can only be read. Choose a folder on another drive."
)
