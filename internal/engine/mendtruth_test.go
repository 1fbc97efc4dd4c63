package engine_test

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMendLeavesGoodTextAlone: what a program wrote comes back as the same slice.
func TestMendLeavesGoodTextAlone(t *testing.T) {
	files := keytest.Corpus(t, "generated")
	for _, f := range files {
		t.Run(f.Name, func(t *testing.T) {
			m := engine.Mend(f.Data)
			require.Equal(t, 1, m.Keys())
			require.Len(t, m.Candidates(0), 1)
			got := m.Candidates(0)[0]
			assert.Empty(t, got.Repairs)
			require.NotEmpty(t, got.Data)
			assert.Same(t, &f.Data[0], &got.Data[0])
			assert.Len(t, got.Data, len(f.Data))
		})
	}
}

// isLegal reports whether a text is the file as programs write it: with any line ends, a byte
// order mark or blank lines around it, and of PEM with whole lines around it (RFC 7468 section
// 5.2), in lines of any length.
func (v victim) isLegal(text string) bool {
	plain := strings.NewReplacer("\r\n", "\n", "\r", "\n", "Proc-Type:4", "Proc-Type: 4", "DEK-Info:A", "DEK-Info: A", "DEK-Info:D", "DEK-Info: D").Replace(text)
	plain = strings.TrimPrefix(plain, "\ufeff")
	if strings.HasPrefix(v.text, "PuTTY") {
		return strings.Trim(plain, "\n") == strings.TrimRight(v.text, "\n")
	}
	unwrapped := func(s string) string { // without the line ends of base64
		lines := strings.Split(s, "\n")
		var b strings.Builder
		for i, line := range lines {
			b.WriteString(line)
			isBody := line != "" && strings.Trim(line, base64Letters) == "" && i+1 < len(lines) && strings.Trim(lines[i+1], base64Letters) == ""
			if !isBody || lines[i+1] == "" {
				b.WriteString("\n")
			}
		}
		return b.String()
	}
	return strings.Contains("\n"+unwrapped(plain)+"\n", "\n"+strings.TrimRight(unwrapped(v.text), "\n")+"\n")
}

// isWholeBeside reports whether the key of a text is as programs write it, and the block of its
// curve is not.
func (v victim) isWholeBeside(text string) bool {
	key := strings.Index(v.text, "-----BEGIN EC PRIVATE KEY-----")
	return key > 0 && !v.isLegal(text) && victim{text: v.text[key:]}.isLegal(text)
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

// TestLegalDifferences: line ends, a byte order mark and blank lines around are not
// damage.
func TestLegalDifferences(t *testing.T) {
	for _, v := range victims(t) {
		for _, text := range []string{
			"\ufeff" + v.text,
			strings.ReplaceAll(v.text, "\n", "\r\n"),
			strings.ReplaceAll(v.text, "\n", "\r"),
			"\n\r\n" + v.text + "\n\n",
			strings.TrimSuffix(v.text, "\n"),
		} {
			_, repairs, err := open(t, text, v.passphrase)
			require.NoError(t, err, "%s: %.20q", v.name, text)
			assert.Empty(t, repairs, "%s: %.20q", v.name, text)
		}
	}
}

// TestRepairedOrLegal: a text that is not legal has a repair, and one that is has none, after
// every damage alone and after any two of them.
func TestRepairedOrLegal(t *testing.T) {
	step := 41
	if keytest.Sampled() {
		step = 401
	}
	n, mended, legal := 0, 0, 0
	for _, v := range allVictims(t) {
		all := slices.Concat(damagesOf(v), moreDamages, kindDamages, legalChanges)
		check := func(text, name string) {
			m := engine.Mend([]byte(text))
			if m.Keys() != 1 || string(m.Candidates(0)[0].Data) == text && !v.isLegal(text) {
				return // it could not be mended
			}
			if v.isWholeBeside(text) {
				return // the damage is in the block of the curve, which is text around the key
			}
			if v.isLegal(text) {
				legal++
				assert.Empty(t, m.Candidates(0)[0].Repairs, "%s: %s", v.name, name)
				return
			}
			mended++
			assert.NotEmpty(t, m.Candidates(0)[0].Repairs, "%s: %s", v.name, name)
		}
		for _, first := range all {
			check(first.do(v.text), first.name)
			for _, second := range all {
				if n++; n%step == 0 && second.when >= first.when && first.when < encoding {
					check(second.do(first.do(v.text)), first.name+", then "+second.name)
				}
			}
		}
	}
	t.Logf("%d texts mended, %d legal", mended, legal)
	assert.Greater(t, mended, 1000)
	assert.Greater(t, legal, 100)
}

// legalChanges are what programs do that write keys in other ways.
var legalChanges = []damage{
	{toLines, "no space after a colon", func(s string) string {
		return strings.NewReplacer("Proc-Type: ", "Proc-Type:", "DEK-Info: ", "DEK-Info:").Replace(s)
	}},
	{toLines, "blank lines after", func(s string) string { return s + "\n\n" }},
}

// codeOf returns the code of a damage that is not a legal difference.
var codeOf = map[string]string{
	"utf16le": "utf-16", "utf16be": "utf-16", "utf16le without mark": "utf-16", "utf16be without mark": "utf-16",
	"blank between": "blank-lines", "indented": "indent", "tabs": "indent", "trailing spaces": "trailing",
	"spaces for newlines": "one-line", "no newlines": "one-line", "literal \\n": "escapes", "literal \\r\\n": "escapes",
	"double quotes": "quotes", "single quotes": "quotes", "json string": "escapes", "json object": "escapes",
	"env": "around", "exported env": "around", "yaml literal": "indent", "yaml folded": "one-line",
	"base64": "base64", "base64 with lines": "base64", "base64 twice": "base64",
	"non-breaking spaces": "invisible", "zero width": "invisible", "em dashes": "dashes", "hyphens": "dashes",
	"mail quoting": "quoting", "html line ends": "html",
	"no begin": "no-begin", "no end": "no-end",
}

func TestRepairsAreNamed(t *testing.T) {
	for _, v := range victims(t) {
		for _, d := range damagesOf(v) {
			text := d.do(v.text)
			code := codeOf[d.name]
			if code == "" || text == v.text || (d.name == "em dashes" && strings.HasPrefix(v.text, "PuTTY")) {
				continue
			}
			m := engine.Mend([]byte(text))
			require.Equal(t, 1, m.Keys(), "%s: %s", v.name, d.name)
			var codes []string
			for _, r := range m.Candidates(0)[0].Repairs { // TestMendSingly opens them all
				codes = append(codes, r.Code)
				assert.NotEmpty(t, r.Message, r.Code)
			}
			assert.Contains(t, codes, code, "%s: %s", v.name, d.name)
		}
	}
}

// TestMendNeverGuesses: a text with letters changed, lost or added is never another key,
// whatever else is done to it.
func TestMendNeverGuesses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	tries := 150
	if keytest.Sampled() {
		tries = 30
	}
	for _, v := range victims(t) {
		want, _, err := open(t, v.text, v.passphrase)
		require.NoError(t, err)
		for range tries {
			text := corrupt(random, v.text)
			text = damages[random.IntN(len(damages))].do(text)
			got, repairs, err := open(t, text, v.passphrase)
			if err == nil && len(repairs) > 0 {
				assert.True(t, want.Equal(got), "%s became another key", v.name)
			}
		}
	}
}

func corrupt(random *rand.Rand, s string) string {
	at := random.IntN(len(s))
	letter := string("ABCdef019+/"[random.IntN(11)])
	switch random.IntN(3) {
	case 0:
		return s[:at] + letter + s[at+1:]
	case 1:
		return s[:at] + s[at+1:]
	}
	return s[:at] + letter + s[at:]
}

// TestMissingPadding: the = at the end of base64 is not a line end, so it is named.
func TestMissingPadding(t *testing.T) {
	key := string(keytest.Read(t, "twins", "ecdsa256.pkcs8.pem"))
	for _, text := range []string{key, string(keytest.Read(t, "corpus", "generated", "ed25519.openssh-new"))} {
		bare := strings.ReplaceAll(text, "=", "")
		if bare == text {
			continue
		}
		want, _, err := open(t, text, "")
		require.NoError(t, err)
		got, repairs, err := open(t, bare, "")
		require.NoError(t, err)
		assert.True(t, want.Equal(got))
		require.Len(t, repairs, 1)
		assert.Equal(t, "padding", repairs[0].Code)
		return
	}
	t.Fatal("no key here has padding")
}

// TestTooManyKeys: a text of the largest size has room for more keys than are read. It is
// an error, not ignored.
func TestTooManyKeys(t *testing.T) {
	big := string(keytest.Read(t, "corpus", "import-edge", "rsa8192"))
	ppk := string(keytest.Read(t, "corpus", "generated", "rsa4096.v3.ppk"))
	for _, one := range []string{big, ppk, eachLine(func(l string) string { return " " + l })(big)} {
		m := engine.Mend([]byte(strings.Repeat(one+"\n", sshkey.MaxTextKeys)))
		assert.Equal(t, sshkey.MaxTextKeys, m.Keys())
		_, err := engine.OpenMended(m, sshkey.MaxTextKeys-1, engine.Limits{})
		require.NoError(t, err)

		m = engine.Mend([]byte(strings.Repeat(one+"\n", (1<<20)/(len(one)+1))))
		assert.Greater(t, m.Keys(), sshkey.MaxTextKeys)
		_, err = engine.OpenMended(m, 5, engine.Limits{})
		var limit *sshkey.LimitError
		require.ErrorAs(t, err, &limit)
		assert.Equal(t, sshkey.LimitKeys, limit.Kind)
		assert.ErrorContains(t, err, "the number of keys in one text")
	}
}

// TestRealTexts mends whole texts as people report them.
func TestRealTexts(t *testing.T) {
	key := string(keytest.Read(t, "corpus", "generated", "ed25519.openssh-new"))
	want, _, err := open(t, key, "")
	require.NoError(t, err)
	b64 := strings.TrimSpace(wrapped(key))
	for name, text := range map[string]string{
		"kubernetes":      "apiVersion: v1\ndata:\n  ssh-privatekey: " + strings.ReplaceAll(b64, "\n", "") + "\ntype: kubernetes.io/ssh-auth\n",
		"base64 in mail":  "Hi,\n\n" + b64 + "\nthanks\nBob\n",
		"breaks":          strings.ReplaceAll(key, "\n", "<br>\n"),
		"vertical tabs":   strings.ReplaceAll(key, "\n", "\v\n"),
		"utf-16 and crlf": strings.ReplaceAll(utf16Bytes(binary.LittleEndian, true)(key), "\n", "\r\n"),
	} {
		got, _, err := open(t, text, "")
		if assert.NoError(t, err, name) {
			assert.True(t, want.Equal(got), name)
		}
	}
}

func TestSeveralKeys(t *testing.T) {
	all := victims(t)
	var text string
	for _, v := range all {
		text += "# " + v.name + "\n" + v.text + "\n"
	}
	m := engine.Mend([]byte(text))
	require.Equal(t, len(all), m.Keys())
	for i, v := range all {
		want, _, err := open(t, v.text, v.passphrase)
		require.NoError(t, err)
		f, err := engine.OpenMended(m, i, engine.Limits{})
		require.NoError(t, err, v.name)
		assert.Equal(t, len(all), f.Keys)
		got, err := f.Decrypt([]byte(v.passphrase))
		require.NoError(t, err, v.name)
		assert.True(t, want.Equal(got), v.name)
	}
}

// TestMendGivesUp: a text that cannot be mended comes back as it is, and the error
// says where the key begins.
func TestMendGivesUp(t *testing.T) {
	text := "KEY=" + strings.ReplaceAll(string(keytest.Read(t, "console-rsa2048.pem"))[:800], "\n", " ")
	m := engine.Mend([]byte("one line\n" + text))
	require.Equal(t, 1, m.Keys())
	_, err := engine.OpenMended(m, 0, engine.Limits{})
	var syntax *sshkey.SyntaxError
	require.ErrorAs(t, err, &syntax)
	assert.Equal(t, 2, syntax.Line)
	assert.NotContains(t, err.Error(), text[40:60])
}
