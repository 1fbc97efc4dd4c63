package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
)

// thirdPartyName is the file with the licences of the libraries.
const thirdPartyName = "THIRD-PARTY.txt"

// documents returns the files of the source that accompany the program, under their
// names in the repository, so that links between them work.
func (s source) documents() ([]file, error) {
	tree := os.DirFS(s.folder)
	var names []string
	for _, pattern := range []string{"*.md", "LICENSE", "docs/*.md", "docs/api.txt", "docs/json.schema.json", "docs/images/*.png", "action.yml", "docs/man/*.1", "docs/completions/*"} {
		found, err := fs.Glob(tree, pattern)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("the source has no %s", pattern)
		}
		names = append(names, found...)
	}
	files := make([]file, len(names))
	for i, name := range names {
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		files[i] = file{name, modeFile, data}
	}
	return files, nil
}

// below returns the files of one folder, with their base names.
func below(folder string, files []file) []file {
	var found []file
	for _, f := range files {
		if path.Dir(f.name) == folder {
			found = append(found, file{path.Base(f.name), f.mode, f.data})
		}
	}
	return found
}

// named returns the content of the file with that name.
func named(name string, files []file) ([]byte, error) {
	for _, f := range files {
		if f.name == name {
			return f.data, nil
		}
	}
	return nil, fmt.Errorf("there is no %s", name)
}

// checkChangelog wants a section for the version, with its date unless it is a pre-release.
func checkChangelog(opts options, files []file) error {
	text, err := named("CHANGELOG.md", files)
	if err != nil {
		return err
	}
	heading := `(?m)^## ` + regexp.QuoteMeta(opts.version.Final())
	if opts.version.stage == "" {
		heading += ` - \d{4}-\d\d-\d\d`
	}
	if regexp.MustCompile(heading + `( |$)`).Match(text) {
		return nil
	}
	err = fmt.Errorf("CHANGELOG.md has no section \"## %s - DATE\", with the date of today", opts.version.Final())
	if opts.allowDirty {
		fmt.Fprintln(opts.log, "warning:", err)
		return nil
	}
	return err
}
