package cli

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

// TestQuietEverywhere: a script can add -q to every command that does something.
func TestQuietEverywhere(t *testing.T) {
	root := Root()
	commands := 0
	forEachCommand(root, func(cmd *cobra.Command) {
		if name := cmd.Name(); slices.Contains([]string{"version", "help", "completion"}, name) {
			return
		}
		commands++
		assert.NotNil(t, cmd.Flags().ShorthandLookup("q"), cmd.Name())
	})
	assert.GreaterOrEqual(t, commands, 9)
}
