package login

import (
	"slices"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSessionProgramsHaveVerdicts: without one every key would be converted, or refused,
// though the program opens it.
func TestSessionProgramsHaveVerdicts(t *testing.T) {
	for _, p := range session.Programs {
		opened := 0
		for _, twin := range keytest.Twins(t) {
			f, err := engine.Open(twin.Data, engine.Limits{})
			if err != nil || !f.Private {
				continue
			}
			verdicts := engine.InspectFile(f, twin.Data).Programs
			at := slices.IndexFunc(verdicts, func(v engine.Verdict) bool { return v.ID == p.Verdict })
			require.GreaterOrEqual(t, at, 0, "%s has no row of verdicts", p.Name)
			assert.NotEqual(t, engine.NotKnown, verdicts[at].Answer, "%s of %s", p.Name, twin.Name)
			if opensAsIs(p, f, twin.Data) {
				opened++
			}
		}
		assert.Greater(t, opened, 5, p.Name)
	}
}
