package main

import (
	"bytes"
	"crypto/md5"  // of old versions of rpm; it protects nothing
	"crypto/sha1" // likewise
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// rpmArchitectures has rpm's names of the targets that get a package.
var rpmArchitectures = map[target]string{
	{"linux", "amd64"}: "x86_64",
	{"linux", "arm64"}: "aarch64",
}

const rpmRelease = "1"

// rpmBytes makes a package in the format of rpm, version 3 as rpm 4 writes it
// (rpm-software-management.github.io/rpm/manual/format_v4.html): lead, signature, header, and
// the files in a compressed cpio archive. It is unsigned; the digests are for damage.
func rpmBytes(v version, architecture string, program []byte, documents []file, date time.Time) ([]byte, error) {
	installed, err := otherLayout.files(v, program, documents)
	if err != nil {
		return nil, err
	}
	entries := rpmEntries(installed)
	archive := cpioBytes(entries, date)
	payload, err := gzipBytes(archive)
	if err != nil {
		return nil, err
	}
	const immutable, signatures = 63, 62
	header := rpmHeader(immutable, rpmTags(v, architecture, entries, payload, date))
	content := slices.Concat(header, payload)
	sum1, sum256, sum5 := sha1.Sum(header), sha256.Sum256(header), md5.Sum(content)
	signature := rpmHeader(signatures, []rpmTag{
		{269, fmt.Sprintf("%x", sum1)},
		{273, fmt.Sprintf("%x", sum256)},
		{1000, []uint32{uint32(len(content))}},
		{1004, sum5[:]},
		{1007, []uint32{uint32(len(archive))}},
	})
	padding := make([]byte, -len(signature)&7)
	lead := make([]byte, 96) // by which programs other than rpm know a package
	copy(lead, "\xed\xab\xee\xdb\x03\x00\x00\x00\x00\x01")
	copy(lead[10:75], fmt.Sprintf("keyconv-%s-%s", v.Sorted(), rpmRelease))
	lead[77], lead[79] = 1, 5 // Linux; a header as the signature
	return slices.Concat(lead, signature, padding, content), nil
}

// rpmEntry is an installed file, or a folder that belongs to the package alone.
type rpmEntry struct {
	file
	flags  uint32
	digest string
}

// Flags of files: rpmfiles.h.
const rpmDocument, rpmLicense = 2, 128

const modeIsFolder, modeIsFile = 0o040000, 0o100000

func rpmEntries(installed []file) []rpmEntry {
	var entries []rpmEntry
	for _, folder := range foldersOf(installed) {
		if path.Base(folder) == "keyconv" || path.Base(path.Dir(folder)) == "keyconv" {
			entries = append(entries, rpmEntry{file: file{folder, modeIsFolder | modeFolder, nil}})
		}
	}
	for _, f := range installed {
		entry := rpmEntry{file: file{f.name, modeIsFile | f.mode, f.data}, digest: sumOf(f)}
		switch {
		case strings.HasPrefix(f.name, "usr/share/licenses/"):
			entry.flags = rpmLicense
		case strings.HasPrefix(f.name, "usr/share/doc/"), strings.HasPrefix(f.name, "usr/share/man/"):
			entry.flags = rpmDocument
		}
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b rpmEntry) int { return strings.Compare(a.name, b.name) })
	return entries
}

// rpmTag is a field of a header. Its type follows from the value: a string, strings, bytes,
// or numbers of 16 or 32 bits.
type rpmTag struct {
	number uint32
	value  any
}

// translated is a string that has a value for each language of a header, of which it has one.
type translated string

// rpmHeader makes a header of tags in the order of their numbers. The first entry is the
// region, which says that the others belong together.
func rpmHeader(region uint32, tags []rpmTag) []byte {
	var index, store bytes.Buffer
	put := func(b *bytes.Buffer, values ...uint32) {
		for _, value := range values {
			_ = binary.Write(b, binary.BigEndian, value)
		}
	}
	for _, tag := range tags {
		kind, width, count, data := tag.encoded()
		for store.Len()%width != 0 {
			store.WriteByte(0)
		}
		put(&index, tag.number, kind, uint32(store.Len()), uint32(count))
		store.Write(data)
	}
	const binaryKind, entrySize = 7, 16
	entries := uint32(len(tags) + 1)
	var first, header bytes.Buffer
	put(&first, region, binaryKind, uint32(store.Len()), entrySize)
	put(&store, region, binaryKind, -entries*entrySize, entrySize)
	header.WriteString("\x8e\xad\xe8\x01\x00\x00\x00\x00")
	put(&header, entries, uint32(store.Len()))
	return slices.Concat(header.Bytes(), first.Bytes(), index.Bytes(), store.Bytes())
}

// encoded returns rpm's number for the type, how it is aligned, how many values there are, and
// their bytes.
func (t rpmTag) encoded() (kind uint32, width, count int, data []byte) {
	switch v := t.value.(type) {
	case string:
		return 6, 1, 1, append([]byte(v), 0)
	case translated:
		return 9, 1, 1, append([]byte(v), 0)
	case []string:
		return 8, 1, len(v), []byte(strings.Join(v, "\x00") + "\x00")
	case []byte:
		return 7, 1, len(v), v
	case []uint16:
		data, _ = binary.Append(nil, binary.BigEndian, v)
		return 3, 2, len(v), data
	case []uint32:
		data, _ = binary.Append(nil, binary.BigEndian, v)
		return 4, 4, len(v), data
	}
	panic(fmt.Sprintf("rpm: tag %d: %T", t.number, t.value))
}

// cpioBytes makes an archive in the form "newc" (cpio(5)).
func cpioBytes(entries []rpmEntry, date time.Time) []byte {
	var out bytes.Buffer
	add := func(inode int, name string, mode int64, data []byte) {
		fmt.Fprintf(&out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
			inode, mode, 0, 0, 1, date.Unix(), len(data), 0, 0, 0, 0, len(name)+1, 0, name)
		out.Write(make([]byte, -out.Len()&3))
		out.Write(data)
		out.Write(make([]byte, -out.Len()&3))
	}
	for i, e := range entries {
		add(i+1, "./"+e.name, e.mode, e.data)
	}
	add(0, "TRAILER!!!", 0, nil)
	return out.Bytes()
}
