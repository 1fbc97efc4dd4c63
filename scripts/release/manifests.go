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

//go:embed templates
var templates embed.FS

// manifest is a file that a package manager reads: the template of the same name,
// filled in, in the place where the manager's repositories have it.
type manifest struct {
	template string
	place    string // below manifests; %s is the version
	system   string // the one it is for, "" for Homebrew's two
}

var manifests = []manifest{
	{"keyconv.json", "scoop/bucket/keyconv.json", "windows"},
	{"winget/keyconv.keyconv.yaml", "winget/manifests/k/keyconv/keyconv/%s/keyconv.keyconv.yaml", "windows"},
	{"winget/keyconv.keyconv.installer.yaml", "winget/manifests/k/keyconv/keyconv/%s/keyconv.keyconv.installer.yaml", "windows"},
	{"winget/keyconv.keyconv.locale.en-US.yaml", "winget/manifests/k/keyconv/keyconv/%s/keyconv.keyconv.locale.en-US.yaml", "windows"},
	{"keyconv.rb", "homebrew/Formula/keyconv.rb", ""},
}

// published is a target's archive where users get it.
type published struct {
	target
	URL, SHA256, Folder string
}

func (p published) Arch() string { return p.arch }

// manifestData is what the templates know.
type manifestData struct {
	Version, Tag, Date, Description, Homepage string
	archives                                  []published
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
	return manifestData{v.String(), v.Tag(), date.Format(time.DateOnly), description, homepage, archives}
}

func newPublished(t target, v version, sha256 string) published {
	url := fmt.Sprintf("%s/releases/download/%s/%s", homepage, v.Tag(), t.archive(v))
	return published{t, url, sha256, t.folder(v)}
}

// manifestFiles fills in the templates that the built archives allow.
func manifestFiles(d manifestData) ([]file, error) {
	var files []file
	for _, m := range manifests {
		if m.system == "" && len(d.Homebrew()) == 0 || m.system != "" && len(d.On(m.system)) == 0 {
			continue
		}
		text, err := fill(m.template, d)
		if err != nil {
			return nil, err
		}
		place := strings.Replace(m.place, "%s", d.Version, 1)
		files = append(files, file{"manifests/" + place, modeFile, text})
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
