package mend

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
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
