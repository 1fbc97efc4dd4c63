//go:build unix

package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var recipeBlock = regexp.MustCompile("(?m)^<!-- recipe: ([a-z]+) -->\n```([a-z]+)\n((?s:.*?))^```$")

// recipes returns the recipes of docs/ci.md for a system, in one language.
func recipes(t *testing.T, system, language string) []string {
	t.Helper()
	var found []string
	for _, m := range recipeBlock.FindAllStringSubmatch(textOf(t, filepath.Join(keytest.Root(t), "docs", "ci.md")), -1) {
		if m[1] == system && m[2] == language {
			found = append(found, m[3])
		}
	}
	require.NotEmpty(t, found)
	return found
}

// TestEveryRecipeIsRun: a block of docs/ci.md is a recipe that a test below knows.
func TestEveryRecipeIsRun(t *testing.T) {
	text := textOf(t, filepath.Join(keytest.Root(t), "docs", "ci.md"))
	all := 0
	for _, of := range [][2]string{{"shell", "bash"}, {"github", "yaml"}, {"gitlab", "yaml"}, {"ansible", "yaml"}, {"terraform", "hcl"}, {"terraform", "bash"}} {
		all += len(recipes(t, of[0], of[1]))
	}
	assert.Equal(t, strings.Count(text, "\n```")/2, all)
}

// deployment is what the recipes have: a server that lets the key of the secrets in,
// and a folder with known_hosts.
type deployment struct {
	workspace string
	env       []string
	ppk       string // the key, encrypted
}

func newDeployment(t *testing.T) *deployment {
	t.Helper()
	server := startSSHD(t, authorize(t, keytest.Read(t, "twins", "ed25519.pub")))
	d := &deployment{workspace: t.TempDir(), ppk: string(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"))}
	host := textOf(t, filepath.Join(server.dir, "host.pub"))
	keytest.WriteFile(t, d.workspace, "known_hosts", []byte("server.example.com "+host))
	// The name, port and user of the recipes are those of the server here.
	me, err := user.Current()
	require.NoError(t, err)
	bin := t.TempDir()
	keytest.WriteFile(t, bin, "ssh", fmt.Appendf(nil, "#!/bin/sh\nexec %s -F /dev/null -o HostName=127.0.0.1 -o HostKeyAlias=server.example.com "+
		"-o Port=%s -o User=%s -o IdentityAgent=none -o IdentitiesOnly=yes -o BatchMode=yes \"$@\"\n", keytest.Tool(t, "ssh"), server.port, me.Username))
	require.NoError(t, os.Chmod(filepath.Join(bin, "ssh"), 0o700))
	d.env = []string{
		"PATH=" + bin + ":" + filepath.Dir(keytest.Command(t)) + ":" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LC_ALL=C.UTF-8",
		"DEPLOY_KEY=" + d.ppk, "DEPLOY_PASSPHRASE=" + keytest.Passphrase,
		"DEPLOY_FINGERPRINT=SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM",
	}
	return d
}

// bash runs a script as the runners do, with some more variables.
func (d *deployment) bash(t *testing.T, script string, env ...string) keytest.Outcome {
	t.Helper()
	return runWith(t, d.workspace, append(d.env, env...), "bash", "-eo", "pipefail", "-c", script)
}

// year is what "date" printed on the server.
var year = regexp.MustCompile(`\b20[0-9]{2}\b`)

func TestShellRecipes(t *testing.T) {
	d := newDeployment(t)
	require.NoError(t, os.Mkdir(filepath.Join(d.workspace, "secrets"), 0o755))
	keytest.WriteFile(t, d.workspace, "secrets/deploy.ppk", []byte(d.ppk))
	keytest.WriteFile(t, d.workspace, "secrets/passphrase", []byte(keytest.Passphrase+"\n"))
	for i, script := range recipes(t, "shell", "bash") {
		got := d.bash(t, script)
		assert.Zero(t, got.Code, "%s%s", script, got.Stderr)
		assert.Equal(t, strings.Contains(script, "ssh -i"), year.MatchString(got.Stdout), script)
		assert.NotContains(t, got.Stdout+got.Stderr, keytest.Passphrase)
		if i == 1 {
			assertReasons(t, d, script)
		}
	}
}

// assertReasons: the recipe that looks at the exit code tells the reasons apart.
func assertReasons(t *testing.T, d *deployment, script string) {
	t.Helper()
	got := d.bash(t, script, "DEPLOY_KEY=")
	assert.Zero(t, got.Code)
	assert.Contains(t, got.Stdout, "no deploy key")
	got = d.bash(t, script, "DEPLOY_FINGERPRINT=SHA256:C44HgJpzL7ID1ZcPtenGHpqpMqcGHo4DDoGTReS6GWI")
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stdout, "the deploy key was changed")
	got = d.bash(t, script, "DEPLOY_PASSPHRASE="+keytest.WrongPassphrase)
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "wrong passphrase")
}

// TestGitHubRecipe runs the workflow: the steps that use the action with its steps,
// and those with a script.
func TestGitHubRecipe(t *testing.T) {
	var workflow struct {
		Jobs map[string]struct{ Steps []step }
	}
	require.NoError(t, yaml.Unmarshal([]byte(recipes(t, "github", "yaml")[0]), &workflow))
	d, r, a := newDeployment(t), newRunner(t), readAction(t)
	r.workspace, r.paths = d.workspace, strings.Split(strings.TrimPrefix(d.env[0], "PATH="), ":")
	values := map[string]string{
		"secrets.DEPLOY_KEY":        base64.StdEncoding.EncodeToString([]byte(d.ppk)),
		"secrets.DEPLOY_PASSPHRASE": keytest.Passphrase,
	}
	used, ran := 0, 0
	for _, s := range workflow.Jobs["deploy"].Steps {
		switch {
		case strings.HasPrefix(s.Uses, "keyconv/keyconv@"):
			used++
			with := map[string]string{}
			for name, value := range s.With {
				with[name] = evaluate(t, value, values)
			}
			got, outputs := r.use(t, a, with)
			require.Zero(t, got.Code, got.Stdout+got.Stderr)
			for name, value := range outputs {
				values["steps."+s.ID+".outputs."+name] = value
			}
		case s.Run != "":
			ran++
			got := r.run(t, s, values)
			assert.Zero(t, got.Code, got.Stderr)
			assert.Regexp(t, year, got.Stdout)
		default:
			assert.Regexp(t, `^actions/checkout@`, s.Uses)
		}
	}
	assert.Equal(t, []int{1, 1}, []int{used, ran})
	assert.Equal(t, r.temp+"/keyconv", r.paths[len(r.paths)-1], "later steps have the command")
}

func TestGitLabRecipe(t *testing.T) {
	var pipeline map[string]struct {
		Script      []string
		AfterScript []string `yaml:"after_script"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(recipes(t, "gitlab", "yaml")[0]), &pipeline))
	d := newDeployment(t)
	// A variable of the type "File" has no line end behind the last line.
	file := keytest.WriteFile(t, t.TempDir(), "DEPLOY_KEY_FILE", []byte(strings.TrimSpace(d.ppk)))
	job := pipeline["deploy"]
	got := d.bash(t, strings.Join(job.Script, "\n"), "DEPLOY_KEY_FILE="+file, "DEPLOY_KEY="+base64.StdEncoding.EncodeToString([]byte(d.ppk)))
	assert.Zero(t, got.Code, got.Stderr)
	assert.Len(t, year.FindAllString(got.Stdout, -1), 2, "two logins")
	assert.NotContains(t, got.Stdout+got.Stderr, keytest.Passphrase)
	require.FileExists(t, filepath.Join(d.workspace, "id_deploy"))
	got = d.bash(t, strings.Join(job.AfterScript, "\n"))
	assert.Zero(t, got.Code, got.Stderr)
	entries, err := os.ReadDir(d.workspace)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "known_hosts alone is left")
}

// TestAnsibleRecipe runs the playbook on this machine, twice: the second time the key
// is there already.
func TestAnsibleRecipe(t *testing.T) {
	keytest.Tool(t, "ansible-playbook")
	dir := t.TempDir()
	keytest.WriteFile(t, dir, "play.yml", []byte(recipes(t, "ansible", "yaml")[0]))
	key := filepath.Join(dir, "id_deploy")
	play := func(secret string) keytest.Outcome {
		vars, err := json.Marshal(map[string]string{"vault_deploy_key": secret, "key_file": key})
		require.NoError(t, err)
		keytest.WriteFile(t, dir, "vars.json", vars)
		env := []string{"PATH=" + filepath.Dir(keytest.Command(t)) + ":" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C.UTF-8", "ANSIBLE_NOCOLOR=1", "ANSIBLE_REMOTE_TEMP=" + dir}
		return runWith(t, dir, env, "ansible-playbook", "-vvv", "-c", "local", "-i", "web,", "-e", "@vars.json", "play.yml")
	}
	secret := string(keytest.Read(t, "twins", "ed25519.pkcs8.pem"))
	public, _, _ := strings.Cut(string(keytest.Read(t, "twins", "ed25519.pub")), " ed25519 twin")
	plays := 2
	if keytest.Sampled() { // each takes Ansible a second
		plays = 1
	} else {
		got := play(string(keytest.Read(t, "twins", "rsa2048.pub")))
		assert.NotZero(t, got.Code)
		assert.Contains(t, got.Stdout, "this is an OpenSSH public key, not a private key that can be read", got.Stdout)
	}
	for range plays {
		got := play(secret)
		assert.Zero(t, got.Code, got.Stdout+got.Stderr)
		assert.Contains(t, got.Stdout, public)
		for _, piece := range keytest.SecretPieces(secret) {
			assert.NotContains(t, got.Stdout+got.Stderr, piece)
		}
	}
	assert.Contains(t, textOf(t, key), "OPENSSH PRIVATE KEY")
}

// TestTerraformRecipe runs the program of the data source by Terraform's protocol: an
// object of strings on standard input and output.
func TestTerraformRecipe(t *testing.T) {
	block, program := recipes(t, "terraform", "hcl")[0], recipes(t, "terraform", "bash")[0]
	dir := t.TempDir()
	keytest.WriteFile(t, dir, "public-key.sh", []byte(program))
	keytest.CopyInto(t, dir, map[string]string{"deploy.ppk": "twins/ed25519.v3.enc.ppk"})
	query := regexp.MustCompile(`query += \{ (\w+) = "\$\{path\.module\}/(\S+)" \}`).FindStringSubmatch(block)
	require.NotNil(t, query)
	input, err := json.Marshal(map[string]string{query[1]: filepath.Join(dir, query[2])})
	require.NoError(t, err)
	assert.Contains(t, block, `["bash", "${path.module}/public-key.sh"]`)
	got := keytest.RunDetached(t, dir, string(input), keytest.Tool(t, "bash"), filepath.Join(dir, "public-key.sh"))
	require.Zero(t, got.Code, got.Stderr)
	var result map[string]string
	require.NoError(t, json.Unmarshal([]byte(got.Stdout), &result))
	assert.Equal(t, "ssh-ed25519", result["type"])
	wanted := regexp.MustCompile(`deploy_key\.result\.(\w+)`).FindAllStringSubmatch(block, -1)
	require.Len(t, wanted, 2)
	for _, m := range wanted {
		assert.NotEmpty(t, result[m[1]], m[1])
	}
	got = keytest.RunDetached(t, dir, `{"file":"missing.ppk"}`, keytest.Tool(t, "bash"), filepath.Join(dir, "public-key.sh"))
	assert.Equal(t, 1, got.Code)
	assert.Empty(t, got.Stdout)
	assert.Contains(t, got.Stderr, "missing.ppk: no such file or directory")
}
