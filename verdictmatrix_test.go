package keyconv_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// matrixForms are the forms whose texts are changed, with the types that have them.
var matrixForms = []struct {
	name, keyType string
	format        keyconv.Format
	encrypted     bool
}{
	{"PKCS#1", "rsa2048", keyconv.PEM, false},
	{"SEC 1", "ecdsa256", keyconv.PEM, false},
	{"PKCS#8", "rsa2048", keyconv.PKCS8, false},
	{"PKCS#8, EC", "ecdsa384", keyconv.PKCS8, false},
	{"encrypted PKCS#8", "rsa2048", keyconv.PKCS8, true},
	{"encrypted PEM", "rsa2048", keyconv.PEM, true},
	{"openssh-key-v1", "ed25519", keyconv.OpenSSH, false},
	{"openssh-key-v1, RSA", "rsa2048", keyconv.OpenSSH, false},
	{"encrypted openssh-key-v1", "ed25519", keyconv.OpenSSH, true},
	{"ppk 2", "rsa2048", keyconv.PPK2, false},
	{"ppk 3", "rsa2048", keyconv.PPK, false},
	{"encrypted ppk 2", "rsa2048", keyconv.PPK2, true},
	{"encrypted ppk 3", "ed25519", keyconv.PPK, true},
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
	endless    bool                                 // whether fzputtygen never ends on it, and so is not asked
	verdicts   map[keyconv.ProgramID]keyconv.Answer // nil where keyconv does not read it
}

// TestVerdictMatrix changes the layout of a file of each form, and asks the programs.
func TestVerdictMatrix(t *testing.T) {
	compare(t, matrixCases(t))
}

// compare asks the programs about the cases, and counts.
func compare(t *testing.T, cases []matrixCase) {
	t.Helper()
	asked := map[keyconv.ProgramID]func(testing.TB, []matrixCase) map[string]bool{
		keyconv.ProgramOpenSSH:   askSSHKeygen,
		keyconv.ProgramPuTTY:     askPuTTYgen,
		keyconv.ProgramFileZilla: askFileZilla,
		keyconv.ProgramNode:      askSSH2,
		keyconv.ProgramGo:        askGo,
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
				if c.verdicts[id] != keyconv.NotKnown && (c.verdicts[id] == keyconv.Opens) != opened {
					count["false "+c.verdicts[id].String()]++
					t.Errorf("%s: keyconv says %s, the program opens it: %v", c.name, c.verdicts[id], opened)
				}
			}
			t.Logf("%d texts: %v", len(opens), count)
		})
	}
}

func matrixCases(t *testing.T) []matrixCase {
	t.Helper()
	dir := t.TempDir()
	var cases []matrixCase
	for _, form := range matrixForms {
		key := mustParse(t, keytest.Read(t, "twins", form.keyType+".openssh")) // the same each time
		data := matrixFile(t, key, form.format, form.encrypted)
		for i, l := range layoutChanges {
			text := l.change(string(data))
			if testing.Short() && i%7 > 0 {
				continue
			}
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
func matrixFile(t *testing.T, key *sshkey.Key, format keyconv.Format, encrypted bool) []byte {
	t.Helper()
	if !encrypted {
		return marshal(t, key, format, false)
	}
	o := map[keyconv.Format]*keyconv.Options{
		keyconv.PKCS8: {Rounds: 1000}, keyconv.OpenSSH: {Rounds: 4}, keyconv.PPK: {Rounds: 1, Memory: 64},
	}[format]
	data, err := keyconv.MarshalWithPassphrase(key, []byte(passphrase), format, o)
	require.NoError(t, err)
	return data
}

// endLine is the line that fzputtygen looks for, even after the end of a file.
var endLine = regexp.MustCompile("(?m)^-----END (OPENSSH|RSA|DSA|EC|) ?PRIVATE KEY-----\\r?$")

// verdictsOf returns what keyconv says of a text that it may have to mend.
func verdictsOf(data []byte) map[keyconv.ProgramID]keyconv.Answer {
	f, err := keyconv.OpenMended(keyconv.Mend(data), 0, keyconv.Limits{})
	if err != nil {
		return nil
	}
	answers := map[keyconv.ProgramID]keyconv.Answer{}
	for _, v := range keyconv.InspectFile(f, data).Programs {
		answers[v.ID] = v.Answer
	}
	return answers
}

// askEach asks a program about each file, a few at a time.
func askEach(t testing.TB, cases []matrixCase, wanted func(matrixCase) bool, ask func(c matrixCase) bool) map[string]bool {
	t.Helper()
	opens := map[string]bool{}
	var mutex sync.Mutex
	var group sync.WaitGroup
	slots := make(chan struct{}, 4)
	for _, c := range cases {
		if !wanted(c) {
			continue
		}
		slots <- struct{}{}
		group.Go(func() {
			opened := ask(c)
			<-slots
			mutex.Lock()
			defer mutex.Unlock()
			opens[c.name] = opened
		})
	}
	group.Wait()
	return opens
}

func askSSHKeygen(t testing.TB, cases []matrixCase) map[string]bool {
	program := keytest.Tool(t, "ssh-keygen")
	all := func(matrixCase) bool { return true }
	return askEach(t, cases, all, func(c matrixCase) bool {
		return exec.CommandContext(t.Context(), program, "-y", "-P", passphrase, "-f", c.path).Run() == nil
	})
}

// askPuTTYgen asks about .ppk files, which are all that PuTTY opens. To export one the whole
// file has to be read, with its MAC.
func askPuTTYgen(t testing.TB, cases []matrixCase) map[string]bool {
	program := keytest.Tool(t, "puttygen")
	dir := t.TempDir()
	old, none := keytest.WriteFile(t, dir, "old", []byte(passphrase)), keytest.WriteFile(t, dir, "none", nil)
	isPPK := func(c matrixCase) bool { return c.ppk }
	return askEach(t, cases, isPPK, func(c matrixCase) bool {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, c.path, "-O", "private-openssh-new", "-o", c.path+".out", "--old-passphrase", old, "--new-passphrase", none)
		cmd.Env = append(os.Environ(), "HOME="+dir)
		return cmd.Run() == nil
	})
}

func askGo(_ testing.TB, cases []matrixCase) map[string]bool {
	opens := map[string]bool{}
	for _, c := range cases {
		data, err := os.ReadFile(c.path)
		if err == nil && c.encrypted {
			_, err = ssh.ParsePrivateKeyWithPassphrase(data, []byte(passphrase))
		} else if err == nil {
			_, err = ssh.ParsePrivateKey(data)
		}
		opens[c.name] = err == nil
	}
	return opens
}

// askSSH2 asks the library in one run of Node.js.
func askSSH2(t testing.TB, cases []matrixCase) map[string]bool {
	script := `
const {utils: {parseKey}} = require('ssh2'), fs = require('fs')
for (const path of fs.readFileSync(0, 'utf8').split('\n').filter(p => p)) {
  let key
  const pass = path.endsWith('.enc') ? process.argv[1] : undefined // it would count for the MAC
  try { key = parseKey(fs.readFileSync(path), pass) } catch (e) { key = e }
  if (Array.isArray(key)) key = key[0]
  console.log(key instanceof Error ? 'refuses' : key.isPrivateKey() && !(key.sign(Buffer.from('x')) instanceof Error) ? 'opens' : 'refuses')
}`
	var paths strings.Builder
	for _, c := range cases {
		paths.WriteString(c.path + "\n")
	}
	cmd := exec.CommandContext(t.Context(), keytest.Tool(t, "node"), "-e", script, passphrase)
	cmd.Dir = keytest.NodeModule(t, "ssh2")
	cmd.Stdin = strings.NewReader(paths.String())
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	answers := strings.Fields(string(out))
	require.Len(t, answers, len(cases))
	opens := map[string]bool{}
	for i, c := range cases {
		opens[c.name] = answers[i] == "opens"
	}
	return opens
}

// askFileZilla asks FileZilla's fzputtygen, many files a run. Of an unencrypted .ppk it reads
// the public half alone: what it does with the rest is not asked.
func askFileZilla(t testing.TB, cases []matrixCase) map[string]bool {
	opens := map[string]bool{}
	var p *fzputtygen
	defer func() { p.stop() }()
	for _, c := range cases {
		if c.ppk && !c.encrypted || c.endless {
			continue
		}
		if p == nil {
			p = startFZPuTTYgen(t)
		}
		ask := "fingerprint"
		if c.encrypted {
			ask = "password " + passphrase
		}
		_, ok := p.say("file " + c.path)
		answer := ""
		if ok {
			answer, ok = p.say(ask)
		}
		opens[c.name] = ok && strings.HasPrefix(answer, "0")
		if !ok { // it never ends on some files that are cut off
			p.stop()
			p = nil
		}
	}
	return opens
}

type fzputtygen struct {
	in    io.WriteCloser
	lines chan string
	cmd   *exec.Cmd
}

func startFZPuTTYgen(t testing.TB) *fzputtygen {
	cmd := exec.CommandContext(t.Context(), keytest.Tool(t, "fzputtygen"))
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &fzputtygen{in, make(chan string), cmd}
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			if line := s.Text(); line != "" && strings.ContainsRune("012", rune(line[0])) {
				p.lines <- line
			}
		}
	}()
	return p
}

// say returns the answer to a command, and false where there is none in time.
func (p *fzputtygen) say(command string) (string, bool) {
	if _, err := fmt.Fprintln(p.in, command); err != nil {
		return "", false
	}
	select {
	case line, ok := <-p.lines:
		return line, ok
	case <-time.After(500 * time.Millisecond):
		return "", false
	}
}

func (p *fzputtygen) stop() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	go func() {
		for range p.lines { // so that the reader ends
		}
	}()
	_ = p.cmd.Wait()
}

// TestProgramsAreDocumented: docs/programs.md has a row for each program, with the forms in
// which it opens an unencrypted RSA key.
func TestProgramsAreDocumented(t *testing.T) {
	rows := map[keyconv.ProgramID]*struct {
		keyconv.Verdict
		forms []string
	}{}
	for _, form := range []struct{ format, twin string }{
		{"ppk", "rsa2048.v3.ppk"}, {"ppk2", "rsa2048.v2.ppk"}, {"openssh", "rsa2048.openssh"}, {"pkcs8", "rsa2048.pkcs8.pem"},
		{"pem", "rsa2048.pem"}, {"sshcom", "rsa2048.sshcom"},
	} {
		data := keytest.Read(t, "twins", form.twin)
		info, err := keyconv.Inspect(data, keyconv.Limits{})
		require.NoError(t, err)
		for _, v := range info.Programs {
			if rows[v.ID] == nil {
				rows[v.ID] = &struct {
					keyconv.Verdict
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
	for _, id := range keyconv.Programs() {
		r := rows[id]
		fmt.Fprintf(&want, "| `%s` | %s | %s | %s | %s |\n", id, r.Name, strings.Join(r.forms, ", "), r.Tried, r.Source)
	}
	require.Contains(t, string(text), want.String(), "the table should be:\n%s", want.String())
}
