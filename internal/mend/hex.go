package mend

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// minHex is how many bytes in numbers are worth reading: less is not a key.
const minHex = 40

// numberReaders read the bytes that a text has as numbers: hexadecimal, with or without
// separators; decimal in a list; or the dump of a file by xxd, hexdump, od or Format-Hex.
var numberReaders = []func(string) []byte{dumped, decimalBytes, hexBytes}

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
		if len(data) >= minHex && ((isDump || isText(data)) && isIt(data) || pemblock.LabelOf(data) != "") {
			return data
		}
	}
	return nil
}

// hexBytes reads the longest run of hexadecimal digits, with what languages put between bytes.
func hexBytes(text string) []byte {
	for _, prefix := range []string{"0x", "0X", `\x`} {
		text = strings.ReplaceAll(text, prefix, "")
	}
	digits := onlyOf(hexDigits, withoutWords(text, longestOf(hexList, text)))
	if len(digits)%2 != 0 || len(digits) < 2*minHex {
		return nil
	}
	data, _ := hex.DecodeString(digits)
	return data
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
