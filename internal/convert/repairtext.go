package convert

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/sshkey"
)

// repair is the repair of one input.
type repair struct {
	data  []byte         // the text as it was found
	files []*engine.File // its keys
	clean []byte         // nil where only a passphrase shows which reading is right
	keys  []*sshkey.Key  // nil for one that was not opened
	texts [][]byte       // of keys that were written again; nil for all others
}

// openAll reads the input and opens all of its keys.
func (t *Task) openAll(ctx context.Context, read func(name string) ([]byte, error)) (*repair, error) {
	data, err := batch.Interruptible(ctx, func() ([]byte, error) { return read(t.Name) })
	if err != nil {
		return nil, err
	}
	t.kept = append(t.kept, data)
	files, err := batch.Interruptible(ctx, func() ([]*engine.File, error) { return t.Input.OpenAll(data) })
	if err != nil {
		return nil, err
	}
	t.Listener.Opened(files[0])
	if !files[0].Private {
		return nil, NotPrivate(files[0])
	}
	r := &repair{data: data, files: files, keys: make([]*sshkey.Key, len(files)), texts: make([][]byte, len(files))}
	for i, f := range files {
		text, repairs := f.Clean()
		isAsked := text == nil && len(repairs) == 0 // whether it is damaged
		needsPassphrase := f.Encrypted() && t.Keys.Given == nil && !isAsked
		if needsPassphrase || f.Usable() != nil { // on a token there is nothing to open
			continue
		}
		if err := t.openToRepair(ctx, r, i); err != nil {
			return nil, err
		}
	}
	r.join()
	return r, nil
}

// openToRepair opens a key. One that departs from its format is written again: that is no
// matter of the text around it.
func (t *Task) openToRepair(ctx context.Context, r *repair, i int) error {
	key, passphrase, err := t.turn.Open(ctx, r.files[i])
	if err != nil {
		return err
	}
	r.keys[i] = key
	f := r.files[i]
	if len(Writable(key.Deviations)) == 0 || f.Format.About().Extension == "" || f.Keys > 1 {
		return nil
	}
	opts := &engine.Options{}
	if f.Encrypted() {
		opts = f.KeepOptions(*opts)
	}
	r.texts[i], _, err = t.marshal(ctx, result{output: t.Name, file: f, key: key, passphrase: passphrase, format: f.Format}, opts)
	return err
}

// join puts the clean texts of the keys together. Several keys of one block have one text,
// and so have those of two blocks that are the same, of which both stay.
func (r *repair) join() {
	var all [][]byte
	inBlock := 0 // how many of the next keys are in the last text
	for i, f := range r.files {
		text, _ := f.Clean()
		if r.texts[i] != nil {
			text = r.texts[i]
		}
		if text == nil {
			return
		}
		if inBlock > 0 && bytes.Equal(all[len(all)-1], text) {
			inBlock--
			continue
		}
		all = append(all, text)
		if inBlock = 0; len(r.files) > 1 {
			inBlock = keysIn(text) - 1
		}
	}
	r.clean = bytes.Join(all, nil)
}

// keysIn returns how many keys a clean text holds.
func keysIn(text []byte) int {
	f, err := engine.Open(text, engine.Limits{})
	if err != nil {
		return 1 // reading it back reports why
	}
	return f.Keys
}

// Writable returns the deviations that are gone when a key is written again. That of a
// certificate stays, since it was signed as it is.
func Writable(all []sshkey.Deviation) []sshkey.Deviation {
	isOfCertificate := func(d sshkey.Deviation) bool { return d == sshkey.DeviationCertificateOrder }
	return slices.DeleteFunc(slices.Clone(all), isOfCertificate)
}

// isNeeded reports whether the text is damaged, its key departs from its format, or it is
// one that a program refuses which opens the clean text.
func (r *repair) isNeeded() bool {
	for _, f := range r.files {
		if _, repairs := f.Clean(); len(repairs) > 0 {
			return true
		}
	}
	isWritten := func(text []byte) bool { return text != nil }
	refused, _ := RefusedAsIs(r.files[0], r.data, r.clean)
	return slices.ContainsFunc(r.texts, isWritten) || len(refused) > 0
}

// RefusedAsIs returns the programs that open the clean text of a file, but refuse it as it
// stands, and what of its layout they refuse, for example a byte order mark.
func RefusedAsIs(f *engine.File, data, clean []byte) (names, layout []string) {
	if clean == nil || bytes.Equal(clean, data) {
		return nil, nil
	}
	opens := map[engine.ProgramID]bool{}
	for _, v := range engine.InspectFile(f, clean).Programs {
		opens[v.ID] = v.Opens()
	}
	for _, v := range engine.InspectFile(f, data).Programs {
		if v.Answer == engine.Refuses && opens[v.ID] {
			names = append(names, v.Name)
			layout = append(layout, v.Layout...)
		}
	}
	slices.Sort(layout)
	return names, slices.Compact(layout)
}

// prove opens the keys whose text can be read in more than one way. It returns the first
// key of the clean text, which was read back.
func (t *Task) prove(ctx context.Context, r *repair) (*engine.File, error) {
	for i, f := range r.files {
		text, _ := f.Clean()
		if r.keys[i] != nil || text != nil {
			continue
		}
		if err := t.openToRepair(ctx, r, i); err != nil {
			return nil, err
		}
	}
	t.Slot.Settle()
	r.join()
	return batch.Interruptible(ctx, func() (*engine.File, error) { return r.reopen(t.Input.Limits) })
}

// reopen makes sure that the clean text needs no repair, and holds what the damaged one
// did. It returns the first key as it was opened again.
func (r *repair) reopen(limits engine.Limits) (*engine.File, error) {
	back, err := input.Options{Limits: limits}.OpenAll(r.clean)
	same := err == nil && len(back) == len(r.files)
	for i := 0; same && i < len(back); i++ {
		same = isRepairOf(back[i], r.files[i], r.keys[i])
	}
	if !same {
		return nil, errors.New("the repaired text does not read back as the same key")
	}
	return back[0], nil
}

// isRepairOf compares a file with the damaged one, and with its key where that was opened:
// the passphrase may have shown that its comment is another.
func isRepairOf(b, f *engine.File, key *sshkey.Key) bool {
	comment := f.Comment
	if key != nil && f.HasComment {
		comment = key.Comment
	}
	if len(b.Repairs) > 0 || b.Format != f.Format || b.Encryption != f.Encryption {
		return false
	}
	if !engine.IsCommentOf(b.Comment, comment) || f.PublicKey != nil && (b.PublicKey == nil || !SamePublicKey(b.PublicKey, f.PublicKey)) {
		return false
	}
	if key == nil || b.Encrypted() {
		return true
	}
	again, err := b.Decrypt(nil)
	return err == nil && again.Equal(key)
}

// And joins names as a sentence does.
func And(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
