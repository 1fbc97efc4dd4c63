package keytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Passphrase decrypts every encrypted file of testdata/twins.
const Passphrase = "correct horse"

// Root returns the directory of go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, parent, dir, "no go.mod above the test")
		dir = parent
	}
}

// Testdata returns a path below the testdata directory of the module.
func Testdata(t testing.TB, elem ...string) string {
	t.Helper()
	return filepath.Join(append([]string{Root(t), "testdata"}, elem...)...)
}

// Read reads a file below the testdata directory of the module.
func Read(t testing.TB, elem ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(Testdata(t, elem...))
	require.NoError(t, err)
	return data
}

// File is a file of testdata/corpus, with what its table says about it. Which fields
// are set depends on the folder.
type File struct {
	Name       string
	Passphrase string // empty for none
	Data       []byte

	Type string // generated: the key type, "rsa2048"; the same name for all twins

	What    string // edge, import-edge: what was done to the file
	Verdict string // edge, import-edge: what puttygen 0.78 says
	Comment string // import-edge: the comment in the PPK that puttygen 0.78 makes
}

// corpusTables describes the table of each folder.
var corpusTables = map[string]struct {
	table  string
	fields func(*File) []*string // from the second column on
}{
	"generated":   {"manifest.tsv", func(f *File) []*string { return []*string{&f.Passphrase, &f.Type} }},
	"edge":        {"expected.tsv", func(f *File) []*string { return []*string{&f.Passphrase, &f.What, &f.Verdict} }},
	"import-edge": {"expected.tsv", func(f *File) []*string { return []*string{&f.Passphrase, &f.What, &f.Verdict, nil, &f.Comment} }},
}

// Corpus reads a folder of testdata/corpus: "generated", "edge" or "import-edge".
func Corpus(t testing.TB, dir string) []File {
	t.Helper()
	layout, ok := corpusTables[dir]
	require.True(t, ok, "testdata/corpus has no table for %q", dir)
	var files []File
	for _, row := range table(t, "corpus", dir, layout.table) {
		f := File{Name: row[0], Data: Read(t, "corpus", dir, row[0])}
		for i, field := range layout.fields(&f) {
			if field != nil {
				*field = row[i+1]
			}
		}
		files = append(files, f)
	}
	return files
}

// Twin is a file of testdata/twins.
type Twin struct {
	Name      string
	Type      string // "rsa2048", as in Types
	Format    string // as testdata/README.md names it
	Encrypted bool   // with Passphrase
	MadeBy    string
	Data      []byte
}

// Twins reads testdata/twins: the same key of each type in every format. With
// formats it returns only files of these.
func Twins(t testing.TB, formats ...string) []Twin {
	t.Helper()
	wanted := map[string]bool{}
	for _, format := range formats {
		wanted[format] = true
	}
	var twins []Twin
	for _, row := range table(t, "twins", "manifest.tsv") {
		if len(wanted) > 0 && !wanted[row[2]] {
			continue
		}
		twins = append(twins, Twin{
			Name: row[0], Type: row[1], Format: row[2], Encrypted: row[3] == "yes", MadeBy: row[4],
			Data: Read(t, "twins", row[0]),
		})
	}
	require.NotEmpty(t, twins, "no twins of the formats %q", formats)
	return twins
}

// table reads a file of tab-separated columns without its heading. It fails on an
// empty one: a walk over nothing would pass every test.
func table(t testing.TB, elem ...string) [][]string {
	t.Helper()
	lines := strings.Split(strings.TrimRight(string(Read(t, elem...)), "\n"), "\n")
	require.Greater(t, len(lines), 1, "%v is empty", elem)
	columns := len(strings.Split(lines[0], "\t"))
	var rows [][]string
	for _, line := range lines[1:] {
		row := strings.Split(line, "\t")
		require.Len(t, row, columns, "%v: %q", elem, line)
		rows = append(rows, row)
	}
	return rows
}
