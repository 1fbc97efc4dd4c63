//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// loginPage is run by a test of its own: its commands need a server.
const loginPage = "login.md"

// loginTarget is the server of the page.
const loginTarget = "root@203.0.113.7"

// TestLoginPage runs the commands of docs/login.md one after the other, as they stand
// there, in a folder with the console's key as it was downloaded, readable by all. The
// server of the page is one that knows the key.
func TestLoginPage(t *testing.T) {
	h := newSessionHome(t)
	s, _ := startSessionSSHD(t, h)
	h.keys = filepath.Join(h.home, "Downloads")
	require.NoError(t, os.Mkdir(h.keys, 0o700))
	pem := filepath.Join(h.keys, "ecs.pem")
	require.NoError(t, os.WriteFile(pem, keytest.Read(t, "console-rsa2048.pem"), 0o644))
	bin := s.wrappers(t)
	blocks := 0
	for _, m := range keytest.ShellBlock.FindAllStringSubmatch(readLoginPage(t), -1) {
		if m[1] != "" {
			continue
		}
		blocks++
		t.Run(strings.SplitN(m[2], "\n", 2)[0], func(t *testing.T) {
			got := h.run(t, "PATH="+bin+":"+os.Getenv("PATH"), keytest.Tool(t, "bash"), "-eu", "-o", "pipefail", "-c", m[2])
			assert.Zero(t, got.Code, "%s%s", got.Stdout, got.Stderr)
			if logsIn.MatchString(m[2]) {
				assert.Contains(t, got.Stdout, loginOK)
			}
		})
	}
	assert.Greater(t, blocks, 15, "the page has lost its commands")
	kept, err := os.ReadFile(pem)
	require.NoError(t, err)
	assert.Equal(t, keytest.Read(t, "console-rsa2048.pem"), kept)
}

func readLoginPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", loginPage))
	require.NoError(t, err)
	return string(text)
}

// logsIn finds the blocks that log in.
var logsIn = regexp.MustCompile(`(?m)^(?:ssh|plink) `)

// wrappers returns a folder with keyconv, ssh and plink, which put this server in the
// place of the one of the page, ask nothing about its host key, and run one command
// there.
func (s *sshd) wrappers(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	known := filepath.Join(dir, "known_hosts")
	for program, command := range map[string]string{
		"keyconv": fmt.Sprintf(`exec %s "${@/%s/%s:%s}"`, keytest.Command(t), loginTarget, s.login, s.port),
		"ssh": fmt.Sprintf(`config=~/.ssh/config; [ -e "$config" ] || config=none
exec %s -F "$config" -o BatchMode=yes -o IdentityAgent=none -o StrictHostKeyChecking=no -o UserKnownHostsFile=%s "${@/%s/%s}" "echo %s"`,
			keytest.Tool(t, "ssh"), known, loginTarget, `ssh:\/\/`+s.login+":"+s.port, loginOK),
		"plink": fmt.Sprintf(`exec %s -batch -hostkey %s "$@" "echo %s"`, keytest.Tool(t, "plink"), s.hostKey, loginOK),
	} {
		script := "#!" + keytest.Tool(t, "bash") + "\n" + command + "\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, program), []byte(script), 0o700))
	}
	return dir
}

// TestLoginPageNamesTheErrors: the headings are what the programs say.
func TestLoginPageNamesTheErrors(t *testing.T) {
	page := strings.Join(strings.Fields(readLoginPage(t)), " ")
	h := newSessionHome(t)
	h.keys = t.TempDir() // "ssh -i" takes no path with a "%"
	s, target := startSessionSSHD(t, h)
	keytest.CopyInto(t, h.keys, map[string]string{"other.ppk": "twins/rsa2048.v3.ppk", "open.pem": "console-rsa2048.pem"})
	h.keyconv(t, "session", "other", target, "--key", "other.ppk", "--for", "putty")
	open := filepath.Join(h.keys, "open.pem")
	require.NoError(t, os.Chmod(open, 0o644))
	plink := func(args ...string) keytest.Outcome {
		return h.run(t, keytest.Tool(t, "plink"), append([]string{"-batch", "-hostkey", s.hostKey}, args...)...)
	}
	for message, got := range map[string]keytest.Outcome{
		"Server refused our key":        plink("-load", "other", "true"),
		"Permission denied (publickey)": s.ssh(t, filepath.Join(h.keys, "other.ppk")),
		"UNPROTECTED PRIVATE KEY FILE":  s.ssh(t, open),
		"Unable to use key file":        plink("-P", s.port, "-i", "ecs.pem", s.login, "true"),
		"error in libcrypto":            s.ssh(t, filepath.Join(h.keys, "ed.ppk")),
	} {
		assert.True(t, strings.Contains(page, message), message)
		assert.Contains(t, got.Stdout+got.Stderr, message)
	}
}

// TestLoginPageNamesTheUsers: the page and the help have the same users.
func TestLoginPageNamesTheUsers(t *testing.T) {
	page := readLoginPage(t)
	session, _, err := cli.Root().Find([]string{"session"})
	require.NoError(t, err)
	_, table, found := strings.Cut(session.Long, "unless you chose another:\n\n")
	require.True(t, found)
	for line := range strings.Lines(table) {
		user, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		assert.Contains(t, page, "`"+user+"`")
	}
}
