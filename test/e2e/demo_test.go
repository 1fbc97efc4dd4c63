//go:build unix

package e2e

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var updateDemo = flag.Bool("update-demo", false, "write docs/images/demo.svg again")

// demoColumns is where a line of the picture wraps, as in a terminal of 80 columns.
const demoColumns = 80

// TestDemo: the picture of README is what a terminal shows. A damaged key from a console, one
// command, and PuTTY is logged in. (The server here is at another address, and plink is given
// the host key that a person accepts.)
func TestDemo(t *testing.T) {
	h := newSessionHome(t)
	s, _ := startSessionSSHD(t, h)
	pem := strings.TrimSuffix(string(keytest.Read(t, "console-rsa2048.pem")), "\n")
	keytest.WriteFile(t, h.keys, "key.pem", []byte(`"`+strings.ReplaceAll(pem, "\n", `\n`)+`"`)) // as in JSON
	bash := keytest.Tool(t, "bash")

	var screen []string
	show := func(command, output string) {
		screen = append(screen, "$ "+command)
		for line := range strings.Lines(output) {
			screen = append(screen, wrapped(strings.TrimSuffix(line, "\n"))...)
		}
	}
	got := h.run(t, bash, "-c", "cut -c -75 key.pem")
	show("cut -c -75 key.pem", got.Stdout)
	got = h.keyconv(t, "key.pem")
	show("keyconv key.pem", got.Stdout+got.Stderr)
	got = h.run(t, keytest.Tool(t, "plink"), "-batch", "-P", s.port, "-hostkey", s.hostKey, "-i", "key.ppk", s.login, "uname")
	require.Equal(t, "Linux\n", got.Stdout, got.Stderr)
	show("plink -i key.ppk root@203.0.113.5 uname", got.Stdout)

	path := filepath.Join(keytest.Root(t), "docs", "images", "demo.svg")
	if *updateDemo {
		require.NoError(t, os.WriteFile(path, []byte(drawn(screen)), 0o644))
	}
	picture, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(picture), drawn(screen), "go test ./test/e2e -run TestDemo -update-demo")
}

// wrapped breaks a line as a terminal does.
func wrapped(line string) (rows []string) {
	for runes := []rune(line); ; runes = runes[demoColumns:] {
		if len(runes) <= demoColumns {
			return append(rows, string(runes))
		}
		rows = append(rows, string(runes[:demoColumns]))
	}
}

// drawn returns the SVG of a terminal with these lines.
func drawn(screen []string) string {
	const width, lineHeight, top, left = 720, 19, 44, 18
	var b strings.Builder
	height := top + lineHeight*len(screen) + 6
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n", width, height, width, height)
	b.WriteString("<title>A key that arrived damaged, one command, and PuTTY is logged in</title>\n")
	b.WriteString(`<style>text{font:14px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6dbe1;white-space:pre}.c{fill:#fff;font-weight:bold}.n{fill:#8f99a6}</style>` + "\n")
	b.WriteString(`<rect width="100%" height="100%" rx="8" fill="#1d2329"/><circle cx="18" cy="16" r="5" fill="#e06c75"/><circle cx="36" cy="16" r="5" fill="#e5c07b"/><circle cx="54" cy="16" r="5" fill="#98c379"/>` + "\n")
	for i, line := range screen {
		class := ""
		switch {
		case strings.HasPrefix(line, "$ "):
			class = ` class="c"`
		case strings.HasPrefix(line, "note: "):
			class = ` class="n"`
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d"%s textLength="%d" lengthAdjust="spacing">`, left, top+lineHeight*i+4, class, 8*len([]rune(line))+len([]rune(line))/2)
		_ = xml.EscapeText(&b, []byte(line))
		b.WriteString("</text>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}
