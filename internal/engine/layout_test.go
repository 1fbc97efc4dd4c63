package engine_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLayoutIsNamed checks that a verdict names what a program refuses in a layout that is
// not damage, and nothing that the program accepts.
func TestLayoutIsNamed(t *testing.T) {
	const bom, blank, before = "a byte order mark", "a blank line before the key", "other text before the key"
	const windows, mac, last = "line ends as on Windows", "line ends as on old Macs", "no line end after the last line"
	put := func(prefix string) func([]byte) []byte {
		return func(data []byte) []byte { return slices.Concat([]byte(prefix), data) }
	}
	ends := func(end string) func([]byte) []byte {
		return func(data []byte) []byte { return bytes.ReplaceAll(data, []byte("\n"), []byte(end)) }
	}
	noLast := func(data []byte) []byte { return bytes.TrimSuffix(bytes.Clone(data), []byte("\n")) }
	for _, c := range []struct {
		form, name string
		change     func([]byte) []byte
		program    string
		want       []string
	}{
		{"ppk3", "BOM", put("\ufeff"), "PuTTY", []string{bom}},
		{"ppk2", "BOM", put("\ufeff"), "FileZilla", []string{bom}},
		{"ppk3", "blank", put("\n"), "WinSCP", []string{blank}},
		{"ppk3", "two blank, of Windows", put("\r\n\r\n"), "PuTTY", []string{blank}},
		{"ppk3", "BOM, blank", put("\ufeff\n"), "Pageant", []string{bom, blank}},
		{"ppk3", "nothing", put(""), "PuTTY", nil},
		{"ppk3", "indented, with BOM", ends("\n "), "PuTTY", nil},
		{"pkcs1", "BOM", put("\ufeff"), "Go", []string{bom}},
		{"pkcs1", "BOM that is accepted", put("\ufeff"), "OpenSSH", nil},
		{"pkcs1", "BOM, blank", put("\ufeff\n"), "FileZilla", []string{bom, blank}},
		{"pkcs1", "text", put("Bag Attributes\n"), "FileZilla", []string{before}},
		{"pkcs1", "BOM, text", put("\ufeffBag Attributes\n"), "FileZilla", []string{bom, before}},
		{"pkcs1", "CR", ends("\r"), "OpenSSH", []string{mac}},
		{"openssh-key-v1", "CR LF", ends("\r\n"), "OpenSSH", []string{windows}},
		{"openssh-key-v1", "BOM, CR LF", func(d []byte) []byte { return put("\ufeff")(ends("\r\n")(d)) }, "OpenSSH", []string{bom, windows}},
		{"openssh-key-v1", "no last line end", noLast, "OpenSSH", []string{last}},
		{"openssh-key-v1", "no last line end that is accepted", noLast, "Node.js", nil},
	} {
		t.Run(c.form+"/"+c.name, func(t *testing.T) {
			twins := slices.DeleteFunc(keytest.Twins(t, c.form), func(w keytest.Twin) bool {
				return w.Encrypted || !strings.Contains(w.Name, "rsa2048")
			})
			require.NotEmpty(t, twins)
			data := c.change(twins[0].Data)
			f, err := engine.OpenMended(engine.Mend(data), 0, engine.Limits{})
			require.NoError(t, err)
			v := verdictOf(t, engine.InspectFile(f, data), c.program)
			assert.Equal(t, c.want, v.Layout)
			if c.want != nil {
				assert.Equal(t, engine.Refuses, v.Answer)
				assert.Equal(t, "as the text stands, with "+strings.Join(c.want, " and "), v.Why)
			}
		})
	}
}
