package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// module is a library that is linked into a program.
type module struct {
	path, version string
	sum           string // of go.sum
	licenses      []licenseFile
}

// licenseFile is a file with terms that a copy has to carry.
type licenseFile struct {
	name string // below the module
	text string
}

// listedPackage is the part of "go list -json" that is read.
type listedPackage struct {
	Dir    string
	Module *struct {
		Path, Version, Dir, Sum string
		Main                    bool
	}
}

// licenseNames matches the files that hold terms; their names are always in capitals.
var licenseNames = regexp.MustCompile(`^(LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|PATENTS)(\..*)?$`)

// modules lists the modules that are linked into the program, on all of the targets
// together, with the terms in the folders of their packages and above them. The first is Go
// itself, whose standard library and runtime are in every program.
func (s source) modules(ctx context.Context, targets []target) ([]module, error) {
	out, err := command(ctx, s.folder, nil, "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	root, goVersion, _ := strings.Cut(strings.ReplaceAll(string(out), "\r", ""), "\n")
	standard := module{path: "std", version: strings.TrimSpace(goVersion)}
	for _, name := range []string{"LICENSE", "PATENTS"} {
		if err := standard.addLicense(root, filepath.Join(root, name)); err != nil {
			return nil, fmt.Errorf("the licence of Go: %w", err)
		}
	}
	found := map[string]*module{}
	for _, t := range targets {
		out, err := command(ctx, s.folder, s.environment(t), "go", "list", "-mod=readonly", "-deps", "-json=Dir,Module", mainPackage)
		if err != nil {
			return nil, err
		}
		if err := addModules(found, out); err != nil {
			return nil, err
		}
	}
	linked := make([]module, 0, len(found))
	for _, m := range found {
		if len(m.licenses) == 0 {
			return nil, fmt.Errorf("%s %s: no file with a licence", m.path, m.version)
		}
		linked = append(linked, *m)
	}
	slices.SortFunc(linked, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return append([]module{standard}, linked...), nil
}

func addModules(found map[string]*module, listed []byte) error {
	for decoder := json.NewDecoder(bytes.NewReader(listed)); ; {
		var p listedPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.Module == nil || p.Module.Main { // the standard library, or keyconv
			continue
		}
		m := found[p.Module.Path]
		if m == nil {
			m = &module{path: p.Module.Path, version: p.Module.Version, sum: p.Module.Sum}
			found[p.Module.Path] = m
		}
		if err := m.addLicenses(p.Module.Dir, p.Dir); err != nil {
			return err
		}
	}
}

// addLicenses adds the terms of a package: a folder may have its own in addition to those
// of the module.
func (m *module) addLicenses(moduleFolder, packageFolder string) error {
	for folder := packageFolder; ; folder = filepath.Dir(folder) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if !entry.IsDir() && licenseNames.MatchString(entry.Name()) {
				if err := m.addLicense(moduleFolder, filepath.Join(folder, entry.Name())); err != nil {
					return err
				}
			}
		}
		if folder == moduleFolder {
			break
		}
	}
	slices.SortFunc(m.licenses, func(a, b licenseFile) int { return strings.Compare(a.name, b.name) })
	return nil
}

func (m *module) addLicense(moduleFolder, path string) error {
	name, err := filepath.Rel(moduleFolder, path)
	if err != nil {
		return err
	}
	name = filepath.ToSlash(name)
	if slices.ContainsFunc(m.licenses, func(l licenseFile) bool { return l.name == name }) {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	m.licenses = append(m.licenses, licenseFile{name, strings.ReplaceAll(string(text), "\r\n", "\n")})
	return nil
}
