package mend

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// minHex is how many bytes in numbers are worth reading: less is not a key.
const minHex = 40

// numberReaders read the bytes that a text has as numbers: hexadecimal, with or without
// separators; decimal in a list; or the dump of a file by xxd, hexdump, od or Format-Hex.
var numberReaders = []func(string) []byte{dumped, decimalBytes, hexBytes, hexPiece}

// numberBytes returns what each of the readers makes of the text; nil where too much was spent.
func (m *mender) numberBytes(text string) (list [][]byte) {
	for _, read := range numberReaders {
		if !m.Spend(len(text) / scanShare) {
			return nil
		}
		list = append(list, read(text))
	}
	return list
}

// unNumbers returns what isIt accepts of the bytes, or the DER of a key. Without the addresses
// of a dump, which show that it was read as it was meant, it has to be a text as a whole.
func (r *reading) unNumbers(isIt func([]byte) bool) []byte {
	for i, data := range r.numbers {
		isDump := i == 0
		if n := structureSize(data); n > minHex && n < len(data) && pemblock.LabelOf(data) != "" {
			data = data[:n] // without numbers of the text after it
		}
		if len(data) >= minHex && ((isDump || isText(data)) && isIt(data) || pemblock.LabelOf(data) != "") {
			return data
		}
	}
	return nil
}

// hexBytes reads the longest run of hexadecimal digits, with what languages put between bytes.
func hexBytes(text string) []byte {
	digits := onlyOf(hexDigits, hexRun(text))
	if len(digits)%2 != 0 || len(digits) < 2*minHex {
		return nil
	}
	data, _ := hex.DecodeString(digits)
	return data
}

func hexRun(text string) string {
	for _, prefix := range []string{"0x", "0X", `\x`} {
		text = strings.ReplaceAll(text, prefix, "")
	}
	return withoutWords(text, longestOf(hexList, text))
}

// hexPiece reads the piece of such a run that is a text or the DER of a key, without the dates and
// numbers of the text around it.
func hexPiece(text string) []byte {
	const maxStarts = 16
	var all []byte
	var starts []int
	for number := range strings.FieldsFuncSeq(hexRun(text), func(r rune) bool { return !hexDigits.has(byte(r)) }) {
		data, err := hex.DecodeString(number)
		if err != nil { // an odd number of digits
			data = []byte{0}
		}
		if len(starts) < maxStarts {
			starts = append(starts, len(all))
		}
		all = append(all, data...)
	}
	for _, start := range starts {
		if n := structureSize(all[start:]); n > minHex && start+n <= len(all) && pemblock.LabelOf(all[start:start+n]) != "" {
			return all[start : start+n]
		}
	}
	var longest []byte
	for piece := range bytes.FieldsFuncSeq(all, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x7f }) {
		if len(piece) > len(longest) {
			longest = piece
		}
	}
	return longest
}

// withoutWords returns a run without what belongs to words of the text before and after it, as
// the b of "bye" does.
func withoutWords(text, run string) string {
	before, after, _ := strings.Cut(text, run)
	divides := func(r rune) bool { return !isLetterOrDigit(byte(r)) } // a run is ASCII
	if i := strings.IndexFunc(run, divides); before != "" && i >= 0 && isLetterOrDigit(before[len(before)-1]) {
		run = run[i:]
	}
	if i := strings.LastIndexFunc(run, divides); after != "" && i >= 0 && isLetterOrDigit(after[0]) {
		run = run[:i]
	}
	return run
}

// decimalBytes reads the longest run of numbers below 256 with separators, as JSON and Java
// print bytes.
func decimalBytes(text string) []byte {
	run := longestOf(decimalList, text)
	if len(run) < 2*minHex-1 {
		return nil
	}
	var data []byte
	for {
		run = run[skip(run, 0, " \t\r\n,+"):]
		if run == "" {
			return data
		}
		end := strings.IndexAny(run, " \t\r\n,+")
		if end < 0 {
			end = len(run)
		}
		n, err := strconv.Atoi(run[:end])
		if err != nil || n < -128 || n > 255 {
			return nil
		}
		data, run = append(data, byte(n)), run[end:]
	}
}

var (
	hexList = letters{
		digitBits | blankBits | 1<<':' | 1<<',' | 1<<'-' | 1<<';' | 1<<'(' | 1<<')' | 1<<'"' | 1<<'\'' | 1<<'.' | 1<<'+',
		hexBits | 1<<('{'-64) | 1<<('}'-64) | 1<<('['-64) | 1<<(']'-64) | 1<<('|'-64),
	}
	decimalList = letters{digitBits | blankBits | 1<<',' | 1<<'-' | 1<<'+'}
)

// longestOf returns the longest run of such characters.
func longestOf(set letters, s string) (longest string) {
	for start := 0; start < len(s); start++ {
		end := wordEnd(set, s, start)
		if end-start > len(longest) {
			longest = s[start:end]
		}
		start = end
	}
	return longest
}
