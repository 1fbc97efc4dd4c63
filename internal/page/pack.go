package page

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"path"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
)

// pack puts files into one archive, since a browser asks about each file that is saved.
// Names that occur twice get a number.
func pack(_ context.Context, r Request, files [][]byte) (*Answer, error) {
	if len(files) != len(r.Names) {
		return nil, fault.New(fault.Usage, "there are %d files and %d names", len(files), len(r.Names))
	}
	if len(files) > math.MaxUint16 { // the directory counts them in 16 bits
		return nil, fault.New(fault.Usage, "%d files are too many for one archive, which holds %d: save fewer at a time", len(files), math.MaxUint16)
	}
	var names []string
	taken := map[string]bool{}
	for _, name := range r.Names {
		unique := name
		for n := 2; taken[strings.ToLower(unique)]; n++ {
			unique = strings.TrimSuffix(name, path.Ext(name)) + fmt.Sprintf("-%d", n) + path.Ext(name)
		}
		taken[strings.ToLower(unique)] = true
		names = append(names, unique)
	}
	return &Answer{Files: []File{{Name: "keys.zip", Private: true, Data: zip(names, files)}}}, nil
}

// zip returns an archive with files as they are: archive/zip would link a compressor too
// (PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16).
func zip(names []string, files [][]byte) []byte {
	const (
		version  = 20      // 2.0
		utf8     = 1 << 11 // the names are UTF-8
		newYear  = 1<<5 | 1
		external = 0o600 << 16 // for their owner alone
	)
	var out, directory bytes.Buffer
	put := func(b *bytes.Buffer, values ...any) {
		for _, v := range values {
			_ = binary.Write(b, binary.LittleEndian, v) // into memory
		}
	}
	for i, name := range names {
		at, size := uint32(out.Len()), uint32(len(files[i]))
		about := []any{uint16(version), uint16(utf8), uint16(0), uint16(0), uint16(newYear), crc32.ChecksumIEEE(files[i]), size, size, uint16(len(name)), uint16(0)}
		put(&out, uint32(0x04034b50))
		put(&out, about...)
		out.WriteString(name)
		out.Write(files[i])
		put(&directory, uint32(0x02014b50), uint16(3<<8|version)) // made on Unix, so that the mode counts
		put(&directory, about...)
		put(&directory, uint16(0), uint16(0), uint16(0), uint32(external), at)
		directory.WriteString(name)
	}
	at, count := uint32(out.Len()), uint16(len(names))
	out.Write(directory.Bytes())
	put(&out, uint32(0x06054b50), uint16(0), uint16(0), count, count, uint32(directory.Len()), at, uint16(0))
	return out.Bytes()
}
