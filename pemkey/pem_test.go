package pemkey

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lineEnds are the ways to end a line.
var lineEnds = map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"}

// ecLines returns a short plain key as lines: BEGIN, 3 of base64, END.
func ecLines(t testing.TB) []string {
	t.Helper()
	lines := strings.Split(strings.TrimRight(string(keytest.Read(t, "twins", "ecdsa256.pem")), "\n"), "\n")
	require.Len(t, lines, 5)
	return lines
}

// edit returns ecLines with line i (from 0) replaced by others.
func edit(t testing.TB, i int, replacement ...string) []string {
	t.Helper()
	lines := ecLines(t)
	return append(append(append([]string{}, lines[:i]...), replacement...), lines[i+1:]...)
}

func TestPEMErrors(t *testing.T) {
	key := ecLines(t)
	for _, test := range []struct {
		name    string
		lines   []string
		line    int
		message string
	}{
		{"empty", nil, 1, "there is no line"},
		{"text alone", []string{"hello", "world"}, 1, "there is no line"},
		{"no END", key[:4], 4, `ends without the line "-----END EC PRIVATE KEY-----": it is cut off`},
		{"BEGIN alone", key[:1], 1, "it is cut off"},
		{"no END, then another key", append(append([]string{}, key[:4]...), key...), 5, `the line "-----END EC PRIVATE KEY-----" should be here`},
		{"END of another kind", edit(t, 4, "-----END RSA PRIVATE KEY-----"), 5, "should be here, not another"},
		{"END with text", edit(t, 4, key[4]+"x"), 5, "should be here"},
		{"END with a dash less", edit(t, 4, "----END EC PRIVATE KEY-----"), 5, "should be here"},
		{"END with dashes of ssh.com", edit(t, 4, "---- END EC PRIVATE KEY ----"), 5, "should be here"},
		{"stray character", edit(t, 2, key[2][:10]+"!"+key[2][11:]), 3, "this is not base64"},
		{"not ASCII", edit(t, 3, "\u00a0"+key[3]), 4, "this is not base64"},
		{"NUL", edit(t, 1, key[1]+"\x00"), 2, "this is not base64"},
		{"indented", edit(t, 2, "  "+key[2]), 3, "this is not base64"},
		{"space inside", edit(t, 2, key[2][:8]+" "+key[2][8:]), 3, "this is not base64"},
		{"header after the base64", edit(t, 2, "Comment: x", key[2]), 3, "this is not base64"},
		{"a character is missing", edit(t, 1, key[1][1:]), 5, "cut off or damaged"},
		{"padding inside", edit(t, 1, key[1][:60]+"AA=="), 5, "cut off or damaged"},
		{"empty body", []string{key[0], key[4]}, 1, "ASN.1: the private key is missing"},
		{"headers alone", []string{key[0], "A: b", "", key[4]}, 1, "ASN.1: the private key is missing"},
		{"a line is missing", edit(t, 2), 1, "the length of the private key is wrong"},
		{"another label", edit(t, 0, "-----BEGIN RSA PRIVATE KEY-----"), 5, `"-----END RSA PRIVATE KEY-----" should be here`},
		{"BEGIN with text before", edit(t, 0, "x"+key[0]), 1, "there is no line"},
		{"BEGIN with text after", edit(t, 0, key[0]+"x"), 1, "there is no line"},
		{"continued to the end", []string{key[0], `A: b\`}, 2, "it is cut off"},
	} {
		for name, end := range lineEnds {
			_, err := Decode([]byte(strings.Join(test.lines, end)))
			requireDocumented(t, err)
			requireSyntax(t, err, test.line, test.message)
			_, err = Decode([]byte(strings.Join(test.lines, end) + end))
			requireSyntax(t, err, test.line, test.message)

			before := append([]string{"text", "", "more"}, test.lines...)
			_, err = Decode([]byte(strings.Join(before, end)))
			line := test.line + 3
			if test.message == "there is no line" {
				line = 1
			}
			requireSyntax(t, err, line, test.message)
			require.Error(t, err, "%s %s", test.name, name)
		}
	}
}

func TestPEMAllows(t *testing.T) {
	key := ecLines(t)
	want := twinKey(t, "ecdsa256")
	body := strings.Join(key[1:4], "")
	trailing := make([]string, len(key))
	for i, line := range key {
		trailing[i] = line + " \t "
	}
	spaced := []string{}
	for _, line := range key {
		spaced = append(spaced, line, "")
	}
	for name, lines := range map[string][]string{
		"as it is":            key,
		"text around":         append(append([]string{"Bag Attributes", "    friendlyName: k", ""}, key...), "", "text", "after"),
		"trailing spaces":     trailing,
		"blank lines between": spaced,
		"one long line":       {key[0], body, key[4]},
		"short lines":         {key[0], body[:7], body[7:20], body[20:], key[4]},
		"unknown headers":     edit(t, 0, key[0], "X-Comment: hello", "Y:", "", ""),
		"headers, no blank":   edit(t, 0, key[0], "X-Comment: hello"),
		"header continued":    edit(t, 0, key[0], `X-Comment: "hello \`, `and more"`, ""),
		"a label of its own":  append([]string{"-----BEGIN SOMETHING-----", "AAAA", "-----END SOMETHING-----"}, key...),
	} {
		for end, lineEnd := range lineEnds {
			for _, last := range []string{"", lineEnd} {
				data := []byte(strings.Join(lines, lineEnd) + last)
				key, err := Parse(data)
				require.NoError(t, err, "%s %s", name, end)
				assertSame(t, want, key)
			}
		}
	}
	// The label does not decide what a DER structure is.
	for _, label := range []string{"RSA PRIVATE KEY", "DSA PRIVATE KEY", "PRIVATE KEY"} {
		assertSame(t, want, mustParse(t, pemOf(label, derOf(t, keytest.Read(t, "twins", "ecdsa256.pem"))), ""))
	}
}

func TestPEMSeveralBlocks(t *testing.T) {
	rsa, ed := keytest.Read(t, "twins", "rsa2048.pem"), keytest.Read(t, "twins", "ed25519.openssh")
	spki := keytest.Read(t, "twins", "rsa2048.spki.pem")
	cert := pemOf("CERTIFICATE", []byte("not looked at"))
	both := keytest.Read(t, "corpus", "import-edge", "multi_new")
	for _, test := range []struct {
		name  string
		data  []byte
		twin  string
		keys  int
		line  int
		label string
	}{
		{"one", rsa, "rsa2048", 1, 1, "RSA PRIVATE KEY"},
		{"two", slicesOf(rsa, ed), "rsa2048", 2, 1, "RSA PRIVATE KEY"},
		{"two, other order", slicesOf(ed, rsa), "ed25519", 2, 1, "OPENSSH PRIVATE KEY"},
		{"three", slicesOf(ed, rsa, rsa), "ed25519", 3, 1, "OPENSSH PRIVATE KEY"},
		{"certificate first", slicesOf(cert, rsa), "rsa2048", 1, 4, "RSA PRIVATE KEY"},
		{"public key first", slicesOf(spki, rsa), "rsa2048", 1, 10, "RSA PRIVATE KEY"},
		{"certificate after", slicesOf(rsa, cert), "rsa2048", 1, 1, "RSA PRIVATE KEY"},
		{"a second file that this package cannot read", slicesOf(rsa, pemOf("PRIVATE KEY", []byte("x"))), "rsa2048", 2, 1, "RSA PRIVATE KEY"},
		{"several inside and one after", slicesOf(both, rsa), "", 3, 1, "OPENSSH PRIVATE KEY"},
	} {
		f, err := Decode(test.data)
		require.NoError(t, err, test.name)
		assert.Equal(t, test.keys, f.Keys, test.name)
		assert.Equal(t, test.line, f.Line, test.name)
		assert.Equal(t, test.label, f.Label, test.name)
		if test.twin != "" {
			assertSame(t, twinKey(t, test.twin), mustParse(t, test.data, ""))
		}
	}
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestPEMNoPrivateKey(t *testing.T) {
	for name, label := range map[string]string{"rsa2048.spki.pem": "PUBLIC KEY", "rsa2048.rfc4716.pub": "SSH2 PUBLIC KEY"} {
		_, err := Decode(keytest.Read(t, "twins", name))
		requireSyntax(t, err, 1, "this is not a private key, but \""+label+"\"")
	}
	for _, label := range []string{"CERTIFICATE", "RSA PUBLIC KEY", "CERTIFICATE REQUEST", "EC PARAMETERS OF MINE", "PGP PRIVATE KEY BLOCK", "ANY PRIVATE KEY"} {
		_, err := Decode(append([]byte("text\n"), pemOf(label, []byte("x"))...))
		requireSyntax(t, err, 2, "this is not a private key, but \""+label+"\"")
	}
	_, err := Decode(keytest.Read(t, "twins", "rsa2048.v3.ppk"))
	requireSyntax(t, err, 1, "there is no line")
	_, err = Decode(keytest.Read(t, "twins", "rsa2048.pub"))
	requireSyntax(t, err, 1, "there is no line")
}

// TestPEMTerminalEscapes: text of a file is quoted in a message.
func TestPEMTerminalEscapes(t *testing.T) {
	for _, data := range []string{
		"-----BEGIN \x1b[31mRED-----\nAAAA\n-----END \x1b[31mRED-----\n",
		"-----BEGIN \x1b[31mRED-----\n",
		"-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: \x1b[31mRED,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
		"-----BEGIN RSA PRIVATE KEY-----\n\x1b[31mRED\n-----END RSA PRIVATE KEY-----\n",
		"-----BEGIN OPENSSH PRIVATE KEY-----\n\x1b[31mRED\n-----END OPENSSH PRIVATE KEY-----\n",
	} {
		_, err := Decode([]byte(data))
		requireDocumented(t, err)
		assert.NotContains(t, err.Error(), "\x1b")
	}
}

func TestPEMFileSize(t *testing.T) {
	key := keytest.Read(t, "twins", "ecdsa256.pem")
	filled := append(bytes.Repeat([]byte("x\n"), (1<<20-len(key))/2), key...)
	require.LessOrEqual(t, len(filled), 1<<20)
	mustParse(t, filled, "")
	_, err := Decode(append(filled, make([]byte, 1<<20-len(filled)+1)...))
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, uint64(1<<20+1), limit.Value)
}

// TestContinuedHeader: the memory for a header over very many lines grows with its length,
// and unused headers are not kept.
func TestContinuedHeader(t *testing.T) {
	for name, header := range map[string]func(n int) string{
		"continued": func(n int) string { return "Comment: a\\\n" + strings.Repeat("xx\\\n", n) },
		"many": func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "%x:\n", i)
			}
			return b.String()
		},
	} {
		for _, style := range []struct{ begin, end, tail string }{{"-----BEGIN ", "-----END ", "-----"}, {"---- BEGIN ", "---- END ", " ----"}} {
			read := func(n int) uint64 {
				data := []byte(style.begin + "RSA PRIVATE KEY" + style.tail + "\n" + header(n) + "\nAAAA\n" + style.end + "RSA PRIVATE KEY" + style.tail + "\n")
				return keytest.Allocated(func() {
					blocks, _, err := readBlocks(data)
					require.NoError(t, err)
					require.LessOrEqual(t, len(blocks[0].headers), 1)
				})
			}
			assert.Less(t, read(40_000), 3*read(20_000), name)
		}
	}
}

// TestParseAllocatesLittle: reading a key costs what its numbers need, and no reflection.
func TestParseAllocatesLittle(t *testing.T) {
	for name, max := range map[string]float64{"ecdsa256.puttygen.openssh": 52, "ed25519.puttygen.openssh": 33, "ecdsa256.pkcs8.pem": 52, "ed25519.pkcs8.pem": 28} {
		data := keytest.Read(t, "twins", name)
		assert.LessOrEqual(t, testing.AllocsPerRun(20, func() { _, _ = Parse(data) }), max, name)
	}
}

// TestSameContent: the lines and the label do not count, the content and the IV do.
func TestSameContent(t *testing.T) {
	decode := func(label string, headers []string, data []byte) *File {
		f, err := Decode(pemblock.Encode(label, headers, data))
		require.NoError(t, err)
		return f
	}
	iv := func(last string) []string {
		return []string{"Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0123456789abcdef0123456789abcde" + last}
	}
	data := make([]byte, 32)
	f := decode(labelRSA, iv("f"), data)
	assert.True(t, f.SameContent(decode(labelDSA, iv("F"), data)))
	assert.False(t, f.SameContent(decode(labelRSA, iv("e"), data)))
	assert.False(t, f.SameContent(decode(labelRSA, iv("f"), make([]byte, 48))))
	assert.False(t, f.SameContent(&File{Encryption: f.Encryption}))
}
