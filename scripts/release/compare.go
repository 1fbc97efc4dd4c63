package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// compare reports of each file of a published release whether it is the same in one that was
// made from the source, and fails unless all are the same, apart from signatures. What was not
// downloaded is not compared.
func compare(published, made string, log io.Writer) error {
	theirs, absent, err := summedFiles(published)
	if err != nil {
		return err
	}
	ours, err := allSummedFiles(made)
	if err != nil {
		return err
	}
	all := maps.Clone(theirs)
	maps.Copy(all, ours)
	faults := 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if slices.Contains(absent, name) {
			fmt.Fprintf(log, "%s: not downloaded\n", name)
			continue
		}
		verdict := "DIFFERENT"
		switch published, made := theirs[name], ours[name]; {
		case published == nil:
			verdict = "MISSING in what was published"
		case made == nil:
			verdict = "MISSING in what was made"
		case bytes.Equal(published, made):
			verdict = "the same"
		default:
			if same, err := sameUnsigned(name, published, made); err == nil && same {
				verdict = "the same without signatures"
			}
		}
		if !strings.HasPrefix(verdict, "the same") {
			faults++
		}
		fmt.Fprintf(log, "%s: %s\n", name, verdict)
	}
	if faults > 0 || len(theirs) == 0 {
		return fmt.Errorf("%d of %d files are not the same", faults, len(all)-len(absent))
	}
	return nil
}

// sameUnsigned compares programs of Windows, and archives of them, without signatures.
func sameUnsigned(name string, a, b []byte) (bool, error) {
	unsigned := map[string]func([]byte) ([]byte, error){".exe": withoutSignature, ".zip": func(archive []byte) ([]byte, error) {
		return changedZip(archive, withoutSignature)
	}}[path.Ext(name)]
	if unsigned == nil {
		return false, nil
	}
	a, err := unsigned(a)
	if err != nil {
		return false, err
	}
	b, err = unsigned(b)
	return bytes.Equal(a, b), err
}

// changedZip returns the archive with other programs in it. An archive that is not as
// zipBytes makes it, with a comment for example, is not of a release.
func changedZip(data []byte, change func(program []byte) ([]byte, error)) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(archive.File) == 0 {
		return nil, errors.Join(errors.New("the archive is empty or damaged"), err)
	}
	var files, changed []file
	for _, entry := range archive.File {
		content, err := fs.ReadFile(archive, entry.Name)
		if err != nil {
			return nil, err
		}
		f := file{entry.Name, int64(entry.Mode().Perm()), content}
		files = append(files, f)
		if path.Ext(f.name) == ".exe" {
			if f.data, err = change(f.data); err != nil {
				return nil, err
			}
		}
		changed = append(changed, f)
	}
	date := archive.File[0].Modified
	if again, err := zipBytes(files, date); err != nil || !bytes.Equal(again, data) {
		return nil, errors.Join(errors.New("the archive was not made by a release"), err)
	}
	return zipBytes(changed, date)
}
