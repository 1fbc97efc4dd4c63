package window

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/keyconv/keyconv/sshkey"
)

// newType is a type of key that can be made.
type newType struct {
	title string
	name  string
	bits  int
}

var newTypes = []newType{
	{"Ed25519 (best for most servers)", "ed25519", 0},
	{"RSA, 3072 bits (for old servers)", "rsa", 3072},
	{"RSA, 4096 bits", "rsa", 4096},
	{"ECDSA, 256 bits", "ecdsa", 256},
	{"ECDSA, 384 bits", "ecdsa", 384},
}

// makeKey makes a key and saves it twice: for PuTTY, and with its public key for OpenSSH.
func (m *Model) makeKey(ctx context.Context) error {
	answer := m.person.Fill(newKeyDialog.Get())
	defer answer.wipe()
	if answer.Pressed != OK && answer.Pressed != KeyWords {
		return errDismissed
	}
	p, err := answer.newPassphrase(KeyFirst, KeySecond)
	switch {
	case answer.Pressed == KeyWords:
		clear(p)
		p, err = m.makePassphrase()
	case len(answer.Values[KeyFirst]) == 0 && len(answer.Values[KeySecond]) == 0:
		p, err = nil, nil
		if !m.person.Confirm("The key will have no passphrase: anybody who gets one of its files can log in.\n\nMake it without a passphrase?") {
			return errDismissed
		}
	}
	if err != nil {
		return err
	}
	defer clear(p)
	ppk := m.person.SaveAs(SaveAs{Title: "Save the new key", Path: "new-key.ppk", Extension: ".ppk", Kind: engine.PPK.About().Title})
	if ppk == "" || p == nil && !m.mayUpload(ppk) {
		return errDismissed
	}
	pem := strings.TrimSuffix(ppk, filepath.Ext(ppk)) + ".pem"
	m.progress("Making the key. Esc cancels.")
	chosen := slices.IndexFunc(newTypes, func(t newType) bool { return t.title == answer.text(KeyType) })
	kind := newTypes[max(chosen, 0)]
	comment := strings.TrimSpace(answer.text(KeyComment))
	if err := m.writeNew(ctx, kind, comment, p, ppk, pem); err != nil {
		return err
	}
	if err := m.open(ctx, ppk); err != nil {
		return err
	}
	if p != nil {
		m.key.passphrase = append([]byte{}, p...)
	}
	m.status = shortName(ppk) + " (for PuTTY) and " + shortName(pem) + " (for OpenSSH, with " + shortName(convert.PublicName(pem)) + ") are saved, in " + filepath.Dir(ppk) +
		". Copy the public key, and add it to ~/.ssh/authorized_keys on the server, as one line."
	return nil
}

// writeNew makes the key once it is clear that neither file is there.
func (m *Model) writeNew(ctx context.Context, kind newType, comment string, p []byte, ppk, pem string) error {
	place := &disk.Place{Guard: disk.NewGuard()}
	for _, path := range []string{ppk, pem, convert.PublicName(pem)} {
		if found, err := place.Find(path); err != nil {
			return err
		} else if found {
			return output.Exists(filepath.Base(path), "")
		}
	}
	var key *sshkey.Key
	for _, file := range []struct {
		path   string
		format engine.Format
	}{{ppk, engine.PPK}, {pem, engine.OpenSSH}} {
		job := &convert.Job{Place: place, Output: output.Options{File: file.path}, Keys: &unlock.Keyring{Options: unlock.Options{Plain: p == nil}}, PublicBeside: true}
		if p != nil {
			job.Keys.New = given(p)
		}
		t := job.Begin(file.path, nil, &heard{})
		_, err := t.New(ctx, file.format, func() (*sshkey.Key, error) {
			if key != nil {
				return key, nil
			}
			var err error
			key, err = batch.Interruptible(ctx, func() (*sshkey.Key, error) { return engine.Generate(kind.name, kind.bits) })
			if err == nil {
				key.Comment = comment
			}
			return key, err
		})
		t.End(ctx)
		job.Keys.Clear(ctx)
		if err != nil {
			if file.path == pem {
				return fault.In(shortName(ppk)+" is saved, but "+shortName(pem)+" is not", err)
			}
			return err
		}
	}
	return nil
}
