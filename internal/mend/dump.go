package mend

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// maxDumpLines is more than the dump of the largest key has.
const maxDumpLines = 16 << 10

// dumpLine is a line of a dump: an address, and what follows it.
type dumpLine struct {
	address string
	rest    string
	colon   bool // whether one follows the address, as in those of xxd
}

// dumped reads the dump of a file, of which every line has its address. How far apart the
// addresses are says how many bytes are in a line, so that what is shown of the text beside
// them does not count.
func dumped(text string) []byte {
	list := dumpLines(text)
	if len(list) < 2 || len(list) > maxDumpLines {
		return nil
	}
	for _, base := range []int{16, 8, 10} {
		step := dumpStep(list, base)
		if step == 0 {
			continue
		}
		var plain []byte // which is a text, but perhaps one with the bytes of words swapped
		for _, read := range dumpReaders {
			// Read in the wrong way, a dump is neither a text nor the DER of a key.
			probe := readDump(list[:min(len(list), 4)], step, read)
			if len(probe) < minHex/2 || probe[0] != 0x30 && !isText(append(probe, make([]byte, minText)...)) {
				continue
			}
			data := readDump(list, step, read)
			if hasKeyWord(data) || pemblock.LabelOf(data) != "" {
				return data
			}
			// xxd shows the bytes of words in their order, hexdump and od those of this machine.
			if (plain == nil || !list[0].colon) && len(data) > (len(list)-1)*step && isText(data) {
				plain = data
			}
		}
		if plain != nil {
			return plain
		}
	}
	return nil
}

// minWide is fewer bytes than the lines of a dump have that show a whole marker beside the numbers.
const minWide = 20

// isWideDump reports whether the lines of a text have addresses so far from each other that a
// marker of a key may be shown beside the numbers.
func isWideDump(text string) bool {
	list := dumpLines(text)
	return len(list) > 1 && max(dumpStep(list, 16), dumpStep(list, 8), dumpStep(list, 10)) >= minWide
}

// dumpStep returns how far apart the addresses of the lines are; 0 where one does not follow
// from those before it: then lines are missing, or have changed places.
func dumpStep(list []dumpLine, base int) int {
	first, err1 := strconv.ParseInt(list[0].address, base, 64)
	second, err2 := strconv.ParseInt(list[1].address, base, 64)
	step := second - first
	if err1 != nil || err2 != nil || step <= 0 || step > 64 {
		return 0
	}
	for i, line := range list {
		if address, err := strconv.ParseInt(line.address, base, 64); err != nil || address != first+int64(i)*step {
			return 0
		}
	}
	return int(step)
}

// hasKeyWord reports whether a dump was read as it was meant: there is a word of a marker in
// it, also in UTF-16 or in base64.
func hasKeyWord(data []byte) bool {
	for _, word := range []string{"PRIVATE", "PuTTY", "P\x00R\x00I\x00V", "P\x00u\x00T\x00T", "LS0tLS1CRUdJTi", "UHVUVFktVXNlci"} {
		if bytes.Contains(data, []byte(word)) {
			return true
		}
	}
	return false
}

// minAddress is how many digits an address has, at least.
const minAddress = 4

// dumpLines returns the lines that begin with an address.
func dumpLines(text string) (list []dumpLine) {
	for line := range lines(text) {
		line = line[skip(line, 0, " \t\"'`"):]
		if len(line) <= minAddress {
			continue
		}
		if !isDigit(line[0]) { // no name begins with a digit
			line = withoutName(line)
			line = line[skip(line, 0, " \t\"'`"):]
		}
		end := wordEnd(hexDigits, line, 0)
		if end < minAddress || end == len(line) || strings.IndexByte(": \t", line[end]) < 0 {
			continue
		}
		if list = append(list, dumpLine{line[:end], strings.TrimPrefix(line[end:], ":"), line[end] == ':'}); len(list) > maxDumpLines {
			break
		}
		// Most texts that have lines like this are no dumps, and need not be read to their end.
		if len(list) == 3 && dumpStep(list, 16)+dumpStep(list, 8)+dumpStep(list, 10) == 0 {
			return nil
		}
	}
	return list
}

func readDump(list []dumpLine, size int, read func(rest string, size int) []byte) (data []byte) {
	for _, line := range list {
		data = append(data, read(line.rest, size)...)
	}
	return data
}

// dumpReaders read the bytes of a line, at most so many.
var dumpReaders = []func(rest string, size int) []byte{
	func(rest string, size int) []byte { return dumpNumbers(rest, size, 2, 16, binary.BigEndian) },
	func(rest string, size int) []byte { return dumpNumbers(rest, size, 4, 16, binary.BigEndian) },
	func(rest string, size int) []byte { return dumpNumbers(rest, size, 4, 16, binary.LittleEndian) },
	func(rest string, size int) []byte { return dumpNumbers(rest, size, 8, 16, binary.BigEndian) },
	func(rest string, size int) []byte { return dumpNumbers(rest, size, 8, 16, binary.LittleEndian) },
	func(rest string, size int) []byte { return dumpNumbers(rest, size, 3, 8, binary.LittleEndian) },
	func(rest string, size int) []byte { return dumpNumbers(rest, size, 6, 8, binary.LittleEndian) },
	dumpCharacters,
}

// dumpNumbers reads numbers with so many digits; the last one may have fewer.
func dumpNumbers(rest string, size, digits, base int, order binary.ByteOrder) (data []byte) {
	bytesEach := map[int]int{2: 1, 3: 1, 4: 2, 6: 2, 8: 4}[digits]
	gap := 0 // between two numbers
	for len(data) < size {
		blanks := skip(rest, 0, " \t")
		end := wordEnd(hexDigits, rest[blanks:], 0)
		// The last number of xxd -e is short, with blanks in front.
		isShort := end%2 == 0 && end > 0 && end < digits && (order == binary.BigEndian || blanks-max(gap, 1) == digits-end)
		if gap == 0 && len(data) > 0 {
			gap = blanks
		}
		if len(data) > 0 && blanks > gap+bytesEach%2 && !(isShort && order == binary.LittleEndian) {
			return data // what follows is the text
		}
		rest = rest[blanks:]
		n, err := strconv.ParseUint(rest[:end], base, 32)
		if err != nil || end != digits && (base == 8 || !isShort) {
			return data
		}
		var b [8]byte
		each := bytesEach
		if base == 16 {
			each = end / 2
		}
		if order == binary.BigEndian {
			binary.BigEndian.PutUint64(b[:], n<<(64-8*each))
		} else {
			binary.LittleEndian.PutUint64(b[:], n)
		}
		data = append(data, b[:min(each, size-len(data))]...)
		rest = rest[end:]
	}
	return data
}

// dumpCharacters reads what od -c writes: each character in four columns.
func dumpCharacters(rest string, size int) (data []byte) {
	for len(rest) >= 4 && len(data) < size {
		cell := strings.TrimLeft(rest[:4], " ")
		rest = rest[4:]
		switch with, n := unescaped(strings.TrimPrefix(cell, `\`)); {
		case cell == "":
			data = append(data, ' ')
		case cell[0] == '\\' && n > 0:
			data = append(data, with...)
		case len(cell) == 1:
			data = append(data, cell[0])
		case len(cell) == 3:
			b, err := strconv.ParseUint(cell, 8, 8)
			if err != nil {
				return data
			}
			data = append(data, byte(b))
		default:
			return data
		}
	}
	return data
}
