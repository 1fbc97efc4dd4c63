package ppk

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plainFile is a file whose lines are: 1 type, 2 Encryption, 3 Comment,
// 4 Public-Lines, 5 and 6 base64, 7 Private-Lines, 8 base64, 9 Private-MAC.
func plainFile(t testing.TB) string {
	t.Helper()
	data := string(shapes[1].write(t, keytest.Type(t, "ed25519").New(t)))
	require.Equal(t, 9, strings.Count(data, "\n"))
	return data
}

// lineEnds are those that PuTTY takes for one, and how many lines an editor counts
// for each.
var lineEnds = []struct {
	name, end string
	counts    int
}{{"LF", "\n", 1}, {"CRLF", "\r\n", 1}, {"CR", "\r", 1}, {"LFCR", "\n\r", 2}, {"LFLF", "\n\n", 2}, {"CRCR", "\r\r", 2}}

// TestLineNumbers: an error names the line as an editor counts it.
func TestLineNumbers(t *testing.T) {
	good := plainFile(t)
	for _, tt := range []struct {
		line     int
		from, to string
		err      string
	}{
		{1, "PuTTY-User", "Putty-User", "this is not a PuTTY key file"},
		{1, "File-3: ", "File-3:", `the first line should be "PuTTY-User-Key-File-VERSION: KEYTYPE"`},
		{1, "File-3: ", "File-: ", `the first line should be`},
		{2, "Encryption: ", "Encryption:", `"Encryption: " should be here`},
		{2, "Encryption: none", "Encryption:", `the space after "Encryption:" is missing`},
		{3, "Comment: ", "Comment ", `"Comment: " should be here`},
		{3, "Comment: ", "comment: ", `"Comment: " should be here`},
		{3, "Comment: ", "Comment: \x00", "the comment has a NUL byte"},
		{4, "Public-Lines: 2", "Public-Lines: two", "Public-Lines is not a number"},
		{4, "Public-Lines: 2", "Public-Lines: 5461", "Public-Lines is 5461, more than PuTTY allows (5460)"},
		{5, "\nAAAA", "\nA!AA", "this is not base64"},
		{5, "\nAAAA", "\nAAA", "a base64 line of 63 characters"},
		{6, "Public-Lines: 2", "Public-Lines: 1", `"Private-Lines: " should be here`},
		{7, "Public-Lines: 2", "Public-Lines: 3", "Public-Lines says 3 lines, but there are fewer"},
		{7, "Private-Lines: 1", "Private-Lines:", `the space after "Private-Lines:" is missing`},
		{8, "Private-Lines: 1", "Private-Lines: 0", `"Private-MAC: " should be here`},
		{9, "Private-Lines: 1", "Private-Lines: 2", "Private-Lines says 2 lines, but there are fewer"},
		{9, "Private-MAC: ", "Private-MAC: g", "Private-MAC is not hexadecimal"},
		{9, "Private-MAC: ", "Private-MAC: 00", "Private-MAC has 33 bytes, not 32"},
		{9, "Private-MAC: ", "Private-HASH: ", `"Private-MAC: " should be here`},
		{9, "Private-MAC: ", "Private-Hash: ", `"Private-MAC: " should be here`},
		{9, "random", "other", "the MAC does not match"},
	} {
		for _, le := range lineEnds {
			t.Run(fmt.Sprintf("line %d %s %s", tt.line, tt.err, le.name), func(t *testing.T) {
				bad := strings.Replace(good, tt.from, tt.to, 1)
				require.NotEqual(t, good, bad)
				_, err := Parse([]byte(strings.ReplaceAll(bad, "\n", le.end)))
				var syntax *sshkey.SyntaxError
				require.ErrorAs(t, err, &syntax)
				assert.Equal(t, (tt.line-1)*le.counts+1, syntax.Line, "%v", err)
				require.ErrorContains(t, err, fmt.Sprintf("ppk: line %d: %s", syntax.Line, tt.err))
			})
		}
	}
}

// TestEarlyEnds: the line where the file ends, or would have gone on.
func TestEarlyEnds(t *testing.T) {
	lines := strings.SplitAfter(plainFile(t), "\n")
	for n, want := range []string{
		0: "line 1: the file is empty",
		1: `line 2: the file ends where "Encryption" should be`,
		2: `line 3: the file ends where "Comment" should be`,
		3: `line 4: the file ends where "Public-Lines" should be`,
		4: "line 5: the file ends too early",
		5: "line 6: the file ends too early",
		6: `line 7: the file ends where "Private-Lines" should be`,
		7: "line 8: the file ends too early",
		8: `line 9: the file ends where "Private-MAC" should be`,
	} {
		_, err := Parse([]byte(strings.Join(lines[:n], "")))
		require.EqualError(t, err, "ppk: "+want)
	}
}

func TestLineEnds(t *testing.T) {
	key := keytest.Type(t, "rsa2048").New(t)
	good := string(shapes[1].write(t, key))
	for _, end := range []string{"\n", "\r\n", "\r", "\n\r", "\n\n", "\r\r"} {
		for _, last := range []string{end, "", end + end + "anything \x00 at all"} {
			data := strings.ReplaceAll(strings.TrimSuffix(good, "\n"), "\n", end) + last
			got, err := Parse([]byte(data))
			require.NoError(t, err, "%q %q", end, last)
			requireSameKey(t, key, got)
		}
	}
	for _, end := range []string{"\n\n\n", "\r\r\n", "\r\n\r\n", "\n \n"} {
		_, err := Parse([]byte(strings.ReplaceAll(good, "\n", end)))
		assert.Equal(t, "syntax", requireDocumented(t, err), "%q", end)
	}
	mixed := strings.Replace(strings.Replace(good, "\n", "\r\n", 1), "\n", "\r", 2)
	_, err := Parse([]byte(mixed))
	require.NoError(t, err)
}

// TestNumbers: PuTTY reads them with strtoul.
func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		text string
		want uint32
		ok   bool
	}{
		{"2", 2, true}, {"0", 0, true}, {"+2", 2, true}, {" 2", 2, true}, {"\t\v\f 2", 2, true}, {" +2", 2, true},
		{"002", 2, true}, {"08", 8, true}, {"4294967295", 1<<32 - 1, true},
		{"", 0, false}, {" ", 0, false}, {"+", 0, false}, {"++2", 0, false}, {"+ 2", 0, false}, {"+-2", 0, false}, {"-1", 0, false},
		{"2 ", 0, false}, {"2x", 0, false}, {"0x2", 0, false}, {"1_0", 0, false}, {"_1", 0, false}, {"2.0", 0, false}, {"1e1", 0, false},
		{"4294967296", 0, false}, {"99999999999999999999999", 0, false}, {"２", 0, false}, {"\u00a02", 0, false},
	} {
		got, err := textOf("N: " + tt.text + "\n").number("N")
		assert.Equal(t, tt.want, got, "%q", tt.text)
		if tt.ok {
			require.NoError(t, err, "%q", tt.text)
		} else {
			require.EqualError(t, err, "line 1: N is not a number", "%q", tt.text)
		}
	}
}

// TestZeroArgon2: PuTTY crashes on a parallelism of 0.
func TestZeroArgon2(t *testing.T) {
	for i, change := range []func(*File){
		func(f *File) { f.Argon2.Memory = 0 },
		func(f *File) { f.Argon2.Passes = 0 },
		func(f *File) { f.Argon2.Parallelism = 0 },
	} {
		f := encryptedFile(t)
		change(f)
		name := []string{"Argon2-Memory", "Argon2-Passes", "Argon2-Parallelism"}[i]
		_, err := Decode(f.encode())
		require.EqualError(t, err, fmt.Sprintf("ppk: line %d: %s is 0", 8+i, name))
	}
}

// wrapped writes the blobs in lines of another width.
func wrapped(t testing.TB, f *File, width int) []byte {
	t.Helper()
	var out bytes.Buffer
	for line := range strings.Lines(string(f.encode())) {
		if name, _, ok := strings.Cut(line, "-Lines: "); ok {
			blob := map[string][]byte{"Public": f.public, "Private": f.private}[name]
			text := strings.ReplaceAll(writtenBlob(blob), "\n", "")
			count := (len(text) + width - 1) / width
			fmt.Fprintf(&out, "%s-Lines: %d\n", name, count)
			for i := range count {
				fmt.Fprintln(&out, text[i*width:min((i+1)*width, len(text))])
			}
		} else if strings.Contains(line, ": ") {
			out.WriteString(line)
		}
	}
	return out.Bytes()
}

func writtenBlob(blob []byte) string {
	var out bytes.Buffer
	writeBlob(&out, "x", blob)
	_, lines, _ := strings.Cut(out.String(), "\n")
	return lines
}

func TestLineWidths(t *testing.T) {
	key := keytest.Type(t, "rsa2048").New(t)
	f := decoded(t, shapes[1].write(t, key))
	require.Equal(t, string(f.encode()), string(wrapped(t, f, 64)))
	for width := 4; width <= 80; width++ {
		got, err := Parse(wrapped(t, f, width))
		if width%4 == 0 && width <= 64 {
			require.NoError(t, err, "width %d", width)
			requireSameKey(t, key, got)
			continue
		}
		want := fmt.Sprintf("line 5: a base64 line of %d characters; PuTTY wants a multiple of 4, at most 64", width)
		require.EqualError(t, err, "ppk: "+want)
	}
}

// TestBase64: four characters at a time, and nothing but them.
func TestBase64(t *testing.T) {
	for _, tt := range []struct {
		line string
		want string
		ok   bool
	}{
		{"QUJD", "ABC", true}, {"QUI=", "AB", true}, {"QQ==", "A", true},
		{"QQ==QUJD", "AABC", true}, {"QUI=QQ==", "ABA", true}, // PuTTY allows padding in the middle
		{"QUJ", "", false}, {"QUJD ", "", false}, {" QUJD", "", false}, {"QU D", "", false}, {"QU\tD", "", false},
		{"Q===", "", false}, {"====", "", false}, {"=QUJ", "", false}, {"QQ=A", "", false},
		{"QU-_", "", false}, {"QU\x00D", "", false}, {"QUJ\xff", "", false},
	} {
		got, err := (&text{rest: []byte("Lines: 2\neHl6\n" + tt.line + "\n")}).blob("Lines")
		assert.Equal(t, tt.ok, err == nil, "%q", tt.line)
		if tt.ok {
			assert.Equal(t, "xyz"+tt.want, string(got), "%q", tt.line)
		}
	}
}

// TestEmptyLinesInABlob are lines of their count, as PuTTY has it.
func TestEmptyLinesInABlob(t *testing.T) {
	// One line end and one empty line: PuTTY would swallow a second line end.
	data := strings.Replace(plainFile(t), "Private-Lines: 1\n", "Private-Lines: 2\r\n\r\n", 1)
	_, err := Parse([]byte(data))
	require.NoError(t, err)
}

func TestMostLines(t *testing.T) {
	line := strings.Repeat("A", 64) + "\n"
	full := textOf("N: 5460\n" + strings.Repeat(line, 5460))
	blob, err := full.blob("N")
	require.NoError(t, err)
	assert.Len(t, blob, 262080)
	_, err = textOf("N: 5461\n" + strings.Repeat(line, 5461)).blob("N")
	require.Error(t, err)
}

// TestSaltInEitherCase, and the MAC in lower case only, which PuTTY compares as
// text.
func TestSaltInEitherCase(t *testing.T) {
	f := encryptedFile(t)
	copy(f.salt, "\xab\xcd\xef")
	copy(f.mac, "\xab\xcd\xef")
	data := f.encode()
	upper := bytes.Replace(data, []byte("Argon2-Salt: abcdef"), []byte("Argon2-Salt: ABCDEF"), 1)
	require.NotEqual(t, data, upper)
	assert.Equal(t, f.salt, decoded(t, upper).salt)
	upper = bytes.Replace(data, []byte("Private-MAC: abcdef"), []byte("Private-MAC: ABCDEF"), 1)
	_, err := Decode(upper)
	require.ErrorContains(t, err, "Private-MAC is not in lower case")
}

// TestOddSalts: a reader takes any length.
func TestOddSalts(t *testing.T) {
	for _, salt := range []string{"", "s", strings.Repeat("salt", 1000)} {
		f := encryptedFile(t)
		f.salt = []byte(salt)
		k := f.deriveKeys([]byte("p"), runArgon2)
		plain := decoded(t, []byte(plainFile(t)))
		f.public, f.PublicKey = plain.public, plain.PublicKey
		f.private = k.encrypt(pad(plain.private))
		f.mac = f.computeMAC(k.mac, pad(plain.private))
		got, err := ParseWithPassphrase(f.encode(), []byte("p"))
		require.NoError(t, err)
		pub, err := got.Public()
		require.NoError(t, err)
		assert.Equal(t, plain.public, pub.Marshal())
	}
}

// textOf begins to read a file.
func textOf(data string) *text { return &text{rest: []byte(data), line: 1, next: 1} }
