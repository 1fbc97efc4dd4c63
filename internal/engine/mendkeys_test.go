package engine_test

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoKeyVanishes: a key that cannot be mended keeps its number, whatever its form and
// that of the others; asked for, it is an error, and beside another its line is known.
func TestNoKeyVanishes(t *testing.T) {
	forms := map[string]string{
		"openssh":           string(keytest.Read(t, "corpus", "generated", "ed25519.openssh-new")),
		"pkcs1":             string(keytest.Read(t, "corpus", "generated", "rsa1024.openssh")),
		"ppk":               string(keytest.Read(t, "corpus", "generated", "ed25519.v2.ppk")),
		"openssh encrypted": encryptedOpenSSH(t, "correct horse"),
		"sshcom":            string(keytest.Read(t, "corpus", "generated", "rsa1024.sshcom")),
	}
	breaks := map[string]func(string) string{
		"a letter changed": func(s string) string {
			at := len(s) * 6 / 10
			return s[:at] + strings.Map(func(r rune) rune { return r ^ 1 }, s[at:at+1]) + s[at+1:]
		},
		"a letter lost": func(s string) string { at := len(s) * 6 / 10; return s[:at] + s[at+1:] },
		"cut off":       func(s string) string { return s[:len(s)*6/10] + "\n" },
		"a line lost": func(s string) string {
			lines := strings.SplitAfter(s, "\n")
			return strings.Join(append(lines[:len(lines)/2:len(lines)/2], lines[len(lines)/2+1:]...), "")
		},
	}
	const between = "\n# the next one\n"
	for badForm, bad := range forms {
		for goodForm, good := range forms {
			for name, spoil := range breaks {
				if badForm == "openssh encrypted" && name == "a letter changed" {
					continue // only the passphrase shows that
				}
				damaged := spoil(bad)
				requireDamaged(t, damaged+between+good, 0, 1, badForm+" "+name+", then "+goodForm)
				line := 1 + strings.Count(good+between, "\n")
				requireDamaged(t, good+between+damaged, 1, line, goodForm+", then "+badForm+" "+name)
			}
		}
	}
}

// requireDamaged: of two keys in a text the one of an index is damaged, and begins at a line.
func requireDamaged(t *testing.T, text string, index, line int, name string) {
	t.Helper()
	m := engine.Mend([]byte(text))
	require.Equal(t, 2, m.Keys(), name)
	good, err := engine.OpenMended(m, 1-index, engine.Limits{})
	require.NoError(t, err, name)
	assert.Equal(t, []int{line}, good.Damaged, name)
	assert.Equal(t, 2, good.Keys, name)
	_, err = engine.OpenMended(m, index, engine.Limits{})
	var syntax *sshkey.SyntaxError
	require.ErrorAs(t, err, &syntax, name)
	assert.Equal(t, line, syntax.Line, name)
}

// TestNoKeyIsMadeUp: text that speaks of keys, blocks beside a key, and what another
// reading of the text can mend do not count as damaged keys.
func TestNoKeyIsMadeUp(t *testing.T) {
	const begin, end = "-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----"
	key := string(keytest.Read(t, "corpus", "generated", "ed25519.openssh-new"))
	ppk := string(keytest.Read(t, "corpus", "generated", "ed25519.v3.ppk"))
	public := string(keytest.Read(t, "twins", "ed25519.pub"))
	for name, around := range map[string][2]string{
		"prose":           {"It begins with " + begin + " and ends with " + end + ":\n", "\nSee " + begin + ".\n"},
		"a quoted line":   {"> " + begin + "\nis the first line of a key.\n", ""},
		"left out":        {begin + "\n...\n" + end + "\n", begin + "\n[REDACTED]\n" + end + "\n"},
		"a line twice":    {begin + "\n\n", end + "\n"},
		"no more":         {"", begin + "\n"},
		"a ppk in prose":  {"A .ppk begins with PuTTY-User-Key-File-3: ssh-rsa\n", "PuTTY-User-Key-File-2: is older.\n"},
		"a public key":    {public, public},
		"a certificate":   {"", "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ0M=\n-----END CERTIFICATE-----\n"},
		"a public block":  {"", "-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEAq83vEjRWeJA=\n-----END RSA PUBLIC KEY-----\n"},
		"bag attributes":  {"Bag Attributes\n    friendlyName: x\nKey Attributes: <No Attributes>\n", "\n"},
		"an html comment": {"Tom &amp; Jerry: &quot;" + begin + "&quot;\n", "\u00a0&lt;end&gt;\n"},
	} {
		for _, v := range []string{key, ppk} {
			texts := []string{around[0] + v + around[1]}
			if !strings.Contains(around[1], "MII") { // with a sound block of its own the text is that block
				texts = append(texts, around[0]+strings.ReplaceAll(v, "\n", "&#10;")+"\n"+around[1])
			}
			for _, text := range texts {
				m := engine.Mend([]byte(text))
				require.Equal(t, 1, m.Keys(), name)
				f, err := engine.OpenMended(m, 0, engine.Limits{})
				require.NoError(t, err, name)
				assert.Empty(t, f.Damaged, name)
			}
		}
	}
}

// TestReadingsOfSeveralKeys: a key that only one reading of the text shows keeps its place
// among those that all readings show.
func TestReadingsOfSeveralKeys(t *testing.T) {
	first := string(keytest.Read(t, "corpus", "generated", "ed25519.openssh-new"))
	second := string(keytest.Read(t, "corpus", "generated", "ed25519.v2.ppk"))
	third := string(keytest.Read(t, "corpus", "generated", "rsa1024.openssh"))
	want := []string{fingerprint(t, first), fingerprint(t, second), fingerprint(t, third)}
	hidden := strings.NewReplacer("BEGIN ", "BEGIN\u00a0", "END ", "END\u00a0", "PuTTY-User", "PuTTY&#45;User").Replace
	noBegin := strings.NewReplacer("BEGIN ", "BEGIN\u00a0").Replace
	same := func(s string) string { return s }
	for n, hide := range [][3]func(string) string{
		{hidden, same, same}, {same, hidden, same}, {same, same, hidden}, {hidden, same, hidden},
		{noBegin, same, hidden}, {same, hidden, noBegin}, {hidden, hidden, hidden},
	} {
		m := engine.Mend([]byte("A &amp; B\n" + hide[0](first) + hide[1](second) + "C &lt; D\n" + hide[2](third)))
		require.Equal(t, 3, m.Keys(), n)
		for i := range want {
			f, err := engine.OpenMended(m, i, engine.Limits{})
			require.NoError(t, err, n)
			assert.Equal(t, want[i], sshkey.FingerprintSHA256(f.PublicKey), n)
			assert.Empty(t, f.Damaged, n)
		}
	}
}

func fingerprint(t *testing.T, text string) string {
	f, err := engine.Open([]byte(text), engine.Limits{})
	require.NoError(t, err)
	return sshkey.FingerprintSHA256(f.PublicKey)
}
