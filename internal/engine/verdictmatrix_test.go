package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// matrixForms are the forms whose texts are changed, with the types that have them.
var matrixForms = []struct {
	name, keyType string
	format        engine.Format
	encrypted     bool
}{
	{"PKCS#1", "rsa1024", engine.PEM, false},
	{"SEC 1", "ecdsa256", engine.PEM, false},
	{"PKCS#8", "rsa1024", engine.PKCS8, false},
	{"PKCS#8, EC", "ecdsa384", engine.PKCS8, false},
	{"encrypted PKCS#8", "rsa1024", engine.PKCS8, true},
	{"encrypted PEM", "rsa1024", engine.PEM, true},
	{"openssh-key-v1", "ed25519", engine.OpenSSH, false},
	{"openssh-key-v1, RSA", "rsa1024", engine.OpenSSH, false},
	{"encrypted openssh-key-v1", "ed25519", engine.OpenSSH, true},
	{"ppk 2", "rsa1024", engine.PPK2, false},
	{"ppk 3", "rsa1024", engine.PPK, false},
	{"encrypted ppk 2", "rsa1024", engine.PPK2, true},
	{"encrypted ppk 3", "ed25519", engine.PPK, true},
}

// hiddenDamage changes what the encryption covers: only the passphrase shows it.
var hiddenDamage = []string{
	"the last line missing", "a comment inside", "ppk: MAC changed", "ppk: comment changed", "ppk: comment with a space after it", "ppk: type changed",
}

// matrixCase is a text with what keyconv says of it.
type matrixCase struct {
	name, path string
	encrypted  bool
	ppk        bool
	endless    bool                               // whether fzputtygen never ends on it, and so is not asked
	verdicts   map[engine.ProgramID]engine.Answer // nil where keyconv does not read it
}

// TestVerdictMatrix changes the layout of a file of each form, and asks the programs.
func TestVerdictMatrix(t *testing.T) {
	compare(t, matrixCases(t))
}

// compare asks the programs about the cases, and counts.
func compare(t *testing.T, cases []matrixCase) {
	t.Helper()
	asked := map[engine.ProgramID]func(testing.TB, []matrixCase) map[string]bool{
		engine.ProgramOpenSSH:   askSSHKeygen,
		engine.ProgramPuTTY:     askPuTTYgen,
		engine.ProgramFileZilla: askFileZilla,
		engine.ProgramNode:      askSSH2,
		engine.ProgramGo:        askGo,
	}
	for id, ask := range asked {
		t.Run(string(id), func(t *testing.T) {
			opens := ask(t, cases)
			count := map[string]int{}
			for _, c := range cases {
				opened, was := opens[c.name]
				if !was {
					continue
				}
				if c.verdicts == nil {
					count["not read by keyconv"]++
					continue
				}
				count[c.verdicts[id].String()]++
				if c.verdicts[id] != engine.NotKnown && (c.verdicts[id] == engine.Opens) != opened {
					count["false "+c.verdicts[id].String()]++
					t.Errorf("%s: keyconv says %s, the program opens it: %v", c.name, c.verdicts[id], opened)
				}
			}
			t.Logf("%d texts: %v", len(opens), count)
			require.Positive(t, count["opens"], "texts that it opens")
			known := count["opens"] + count["refuses"]
			require.GreaterOrEqual(t, 2*known, len(opens), "texts with a verdict, of all")
			require.LessOrEqual(t, 50*count["not known"], known, "texts that it is not known of")
		})
	}
}

func matrixCases(t *testing.T) []matrixCase {
	t.Helper()
	dir := t.TempDir()
	var cases []matrixCase
	for _, form := range matrixForms {
		key := mustParse(t, keytest.Read(t, "corpus", "generated", form.keyType+".openssh-new")) // the same each time
		data := matrixFile(t, key, form.format, form.encrypted)
		for i, l := range layoutChanges {
			if keytest.Sampled() && i%17 > 0 {
				continue
			}
			text := l.change(string(data))
			if text == "" || i > 0 && text == string(data) || form.encrypted && slices.Contains(hiddenDamage, l.name) {
				continue
			}
			c := matrixCase{
				name: form.name + ": " + l.name, encrypted: form.encrypted, ppk: strings.HasPrefix(form.name[strings.Index(form.name, "ppk")+1:], "pk"),
				endless:  strings.HasPrefix(text, "-----BEGIN ") && !endLine.MatchString(text),
				verdicts: verdictsOf([]byte(text)),
			}
			ending := ""
			if form.encrypted {
				ending = ".enc"
			}
			c.path = keytest.WriteFile(t, dir, fmt.Sprintf("k%d%s", len(cases), ending), []byte(text))
			cases = append(cases, c)
		}
	}
	return cases
}

// matrixFile writes a key with a derivation that takes no time.
func matrixFile(t *testing.T, key *sshkey.Key, format engine.Format, encrypted bool) []byte {
	t.Helper()
	if !encrypted {
		return marshal(t, key, format, false)
	}
	o := map[engine.Format]*engine.Options{
		engine.PKCS8: {Rounds: 1000}, engine.OpenSSH: {Rounds: 4}, engine.PPK: {Rounds: 1, Memory: 64},
	}[format]
	data, err := engine.MarshalWithPassphrase(key, []byte(passphrase), format, o)
	require.NoError(t, err)
	return data
}

// endLine is the line that fzputtygen looks for, even after the end of a file.
var endLine = regexp.MustCompile(`(?m)^-----END (OPENSSH|RSA|DSA|EC|) ?PRIVATE KEY-----\r?$`)

// verdictsOf returns what keyconv says of a text that it may have to mend.
func verdictsOf(data []byte) map[engine.ProgramID]engine.Answer {
	f, err := engine.OpenMended(engine.Mend(data), 0, engine.Limits{})
	if err != nil {
		return nil
	}
	answers := map[engine.ProgramID]engine.Answer{}
	for _, v := range engine.InspectFile(f, data).Programs {
		answers[v.ID] = v.Answer
	}
	return answers
}

// TestProgramsAreDocumented: docs/programs.md has a row for each program, with the forms in
// which it opens an unencrypted RSA key.
func TestProgramsAreDocumented(t *testing.T) {
	rows := map[engine.ProgramID]*struct {
		engine.Verdict
		forms []string
	}{}
	for _, form := range []struct{ format, twin string }{
		{"ppk", "rsa2048.v3.ppk"}, {"ppk2", "rsa2048.v2.ppk"}, {"openssh", "rsa2048.openssh"}, {"pkcs8", "rsa2048.pkcs8.pem"},
		{"pem", "rsa2048.pem"}, {"sshcom", "rsa2048.sshcom"},
	} {
		data := keytest.Read(t, "twins", form.twin)
		info, err := engine.Inspect(data, engine.Limits{})
		require.NoError(t, err)
		for _, v := range info.Programs {
			if rows[v.ID] == nil {
				rows[v.ID] = &struct {
					engine.Verdict
					forms []string
				}{Verdict: v}
			}
			if v.Opens() || v.Why == "it wants the file as one line of base64" {
				rows[v.ID].forms = append(rows[v.ID].forms, "`"+form.format+"`")
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "programs.md"))
	require.NoError(t, err)
	var want strings.Builder
	for _, id := range engine.Programs() {
		r := rows[id]
		fmt.Fprintf(&want, "| `%s` | %s | %s | %s | %s |\n", id, r.Name, strings.Join(r.forms, ", "), r.Tried, r.Source)
	}
	require.Contains(t, string(text), want.String(), "the table should be:\n%s", want.String())
}
