package engine_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"html"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// damage is something that happens to a key on its way to people.
type damage struct {
	when int // damages happen in this order: see below
	name string
	do   func(s string) string
}

// Damage to lines comes while there are lines, a container after what happens inside it,
// and UTF-16 last.
const (
	toLines = iota
	toCharacters
	toLineEnds
	container
	encoding
)

func eachLine(f func(line string) string) func(string) string {
	return func(s string) string {
		lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
		for i, line := range lines {
			lines[i] = f(line)
		}
		return strings.Join(lines, "\n") + "\n"
	}
}

func replacing(old, with string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, old, with) }
}

func utf16Bytes(order binary.AppendByteOrder, mark bool) func(string) string {
	return func(s string) string {
		var b []byte
		if mark {
			b = order.AppendUint16(b, 0xfeff)
		}
		for _, unit := range utf16.Encode([]rune(s)) {
			b = order.AppendUint16(b, unit)
		}
		return string(b)
	}
}

func inJSON(s string) string {
	out, _ := json.Marshal(s)
	return string(out)
}

func wrapped(s string) string {
	text := base64.StdEncoding.EncodeToString([]byte(s))
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + "\n")
		text = text[76:]
	}
	return b.String() + text + "\n"
}

var damages = []damage{
	{encoding, "bom", func(s string) string { return "\ufeff" + s }},
	{encoding, "utf16le", utf16Bytes(binary.LittleEndian, true)},
	{encoding, "utf16be", utf16Bytes(binary.BigEndian, true)},
	{encoding, "utf16le without mark", utf16Bytes(binary.LittleEndian, false)},
	{encoding, "utf16be without mark", utf16Bytes(binary.BigEndian, false)},
	{toLineEnds, "cr", replacing("\n", "\r")},
	{toLineEnds, "crlf", replacing("\n", "\r\n")},
	{toLines, "blank first", func(s string) string { return "\n\n" + s }},
	{toLines, "blank last", func(s string) string { return s + "\n\n  \n" }},
	{toLines, "blank between", replacing("\n", "\n\n\n")},
	{toLines, "indented", eachLine(func(l string) string { return "    " + l })},
	{toLines, "tabs", eachLine(func(l string) string { return "\t" + l })},
	{toLines, "trailing spaces", eachLine(func(l string) string { return l + "  " })},
	{toLineEnds, "spaces for newlines", func(s string) string { return strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", " ") }},
	{toLineEnds, "no newlines", replacing("\n", "")},
	{toLineEnds, "literal \\n", replacing("\n", `\n`)},
	{toLineEnds, "literal \\r\\n", replacing("\n", `\r\n`)},
	{container, "double quotes", func(s string) string { return `"` + s + `"` }},
	{container, "single quotes", func(s string) string { return "'" + s + "'" }},
	{container, "json string", inJSON},
	{container, "json object", func(s string) string { return `{"name": "x", "key": ` + inJSON(s) + `, "more": 1}` }},
	{container, "env", func(s string) string { return "KEY=" + s }},
	{container, "exported env", func(s string) string { return `export SSH_KEY="` + s + `"` + "\n" }},
	{container, "yaml literal", func(s string) string { return "key: |\n" + eachLine(func(l string) string { return "  " + l })(s) }},
	{container, "yaml folded", func(s string) string {
		return "key: >-\n  " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", " ") + "\n"
	}},
	{container, "base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{container, "base64 with lines", wrapped},
	{container, "base64 twice", func(s string) string { return wrapped(wrapped(s)) }},
	{toCharacters, "non-breaking spaces", replacing(" ", "\u00a0")},
	{toCharacters, "zero width", func(s string) string { return strings.ReplaceAll(s, "E", "E\u200b") }},
	{toCharacters, "em dashes", func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, "-----", "\u2014\u2013"), "----", "\u2014\u2014")
	}},
	{toCharacters, "hyphens", replacing("-", "\u2011")},
	{toLines, "text before", func(s string) string {
		return "Bag Attributes\n    friendlyName: my key\nKey Attributes: <No Attributes>\n" + s
	}},
	{toLines, "text after", func(s string) string { return s + "\nRegards,\nBob\n" }},
	{toLines, "mail quoting", eachLine(func(l string) string { return "> " + l })},
	{toCharacters, "html entities", func(s string) string {
		return strings.ReplaceAll(html.EscapeString(strings.ReplaceAll(s, "+", "&#43;")), "&amp;#43;", "&#43;")
	}},
	{toLineEnds, "html line ends", replacing("\n", "&#10;")},
	{toLineEnds, "no final newline", func(s string) string { return strings.TrimSuffix(s, "\n") }},
}

// pemDamages are those that a .ppk cannot have.
var pemDamages = []damage{
	{toLines, "no begin", func(s string) string { _, rest, _ := strings.Cut(s, "\n"); return rest }},
	{toLines, "no end", func(s string) string {
		s = strings.TrimSuffix(s, "\n")
		return s[:strings.LastIndex(s, "\n")+1]
	}},
	{toLines, "one long line", func(s string) string {
		lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
		return lines[0] + "\n" + strings.Join(lines[1:len(lines)-1], "") + "\n" + lines[len(lines)-1] + "\n"
	}},
}

// victim is a key file that is to be damaged. Those of RSA are small, since their primes are
// tested each time.
type victim struct {
	name, passphrase string
	text             string
}

// isSingle reports whether the damages are tried one at a time: of pairs some say too little.
// Without both its ends nothing tells what an encrypted key is, and without an end and padding
// a word after the last line is base64 too. The arithmetic of ECDSA with 521 bits takes the
// most time, and with 256 there is the same form.
func (v victim) isSingle() bool {
	return slices.Contains([]string{"rsa1024.openssh.enc", "rsa1024.openssh-new", "ecdsa521.openssh"}, v.name)
}

func victims(t testing.TB) []victim {
	const p = "correct horse"
	read := func(name, passphrase string) victim {
		return victim{name, passphrase, string(keytest.Read(t, "corpus", "generated", name))}
	}
	list := []victim{
		read("ecdsa256.openssh", ""),
		read("rsa1024.openssh.enc", p), read("ecdsa521.openssh", ""), read("rsa1024.openssh", ""),
		read("ed25519.openssh-new", ""), read("rsa1024.openssh-new", ""), {"openssh encrypted", p, encryptedOpenSSH(t, p)},
		read("ed25519.v2.ppk", ""), read("rsa1024.v3.ppk", ""), read("ecdsa256.v2.enc.ppk", p),
		read("ed25519.v3.enc-mem8.ppk", p), read("ed25519.cert.v3.ppk", ""),
		read("rsa1024.sshcom", ""), read("rsa1024.sshcom.enc", p),
		{"pkcs8", "", string(keytest.Read(t, "twins", "ecdsa256.pkcs8.pem"))},
	}
	return list
}

// encryptedOpenSSH has one round of bcrypt: the passphrase is tried many times.
func encryptedOpenSSH(t testing.TB, passphrase string) string {
	t.Helper()
	key := keytest.Type(t, "ecdsa256").New(t)
	out, err := engine.MarshalWithPassphrase(key, []byte(passphrase), engine.OpenSSH, &engine.Options{Rounds: 1})
	require.NoError(t, err)
	return string(out)
}

func open(t testing.TB, text, passphrase string) (*sshkey.Key, []engine.Repair, error) {
	t.Helper()
	m := engine.Mend([]byte(text))
	f, err := engine.OpenMended(m, 0, engine.Limits{})
	if err != nil {
		return nil, nil, err
	}
	key, err := f.Decrypt([]byte(passphrase))
	return key, f.Repairs, err
}

func damagesOf(v victim) []damage {
	if strings.HasPrefix(v.text, "PuTTY") {
		return damages
	}
	return append(append([]damage(nil), damages...), pemDamages...)
}

func TestMendSingly(t *testing.T) {
	for _, v := range victims(t) {
		want, _, err := open(t, v.text, v.passphrase)
		require.NoError(t, err, v.name)
		for _, d := range keytest.Some(20, damagesOf(v)) {
			t.Run(v.name+"/"+d.name, func(t *testing.T) {
				got, _, err := open(t, d.do(v.text), v.passphrase)
				require.NoError(t, err)
				assert.True(t, want.Equal(got))
				assert.Equal(t, want.Comment, got.Comment)
			})
		}
	}
}

// assertMended makes sure that the text is v again. Where the first candidate has the bytes
// of v, which was opened before, it is opened only with fully: the key derivation and the
// tests of primes take a hundred times as long as mending.
func (v victim) assertMended(t *testing.T, text string, want *sshkey.Key, fully bool, done string) {
	t.Helper()
	if m := engine.Mend([]byte(text)); !fully && m.Keys() == 1 && string(m.Candidates(0)[0].Data) == v.text {
		return
	}
	got, _, err := open(t, text, v.passphrase)
	if assert.NoError(t, err, "%s: %s", v.name, done) {
		assert.True(t, want.Equal(got), "%s: %s", v.name, done)
	}
}

func TestMendInPairs(t *testing.T) {
	for _, v := range victims(t) {
		if v.isSingle() {
			continue
		}
		want, _, err := open(t, v.text, v.passphrase)
		require.NoError(t, err, v.name)
		for i, first := range damagesOf(v) {
			for j, second := range damagesOf(v) {
				fully := (i+j)%16 == 0
				if keytest.Sampled() && (i+j)%48 > 0 {
					continue
				}
				if second.when < first.when || first.when == encoding || first.name == second.name && first.when == toLines {
					continue
				}
				v.assertMended(t, second.do(first.do(v.text)), want, fully, first.name+", then "+second.name)
			}
		}
	}
}
