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

// TestOneOfAPairIsEnough: the batch has two goals, of which one is enough, whichever is met.
func TestOneOfAPairIsEnough(t *testing.T) {
	rate, time := row{what: batchOf + ", rate", goal: 40, atLeast: true}, row{what: batchOf + ", time", goal: 1.3}
	for _, test := range []struct {
		rate, time float64
		want       []string
	}{{50, 1.1, nil}, {17.7, 1.1, nil}, {50, 2, nil}, {17.7, 2, []string{batchOf}}} {
		var s results
		s.judge(rate, test.rate)
		s.judge(time, test.time)
		assert.ElementsMatch(t, test.want, s.missed(), test)
	}
	var s results
	assert.Equal(t, ", MISSED", s.judge(row{what: "alone", goal: 1}, 2))
	assert.Equal(t, []string{"alone"}, s.missed())
	s.judge(row{what: jobsOf + ", rate", goal: 1.9, atLeast: true}, 1.6)
	s.judge(row{what: jobsOf + ", rate beside two processes", goal: 1, atLeast: true}, 0.97)
	assert.Equal(t, []string{"alone"}, s.missed())
}
