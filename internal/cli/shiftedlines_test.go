//go:build !windows

package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
)

// TestPrivateLineInPlaceOfAHeader: of a .ppk whose lines changed their places no message,
// description or report has a private line.
func TestPrivateLineInPlaceOfAHeader(t *testing.T) {
	dir := t.TempDir()
	runs := 0
	for _, name := range []string{"ed25519.v3.ppk", "ed25519.v3.enc.ppk", "rsa2048.v2.ppk"} {
		text := string(keytest.Read(t, "twins", name))
		_, after, _ := strings.Cut(text, "Private-Lines: ")
		private := strings.Split(after, "\n")[1:3]
		for line := range strings.Lines(text) {
			header, _, ok := strings.Cut(line, ": ")
			if !ok {
				continue
			}
			for _, p := range private {
				file := keytest.WriteFile(t, dir, "key.ppk", []byte(strings.Replace(text, line, header+": "+p+"\n", 1)))
				for _, args := range [][]string{{"inspect", file}, {"inspect", "--json", file}, {"check", file}, {"convert", "--dry-run", "--to", "pkcs8", file}} {
					var out bytes.Buffer
					Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out})
					assertNoPart(t, p, out.String(), args)
					runs++
				}
			}
		}
	}
	assert.Greater(t, runs, 150)
}
