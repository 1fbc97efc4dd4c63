package rawkey_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestChecksOfOneConversion counts: what is read is checked once, what was written is
// checked once by its package and once by the engine, which trusts no writer.
func TestChecksOfOneConversion(t *testing.T) {
	source := keytest.Type(t, "rsa2048").New(t)
	for _, from := range engine.Formats() {
		if !from.Holds().Private {
			continue
		}
		data, err := engine.Marshal(source, from, nil)
		require.NoError(t, err)
		for _, to := range engine.Formats() {
			for _, encrypted := range []bool{false, true} {
				if encrypted && !to.Encrypts() {
					continue
				}
				n := rawkey.CountChecks(t)
				key, err := engine.Parse(data, nil)
				require.NoError(t, err)
				if encrypted {
					_, _, err = engine.MarshalFileWithPassphrase(key, []byte(keytest.Passphrase), to, cheap[to])
				} else {
					_, _, err = engine.MarshalFile(key, to, nil)
				}
				require.NoError(t, err)
				assert.LessOrEqual(t, n.Load(), int64(3), "%s to %s, encrypted: %v", from, to, encrypted)
				assert.Positive(t, n.Load())
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
