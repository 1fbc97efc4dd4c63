package page

import (
	"context"
	"runtime/debug"
	"slices"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// Version and Commit are those of the build.
var Version, Commit string

// About is what the page offers, out of the tables of the engine: what is added there
// appears by itself.
type About struct {
	Version  string    `json:"version"`
	Commit   string    `json:"commit,omitempty"`
	Go       string    `json:"go"`
	MaxFile  int       `json:"maxFile"` // the size of the largest key file
	Formats  []Format  `json:"formats"`
	Types    []KeyType `json:"types"`
	Programs []Program `json:"programs"`
	// CodePages are those of Windows that a session can be written for.
	CodePages []int `json:"codePages"`
}

// Format is a format that can be written.
type Format struct {
	Name      engine.Format `json:"name"`
	Title     string        `json:"title"`
	Help      string        `json:"help"`
	Extension string        `json:"extension"`
	Private   bool          `json:"private"`
	Encrypts  bool          `json:"encrypts"`
	Comment   bool          `json:"comment"`
}

// KeyType is a type of key that can be made.
type KeyType struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Sizes   []int  `json:"sizes,omitempty"` // those to choose from
	Default int    `json:"default"`
	// Formats are the private formats that hold it.
	Formats []engine.Format `json:"formats"`
}

// Program is a program with a file for a session.
type Program struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	OnWindows bool   `json:"onWindows"` // whether the path of the key is one of Windows
	NeedsPPK  bool   `json:"needsPPK"`
}

// usualSizes are those offered of a type that has any size in a range.
var usualSizes = []int{2048, 3072, 4096, 8192}

func about(context.Context, Request, [][]byte) (*Answer, error) {
	a := &About{Version: Version, Commit: Commit, MaxFile: sshkey.MaxFileSize, CodePages: session.CodePages()}
	if info, ok := debug.ReadBuildInfo(); ok {
		a.Go = info.GoVersion
	}
	for _, f := range engine.Formats() {
		a.Formats = append(a.Formats, Format{f, f.About().Title, f.About().Help, f.About().Extension, f.About().Private, f.About().Encrypts, f.About().Comment})
	}
	for _, t := range rawkey.Types() {
		if !t.CanGenerate() {
			continue
		}
		k := KeyType{Name: t.Name, Title: t.Title, Sizes: t.Sizes.Only, Default: t.Sizes.Default}
		if t.Sizes.Max > 0 {
			k.Sizes = slices.DeleteFunc(slices.Clone(usualSizes), func(size int) bool { return !t.Sizes.Has(size) })
		}
		for _, f := range engine.Formats() {
			if f.About().Private && len(t.Algorithms) > 0 && f.CheckType(t.Algorithms[0]) == nil {
				k.Formats = append(k.Formats, f)
			}
		}
		a.Types = append(a.Types, k)
	}
	for _, p := range session.Programs {
		if p.File != nil {
			a.Programs = append(a.Programs, Program{p.Name, p.Title, p.File.OnWindows, p.NeedsPPK})
		}
	}
	return &Answer{About: a}, nil
}
