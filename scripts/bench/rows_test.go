//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDocumentHasTheGoals(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	document, err := os.ReadFile(filepath.Join("docs", "performance.md"))
	require.NoError(t, err)
	all, err := rows()
	require.NoError(t, err)
	for _, r := range all {
		line := fmt.Sprintf("| %s | ", r.what)
		for _, cell := range []string{r.beside, r.goalText()} {
			if cell != "" {
				line += cell + " "
			}
			line += "| "
		}
		assert.Contains(t, string(document), line[:len(line)-1]+"\n")
	}
}

func TestMissed(t *testing.T) {
	most, least, none := row{goal: 2}, row{goal: 40, atLeast: true}, row{}
	assert.False(t, most.missed(2.15))
	assert.True(t, most.missed(2.25))
	assert.False(t, least.missed(37))
	assert.True(t, least.missed(35))
	assert.False(t, none.missed(1000))
}
