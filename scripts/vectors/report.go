//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/vectors"
)

// counts are the results of a program with the files of one verdict.
type counts struct{ right, all int }

func (c counts) String() string {
	if c.all == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", c.right, c.all)
}

// results are those of one program.
type results struct {
	program
	mustRead, mustRefuse counts
	wrong                []string // files that gave another key
	late                 []string // files for which it did not end
}

// The marks in the document, between which the table is.
const begin, end = "<!-- results -->\n", "<!-- end of results -->\n"

func run(document string) error {
	dir, err := os.MkdirTemp("", "vectors")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{dir: dir}
	if err := b.prepare(); err != nil {
		return err
	}
	list, err := vectors.All()
	if err != nil {
		return err
	}
	table := "| reader | version | must be read | must be refused | another key | does not end |\n|---|---|---|---|---|---|\n"
	for _, p := range programs {
		r := results{program: p}
		for _, v := range list {
			if err := r.add(b, v); err != nil {
				return err
			}
		}
		row := fmt.Sprintf("| %s | %s | %s | %s | %d | %d |\n", r.name, versionOf(r.version), r.mustRead, r.mustRefuse, len(r.wrong), len(r.late))
		fmt.Print(row)
		table += row
	}
	old, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(old, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return fmt.Errorf("%s has no place for the results", document)
	}
	return os.WriteFile(document, slices.Concat(before, []byte(begin+table+end), after), 0o644)
}

// add runs the program over one file, if it is of a format that the program reads.
func (r *results) add(b *bench, v vectors.Vector) error {
	if !slices.ContainsFunc(r.formats, func(prefix string) bool { return strings.HasPrefix(v.Format, prefix) }) {
		return nil
	}
	data, err := vectors.Read(v)
	if err != nil {
		return err
	}
	file, passphraseFile := filepath.Join(b.dir, "key"), filepath.Join(b.dir, "passphrase")
	if err := errors.Join(os.WriteFile(file, data, 0o600), os.WriteFile(passphraseFile, v.PassphraseBytes(), 0o600)); err != nil {
		return err
	}
	public, err := r.read(b, v, file, passphraseFile)
	if errors.Is(err, errLate) {
		r.late = append(r.late, v.File)
	}
	if err == nil && v.Public != "" && public != v.Public {
		r.wrong = append(r.wrong, v.File)
	}
	switch v.Verdict {
	case vectors.MustRead:
		r.mustRead.count(err == nil && public == v.Public)
	case vectors.MustRefuse:
		r.mustRefuse.count(err != nil && !errors.Is(err, errLate))
	case vectors.MayRead: // nothing is counted but another key
	}
	return nil
}

func (c *counts) count(right bool) {
	c.all++
	if right {
		c.right++
	}
}

func versionOf(args []string) string {
	switch args[0] {
	case "npm":
		return npmVersions[args[1]]
	case "module":
		info, _ := debug.ReadBuildInfo()
		for _, dep := range info.Deps {
			if dep.Path == args[1] {
				return dep.Version
			}
		}
		return ""
	}
	if len(args) == 1 {
		return args[0]
	}
	out, _ := exec.Command(args[0], args[1:]...).CombinedOutput() // no version is better than no table
	line, _, _ := strings.Cut(string(out), "\n")
	line, _, _ = strings.Cut(line, ",")
	line, _, _ = strings.Cut(line, " (")
	return strings.TrimPrefix(line, "puttygen: ")
}
