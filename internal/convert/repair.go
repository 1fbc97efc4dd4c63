package convert

import (
	"bytes"
	"context"
	"slices"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
)

// Repair writes the clean text of a damaged input: in the form that it has, with its
// encryption and passphrase. It asks for the passphrase only where nothing else shows
// which reading of the text is right.
func (t *Task) Repair(ctx context.Context) error {
	r, err := t.openAll(ctx, t.Place.Read)
	if err != nil {
		return err
	}
	format := r.files[0].Format
	if !r.isNeeded() {
		t.Listener.Done(Result{Outcome: Sound, Input: t.Name, Format: format})
		return nil
	}
	if err := r.refuseSeveral(); err != nil {
		return err
	}
	to := t.Output.RepairedName(t.Name)
	if t.isThere(to, r.clean) {
		t.Listener.Done(Result{Outcome: Skipped, Input: t.Name, Output: to, Format: format})
		return nil
	}
	if err := t.checkPlace(to, fault.Advice{Do: fault.RepairInPlace, File: t.Name}); err != nil {
		return err
	}
	if t.DryRun {
		return t.rehearse(r.files[0], plan{output: to, format: format})
	}
	reopened, err := t.prove(ctx, r)
	if err != nil {
		return err
	}
	if err := t.put(to, r.clean, true); err != nil {
		return err
	}
	t.reportRepair(to, r, reopened)
	return nil
}

// RepairInPlace puts the clean text in the place of the damaged one, which stays beside it.
func (t *Task) RepairInPlace(ctx context.Context) error {
	original, err := t.Place.Edit(t.Name)
	if err != nil {
		return err
	}
	defer original.Close()
	r, err := t.openAll(ctx, func(string) ([]byte, error) { return input.ReadKey(original) })
	if err != nil {
		return err
	}
	format := r.files[0].Format
	if !r.isNeeded() {
		t.Listener.Done(Result{Outcome: Sound, Input: t.Name, Format: format})
		return nil
	}
	if err := r.refuseSeveral(); err != nil {
		return err
	}
	if err := r.refuseLoss(t.Name); err != nil {
		return err
	}
	if t.DryRun {
		return t.rehearse(r.files[0], plan{output: t.Name, format: format})
	}
	reopened, err := t.prove(ctx, r)
	if err != nil {
		return err
	}
	var written output.Written
	var kept string
	err = t.Slot.OnDisk(func() (err error) {
		written, kept, err = original.ReplaceKeeping(r.clean, r.data, input.DamagedSuffix)
		return err
	})
	if err != nil {
		return err
	}
	t.noteAccess(t.Name, written)
	t.reportRepair(t.Name, r, reopened)
	t.note(fault.Kept, "the damaged text is in "+input.Shown(kept), fault.Advice{})
	t.noteLinks(written)
	return nil
}

// refuseSeveral refuses a text of several keys that no program would read them from.
func (r *repair) refuseSeveral() error {
	isPPK := func(f *engine.File) bool { return IsPPK(f.Format) }
	if len(r.files) == 1 || !slices.ContainsFunc(r.files, isPPK) {
		return nil
	}
	return fault.New(fault.Usage, "the file holds %d keys, and a .ppk has room for one", len(r.files)).
		With(fault.Advice{Do: fault.TakeOne})
}

// refuseLoss refuses to replace a file that would lose more than damage.
func (r *repair) refuseLoss(name string) error {
	f := r.files[0]
	hasBlocks := bytes.Contains(r.data, []byte("CERTIFICATE-----")) || bytes.Contains(r.data, []byte("PUBLIC KEY-----"))
	if f.Keys > len(r.files) || hasBlocks || !input.IsWholeKey(r.data, f) {
		return fault.New(fault.NotAKey, "the file holds more than this key, which would be gone").
			With(fault.Advice{Do: fault.RepairAway, File: name})
	}
	return nil
}

// isThere reports whether an output has these bytes already.
func (t *Task) isThere(name string, data []byte) bool {
	if name == input.Stdio || data == nil || t.Output.Replace || t.Keys.Given != nil {
		return false
	}
	if found, err := t.Place.Find(name); !found || err != nil {
		return false
	}
	there, err := t.Place.Read(name)
	defer clear(there)
	return err == nil && bytes.Equal(there, data)
}

// reportRepair says what was written and mended.
func (t *Task) reportRepair(to string, r *repair, reopened *engine.File) {
	opened := *r.files[0]
	opened.Repairs = r.repairs()
	t.Listener.Opened(&opened)
	done := Result{
		Input: t.Name, Output: to, Format: reopened.Format, Encrypted: reopened.Encrypted(), File: reopened,
		Public: reopened.PublicKey, Comment: reopened.Comment,
	}
	if key := r.keys[0]; key != nil {
		if pub, err := key.Public(); err == nil {
			done.Public, done.Comment = pub, key.Comment
		}
	}
	t.Listener.Done(done)
	t.NoteRepairs(&opened)
	if len(r.files) < opened.Keys {
		t.NoteOtherKeys(&opened)
	}
	if reopened.Encrypted() && r.keys[0] == nil && to != input.Stdio {
		t.note(fault.Unproved, "it was repaired without its passphrase", fault.Advice{Do: fault.Check, File: to})
	}
}

// repairs returns what was mended in the keys, each once. What is no damage, and still
// keeps a program from opening the text, is one more.
func (r *repair) repairs() (all []engine.Repair) {
	for i, f := range r.files {
		_, repairs := f.Clean()
		if r.texts[i] != nil {
			for _, d := range Writable(r.keys[i].Deviations) {
				repairs = append(repairs, engine.Repair(d))
			}
		}
		for _, repair := range repairs {
			if !slices.Contains(all, repair) {
				all = append(all, repair)
			}
		}
	}
	if names, layout := RefusedAsIs(r.files[0], r.data, r.clean); len(all) == 0 && len(names) > 0 {
		message := "the layout of the text was one that " + And(names) + " would not open"
		if len(layout) > 0 {
			message = "the text had " + And(layout) + ", and " + And(names) + " would not open it"
		}
		all = append(all, engine.Repair{Code: "layout", Message: message})
	}
	return all
}
