package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// workflow is the part of a workflow of GitHub Actions that is read.
type workflow struct {
	Permissions map[string]string `yaml:"permissions"`
	Concurrency any               `yaml:"concurrency"`
	Jobs        map[string]struct {
		Permissions map[string]string `yaml:"permissions"`
		Timeout     int               `yaml:"timeout-minutes"`
		Steps       []struct {
			Run  string `yaml:"run"`
			Uses string `yaml:"uses"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// mayWrite has the jobs that may do more than read, and what that is. None can change the
// repository, its releases or packages.
var mayWrite = map[string]map[string]string{
	"release.yml/attest":   {"attestations": "write", "id-token": "write"},
	"codeql.yml/analyze":   {"contents": "read", "security-events": "write"},
	"weekly.yml/scorecard": {"actions": "read", "contents": "read", "security-events": "write"},
}

var (
	usesLine   = regexp.MustCompile(`(?m)^\s*(?:- )?uses:\s*(.*)$`)
	pinned     = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	expression = regexp.MustCompile(`\$\{\{`)
	secret     = regexp.MustCompile(`\bsecrets\b|\bGITHUB_TOKEN\b|github\.token|pull_request_target`)
)

// workflowFaults returns what would let foreign code, or a stolen token, write.
func workflowFaults(t *testing.T, file string, text []byte) []string {
	t.Helper()
	var w workflow
	require.NoError(t, yaml.Unmarshal(text, &w))
	var faults []string
	for _, m := range usesLine.FindAllSubmatch(text, -1) {
		if !pinned.Match(m[1]) {
			faults = append(faults, fmt.Sprintf("not pinned to a commit: %s", m[1]))
		}
	}
	if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
		faults = append(faults, "the token may do more than read")
	}
	if w.Concurrency == nil {
		faults = append(faults, "no concurrency")
	}
	if m := secret.Find(text); m != nil {
		faults = append(faults, fmt.Sprintf("uses %s", m))
	}
	for name, job := range w.Jobs {
		allowed := mayWrite[file+"/"+name]
		if job.Permissions != nil && !maps.Equal(job.Permissions, allowed) {
			faults = append(faults, name+" has its own permissions")
		}
		if job.Timeout == 0 {
			faults = append(faults, name+" has no timeout")
		}
		for _, step := range job.Steps {
			if allowed["id-token"] != "" && strings.HasPrefix(step.Uses, "actions/checkout@") {
				faults = append(faults, name+" speaks for the repository and has its code at hand")
			}
			if expression.MatchString(step.Run) {
				faults = append(faults, name+" puts an expression into a script, where its text is code")
			}
		}
	}
	return faults
}

func TestWorkflows(t *testing.T) {
	root := keytest.Root(t)
	names, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(names), 4)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Regexp(t, usesLine, string(text), name)
		assert.Empty(t, workflowFaults(t, filepath.Base(name), text), name)
	}
}

// TestTagIsAnArgument: a tag of any name starts nothing but the program that checks it.
func TestTagIsAnArgument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), ".github", "workflows", "release.yml"))
	require.NoError(t, err)
	var w workflow
	require.NoError(t, yaml.Unmarshal(text, &w))
	uses := 0
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			for line := range strings.Lines(step.Run) {
				if strings.Contains(line, "TAG") {
					uses++
					assert.Equal(t, `go run ./scripts/release -version "$TAG"`, strings.TrimSpace(line))
				}
				assert.NotRegexp(t, `\bmake\b`, line, "make expands what it is given")
			}
		}
	}
	assert.Equal(t, 2, uses)
}

// TestDependabot: the pins of actions and the modules are kept up to date.
func TestDependabot(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), ".github", "dependabot.yml"))
	require.NoError(t, err)
	var config struct {
		Version int
		Updates []struct {
			Ecosystem string `yaml:"package-ecosystem"`
			Directory string
			Schedule  struct{ Interval string }
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &config))
	assert.Equal(t, 2, config.Version)
	locks := map[string]string{"github-actions": "action.yml", "gomod": "go.sum", "npm": "package-lock.json"}
	for _, update := range config.Updates {
		require.NotEmpty(t, locks[update.Ecosystem], update.Ecosystem)
		assert.FileExists(t, filepath.Join(keytest.Root(t), update.Directory, locks[update.Ecosystem]), "it is where Dependabot looks")
		assert.Equal(t, "weekly", update.Schedule.Interval)
	}
	assert.Len(t, config.Updates, len(locks))
}

// TestWorkflowFaults: the check above can fail.
func TestWorkflowFaults(t *testing.T) {
	faults := workflowFaults(t, "release.yml", []byte(`
permissions:
  contents: write
jobs:
  a:
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v6
      - name: named
        uses: actions/setup-go@7a3fe6cf4cb3a834922a1244abfce67bcef6a0c # v6.2.0
      - uses: docker://alpine
      - run: echo ${{ github.head_ref }} ${{ secrets.TOKEN }}
  attest:
    timeout-minutes: 1
    permissions:
      attestations: write
      id-token: write
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
`))
	assert.ElementsMatch(t, []string{
		"not pinned to a commit: actions/checkout@v6",
		"not pinned to a commit: actions/setup-go@7a3fe6cf4cb3a834922a1244abfce67bcef6a0c # v6.2.0",
		"not pinned to a commit: docker://alpine",
		"the token may do more than read", "no concurrency", "uses secrets",
		"a has its own permissions", "a has no timeout", "a puts an expression into a script, where its text is code",
		"attest speaks for the repository and has its code at hand",
	}, faults)
}
