package rawkey_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOneProof counts: what is read is proved once. What was written is proved once by its
// package and, where it is not encrypted, once by the engine, which trusts no writer. A .ppk is
// proved before its key derivation too.
func TestOneProof(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		source := kt.New(t)
		pub, err := source.Public()
		require.NoError(t, err)
		for _, format := range engine.Formats() {
			if !format.About().Private || format.CheckType(pub.Type()) != nil {
				continue
			}
			n := rawkey.CountProofs(t)
			data, err := engine.Marshal(source, format, nil)
			if errors.Is(err, errors.ErrUnsupported) {
				continue // DSA in Dropbear's form has other sizes
			}
			require.NoError(t, err)
			assert.LessOrEqual(t, n.Load(), int64(2), "%s written as %s", kt.Name, format)
			n.Store(0)
			key, err := engine.Parse(data, nil)
			require.NoError(t, err)
			assert.EqualValues(t, 1, n.Load(), "%s read as %s", kt.Name, format)
			n.Store(0)
			_, _ = key.Public()
			_ = key.String()
			_ = key.Equal(source)
			assert.Zero(t, n.Load(), "what was proved is not proved again")
			if format.About().Encrypts {
				_, _, err = engine.MarshalFile(key, []byte(keytest.Passphrase), format, cheap[format])
				require.NoError(t, err)
				assert.LessOrEqual(t, n.Load(), int64(2), "%s encrypted as %s", kt.Name, format)
			}
		}
	}
}

// cheap are options that make an encrypted file quick to write.
var cheap = map[engine.Format]*engine.Options{
	engine.PPK:     {Memory: 64, Rounds: 1, Parallelism: 1},
	engine.PKCS8:   {Rounds: 1000},
	engine.OpenSSH: {Rounds: 4},
}

// TestCheckPublic: only the public half of the key itself passes, of any type.
func TestCheckPublic(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		key, other := kt.New(t), keytest.Type(t, "ed25519").New(t)
		pub, err := key.Public()
		require.NoError(t, err)
		assert.NoError(t, rawkey.CheckPublic(key.Private, pub), kt.Name)
		again, err := kt.New(t).Public()
		require.NoError(t, err)
		foreign, err := other.Public()
		require.NoError(t, err)
		if !bytes.Equal(again.Marshal(), pub.Marshal()) { // a pool has one key of a slow type
			assert.ErrorContains(t, rawkey.CheckPublic(key.Private, again), "belongs to another private key", kt.Name)
		}
		assert.ErrorContains(t, rawkey.CheckPublic(key.Private, foreign), "belongs to another private key", kt.Name)
	}
}
