package main

import (
	"path"
	"slices"
	"time"
)

// Kinds of dependencies: rpmds.h.
const rpmLess, rpmEqual, rpmOfRPM = 1 << 1, 1 << 3, 1 << 24

// rpmTags returns the header of a package. The numbers are those of rpmtag.h.
func rpmTags(v version, architecture string, entries []rpmEntry, payload []byte, date time.Time) []rpmTag {
	const sha256Number = 8 // RFC 9580, 9.5
	full := v.Sorted() + "-" + rpmRelease
	f := rpmFiles(entries, date)
	isa := map[string]string{"x86_64": "x86-64", "aarch64": "aarch-64"}[architecture]
	needs := uint32(rpmOfRPM | rpmLess | rpmEqual)
	return []rpmTag{
		{100, []string{"C"}},
		{1000, "keyconv"},
		{1001, v.Sorted()},
		{1002, rpmRelease},
		{1004, translated(description)},
		{1005, translated(longDescription)},
		{1006, []uint32{uint32(date.Unix())}},
		{1007, "localhost"},
		{1009, []uint32{f.size}},
		{1011, "The keyconv authors"},
		{1014, "MIT"},
		{1015, maintainer},
		{1016, translated("Unspecified")},
		{1020, homepage},
		{1021, "linux"},
		{1022, architecture},
		{1028, f.sizes},
		{1030, f.modes},
		{1033, make([]uint16, len(entries))},
		{1034, f.dates},
		{1035, f.digests},
		{1036, make([]string, len(entries))}, // targets of links
		{1037, f.flags},
		{1039, f.owners},
		{1040, f.owners},
		{1044, "keyconv-" + full + ".src.rpm"}, // without one it would be taken for a source package
		{1045, f.verify},
		{1047, []string{"keyconv", "keyconv(" + isa + ")"}},
		{1048, []uint32{needs, needs, needs, needs}},
		{1049, []string{"rpmlib(CompressedFileNames)", "rpmlib(FileDigests)", "rpmlib(PayloadFilesHavePrefix)", "rpmlib(TildeInVersions)"}},
		{1050, []string{"3.0.4-1", "4.6.0-1", "4.0-1", "4.10.0-1"}},
		{1095, f.ones},
		{1096, f.inodes},
		{1097, make([]string, len(entries))}, // languages
		{1112, []uint32{rpmEqual, rpmEqual}},
		{1113, []string{full, full}},
		{1116, f.folderIndexes},
		{1117, f.names},
		{1118, f.folders},
		{1124, "cpio"},
		{1125, "gzip"},
		{1126, "9"},
		{5011, []uint32{sha256Number}},
		{5062, "utf-8"},
		{5092, []string{sumOf(file{data: payload})}},
		{5093, []uint32{sha256Number}},
	}
}

// rpmFileTags has a value for each file, in the order of the archive.
type rpmFileTags struct {
	size                                      uint32 // of all together
	sizes, dates, flags, verify, ones, inodes []uint32
	modes                                     []uint16
	digests, owners, names, folders           []string
	folderIndexes                             []uint32
}

func rpmFiles(entries []rpmEntry, date time.Time) rpmFileTags {
	var f rpmFileTags
	for i, e := range entries {
		size := uint32(len(e.data))
		if e.mode&modeIsFolder != 0 {
			size = 4096 // as a file system would say
		}
		f.size += size
		f.sizes = append(f.sizes, size)
		f.dates = append(f.dates, uint32(date.Unix()))
		f.flags = append(f.flags, e.flags)
		f.verify = append(f.verify, ^uint32(0))
		f.ones = append(f.ones, 1)
		f.inodes = append(f.inodes, uint32(i+1))
		f.modes = append(f.modes, uint16(e.mode))
		f.digests = append(f.digests, e.digest)
		f.owners = append(f.owners, "root")
		folder := "/" + path.Dir(e.name) + "/"
		if !slices.Contains(f.folders, folder) {
			f.folders = append(f.folders, folder)
		}
		f.folderIndexes = append(f.folderIndexes, uint32(slices.Index(f.folders, folder)))
		f.names = append(f.names, path.Base(e.name))
	}
	return f
}
