package convert

import (
	"context"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// Passwd changes the passphrase, comment or key derivation of the input in place.
func (t *Task) Passwd(ctx context.Context) error {
	original, err := t.Place.Edit(t.Name)
	if err != nil {
		return err
	}
	defer original.Close()
	f, _, err := t.open(ctx, func(string) ([]byte, error) { return input.ReadKey(original) })
	if err != nil {
		return err
	}
	if err := t.checkPasswd(f); err != nil {
		return err
	}
	if carried := f.Carried(); carried != nil {
		f = carried
	}
	key, passphrase, err := t.unlockForOutput(ctx, f)
	if err != nil {
		return err
	}
	if private, ok := key.Private.(*rawkey.CarriedKey); ok && !private.HasComment && t.Comment != nil {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedKeyType,
			What: "another comment for a key of type " + quote.Short(private.Public.Type()) + ", of which nothing shows where its comment begins,"}
	}
	encrypted := len(passphrase) > 0
	opts, err := t.KDF.Options(f.Format, encrypted)
	if err != nil {
		return err
	}
	if encrypted && f.Encrypted() { // what is not chosen stays, and gets no weaker
		opts = f.KeepOptions(*opts)
	}
	return t.replace(ctx, original, result{output: t.Name, file: f, key: key, passphrase: passphrase, format: f.Format}, opts)
}

// checkPasswd refuses what the form of the file cannot hold, before anybody types a
// passphrase.
func (t *Task) checkPasswd(f *engine.File) error {
	why, advice := "", fault.Advice{Do: fault.ConvertProtect, File: t.Name, Format: engine.OpenSSH}
	switch {
	case !f.Private:
		return NotPrivate(f)
	case f.Format.About().Extension == "":
		why = "this form is only read, so it cannot be changed: " + f.Title
	case f.Keys > 1 || f.Extra:
		why, advice = "the file holds more than this key, which would be lost", fault.Advice{Do: fault.ConvertAway}
	case t.Keys.SetsNew() && f.Format == engine.PEM && !f.Encrypted():
		why = "a passphrase hardly protects a key in the traditional PEM form (one MD5), so none was set"
		advice.Do = fault.ProtectInPlace
	case t.Comment != nil && !f.Format.About().Comment:
		why = "a " + f.Format.About().Title + " has no room for a comment"
		advice.Do = fault.ConvertComment
	default:
		return nil
	}
	return fault.New(fault.NotAKey, "%s", why).With(advice)
}
