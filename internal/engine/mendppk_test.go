package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// TestShortLineOfPPK: a line of an encrypted .ppk that lost a letter is an error in that line,
// and not other text that can be left out, as a line between those of the key is.
func TestShortLineOfPPK(t *testing.T) {
	lines := strings.Split(string(keytest.Read(t, "corpus", "generated", "rsa1024.v2.enc.ppk")), "\n")
	at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Private-Lines:") }) + 3
	other := slices.Insert(slices.Clone(lines), at, "--More--")
	_, err := engine.OpenMended(engine.Mend([]byte(strings.Join(other, "\n"))), 0, engine.Limits{})
	require.NoError(t, err)

	require.Len(t, strings.TrimSpace(lines[at]), 64)
	lines[at] = strings.TrimSpace(lines[at])[1:]
	_, err = engine.OpenMended(engine.Mend([]byte(strings.Join(lines, "\n"))), 0, engine.Limits{})
	var syntax *sshkey.SyntaxError
	require.ErrorAs(t, err, &syntax)
	require.Equal(t, at+1, syntax.Line)
}
