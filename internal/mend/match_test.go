package mend

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const dashClass = `[-\x{2010}-\x{2015}\x{2212}\x{ad}\x{fe58}\x{fe63}\x{ff0d}]`

// dashed is an expression for a name with any dashes.
func dashed(name string) string { return strings.ReplaceAll(name, "-", dashClass) }

// matcher is what is matched letter by letter, an expression that says the same, and the parts of
// texts to compare them in.
type matcher struct {
	name       string
	expression string
	parts      []string
	find       func(s string) []int // as FindStringSubmatchIndex
}

func matchers() []matcher {
	return []matcher{
		{"label", `^\s+((?:[A-Z0-9]+\s+){0,3}PRIVATE\s+KEY|EC\s+PARAMETERS)\s*(` + dashClass + `{1,10})[ \t]*`,
			[]string{" ", " ", "\n", "\t", "RSA", "EC", "PRIVATE", "PRIVATE", "KEY", "KEY", "PARAMETERS", " PRIVATE KEY-", "-", "-----", "\u2014", "x", "1"},
			func(s string) []int {
				m := pemMarker{}
				if !m.findLabel(s) {
					return nil
				}
				return []int{0, m.end, m.label, m.labelEnd, m.dashes, m.dashesEnd}
			}},
		{"begin of a .ppk", dashed("PuTTY-User-Key-File-") + `([123]):`,
			[]string{"PuTTY", "-", "\u2011", "User", "Key", "File", "1", "3", "4", ":", "PuTTY-User-Key-File-2:", "PuTTY-User-Key-File-", "\xe2"},
			func(s string) []int {
				for _, m := range findPPK(s, 0, 1) {
					return []int{m.start, m.end, m.version, m.version + 1}
				}
				return nil
			}},
		{"header of a .ppk", `(?:` + dashed(strings.Join(ppkHeaders, "|")) + `)\s*:`,
			append([]string{" ", "\n", ":", ":", "-", "\u2212", "Private", "MAC", "Lines", "Argon2", "\xff"}, ppkHeaders...),
			func(s string) []int {
				for _, m := range findPPKNames(s, 1) {
					return []int{m.start, m.end}
				}
				return nil
			}},
		{"end of a .ppk", dashed("Private-") + `(?:MAC|Hash):`,
			[]string{"Private", "Private-", "-", "\uff0d", "MAC", "Hash", ":", " "},
			func(s string) []int {
				if start, end := indexName(s, "Private", 0, "Private-MAC:", "Private-Hash:"); start >= 0 {
					return []int{start, end}
				}
				return nil
			}},
		{"DEK-Info", `(?:` + dashed("Proc-Type:") + `\s*4,\s*ENCRYPTED[\s>"'\\]*)?` + dashed("DEK-Info:") + `\s*((?:[A-Za-z0-9]|` + dashClass + `)+),\s*`,
			[]string{"Proc-Type:", "4,", "ENCRYPTED", "DEK-Info:", "DEK\u2010Info:", " ", "\n", ",", "A", "-", "\u2013", "DES", "\xe2", `\`},
			func(s string) []int {
				if cipher, rest, ok := cutDEKInfo(s); ok {
					end := len(s) - len(rest)
					start := strings.LastIndex(s[:end], ",") - len(cipher)
					return []int{-1, end, start, start + len(cipher)}
				}
				return nil
			}},
		{"comment of ssh.com", `(?s)Comment:\s*("(?:[^"\\]|\\.)*")`,
			[]string{"Comment:", " ", "\n", `"`, `"`, `\`, `\"`, "x", "\xff"},
			func(s string) []int {
				if comment, rest, ok := cutQuotedComment(s); ok {
					end := len(s) - len(rest)
					return []int{-1, end, end - len(comment), end}
				}
				return nil
			}},
	}
}

// TestMatchersAreExpressions compares each matcher with its expression.
func TestMatchersAreExpressions(t *testing.T) {
	for _, tt := range matchers() {
		t.Run(tt.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			expression := regexp.MustCompile(tt.expression)
			found := 0
			for range 15_000 {
				text := textOf(random, tt.parts)
				want, got := expression.FindStringSubmatchIndex(text), tt.find(text)
				if tt.name == "DEK-Info" && strings.ContainsAny(text, "\u2013\u2010") {
					continue // the cipher is returned with other dashes
				}
				if want != nil {
					found++
				}
				if want != nil && got != nil && got[0] < 0 {
					want[0] = -1
				}
				require.Equal(t, want, got, "%q", text)
			}
			assert.Greater(t, found, 100)
		})
	}
}

// textOf puts up to twelve parts together by chance.
func textOf(random *rand.Rand, parts []string) string {
	var b strings.Builder
	for range 1 + random.IntN(12) {
		b.WriteString(parts[random.IntN(len(parts))])
	}
	return b.String()
}

// TestWritersAreExpressions does so for what is replaced in a text.
func TestWritersAreExpressions(t *testing.T) {
	for _, tt := range []struct {
		name       string
		expression string
		parts      []string
		with       func(match string) string
		write      func(s string) string
	}{
		{"breaks", `(?i)<br\s*/?>`, []string{"<", "<br", "<bR", " ", "\n", "/", ">", "b", "x", "<br>", "<BR />"},
			func(string) string { return "\n" }, unBreak},
		{"escapes", `\\+(?:u[0-9A-Fa-f]{4}|["'/fnrt])`, []string{`\`, `\`, `\\\`, "u", "u002d", "00", "n", "r", `"`, "'", "/", "x", "\n"},
			func(match string) string {
				match = strings.TrimLeft(match, `\`)
				if match == "u002d" {
					return "-"
				}
				if match[0] == 'u' {
					return string([]rune{hexRune(match[1:])})
				}
				return strings.NewReplacer("n", "\n", "r", "\r", "f", "\f", "t", "\t").Replace(match)
			}, unSlash},
	} {
		random := rand.New(rand.NewPCG(1, 2))
		expression := regexp.MustCompile(tt.expression)
		for range 15_000 {
			text := textOf(random, tt.parts)
			require.Equal(t, expression.ReplaceAllStringFunc(text, tt.with), tt.write(text), "%s: %q", tt.name, text)
		}
	}
}

func hexRune(digits string) (r rune) {
	for _, c := range []byte(digits) {
		r = r<<4 | digitOf(c)
	}
	return r
}

// TestPlainMarkers: the words of a marker are found as the expression says.
func TestPlainMarkers(t *testing.T) {
	const ruler = `(-{1,20}|_{1,20}|={1,20}|~{1,20}|\*{1,20}|#{1,20}|\.{1,20}|)`
	expression := regexp.MustCompile(`(?i)` + ruler + ` *\b(BEGIN|END)[ _]+((?:[A-Z0-9]+[ _]+){0,3})PRIVATE[ _]?KEY *` + ruler)
	parts := []string{
		"begin", "END", "Begin", " ", " ", "  ", "rsa", "RSA", "private", "PRIVATE", "key", "KEY", "private key", "=====", "-", strings.Repeat("*", 12), "_", "x", "\t",
	}
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 30_000 {
		text := textOf(random, parts)
		want := text
		if m := expression.FindStringSubmatchIndex(text); m != nil {
			found++
			start := m[0]
			if m[2] == m[3] {
				start = m[4]
			}
			label := strings.Join(append(strings.Fields(strings.ReplaceAll(text[m[6]:m[7]], "_", " ")), "PRIVATE KEY"), " ")
			want = text[:start] + "-----" + strings.ToUpper(text[m[4]:m[5]]+" "+label) + "-----" + text[m[1]:]
		}
		require.Equal(t, want, withMarker(text), "%q", text)
	}
	assert.Greater(t, found, 100)
}
