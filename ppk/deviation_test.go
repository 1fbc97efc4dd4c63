package ppk

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSeedAsNumber: a seed as picky writes it, with a zero before a first bit of 1 and
// without the zeros that it begins with.
func TestSeedAsNumber(t *testing.T) {
	for _, first := range []byte{0x00, 0x7f, 0x80, 0xff} {
		for _, name := range []string{"ed25519", "ed448"} {
			seed := make([]byte, map[string]int{"ed25519": 32, "ed448": 57}[name])
			seed[0], seed[1], seed[len(seed)-1] = first, 0x7f, 0x80
			key := keytest.Type(t, name).New(t)
			var err error
			if name == "ed25519" {
				key.Private, err = rawkey.NewEd25519(nil, seed)
			} else {
				key.Private, err = rawkey.NewEd448(nil, seed)
			}
			require.NoError(t, err)
			data, err := Marshal(key, nil)
			require.NoError(t, err)
			f := decoded(t, data)
			number := seed
			switch {
			case first == 0:
				number = seed[1:]
			case first >= 0x80:
				number = append([]byte{0}, seed...)
			}
			f.private = wire.AppendString(nil, number)
			f.mac = f.computeMAC(plainKeys(f.Version).mac, f.private)
			got, err := Parse(f.encode())
			require.NoError(t, err)
			requireSameKey(t, key, got)
			assert.Equal(t, first != 0x7f, len(got.Deviations) == 1, "%x", first)
		}
	}
}
