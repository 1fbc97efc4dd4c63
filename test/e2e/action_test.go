//go:build unix

package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// action is action.yml.
type action struct {
	Inputs map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

// step is one of an action or a workflow.
type step struct {
	Name, ID, Shell, Uses, Run string
	Env, With                  map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "action.yml"))
	require.NoError(t, err)
	var a action
	require.NoError(t, yaml.Unmarshal(text, &a))
	return a
}

// runner runs steps as GitHub's does.
type runner struct {
	temp, workspace string
	env             []string
	// paths are what steps have put on the PATH.
	paths []string
	// masks are the lines that the runner hides in the log from now on.
	masks []string
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	r := &runner{temp: t.TempDir(), workspace: t.TempDir()}
	// The caches are those of the machine, else every test would fill new ones.
	out, err := exec.CommandContext(t.Context(), keytest.Tool(t, "go"), "env", "GOCACHE", "GOMODCACHE").Output()
	require.NoError(t, err)
	caches := strings.Fields(string(out))
	require.Len(t, caches, 2)
	r.env = []string{
		"HOME=" + r.temp, "LC_ALL=C.UTF-8", "RUNNER_TEMP=" + r.temp, "RUNNER_OS=Linux", "RUNNER_ARCH=X64", "GITHUB_ACTION_PATH=" + keytest.Root(t),
		"GOCACHE=" + caches[0], "GOMODCACHE=" + caches[1],
	}
	return r
}

var expression = regexp.MustCompile(`\$\{\{ *([^}]*?) *\}\}`)

// maskLine is a command to the runner, which does not show it.
var maskLine = regexp.MustCompile(`(?m)^::add-mask::(.*)\n`)

// evaluate replaces expressions by their values, all of which must be known.
func evaluate(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		name := expression.FindStringSubmatch(found)[1]
		value, ok := values[name]
		require.True(t, ok, "nothing gives %s a value", name)
		return value
	})
}

// run runs the script of a step, and adds its outputs to the values.
func (r *runner) run(t *testing.T, s step, values map[string]string) keytest.Outcome {
	t.Helper()
	outputs := keytest.WriteFile(t, t.TempDir(), "output", nil)
	paths := keytest.WriteFile(t, t.TempDir(), "path", nil)
	env := append([]string{
		"PATH=" + strings.Join(append(r.paths, os.Getenv("PATH")), ":"),
		"GITHUB_OUTPUT=" + outputs, "GITHUB_PATH=" + paths,
	}, r.env...)
	for name, value := range s.Env {
		env = append(env, name+"="+evaluate(t, value, values))
	}
	script := keytest.WriteFile(t, t.TempDir(), "script.sh", []byte(evaluate(t, s.Run, values)))
	got := runWith(t, r.workspace, env, "bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	got.Stdout = maskLine.ReplaceAllStringFunc(got.Stdout, func(line string) string {
		r.masks = append(r.masks, maskLine.FindStringSubmatch(line)[1])
		return ""
	})
	r.paths = append(r.paths, strings.Fields(textOf(t, paths))...)
	for line := range strings.Lines(textOf(t, outputs)) {
		name, value, found := strings.Cut(strings.TrimRight(line, "\n"), "=")
		require.True(t, found, line)
		values["steps."+s.ID+".outputs."+name] = value
	}
	return got
}

func textOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// runWith runs a program with no other environment, and without a terminal.
func runWith(t *testing.T, dir string, env []string, program string, args ...string) keytest.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), keytest.Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, keytest.Tool(t, program), args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // the exit code tells
	require.NotNil(t, cmd.ProcessState)
	return keytest.Outcome{Code: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
}

// use runs an action with some inputs: the outcome of the step that fails, or otherwise
// of the last, and the outputs.
func (r *runner) use(t *testing.T, a action, with map[string]string) (keytest.Outcome, map[string]string) {
	t.Helper()
	values := map[string]string{}
	for name, input := range a.Inputs {
		values["inputs."+name] = input.Default
	}
	for name, value := range with {
		require.Contains(t, a.Inputs, name)
		values["inputs."+name] = value
	}
	var got keytest.Outcome
	for i, s := range a.Runs.Steps {
		require.Equal(t, "bash", s.Shell)
		// The first step gets the program, which takes longer than all else.
		if _, err := os.Stat(filepath.Join(r.temp, "keyconv", "keyconv")); i == 0 && err == nil {
			continue
		}
		if got = r.run(t, s, values); got.Code != 0 {
			return got, nil
		}
	}
	outputs := map[string]string{}
	for name, output := range a.Outputs {
		outputs[name] = evaluate(t, output.Value, values)
	}
	return got, outputs
}

// TestActionTakesInputsAsVariables: an expression in a script would run the text of an
// input, which can come from a stranger.
func TestActionTakesInputsAsVariables(t *testing.T) {
	a := readAction(t)
	assert.Equal(t, "composite", a.Runs.Using)
	used := map[string]bool{}
	for _, s := range a.Runs.Steps {
		assert.NotContains(t, s.Run, "${{")
		for _, value := range s.Env {
			for _, m := range expression.FindAllStringSubmatch(value, -1) {
				assert.Equal(t, m[0], value)
				used[strings.TrimPrefix(m[1], "inputs.")] = true
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "ci.md"))
	require.NoError(t, err)
	for name, input := range a.Inputs {
		assert.True(t, used[name], name)
		assert.NotEmpty(t, input.Description, name)
		assert.Contains(t, string(text), "\n| `"+name+"` | ")
	}
	for name, output := range a.Outputs {
		assert.NotEmpty(t, output.Description, name)
		assert.Contains(t, string(text), "\n| `"+name+"` | ")
	}
	assert.Len(t, used, len(a.Inputs))
}

// TestAction runs the steps of action.yml.
func TestAction(t *testing.T) {
	a, r := readAction(t), newRunner(t)
	keytest.CopyInto(t, r.workspace, map[string]string{"deploy.ppk": "twins/rsa2048.v3.enc.ppk", "key.pub": "twins/rsa2048.pub", "taken": "twins/rsa2048.pub"})
	key, locked := string(keytest.Read(t, "console-rsa2048.pem")), string(keytest.Read(t, "twins", "rsa2048.v3.enc.ppk"))
	const hostile = `$(touch hostile)";touch hostile;#`
	for _, test := range keytest.Some(6, []struct {
		name string
		code int
		says string // the annotation
		with map[string]string
	}{
		{"as pem", 0, "", map[string]string{"key": key, "to": "pkcs8"}},
		{"as jwk", 0, "", map[string]string{"key": key, "to": "jwk"}},
		{"a key", 0, "", map[string]string{"key": key, "public": "SHA256:C44HgJpzL7ID1ZcPtenGHpqpMqcGHo4DDoGTReS6GWI"}},
		{"for putty", 0, "", map[string]string{"key": key, "to": "ppk2", "output": "login.ppk"}},
		{"decrypted", 0, "", map[string]string{"key": locked, "passphrase": keytest.Passphrase, "decrypt": "true", "public": "key.pub"}},
		{"still encrypted", 0, "", map[string]string{"key-file": "deploy.ppk", "passphrase": keytest.Passphrase}},
		{"a name that is no command", 0, "", map[string]string{"key": key, "output": hostile}},
		{"no secret", 2, "this environment variable is empty - is the secret set", nil},
		{"two keys", 2, "give key or key-file, not both", map[string]string{"key": key, "key-file": "deploy.ppk"}},
		{"a line end", 2, "the name of a file has a line end", map[string]string{"key": key, "output": "a\npath=b"}},
		{"neither true nor false", 2, "decrypt is true or false", map[string]string{"key": key, "decrypt": "yes"}},
		{"no such file", 1, "no such file or directory", map[string]string{"key-file": "no.ppk"}},
		{"a public key", 3, "", map[string]string{"key": string(keytest.Read(t, "twins", "rsa2048.pub"))}},
		{"no passphrase", 4, "the key is encrypted, and there is no terminal", map[string]string{"key": locked}},
		{"a wrong passphrase", 5, "wrong passphrase", map[string]string{"key": locked, "passphrase": keytest.WrongPassphrase}},
		{"a file in the way", 6, "taken already exists", map[string]string{"key": key, "output": "taken"}},
		{"damaged and strict", 7, "the text is damaged", map[string]string{"key": strings.ReplaceAll(key, "\n", `\n`), "strict": "true"}},
		{"another key", 8, "this is another key", map[string]string{"key": key, "public": "key.pub"}},
	}) {
		t.Run(test.name, func(t *testing.T) {
			r.masks = nil
			got, outputs := r.use(t, a, test.with)
			require.Equal(t, test.code, got.Code, got.Stderr)
			for _, secret := range append(keytest.SecretPieces(key), keytest.Passphrase, keytest.WrongPassphrase) {
				assert.NotContains(t, got.Stdout+got.Stderr, secret)
			}
			assert.NoFileExists(t, filepath.Join(r.workspace, "hostile"))
			if test.code != 0 {
				assert.Contains(t, got.Stdout, "::error title=keyconv::"+test.says)
				assert.Equal(t, 1, strings.Count(got.Stdout, "\n"))
				return
			}
			assertActionOutputs(t, r, test.with, outputs)
		})
	}
	assert.Equal(t, string(keytest.Read(t, "twins", "rsa2048.pub")), textOf(t, filepath.Join(r.workspace, "taken")))
}

// assertActionOutputs holds the outputs against what the command says of the file.
func assertActionOutputs(t *testing.T, r *runner, with, outputs map[string]string) {
	t.Helper()
	path := outputs["path"]
	if with["output"] == "" {
		assert.True(t, strings.HasPrefix(path, r.temp+"/"), path)
	} else {
		assert.Equal(t, with["output"], path)
		path = filepath.Join(r.workspace, path)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assertMasked(t, r, path, outputs["public-key"])
	line := keyconvOK(t, r.workspace, "public", path, "-C", "").Stdout
	assert.Equal(t, strings.TrimSpace(line), outputs["public-key"])
	assert.Equal(t, "ssh-rsa", outputs["type"])
	check := []string{"check", "--public", outputs["fingerprint"], path, "--passphrase-env", "PASS"}
	got := runWith(t, r.workspace, []string{"PASS=" + keytest.Passphrase}, "keyconv", check...)
	require.Zero(t, got.Code, got.Stderr)
	wantsPassphrase := with["passphrase"] != "" && with["decrypt"] != "true"
	assert.Equal(t, !wantsPassphrase, strings.Contains(got.Stdout, ", not encrypted"), got.Stdout)
}

// assertMasked: what is secret in the new file is hidden in the log, and the public key is not.
func assertMasked(t *testing.T, r *runner, path, public string) {
	t.Helper()
	assert.Greater(t, len(r.masks), 5)
	for _, mask := range r.masks {
		assert.GreaterOrEqual(t, len(mask), 16, "a short mask hides words of the log")
		assert.NotContains(t, public, mask)
	}
	hidden := strings.Join(r.masks, "\n")
	for _, piece := range keytest.SecretPieces(textOf(t, path)) {
		assert.True(t, strings.Contains(hidden, piece) || strings.Contains(public, piece), "%s is not hidden", piece)
	}
}
