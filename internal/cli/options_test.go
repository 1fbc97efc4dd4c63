package cli

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/stretchr/testify/assert"
)

// TestAllKDFs: the help has the key derivations of all formats, as the engine has them.
func TestAllKDFs(t *testing.T) {
	var all []string
	for _, format := range engine.Formats() {
		if names := convert.KDFNames(format); len(names) > 0 {
			all = append(all, strings.Join(names, ", ")+" ("+string(format)+")")
		}
	}
	assert.Equal(t, strings.Join(all, ", "), allKDFs)
}
