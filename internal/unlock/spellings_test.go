package unlock

import (
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSpellingsStayInTheBudget: the spellings of a passphrase are tried as often as the
// work for one passphrase allows, and no further.
func TestSpellingsStayInTheBudget(t *testing.T) {
	key, err := engine.Parse(keytest.Read(t, "twins", "ed25519.v3.ppk"), nil)
	require.NoError(t, err)
	data, err := engine.MarshalWithPassphrase(key, []byte("w\xf6rt"), engine.PPK, nil) // as Windows typed it
	require.NoError(t, err)
	one := budget.DerivationSteps(8192*21, sshkey.MaxArgon2Work) // what MarshalWithPassphrase asks for
	for name, tt := range map[string]struct {
		work uint64
		want error
	}{
		"by default":     {0, nil},
		"one derivation": {one + 1, sshkey.ErrIncorrectPassphrase},
		"all of them":    {9*one + 9, nil},
	} {
		f, err := engine.Open(data, engine.Limits{PassphraseWork: tt.work})
		require.NoError(t, err, name)
		turn := &Turn{Keys: &Keyring{}, Name: "key", Note: ignore}
		_, _, err = turn.decryptSpelled(t.Context(), f, passphrase.Text{Bytes: []byte("w\u00f6rt")})
		assert.ErrorIs(t, err, tt.want, name)
	}
}
