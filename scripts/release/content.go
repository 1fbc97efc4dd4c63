package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
)

// thirdPartyName is the file with the licences of the libraries.
const thirdPartyName = "THIRD-PARTY.txt"

// documents returns the files of the source that accompany the program, under their
// names in the repository, so that links between them work.
func (s source) documents() ([]file, error) {
	tree := os.DirFS(s.folder)
	var names []string
	for _, pattern := range []string{"*.md", "LICENSE", "docs/*.md", "docs/dev/*.md", "docs/api.txt", "docs/json.schema.json", "docs/images/*.png", "docs/images/*.svg", "action.yml", "docs/man/*.1", "docs/completions/*"} {
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

// forWindows returns the documents that are of use on Windows. A person who looks for the
// program finds it among few files.
func forWindows(documents []file) []file {
	var files []file
	for _, f := range documents {
		folder, extension := path.Dir(f.name), path.Ext(f.name)
		switch {
		case folder == "docs/man", folder == "docs/dev", f.name == "action.yml", f.name == "docs/api.txt":
		case folder == "docs/completions" && extension != ".ps1":
		case folder == "." && extension == ".md" && f.name != "README.md":
		default:
			files = append(files, f)
		}
	}
	return files
}

// documentLink is a link in a document to another file: the title's end, the name, the rest.
var documentLink = regexp.MustCompile(`(\]\()([^):#]+)([^)]*\))`)

// withLinks returns the files with their links to files that are not among them leading to
// the repository, as it was for this version.
func withLinks(v version, files []file) []file {
	here := map[string]bool{}
	for _, f := range files {
		here[f.name] = true
	}
	for _, folder := range foldersOf(files) {
		here[folder] = true
	}
	linked := slices.Clone(files)
	for i, f := range linked {
		if path.Ext(f.name) != ".md" {
			continue
		}
		linked[i].data = documentLink.ReplaceAllFunc(f.data, func(link []byte) []byte {
			m := documentLink.FindSubmatch(link)
			name := path.Join(path.Dir(f.name), string(m[2]))
			if here[name] {
				return link
			}
			return slices.Concat(m[1], []byte(homepage+"/blob/"+v.Tag()+"/"+name), m[3])
		})
	}
	return linked
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
