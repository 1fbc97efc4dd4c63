package engine_test

import (
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// moreDamages are the same damages as other tools do them.
var moreDamages = []damage{
	{toLineEnds, "mixed line ends", func(s string) string {
		var b strings.Builder
		rest := strings.ReplaceAll(s, "\r\n", "\n")
		for i, line := range strings.SplitAfter(rest, "\n") {
			rest = rest[len(line):]
			b.WriteString(strings.TrimSuffix(line, "\n"))
			switch {
			case !strings.HasSuffix(line, "\n"):
			case strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r"):
				b.WriteString("\r\n") // CR alone would be one line end with that of the blank line
			default:
				b.WriteString([]string{"\n", "\r\n", "\r"}[i%3])
			}
		}
		return b.String()
	}},
	{container, "yaml folded lines", func(s string) string {
		return "key: >\n" + eachLine(func(l string) string { return "  " + l })(s)
	}},
	{container, "url-safe base64", func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }},
	{container, "base64 in env", func(s string) string {
		return "SSH_KEY=" + base64.StdEncoding.EncodeToString([]byte(s)) + "\n"
	}},
	{container, "url-safe base64 in json", func(s string) string {
		return `{"ssh_private_key_as_base64": "` + base64.URLEncoding.EncodeToString([]byte(s)) + `"}`
	}},
	{container, "base64 in a command", func(s string) string {
		return "docker run -e SSH_PRIVATE_KEY_BASE64=" + base64.StdEncoding.EncodeToString([]byte(s)) + " image\n"
	}},
	{toCharacters, "narrow spaces", replacing(" ", "\u202f")},
	{toCharacters, "soft hyphens", func(s string) string { return strings.ReplaceAll(s, "A", "A\u00ad") }},
	{toCharacters, "en dashes", replacing("-----", "\u2013\u2013\u2013\u2013\u2013")},
	{toLines, "form feed", func(s string) string { return "\f" + s }},
	{toLines, "nested mail quoting", eachLine(func(l string) string { return "> > " + l })},
}

// allVictims has a key of every label and of every version of .ppk.
func allVictims(t testing.TB) []victim {
	const p = "correct horse"
	list := victims(t)
	for name, passphrase := range map[string]string{"dsa1024.openssh": "", "ecdsa256.v3.ppk": ""} {
		list = append(list, victim{name, passphrase, string(keytest.Read(t, "corpus", "generated", name))})
	}
	key := keytest.Type(t, "ecdsa256").New(t)
	out, err := engine.MarshalWithPassphrase(key, []byte(p), engine.PKCS8, &engine.Options{Rounds: 1000})
	require.NoError(t, err)
	list = append(list, victim{"pkcs8 encrypted", p, string(out)})
	const curve = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
	list = append(list, victim{"with its curve", "", curve + string(keytest.Read(t, "twins", "ecdsa256.pem"))})
	return list
}

// TestKeysWithoutLineEnds: the dashes of an END and of the BEGIN after it run together.
func TestKeysWithoutLineEnds(t *testing.T) {
	var text string
	for _, name := range []string{"rsa2048.pem", "ecdsa256.params.pem", "ed25519.openssh"} {
		text += string(keytest.Read(t, "twins", name))
	}
	m := engine.Mend([]byte(strings.ReplaceAll(text, "\n", "")))
	require.Equal(t, 3, m.Keys())
	for i := range m.Keys() {
		candidates := m.Candidates(i)
		require.Len(t, candidates, 1)
		var codes []string
		for _, r := range candidates[0].Repairs {
			codes = append(codes, r.Code)
		}
		assert.Subset(t, []string{"one-line", "around"}, codes, "key %d", i)
	}
}

// TestMendAtRandom damages each key in two to four ways, in an order in which they can
// happen.
func TestMendAtRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 5))
	rounds := 60
	if keytest.Sampled() {
		rounds = 5
	}
	for _, v := range allVictims(t) {
		want, _, err := open(t, v.text, v.passphrase)
		require.NoError(t, err, v.name)
		possible := slices.Concat(damagesOf(v), moreDamages)
		for round := range rounds {
			text, names := damageAtRandom(random, v.text, possible)
			if strings.HasPrefix(v.text, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type") && slices.Contains(names, "no begin") && slices.Contains(names, "no end") {
				continue // nothing says then what kind of key it is
			}
			v.assertMended(t, text, want, round%16 == 0, strings.Join(names, ", "))
		}
	}
}

func damageAtRandom(random *rand.Rand, text string, possible []damage) (string, []string) {
	var chosen []damage
	for len(chosen) < 2+random.IntN(3) {
		d := possible[random.IntN(len(possible))]
		if !slices.ContainsFunc(chosen, func(c damage) bool {
			return c.name == d.name || c.when == d.when && d.when >= toLineEnds && d.when != container
		}) {
			chosen = append(chosen, d)
		}
	}
	slices.SortStableFunc(chosen, func(a, b damage) int { return a.when - b.when })
	var names []string
	for _, d := range chosen {
		text = d.do(text)
		names = append(names, d.name)
	}
	return text, names
}
