package engine_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/ppk"
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

// TestMissingLineOfPPK: an encrypted .ppk that lost a whole line is damaged, whatever the
// passphrase. One whose line count is wrong, but not its lines, opens.
func TestMissingLineOfPPK(t *testing.T) {
	text := string(keytest.Read(t, "corpus", "generated", "rsa1024.v2.enc.ppk"))
	lines := strings.SplitAfter(text, "\n")
	first := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Private-Lines:") }) + 1
	last := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Private-MAC:") }) - 1
	for _, at := range []int{first, first + 2, last} {
		damaged := strings.Join(slices.Delete(slices.Clone(lines), at, at+1), "")
		for name, text := range map[string]string{"lines": damaged, "one line": strings.ReplaceAll(damaged, "\n", " ")} {
			f, err := engine.OpenMended(engine.Mend([]byte(text)), 0, engine.Limits{})
			require.NoError(t, err, name)
			require.True(t, slices.ContainsFunc(f.Repairs, func(r engine.Repair) bool { return r.Code == "ppk-count" }), name)
			putty := engine.InspectFile(f, []byte(text)).Programs[0]
			require.Equal(t, engine.Refuses, putty.Answer, name)
			require.Empty(t, putty.Advice, "repair does not bring a line back")
			_, err = f.Decrypt([]byte(keytest.Passphrase))
			require.ErrorAs(t, err, new(*sshkey.SyntaxError), name)
			require.ErrorContains(t, err, "a line of the key is missing, or the passphrase is wrong as well", name)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase, name)
		}
	}
	lines[first-1] = "Private-Lines: 99\n"
	f, err := engine.OpenMended(engine.Mend([]byte(strings.Join(lines, ""))), 0, engine.Limits{})
	require.NoError(t, err)
	_, err = f.Decrypt([]byte(keytest.Passphrase))
	require.NoError(t, err)
}

// TestPlusOfPPK: a .ppk in which each + became a space is what it was, with a + at the start and
// at the end of a line, and with its line ends lost too.
func TestPlusOfPPK(t *testing.T) {
	base64Line := regexp.MustCompile(`(?m)^[A-Za-z0-9+/]{4,64}={0,2}$`)
	for atStart, atEnd := false, false; !atStart || !atEnd; { // one line in 64 has one
		key := keytest.Type(t, "ecdsa521").New(t)
		text, err := ppk.MarshalWithPassphrase(key, []byte("p"), &ppk.Options{Version: 2})
		require.NoError(t, err)
		spaces := base64Line.ReplaceAllStringFunc(string(text), func(line string) string { return strings.ReplaceAll(line, "+", " ") })
		atStart, atEnd = atStart || strings.Contains(spaces, "\n "), atEnd || strings.Contains(spaces, " \n")
		for _, damaged := range []string{spaces, strings.ReplaceAll(spaces, "\n", "\r\n"), strings.ReplaceAll(spaces, "\n", " ")} {
			f, err := engine.OpenMended(engine.Mend([]byte(damaged)), 0, engine.Limits{})
			require.NoError(t, err, damaged)
			opened, err := f.Decrypt([]byte("p"))
			require.NoError(t, err, damaged)
			require.True(t, opened.Equal(key))
		}
	}
}
