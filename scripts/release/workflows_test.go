package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
		Permissions any `yaml:"permissions"`
		Timeout     int `yaml:"timeout-minutes"`
		Steps       []struct {
			Run string `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

var (
	usesLine   = regexp.MustCompile(`(?m)^\s*(?:- )?uses:\s*(.*)$`)
	pinned     = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	expression = regexp.MustCompile(`\$\{\{`)
	secret     = regexp.MustCompile(`\bsecrets\b|\bGITHUB_TOKEN\b|github\.token|pull_request_target`)
)

// workflowFaults returns what would let foreign code, or a stolen token, write.
func workflowFaults(t *testing.T, text []byte) []string {
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
		if job.Permissions != nil {
			faults = append(faults, name+" has its own permissions")
		}
		if job.Timeout == 0 {
			faults = append(faults, name+" has no timeout")
		}
		for _, step := range job.Steps {
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
	require.GreaterOrEqual(t, len(names), 2)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Regexp(t, usesLine, string(text), name)
		assert.Empty(t, workflowFaults(t, text), name)
	}
}

// TestWorkflowFaults: the check above can fail.
func TestWorkflowFaults(t *testing.T) {
	faults := workflowFaults(t, []byte(`
permissions:
  contents: write
jobs:
  a:
    permissions: write-all
    steps:
      - uses: actions/checkout@v6
      - name: named
        uses: actions/setup-go@7a3fe6cf4cb3a834922a1244abfce67bcef6a0c # v6.2.0
      - uses: docker://alpine
      - run: echo ${{ github.head_ref }} ${{ secrets.TOKEN }}
`))
	assert.Equal(t, []string{
		"not pinned to a commit: actions/checkout@v6",
		"not pinned to a commit: actions/setup-go@7a3fe6cf4cb3a834922a1244abfce67bcef6a0c # v6.2.0",
		"not pinned to a commit: docker://alpine",
		"the token may do more than read", "no concurrency", "uses secrets",
		"a has its own permissions", "a has no timeout", "a puts an expression into a script, where its text is code",
	}, faults)
}
