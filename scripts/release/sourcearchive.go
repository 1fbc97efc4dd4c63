package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// sourceName is the file in an archive of the source that says what only git knows. With it
// a release can be made again without git and without the repository.
const sourceName = "SOURCE"

// archiveName returns the name of the archive, and of the only folder in it.
func archiveName(v version) string { return fmt.Sprintf("keyconv_%s_source", v) }

// archive returns all files of the source as an archive.
func (s source) archive(v version) (file, error) {
	files := []file{{sourceName, modeFile, fmt.Appendf(nil, "version %s\ncommit %s\ndate %d\n", v.Tag(), s.commit, s.date.Unix())}}
	err := eachFile(s.folder, func(f file) { files = append(files, f) })
	if err != nil {
		return file{}, err
	}
	data, err := tarGzBytes(inFolder(archiveName(v), files), "", s.date)
	return file{archiveName(v) + ".tar.gz", modeFile, data}, err
}

// eachFile calls do with each file of a folder. Of the modes only that of a program counts.
func eachFile(folder string, do func(file)) error {
	tree := os.DirFS(folder)
	return fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		mode := int64(modeFile)
		if info.Mode()&0o100 != 0 {
			mode = modeProgram
		}
		data, err := fs.ReadFile(tree, name)
		do(file{name, mode, data})
		return err
	})
}

var sourceLines = regexp.MustCompile(`^version (\S+)\ncommit ([0-9a-f]{40,64})\ndate (\d+)\n$`)

// takeArchived copies an unpacked archive of the source, without what an earlier run has left
// there, into a folder. It finds nothing where there is none.
func takeArchived(opts options, folder string) (s source, found bool, err error) {
	text, err := os.ReadFile(filepath.Join(opts.folder, sourceName))
	if errors.Is(err, fs.ErrNotExist) {
		return source{}, false, nil
	}
	if err != nil {
		return source{}, true, err
	}
	m := sourceLines.FindSubmatch(text)
	if m == nil {
		return source{}, true, fmt.Errorf("%s is not what a release puts there", sourceName)
	}
	if tag := string(m[1]); tag != opts.version.Tag() {
		return source{}, true, fmt.Errorf("this is the source of %s, not of %s", tag, opts.version.Tag())
	}
	seconds, err := strconv.ParseInt(string(m[3]), 10, 64)
	if err != nil {
		return source{}, true, fmt.Errorf("%s: %w", sourceName, err)
	}
	s = source{folder, string(m[2]), time.Unix(seconds, 0).UTC()}
	return s, true, copySource(opts, folder)
}

func copySource(opts options, folder string) error {
	output, err := filepath.Rel(opts.folder, opts.output)
	if err != nil {
		output = "" // on another drive of Windows
	}
	output = filepath.ToSlash(output)
	var failed error
	err = eachFile(opts.folder, func(f file) {
		if f.name == sourceName || f.name == output || strings.HasPrefix(f.name, output+"/") || failed != nil {
			return
		}
		name := filepath.Join(folder, filepath.FromSlash(f.name))
		failed = errors.Join(os.MkdirAll(filepath.Dir(name), modeFolder), os.WriteFile(name, f.data, fs.FileMode(f.mode)))
	})
	return errors.Join(err, failed)
}
