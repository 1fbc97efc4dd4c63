package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sourceName is the file in an archive of the source that says what only git knows, also
// which files are programs, since Windows does not. With it a release can be made again
// without git and without the repository.
const sourceName = "SOURCE"

// archiveName returns the name of the archive, and of the only folder in it.
func archiveName(v version) string { return fmt.Sprintf("keyconv_%s_source", v) }

// archive returns all files of the source as an archive.
func (s source) archive(v version) (file, error) {
	about := fmt.Appendf(nil, "version %s\ncommit %s\ndate %d\n", v.Tag(), s.commit, s.date.Unix())
	for _, f := range sorted(s.files) {
		if f.mode == modeProgram {
			about = fmt.Appendf(about, "program %s\n", f.name)
		}
	}
	files := append(slices.Clone(s.files), file{sourceName, modeFile, about})
	data, err := tarGzBytes(inFolder(archiveName(v), files), "", s.date)
	return file{archiveName(v) + ".tar.gz", modeFile, data}, err
}

var (
	sourceLines   = regexp.MustCompile(`^version (\S+)\ncommit ([0-9a-f]{40,64})\ndate (\d+)\n((?:program .+\n)*)$`)
	sourceProgram = regexp.MustCompile(`(?m)^program (.+)$`)
)

// takeArchived copies an unpacked archive of the source, without what an earlier run has left
// there, into a folder. It finds nothing where there is none, or where git is.
func takeArchived(opts options, folder string) (s source, found bool, err error) {
	text, err := os.ReadFile(filepath.Join(opts.folder, sourceName))
	if errors.Is(err, fs.ErrNotExist) {
		return source{}, false, nil
	}
	if err != nil {
		return source{}, false, err
	}
	if _, err := os.Stat(filepath.Join(opts.folder, ".git")); err == nil {
		return source{}, false, nil
	}
	m := sourceLines.FindSubmatch(text)
	if m == nil {
		return source{}, false, fmt.Errorf("%s is not what a release puts there", sourceName)
	}
	if tag := string(m[1]); tag != opts.version.Tag() {
		return source{}, false, fmt.Errorf("this is the source of %s, not of %s", tag, opts.version.Tag())
	}
	seconds, err := strconv.ParseInt(string(m[3]), 10, 64)
	if err != nil {
		return source{}, false, fmt.Errorf("%s: %w", sourceName, err)
	}
	programs := map[string]bool{}
	for _, line := range sourceProgram.FindAllSubmatch(m[4], -1) {
		programs[string(line[1])] = true
	}
	files, err := sourceFiles(opts, programs)
	if err != nil {
		return source{}, false, err
	}
	s = source{folder: folder, commit: string(m[2]), date: time.Unix(seconds, 0).UTC(), files: files}
	return s, true, writeInside(folder, files)
}

// sourceFiles reads an unpacked archive.
func sourceFiles(opts options, programs map[string]bool) ([]file, error) {
	output, err := filepath.Rel(opts.folder, opts.output)
	if err != nil {
		output = sourceName // it is on another drive of Windows
	}
	output = filepath.ToSlash(output)
	var files []file
	tree := os.DirFS(opts.folder)
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == sourceName || strings.HasPrefix(name, output+"/") {
			return err
		}
		f := file{name: name, mode: modeFile}
		if programs[name] {
			f.mode = modeProgram
		}
		f.data, err = fs.ReadFile(tree, name)
		files = append(files, f)
		return err
	})
	return files, err
}
