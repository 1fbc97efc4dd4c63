package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// checkOutput refuses a folder that holds anything other than an earlier release, since
// it will be replaced, and one that holds this version: what may be published already is
// not made again by mistake.
func checkOutput(folder string, v version) error {
	entries, err := os.ReadDir(folder)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil || len(entries) == 0 {
		return err
	}
	text, err := os.ReadFile(filepath.Join(folder, checksumsName))
	if err != nil {
		return fmt.Errorf("%s is not empty and holds no earlier release; remove it first", folder)
	}
	sums, err := parseSums(text)
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	if sums[sbomName(v)] != "" {
		return fmt.Errorf("%s holds %s already; remove or rename that folder to make it again", folder, v.Tag())
	}
	for _, entry := range entries {
		if name := entry.Name(); sums[name] == "" && !isUnsummed(name) {
			return fmt.Errorf("%s holds %s, which is not of the earlier release there and would be lost; move it away first", folder, name)
		}
	}
	return nil
}

// isUnsummed reports whether a file or folder of a release has no checksum.
func isUnsummed(name string) bool {
	return name == checksumsName || name == signatureName || name == manifestsFolder
}

// writeOutput puts the files into a new folder beside the output, which takes its place at
// the end: whatever fails, the output is what it was before.
func writeOutput(opts options, files []file) (err error) {
	parent, base := filepath.Split(opts.output)
	if err := os.MkdirAll(parent, modeFolder); err != nil {
		return err
	}
	staged, err := os.MkdirTemp(parent, "."+base+"-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staged)) }()
	fresh, earlier := filepath.Join(staged, "new"), filepath.Join(staged, "earlier")
	if err := writeInside(fresh, files); err != nil {
		return err
	}
	if err := os.Rename(opts.output, earlier); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(fresh, opts.output); err != nil {
		_ = os.Rename(earlier, opts.output) // there was one, or this does nothing
		return err
	}
	for _, f := range files {
		fmt.Fprintf(opts.log, "%9d  %s\n", len(f.data), f.name)
	}
	return nil
}
