package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha1" // of apk-tools 2, which has no other here
	"fmt"
	"time"
)

// apkArchitectures has Alpine's names of the targets that get a package.
var apkArchitectures = map[target]string{
	{"linux", "amd64"}: "x86_64",
	{"linux", "arm64"}: "aarch64",
}

// apkBytes makes a package for Alpine (wiki.alpinelinux.org, "Apk spec", version 2): the
// fields and the files, each a compressed tar, one after the other. It is unsigned, so that
// apk wants --allow-untrusted.
func apkBytes(v version, architecture string, program []byte, documents []file, date time.Time) ([]byte, error) {
	installed, err := otherLayout.files(v, program, documents)
	if err != nil {
		return nil, err
	}
	data, err := apkTar(installed, date, true)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, f := range installed {
		size += len(f.data)
	}
	// Alpine sorts 1.2.3_rc1 before 1.2.3.
	info := fmt.Appendf(nil, `pkgname = keyconv
pkgver = %s-r0
pkgdesc = %s
url = %s
builddate = %d
packager = %s
size = %d
arch = %s
origin = keyconv
license = MIT
datahash = %s
`, v.withStage("_", ""), description, homepage, date.Unix(), maintainer, size, architecture, sumOf(file{data: data}))
	control, err := apkTar([]file{{".PKGINFO", modeFile, info}}, date, false)
	return append(control, data...), err
}

// apkTar makes one part of a package. Only the last has the two empty blocks of a tar's end,
// and has a checksum with each file.
func apkTar(files []file, date time.Time, last bool) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	if last {
		for _, folder := range foldersOf(files) {
			header := &tar.Header{Typeflag: tar.TypeDir, Name: folder + "/", Mode: modeFolder, ModTime: date, Uname: "root", Gname: "root"}
			if err := w.WriteHeader(header); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range sorted(files) {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: f.mode, Size: int64(len(f.data)), ModTime: date, Uname: "root", Gname: "root"}
		if last {
			header.PAXRecords = map[string]string{"APK-TOOLS.checksum.SHA1": fmt.Sprintf("%x", sha1.Sum(f.data))}
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	finish := w.Flush
	if last {
		finish = w.Close
	}
	if err := finish(); err != nil {
		return nil, err
	}
	return gzipBytes(out.Bytes())
}
