package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// file is one file of an archive or a package.
type file struct {
	name string // with slashes, relative
	mode int64
	data []byte
}

const (
	modeFile    = 0o644
	modeProgram = 0o755
	modeFolder  = 0o755
)

// inFolder puts files into a folder.
func inFolder(folder string, files []file) []file {
	moved := slices.Clone(files)
	for i := range moved {
		moved[i].name = path.Join(folder, moved[i].name)
	}
	return moved
}

// sorted orders files by name, so that an archive does not depend on how they were
// collected.
func sorted(files []file) []file {
	return slices.SortedFunc(slices.Values(files), func(a, b file) int { return strings.Compare(a.name, b.name) })
}

// foldersOf lists the folders of the files, each after its parent.
func foldersOf(files []file) []string {
	var folders []string
	for _, f := range files {
		for dir := path.Dir(f.name); dir != "."; dir = path.Dir(dir) {
			folders = append(folders, dir)
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// tarGzBytes makes a compressed tar archive that says nothing about the machine: all
// files are root's and of one date. Names get the prefix, "" or "./" as Debian has it.
func tarGzBytes(files []file, prefix string, date time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	var folders []string
	if prefix != "" {
		folders = append(folders, prefix)
	}
	for _, folder := range foldersOf(files) {
		folders = append(folders, prefix+folder+"/")
	}
	for _, folder := range folders {
		header := &tar.Header{Typeflag: tar.TypeDir, Name: folder, Mode: modeFolder, ModTime: date, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
	}
	for _, f := range sorted(files) {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: prefix + f.name, Mode: f.mode, Size: int64(len(f.data)), ModTime: date, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return gzipBytes(out.Bytes())
}

// gzipBytes compresses as "gzip -n -9" does, without a name or a date.
func gzipBytes(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

func zipBytes(files []file, date time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range sorted(files) {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: date}
		header.SetMode(fs.FileMode(f.mode))
		entry, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
