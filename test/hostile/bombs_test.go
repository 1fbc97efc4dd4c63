package hostile

import (
	"errors"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKDFBombs: a file that asks for more than the limits is refused before any key is
// derived, also after mending. None may be read as another file.
func TestKDFBombs(t *testing.T) {
	bombs := keytest.Bombs()
	require.Greater(t, len(bombs), 25)
	for _, bomb := range bombs {
		for name, data := range map[string][]byte{
			"as it is": bomb.Data, "quoted": quoted(bomb.Data), "without its end": bomb.Data[:len(bomb.Data)-20],
		} {
			l := budget.Metered(engine.Limits{})
			f, err := engine.OpenMended(engine.MendLimits(data, l), 0, l)
			require.Error(t, err, "%s, %s: %v", bomb.Name, name, f)
			if name == "as it is" {
				isLimit := errors.As(err, new(*sshkey.LimitError)) || errors.Is(err, errors.ErrUnsupported)
				assert.True(t, isLimit, "%s: %v", bomb.Name, err)
			}
			reading, deriving := budget.Spent(l)
			assert.Zero(t, deriving, "%s, %s", bomb.Name, name)
			assert.Less(t, reading, uint64(20_000_000), "%s, %s", bomb.Name, name)
		}
	}
}

// quoted returns a text as it is quoted in the reply to a mail.
func quoted(text []byte) []byte {
	out := []byte("> ")
	for _, c := range text {
		if out = append(out, c); c == '\n' {
			out = append(out, "> "...)
		}
	}
	return out
}
