package main

import (
	"bytes"
	"crypto/md5" // for the file md5sums; it protects nothing
	"fmt"
	"strings"
	"time"
)

// debArchitectures has Debian's names of the targets that get a package.
var debArchitectures = map[target]string{
	{"linux", "amd64"}: "amd64",
	{"linux", "arm64"}: "arm64",
}

const longDescription = `keyconv converts SSH private keys between what clouds hand out (.pem), what
OpenSSH uses and what PuTTY uses (.ppk), in both directions. It also says what
a key file is, changes its passphrase, checks it and mends damaged text.`

const maintainer = "The keyconv authors <keyconv@users.noreply.github.com>"

// debBytes makes a Debian package (deb(5)) of a program and the documents.
func debBytes(v version, architecture string, program []byte, documents []file, date time.Time) ([]byte, error) {
	files, err := debFiles(v, program, documents, date)
	if err != nil {
		return nil, err
	}
	data, err := tarGzBytes(files, "./", date)
	if err != nil {
		return nil, err
	}
	var sums strings.Builder
	for _, f := range sorted(files) {
		fmt.Fprintf(&sums, "%x  %s\n", md5.Sum(f.data), f.name)
	}
	size := 0
	for _, f := range files {
		size += (len(f.data) + 1023) / 1024
	}
	fields := fmt.Appendf(nil, `Package: keyconv
Version: %s
Architecture: %s
Maintainer: %s
Installed-Size: %d
Section: utils
Priority: optional
Homepage: %s
Description: converter of SSH private keys between PEM, OpenSSH and PuTTY
 %s
`, v.Sorted(), architecture, maintainer, size, homepage, strings.ReplaceAll(longDescription, "\n", "\n "))
	control, err := tarGzBytes([]file{
		{"control", modeFile, fields},
		{"md5sums", modeFile, []byte(sums.String())},
	}, "./", date)
	if err != nil {
		return nil, err
	}
	return arBytes([]file{
		{"debian-binary", modeFile, []byte("2.0\n")},
		{"control.tar.gz", modeFile, control},
		{"data.tar.gz", modeFile, data},
	}, date), nil
}

// debFiles returns the installed files, in the places of Debian's policy, chapter 12.
func debFiles(v version, program []byte, documents []file, date time.Time) ([]file, error) {
	files, err := debianLayout.files(v, program, documents)
	if err != nil {
		return nil, err
	}
	license, err := named("LICENSE", documents)
	if err != nil {
		return nil, err
	}
	// Debian wants a reference to the licences that it has itself.
	copyright := fmt.Appendf(nil, `keyconv, from %s, is under this licence:

%s
The licences of the libraries in the program are in THIRD-PARTY.txt beside this file.
On Debian systems the Apache License 2.0 is also in /usr/share/common-licenses/Apache-2.0.
`, homepage, license)
	changelog, err := gzipBytes(fmt.Appendf(nil, `keyconv (%s) stable; urgency=medium

  * Version %s. CHANGELOG.md beside this file says what has changed.

 -- %s  %s
`, v.Sorted(), v, maintainer, date.Format(time.RFC1123Z)))
	return append(files,
		file{"usr/share/doc/keyconv/copyright", modeFile, copyright},
		file{"usr/share/doc/keyconv/changelog.gz", modeFile, changelog},
	), err
}

// arBytes makes an ar archive, as a Debian package is one.
func arBytes(files []file, date time.Time) []byte {
	var out bytes.Buffer
	out.WriteString("!<arch>\n")
	for _, f := range files {
		// Name, date, owner, group, mode, size: ar(5).
		fmt.Fprintf(&out, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", f.name, date.Unix(), 0, 0, 0o100000|f.mode, len(f.data))
		out.Write(f.data)
		if len(f.data)%2 == 1 {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}
