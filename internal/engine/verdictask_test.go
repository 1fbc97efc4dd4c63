package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

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
	dir := t.TempDir()
	old, none := keytest.WriteFile(t, dir, "old", []byte(passphrase)), keytest.WriteFile(t, dir, "none", nil)
	isPPK := func(c matrixCase) bool { return c.ppk }
	return askEach(t, cases, isPPK, func(c matrixCase) bool {
		cmd := atMostSeconds(t, 10, "puttygen", c.path, "-O", "private-openssh-new", "-o", c.path+".out", "--old-passphrase", old, "--new-passphrase", none)
		cmd.Env = append(os.Environ(), "HOME="+dir)
		return cmd.Run() == nil
	})
}

// atMostSeconds makes a command of a real program that ends when it has used the processor for
// so long.
func atMostSeconds(t testing.TB, seconds int, name string, args ...string) *exec.Cmd {
	t.Helper()
	line := append([]string{"-c", `ulimit -t "$0" && exec "$@"`, strconv.Itoa(seconds), keytest.Tool(t, name)}, args...)
	ctx, cancel := context.WithTimeout(t.Context(), keytest.Patience) // for one that waits
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, "sh", line...)
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
	case <-time.After(keytest.Patience):
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
