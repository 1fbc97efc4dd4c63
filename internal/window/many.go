package window

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/keyconv/keyconv/sshkey"
)

// openMany lists the keys in folders and among files, and converts all of them.
func (m *Model) openMany(ctx context.Context, paths []string) error {
	m.progress("Looking for keys. Esc cancels.")
	q := input.Query{Names: paths, Recursive: true, Wanted: convert.IsPrivate}
	set, err := q.Find(ctx)
	if err != nil {
		return err
	}
	rows := make([]string, len(set.Names))
	for i, name := range set.Names {
		what := ""
		if broken := set.Broken[name]; broken != nil {
			what = broken.Error()
		} else if format, err := input.FormatOf(input.Files{}, name, engine.Limits{}); fault.Is[*sshkey.SyntaxError](err) {
			what = "damaged"
		} else {
			what = cmp.Or(format.About().Title, "not a key that can be read")
		}
		rows[i] = shortName(name) + "\t" + what + "\t" + input.Shown(filepath.Dir(name))
	}
	answer := m.person.Fill(manyDialog.withRows(ManyList, rows))
	f := formPPK
	switch answer.Pressed {
	case ManyPPK:
	case ManyPEM:
		f = formPEM
	default:
		return errDismissed
	}
	o := output.Options{Below: set.Below}
	if answer.isChosen(ManyInFolder) {
		if o.Folder = m.person.Folder("Where do the converted keys go?"); o.Folder == "" {
			return errDismissed
		}
	}
	return m.convertMany(ctx, set, f, o)
}

// convertMany converts all, several at a time, and shows a list with a result for each.
// It replaces nothing.
func (m *Model) convertMany(ctx context.Context, set *input.Set, f form, o output.Options) error {
	kind := f.kind()
	names := set.Names
	if err := disk.CheckInputs(o, names, func(in string) string { return o.Name(in, kind.Extension) }, true); err != nil {
		return err
	}
	ask := &asker{person: m.person}
	guard := disk.NewGuard()
	guard.ProtectInputs(names)
	job := &convert.Job{Place: &disk.Place{Options: o, Guard: guard}, Output: o, Resume: true, Keys: &unlock.Keyring{Asker: ask}}
	defer job.Keys.Clear(ctx)
	heard, errs, stays := make([]heard, len(names)), make([]error, len(names)), make([]string, len(names))
	done := 0
	batch.Run(ctx, len(names), batch.Options{
		Jobs: runtime.GOMAXPROCS(0),
		Settled: func(int) {
			done++
			m.progress(fmt.Sprintf("%d of %d files. Esc cancels.", done, len(names)))
		},
	}, func(slot *batch.Slot, i int) {
		t := job.Begin(names[i], slot, &heard[i])
		defer t.End(ctx)
		switch errs[i] = set.Broken[names[i]]; {
		case errs[i] != nil:
		case disk.IsSameFile(o.Name(names[i], kind.Extension), names[i]):
			stays[i], errs[i] = inItsPlace(ctx, t, kind)
		default:
			errs[i] = t.Convert(ctx, kind)
		}
	})
	clear(ask.last)
	rows := make([]string, len(names))
	saved := 0
	for i, name := range names {
		rows[i] = shortName(name) + "\t"
		switch {
		case i >= done || ctx.Err() != nil && errs[i] != nil:
			rows[i] += "not converted: cancelled"
		case errs[i] != nil:
			rows[i] += withoutFolders(strings.Join(strings.Fields(explain(errs[i])), " "), o.Name(name, kind.Extension))
		case stays[i] != "":
			rows[i] += stays[i]
		default:
			saved++
			rows[i] += heard[i].summary()
		}
	}
	m.status = fmt.Sprintf("%d of %d keys are saved.", saved, len(names))
	if ctx.Err() != nil {
		m.status = "Cancelled: " + m.status
	}
	m.person.Show(m.state())
	m.person.Fill(resultsDialog.withRows(ResultList, rows))
	return nil
}

// inItsPlace says why a key stays as it is whose conversion would have the name of its own file.
func inItsPlace(ctx context.Context, t *convert.Task, kind convert.Kind) (string, error) {
	f, _, err := t.Open(ctx)
	switch {
	case err != nil:
		return "", err
	case len(f.Repairs) > 0:
		return "The file is damaged, and the clean one would have its name. Open it alone, or save all in one folder.", nil
	}
	return "It is a " + kind.Extension + " file already, and stays as it is.", nil
}
