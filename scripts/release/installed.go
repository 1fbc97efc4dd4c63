package main

import (
	"path"
)

// layout is where the shells and manuals of a family of systems look for files. Each place is
// a folder but for the completions and the licence, whose names there differ.
type layout struct {
	bash, zsh, fish string
	license         string
	documents       string
}

var (
	debianLayout = layout{
		bash:      "usr/share/bash-completion/completions/keyconv",
		zsh:       "usr/share/zsh/vendor-completions/_keyconv",
		fish:      "usr/share/fish/vendor_completions.d/keyconv.fish",
		documents: "usr/share/doc/keyconv",
	}
	// Fedora, openSUSE and Alpine agree on these.
	otherLayout = layout{
		bash:      "usr/share/bash-completion/completions/keyconv",
		zsh:       "usr/share/zsh/site-functions/_keyconv",
		fish:      "usr/share/fish/vendor_completions.d/keyconv.fish",
		license:   "usr/share/licenses/keyconv/LICENSE",
		documents: "usr/share/doc/keyconv",
	}
)

// files returns what a package installs: the program, its completions and man pages, and the
// documents that a user reads.
func (l layout) files(v version, program []byte, documents []file) ([]file, error) {
	files := []file{{"usr/bin/keyconv", modeProgram, program}}
	completions := map[string]string{"keyconv.bash": l.bash, "keyconv.zsh": l.zsh, "keyconv.fish": l.fish}
	for _, f := range below("docs/completions", documents) {
		if place := completions[f.name]; place != "" {
			files = append(files, file{place, modeFile, f.data})
		}
	}
	for _, f := range below("docs/man", documents) {
		page, err := gzipBytes(f.data)
		if err != nil {
			return nil, err
		}
		files = append(files, file{path.Join("usr/share/man/man1", f.name) + ".gz", modeFile, page})
	}
	if l.license != "" {
		license, err := named("LICENSE", documents)
		if err != nil {
			return nil, err
		}
		files = append(files, file{l.license, modeFile, license})
	}
	var texts []file
	for _, f := range append(below(".", documents), inFolder("docs", below("docs", documents))...) {
		if path.Ext(f.name) == ".md" || f.name == thirdPartyName {
			texts = append(texts, f)
		}
	}
	return append(files, inFolder(l.documents, withLinks(v, texts))...), nil
}
