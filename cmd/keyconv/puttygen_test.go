//go:build !windows

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/rawkey"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newPassphrase is in the file "new" of docs/puttygen.md; "old" has keytest's.
const newPassphrase = "battery staple"

func parityDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "puttygen.md"))
	require.NoError(t, err)
	return string(text)
}

// parityRow is a row of docs/puttygen.md: two commands that do the same.
var parityRow = regexp.MustCompile("(?m)^\\| `(puttygen [^`]*)` \\| `(keyconv [^`]*)` \\| (.*?) \\|$")

// TestPuttygenRows runs both commands of every row, each in a folder of its own with
// the same files.
func TestPuttygenRows(t *testing.T) {
	keytest.Tool(t, "puttygen")
	files := parityFiles(t)
	rows := parityRow.FindAllStringSubmatch(parityDocument(t), -1)
	require.Greater(t, len(rows), 70, "the document has lost its rows")
	used := map[string]bool{}
	for i, row := range rows {
		if keytest.Sampled() && used[row[3]] && i%8 > 0 {
			continue
		}
		used[row[3]] = true
		t.Run(row[2], func(t *testing.T) {
			t.Parallel()
			theirs, ours := runInFolder(t, files, row[1]), runInFolder(t, files, row[2])
			compare, ok := comparisons[row[3]]
			require.True(t, ok, "there is no comparison %q", row[3])
			compare(t, theirs, ours)
		})
	}
	assert.Len(t, used, len(comparisons), "each kind of comparison is used")
}

// TestWindowRows runs every command of the tables about the window.
func TestWindowRows(t *testing.T) {
	files := parityFiles(t)
	_, window, found := strings.Cut(parityDocument(t), "\n## The window\n")
	require.True(t, found)
	commands := 0
	for _, m := range regexp.MustCompile("(?m)^\\| .*? \\| `(keyconv [^`]*)`.* \\|$").FindAllStringSubmatch(window, -1) {
		commands++
		t.Run(m[1], func(t *testing.T) {
			t.Parallel()
			require.NoError(t, runInFolder(t, files, m[1]).err)
		})
	}
	require.Greater(t, commands, 20)
}

// TestFirstRows runs the commands of the short table at the top, each with the files that it
// names. Those that need a home, a clipboard, a folder or a terminal have tests of their own.
func TestFirstRows(t *testing.T) {
	files := parityFiles(t)
	first, _, found := strings.Cut(parityDocument(t), "\nThe rest of this page")
	require.True(t, found)
	run, all := 0, 0
	for _, m := range regexp.MustCompile("(?m)^\\| .*? \\| `(keyconv [^`]*)`.* \\|$").FindAllStringSubmatch(first, -1) {
		all++
		if regexp.MustCompile(` (session|-r|--copy|passwd) `).MatchString(m[1]) {
			continue
		}
		run++
		named := map[string][]byte{}
		for name, data := range files {
			if slices.Contains(strings.Fields(m[1]), name) {
				named[name] = data
			}
		}
		assert.NoError(t, runInFolder(t, named, m[1]).err, m[1])
	}
	assert.Equal(t, []int{6, 10}, []int{run, all})
}

// TestEveryOptionIsThere: what puttygen's help names, the document has.
func TestEveryOptionIsThere(t *testing.T) {
	help := string(keytest.Run(t, nil, "puttygen", "--help"))
	text := parityDocument(t)
	options := regexp.MustCompile(`(?m)^ {2,11}(--?[a-zA-Z-]+)`).FindAllStringSubmatch(help, -1)
	values := regexp.MustCompile(`(?m)^ {11,12}([a-z0-9-]+)(?:,|  )`).FindAllStringSubmatch(help, -1)
	require.Greater(t, len(options), 20)
	require.Greater(t, len(values), 15)
	for _, m := range append(options, values...) {
		pattern := `(^|[^a-zA-Z0-9-])` + regexp.QuoteMeta(m[1]) + `($|[^a-zA-Z0-9-])`
		assert.Regexp(t, pattern, text, "the document does not name %s", m[1])
	}
}

// parityFiles are the files that the document speaks of.
func parityFiles(t *testing.T) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	twin := func(name string) []byte { return keytest.Read(t, "twins", name) }
	ca := filepath.Join(dir, "ca")
	keytest.Run(t, nil, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ca)
	pub := keytest.WriteFile(t, dir, "key.pub", twin("rsa2048.pub"))
	keytest.Run(t, nil, "ssh-keygen", "-q", "-s", ca, "-I", "an id", "-n", "root,admin", "-z", "77", "-V", "20200101:20300101",
		"-O", "force-command=id", "-O", "source-address=10.0.0.0/8", pub)
	certificate, err := os.ReadFile(filepath.Join(dir, "key-cert.pub"))
	require.NoError(t, err)
	plain := keytest.WriteFile(t, dir, "key.ppk", twin("rsa2048.v3.ppk"))
	keytest.Run(t, nil, "puttygen", plain, "--certificate", filepath.Join(dir, "key-cert.pub"), "-o", filepath.Join(dir, "cert.ppk"))
	certified, err := os.ReadFile(filepath.Join(dir, "cert.ppk"))
	require.NoError(t, err)
	return map[string][]byte{
		"key.ppk": twin("rsa2048.v3.ppk"), "ed.ppk": twin("ed25519.v3.ppk"), "cert.ppk": certified,
		"key.pem": twin("rsa2048.pem"), "id_rsa": twin("rsa2048.openssh"),
		"key.pub": twin("rsa2048.pub"), "key-cert.pub": certificate,
		"enc.ppk": twin("rsa2048.v3.enc.ppk"), "enc.pem": twin("rsa2048.aes128.pem"), "enc_id": twin("rsa2048.enc.openssh"),
		"old": []byte(keytest.Passphrase + "\n"), "new": []byte(newPassphrase + "\n"),
	}
}

// parityOutcome is what a command left behind.
type parityOutcome struct {
	err    error
	stdout []byte
	// result is the one file that is new or changed, or else stdout. The public half that
	// generate writes beside a new key is not a second one.
	result []byte
}

// runInFolder runs a command without a terminal.
func runInFolder(t *testing.T, files map[string][]byte, command string) parityOutcome {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		keytest.WriteFile(t, dir, name, data)
	}
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	o := parityOutcome{err: cmd.Run(), stdout: stdout.Bytes(), result: stdout.Bytes()}
	t.Logf("%s: %v\n%s", command, o.err, stderr.Bytes())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	_, madeKey := os.Stat(filepath.Join(dir, "out"))
	for _, entry := range entries {
		if entry.Name() == "out.pub" && madeKey == nil {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		if !bytes.Equal(data, files[entry.Name()]) {
			o.result = data
		}
	}
	return o
}

// comparisons are the words in the third column of the document.
var comparisons = map[string]func(t *testing.T, theirs, ours parityOutcome){
	"bytes": func(t *testing.T, theirs, ours parityOutcome) {
		requireDone(t, theirs, ours)
		assert.Equal(t, string(theirs.result), string(ours.result))
	},
	"key": func(t *testing.T, theirs, ours parityOutcome) {
		requireDone(t, theirs, ours)
		requireSameKey(t, theirs.result, ours.result)
	},
	"cost": func(t *testing.T, theirs, ours parityOutcome) {
		requireDone(t, theirs, ours)
		a, b := requireSameKey(t, theirs.result, ours.result)
		assert.Equal(t, a.KDF, b.KDF)
	},
	"fingerprint": compareFingerprint,
	"facts":       compareFacts,
	"new key":     compareNewKeys,
	"prints": func(t *testing.T, theirs, ours parityOutcome) {
		requireDone(t, theirs, ours)
		assert.NotEmpty(t, theirs.stdout)
		assert.NotEmpty(t, ours.stdout)
	},
	"asks": func(t *testing.T, theirs, ours parityOutcome) {
		require.Error(t, theirs.err)
		var exit *exec.ExitError
		require.ErrorAs(t, ours.err, &exit)
		assert.Equal(t, fault.NeedsPassphrase, exit.ExitCode())
	},
}

func requireDone(t *testing.T, theirs, ours parityOutcome) {
	t.Helper()
	require.NoError(t, theirs.err, "puttygen")
	require.NoError(t, ours.err, "keyconv")
	require.NotEmpty(t, ours.result)
}

// opened reads a result with whichever passphrase it has.
func opened(t *testing.T, data []byte) (f *engine.File, key *sshkey.Key, passphrase string) {
	t.Helper()
	f, err := engine.Open(data, engine.Limits{})
	require.NoError(t, err)
	if !f.Encrypted() {
		key, err := f.Decrypt(nil)
		require.NoError(t, err)
		return f, key, ""
	}
	for _, passphrase := range []string{keytest.Passphrase, newPassphrase} {
		key, err := f.Decrypt([]byte(passphrase))
		if !errors.Is(err, sshkey.ErrIncorrectPassphrase) {
			require.NoError(t, err)
			return f, key, passphrase
		}
	}
	require.Fail(t, "no passphrase opens it")
	return nil, nil, ""
}

func requireSameKey(t *testing.T, theirs, ours []byte) (a, b *engine.File) {
	t.Helper()
	a, theirKey, theirPassphrase := opened(t, theirs)
	b, ourKey, ourPassphrase := opened(t, ours)
	assert.True(t, theirKey.Equal(ourKey), "another key")
	assert.Equal(t, theirKey.Comment, ourKey.Comment)
	assert.Equal(t, theirKey.Certificate, ourKey.Certificate)
	assert.Equal(t, theirPassphrase, ourPassphrase)
	assert.Equal(t, a.Title, b.Title)
	return a, b
}

func compareFingerprint(t *testing.T, theirs, ours parityOutcome) {
	requireDone(t, theirs, ours)
	found := regexp.MustCompile(`SHA256:\S{43}|([0-9a-f]{2}:){15}[0-9a-f]{2}`).FindString(string(theirs.stdout))
	require.NotEmpty(t, found)
	assert.Contains(t, string(ours.stdout), found)
}

// compareFacts looks for each value of puttygen's "Name: value" lines. A missing
// permission is one that keyconv does not list.
func compareFacts(t *testing.T, theirs, ours parityOutcome) {
	requireDone(t, theirs, ours)
	facts := 0
	for line := range strings.Lines(string(theirs.stdout)) {
		name, value, found := strings.Cut(strings.TrimSpace(line), ": ")
		require.True(t, found, line)
		if strings.HasSuffix(name, "permitted") {
			continue
		}
		for _, part := range regexp.MustCompile(`,| - | key$| \S+ \d+ SHA256:`).Split(strings.TrimSuffix(value, " authentication key"), -1) {
			part = strings.TrimPrefix(part, "ssh-ed25519 255 ")
			part = strings.TrimPrefix(part, "ssh-rsa-cert-v01@openssh.com 2048 ")
			assert.Contains(t, string(ours.stdout), part, name)
			facts++
		}
	}
	assert.GreaterOrEqual(t, facts, 10)
}

func compareNewKeys(t *testing.T, theirs, ours parityOutcome) {
	requireDone(t, theirs, ours)
	a, theirKey, theirPassphrase := opened(t, theirs.result)
	b, ourKey, ourPassphrase := opened(t, ours.result)
	theirPublic, err := theirKey.Public()
	require.NoError(t, err)
	ourPublic, err := ourKey.Public()
	require.NoError(t, err)
	assert.Equal(t, theirPublic.Type(), ourPublic.Type())
	assert.Equal(t, rawkey.Bits(theirPublic), rawkey.Bits(ourPublic))
	assert.False(t, theirKey.Equal(ourKey))
	assert.Equal(t, theirPassphrase, ourPassphrase)
	assert.Equal(t, a.Title, b.Title)
	assert.Equal(t, withoutDate(theirKey.Comment), withoutDate(ourKey.Comment))
}

// withoutDate lets a test run at midnight.
func withoutDate(comment string) string {
	return regexp.MustCompile(`-20\d{6}$`).ReplaceAllString(comment, "-DATE")
}
