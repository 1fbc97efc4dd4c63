package main

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"
)

const (
	modulePath = "github.com/keyconv/keyconv"
	homepage   = "https://" + modulePath
)

// manifestsFolder is beside the files of a release. It is not for downloading.
const manifestsFolder = "manifests"

//go:embed templates
var templates embed.FS

// manifest is a file that a package manager reads: the template of the same name,
// filled in, in the place where the manager's repositories have it.
type manifest struct {
	template string
	place    string                    // below manifestsFolder; %s is the version
	isFor    func(d manifestData) bool // whether there is an archive for it
}

func forWindowsUsers(d manifestData) bool { return len(d.On("windows")) > 0 }

// forAny makes a function that reports whether there are such archives.
func forAny[T any](archives func(d manifestData) []T) func(d manifestData) bool {
	return func(d manifestData) bool { return len(archives(d)) > 0 }
}

var manifests = []manifest{
	{"keyconv.json", "scoop/bucket/keyconv.json", forWindowsUsers},
	{"winget/keyconv.keyconv.yaml", "winget/manifests/k/keyconv/keyconv/%s/keyconv.keyconv.yaml", forWindowsUsers},
	{"winget/keyconv.keyconv.installer.yaml", "winget/manifests/k/keyconv/keyconv/%s/keyconv.keyconv.installer.yaml", forWindowsUsers},
	{"winget/keyconv.keyconv.locale.en-US.yaml", "winget/manifests/k/keyconv/keyconv/%s/keyconv.keyconv.locale.en-US.yaml", forWindowsUsers},
	{"keyconv.rb", "homebrew/Formula/keyconv.rb", forAny(manifestData.Homebrew)},
	{"PKGBUILD", "aur/keyconv-bin/PKGBUILD", forAny(manifestData.Arch)},
	{"SRCINFO", "aur/keyconv-bin/.SRCINFO", forAny(manifestData.Arch)},
	{"keyconv.nix", "nix/keyconv.nix", forAny(manifestData.Nix)},
}

// installers are filled in as manifests are, and lie beside the files that they install.
var installers = []string{"install.sh", "install.ps1"}

// published is a target's archive where users get it.
type published struct {
	target
	URL, SHA256, Folder string
}

func (p published) Arch() string { return p.arch }

// manifestData is what the templates know.
type manifestData struct {
	Version, Tag, Date, Description, Homepage, Maintainer string
	// Signers has the lines of SIGNERS that name a key.
	Signers  string
	archives []published
}

// Scoop and Winget return the names that these have for Go's processors.
func (manifestData) Scoop() map[string]string {
	return map[string]string{"amd64": "64bit", "arm64": "arm64", "386": "32bit"}
}

func (manifestData) Winget() map[string]string {
	return map[string]string{"amd64": "x64", "arm64": "arm64", "386": "x86"}
}

// On returns the archives for one system.
func (d manifestData) On(system string) []published {
	var found []published
	for _, p := range d.archives {
		if p.os == system {
			found = append(found, p)
		}
	}
	return found
}

// namedArchive is an archive with the name that a package manager gives to its platform.
type namedArchive struct {
	Name string
	published
}

// Arch returns the archives for Arch Linux.
func (d manifestData) Arch() []namedArchive {
	return d.named(map[target]string{{"linux", "amd64"}: "x86_64", {"linux", "arm64"}: "aarch64"})
}

// Nix returns the archives for the platforms of Nix.
func (d manifestData) Nix() []namedArchive {
	return d.named(map[target]string{
		{"linux", "amd64"}: "x86_64-linux", {"linux", "arm64"}: "aarch64-linux",
		{"darwin", "amd64"}: "x86_64-darwin", {"darwin", "arm64"}: "aarch64-darwin",
	})
}

func (d manifestData) named(names map[target]string) []namedArchive {
	var found []namedArchive
	for _, p := range d.archives {
		if name := names[p.target]; name != "" {
			found = append(found, namedArchive{name, p})
		}
	}
	return found
}

// homebrewBlock is a block of a formula for a system or a processor.
type homebrewBlock struct {
	Block      string
	Processors []homebrewArchive
}

type homebrewArchive struct {
	Block string
	published
}

// Homebrew returns the archives for the systems and processors that it runs on.
func (d manifestData) Homebrew() []homebrewBlock {
	processors := map[string]string{"amd64": "on_intel", "arm64": "on_arm"}
	var blocks []homebrewBlock
	for _, system := range []struct{ goos, block string }{{"darwin", "on_macos"}, {"linux", "on_linux"}} {
		block := homebrewBlock{Block: system.block}
		for _, p := range d.On(system.goos) {
			if name := processors[p.arch]; name != "" {
				block.Processors = append(block.Processors, homebrewArchive{name, p})
			}
		}
		if len(block.Processors) > 0 {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

func newManifestData(v version, date time.Time, archives []published) manifestData {
	return manifestData{
		Version: v.String(), Tag: v.Tag(), Date: date.Format(time.DateOnly),
		Description: description, Homepage: homepage, Maintainer: maintainer, archives: archives,
	}
}

// installerFiles fills in the installers, which take a file for genuine if a key of the file
// of signers has signed it.
func installerFiles(v version, signers []byte) ([]file, error) {
	d := newManifestData(v, time.Time{}, nil)
	for line := range strings.Lines(string(signers)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			d.Signers += line + "\n"
		}
	}
	d.Signers = strings.TrimSuffix(d.Signers, "\n")
	if strings.Contains(d.Signers, "'") { // it is quoted there
		return nil, fmt.Errorf("%s has a quotation mark in the line of a key", signersName)
	}
	var files []file
	for _, name := range installers {
		text, err := fill(name, d)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, modeProgram, text})
	}
	return files, nil
}

func newPublished(t target, v version, sha256 string) published {
	url := fmt.Sprintf("%s/releases/download/%s/%s", homepage, v.Tag(), t.archive(v))
	return published{t, url, sha256, t.folder(v)}
}

// manifestFiles fills in the templates that the built archives allow.
func manifestFiles(d manifestData) ([]file, error) {
	var files []file
	for _, m := range manifests {
		if !m.isFor(d) {
			continue
		}
		text, err := fill(m.template, d)
		if err != nil {
			return nil, err
		}
		place := strings.Replace(m.place, "%s", d.Version, 1)
		files = append(files, file{manifestsFolder + "/" + place, modeFile, text})
	}
	return files, nil
}

func fill(name string, d manifestData) ([]byte, error) {
	source, err := templates.ReadFile("templates/" + name)
	if err != nil {
		return nil, err
	}
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	functions := template.FuncMap{"upper": strings.ToUpper}
	parsed, err := template.New(name).Option("missingkey=error").Funcs(functions).Parse(string(source))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = parsed.Execute(&out, d)
	return out.Bytes(), err
}
