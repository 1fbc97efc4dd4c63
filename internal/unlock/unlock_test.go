package unlock

import (
	"context"
	"testing"

	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPassphrasesAreCleared at the end of a run, whatever way they came.
func TestPassphrasesAreCleared(t *testing.T) {
	given := &Given{Name: "a test", Read: func(context.Context) (passphrase.Text, error) { return passphrase.Text{Bytes: []byte("given")}, nil }}
	k := &Keyring{Options: Options{Given: given}}
	text, err := given.read(t.Context())
	require.NoError(t, err)
	p := text.Bytes
	require.Equal(t, "given", string(p))
	again, err := given.read(t.Context())
	require.NoError(t, err)
	assert.Same(t, &p[0], &again.Bytes[0], "read once")

	old, fresh := []byte("typed"), []byte("typed new")
	(&Turn{Keys: k, Name: "key"}).remember(&typed{passphrase: old})
	k.newOne = fresh
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	k.Clear(ctx)
	assert.Equal(t, "given", string(p), "work that was abandoned may still read it")
	k.Clear(t.Context())
	for _, secret := range [][]byte{p, old, fresh} {
		assert.Equal(t, make([]byte, len(secret)), secret)
	}
}
