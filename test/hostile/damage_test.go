package hostile

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// damages are what copying by hand, bad mail programs and bad memory do to a file.
var damages = []struct {
	name string
	do   func(r *rand.Rand, text string) string
}{
	{"two lines swapped", onLines(func(r *rand.Rand, lines []string, i, j int) []string {
		lines[i], lines[j] = lines[j], lines[i]
		return lines
	})},
	{"two neighbours swapped", onLines(func(r *rand.Rand, lines []string, i, _ int) []string {
		j := (i + 1) % len(lines)
		lines[i], lines[j] = lines[j], lines[i]
		return lines
	})},
	{"a line over another", onLines(func(r *rand.Rand, lines []string, i, j int) []string {
		lines[i] = lines[j]
		return lines
	})},
	{"a line doubled", onLines(func(r *rand.Rand, lines []string, i, _ int) []string {
		return slices.Insert(lines, i, lines[i])
	})},
	{"a line dropped", onLines(func(r *rand.Rand, lines []string, i, _ int) []string {
		return slices.Delete(lines, i, i+1)
	})},
	{"one letter", letters(1)},
	{"two letters", letters(2)},
	{"three letters", letters(3)},
	{"a letter dropped, another doubled", onLines(func(r *rand.Rand, lines []string, i, j int) []string {
		a, b := r.IntN(len(lines[i])), r.IntN(len(lines[j]))
		lines[j] = lines[j][:b] + lines[j][b:b+1] + lines[j][b:]
		lines[i] = lines[i][:a] + lines[i][a+1:]
		return lines
	})},
	{"a letter became a space", onLines(func(r *rand.Rand, lines []string, i, _ int) []string {
		at := r.IntN(len(lines[i]))
		lines[i] = lines[i][:at] + " " + lines[i][at+1:]
		return lines
	})},
	{"a sign between letters", onLines(func(r *rand.Rand, lines []string, i, _ int) []string {
		at := r.IntN(len(lines[i]))
		lines[i] = lines[i][:at] + ",.%=*"[r.IntN(5):][:1] + lines[i][at+r.IntN(2):]
		return lines
	})},
	{"one byte", oneByte(func(r *rand.Rand, b byte) byte { return byte(r.IntN(256)) })},
	{"one bit", oneByte(func(r *rand.Rand, b byte) byte { return b ^ 1<<r.IntN(8) })},
}

// carriers are the texts that damaged keys come in, which mending undoes first.
var carriers = []func(text string) string{
	func(text string) string { return text },
	func(text string) string { return "+" + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n+") },
	func(text string) string {
		return "12: " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n13: ")
	},
	func(text string) string {
		return "k = \"" + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\\n\" +\n  \"") + "\";"
	},
	func(text string) string { return strings.ReplaceAll(text, "\n", "<br>") },
	func(text string) string { return strings.ReplaceAll(text, "\n", " ") },
	func(text string) string { return strings.ReplaceAll(text, "+", " ") },
	url.QueryEscape,
	func(text string) string { return hex.EncodeToString([]byte(text)) },
	func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
	func(text string) string { return "\x1b[32m" + strings.ReplaceAll(text, "\n", "\x1b[0m\n\x1b[32m") },
	func(text string) string { return strings.NewReplacer("+", "+-", "=", "+AD0-").Replace(text) },
	func(text string) string { return strings.NewReplacer("=", "=3D", "\n", "=\n\n").Replace(text) },
	func(text string) string { return strings.ReplaceAll(text, "A", "\u0410") },
	func(text string) string { return strings.ReplaceAll(text, "PRIVATE KEY", "FOO PRIVATE KEY") },
}

// body returns the lines where the base64 of a file begins and ends; of a .ppk, those of
// one of its two blobs.
func body(r *rand.Rand, lines []string) (from, to int) {
	var runs [][2]int
	for i := 0; i < len(lines); i++ {
		start := i
		for i < len(lines) && lines[i] != "" && !strings.ContainsAny(lines[i], ":-") {
			i++
		}
		if i > start {
			runs = append(runs, [2]int{start, i})
		}
	}
	run := runs[r.IntN(len(runs))]
	return run[0], run[1]
}

// onLines changes the lines of a body, in which two are chosen.
func onLines(change func(r *rand.Rand, lines []string, i, j int) []string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, text string) string {
		lines := strings.Split(text, "\n")
		from, to := body(r, lines)
		i, j := r.IntN(to-from), r.IntN(to-from)
		changed := change(r, slices.Clone(lines[from:to]), i, j)
		return strings.Join(slices.Concat(lines[:from], changed, lines[to:]), "\n")
	}
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// letters puts n wrong letters into the body.
func letters(n int) func(*rand.Rand, string) string {
	return onLines(func(r *rand.Rand, lines []string, _, _ int) []string {
		for range n {
			i := r.IntN(len(lines))
			at := r.IntN(len(lines[i]))
			lines[i] = lines[i][:at] + alphabet[r.IntN(64):][:1] + lines[i][at+1:]
		}
		return lines
	})
}

// oneByte changes a byte of what the base64 encodes.
func oneByte(change func(r *rand.Rand, b byte) byte) func(*rand.Rand, string) string {
	return onLines(func(r *rand.Rand, lines []string, _, _ int) []string {
		data, err := base64.StdEncoding.DecodeString(strings.Join(lines, ""))
		if err != nil {
			return lines
		}
		i := r.IntN(len(data))
		data[i] = change(r, data[i])
		text, width := base64.StdEncoding.EncodeToString(data), len(lines[0])
		var out []string
		for ; text != ""; text = text[min(width, len(text)):] {
			out = append(out, text[:min(width, len(text))])
		}
		return out
	})
}

// count has the results of the damaged files of one form and type.
type count struct {
	tried, another int
	asked, ours    int // files that openssl was given, and those that were another key here
	openssl        int // those that were another key in openssl
}

// TestDamageIsNoOtherKey damages every form of fresh keys of every type. Where a file has
// a proof (a public half, a MAC, numbers that belong together) it is never taken for
// another key. Where it has none, openssl reads another key wherever one is read here.
func TestDamageIsNoOtherKey(t *testing.T) {
	for _, kt := range keytest.Some(3, keytest.Types()) {
		for _, f := range forms {
			if !f.has(kt.Name) {
				continue
			}
			t.Run(fmt.Sprintf("%s %s", kt.Name, f.name), func(t *testing.T) {
				t.Parallel()
				var c count
				r := newRandom(t)
				keys := size(2, 200)
				if strings.HasPrefix(f.name, "openssh-key-v1 in ") { // bcrypt is slow, and the same for all types
					keys = size(1, 100)
				}
				for range keys {
					damageKey(t, r, &c, f, kt.Name, fresh(t, kt))
				}
				assert.Positive(t, c.tried)
				if !f.proves(kt.Name) {
					t.Logf("%d of %d are another key; of %d that openssl was asked of %d, with openssl %d",
						c.another, c.tried, c.asked, c.ours, c.openssl)
					assert.LessOrEqual(t, c.ours, c.openssl)
				}
			})
		}
	}
}

// damageKey does each damage to one file several times.
func damageKey(t *testing.T, r *rand.Rand, c *count, f form, keyType string, key *sshkey.Key) {
	t.Helper()
	text, err := f.write(key)
	require.NoError(t, err)
	back, err := read(text)
	require.NoError(t, err)
	require.True(t, key.Equal(back))
	times := size(6, 12)
	for _, damage := range damages {
		for range times {
			damaged := []byte(damage.do(r, string(text)))
			if bytes.Equal(damaged, text) {
				continue
			}
			c.tried++
			got, err := read(damaged)
			another := isAnother(t, key, got, err)
			if f.proves(keyType) {
				require.False(t, another, "%s: another key, of\n%s", damage.name, damaged)
			} else {
				c.compare(t, damaged, text, another)
			}
			if r.IntN(8) > 0 {
				continue
			}
			carried := []byte(carriers[r.IntN(len(carriers))](string(damaged)))
			got, err = readMended(carried)
			require.False(t, isAnother(t, key, got, err) && !another, "%s: another key when mended, of\n%s", damage.name, carried)
		}
	}
}

// compare gives openssl the files without a proof: each that is another key here, and some
// others.
func (c *count) compare(t *testing.T, damaged, sound []byte, another bool) {
	t.Helper()
	if another {
		c.another++
	}
	sampled := c.asked < size(40, 1000)
	if !another && !sampled {
		return
	}
	public := func(file []byte) ([]byte, error) {
		return keytest.RunError(t, content(file), "openssl", "pkey", "-passin", "pass:"+passphrase, "-pubout")
	}
	want, err := public(sound)
	require.NoError(t, err)
	got, err := public(damaged)
	theirs := err == nil && !bytes.Equal(got, want)
	require.False(t, another && !theirs, "another key here, but not with openssl (%v):\n%s", err, damaged)
	if !sampled {
		return
	}
	c.asked++
	if another {
		c.ours++
	}
	if theirs {
		c.openssl++
	}
}
