package mend

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// octalDump writes a text as od -t x1 does.
func octalDump(text string) string {
	var b strings.Builder
	for at := 0; at < len(text); at += 16 {
		fmt.Fprintf(&b, "%07o", at)
		for _, c := range []byte(text[at:min(at+16, len(text))]) {
			fmt.Fprintf(&b, " %02x", c)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestDumpWithoutAddresses: where the lines of a dump have the beginning of their addresses in
// common, what is left of those is not read as bytes of the text, however long that makes it.
func TestDumpWithoutAddresses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		key := make([]byte, 290+random.IntN(32))
		for i := range key {
			key[i] = byte(random.Uint32())
		}
		text := "-----BEGIN OPENSSH PRIVATE KEY-----\n" + base64.StdEncoding.EncodeToString(key) + "\n-----END OPENSSH PRIVATE KEY-----\n"
		m := &mender{Judge{Spend: func(int) bool { return true }}}
		found := ""
		m.layers([]byte(octalDump(text)), func(layer []*reading) bool {
			for _, r := range layer {
				if r.hasMarker() {
					found = r.text
				}
			}
			return found == ""
		})
		require.Equal(t, text, found)
	}
}

// TestDumpOfWords: the last number of xxd -e may have fewer bytes, and wide lines show a marker of
// the key beside the numbers.
func TestDumpOfWords(t *testing.T) {
	for size := range 8 {
		text := "-----BEGIN OPENSSH PRIVATE KEY-----\n" + strings.Repeat("QUJD", 16+size%4) + "\n" + "-----END OPENSSH PRIVATE KEY-----\n"[:30+size%5]
		require.Equal(t, text, string(dumped(wordDump(text, 16))), "%d", len(text))
		m := &mender{Judge{Spend: func(int) bool { return true }}}
		isThere := false
		m.layers([]byte(wordDump(text, 48)), func(layer []*reading) bool {
			isThere = isThere || layer[0].text == text
			return true
		})
		require.True(t, isThere, "%d", len(text))
	}
}

// wordDump writes a text as xxd -e does, with so many bytes in a line.
func wordDump(text string, width int) string {
	var b strings.Builder
	for at := 0; at < len(text); at += width {
		fmt.Fprintf(&b, "%08x:", at)
		line := text[at:min(at+width, len(text))]
		for i := 0; i < width; i += 4 {
			word := []byte(line[min(i, len(line)):min(i+4, len(line))])
			slices.Reverse(word)
			fmt.Fprintf(&b, " %8x", word)
		}
		fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(line, "\n", "."))
	}
	return b.String()
}

// TestHexInQuotes: a word beside the digits, which quotes divide from them, takes none of them along.
func TestHexInQuotes(t *testing.T) {
	text := strings.Repeat("QUJD", minHex)
	for _, format := range []string{"X'%x'\n", "INSERT INTO k VALUES (X'%x'\n);", "x'%x' \nend", "decode('%x', 'hex')\n", "bye %x\nbye", "0x%x\n"} {
		require.Equal(t, text, string(hexBytes(fmt.Sprintf(format, text))), format)
	}
}
