package convert

import (
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKDFOptions(t *testing.T) {
	for _, test := range []struct {
		kdf       KDF
		format    engine.Format
		encrypted bool
		want      engine.Options
		refused   bool
	}{
		{format: engine.PPK},
		{format: engine.PPK, encrypted: true},
		{format: engine.PEM, encrypted: true},
		{kdf: KDF{Name: "argon2i"}, format: engine.PPK, encrypted: true, want: engine.Options{KDF: "argon2i"}},
		{kdf: KDF{Memory: 9, Passes: 8, Parallelism: 7}, format: engine.PPK, encrypted: true, want: engine.Options{Memory: 9, Rounds: 8, Parallelism: 7}},
		{kdf: KDF{Rounds: 9}, format: engine.OpenSSH, encrypted: true, want: engine.Options{Rounds: 9}},
		{kdf: KDF{Rounds: 9}, format: engine.PKCS8, encrypted: true, want: engine.Options{Rounds: 9}},
		{kdf: KDF{Name: "scrypt", Memory: 9}, format: engine.PKCS8, encrypted: true, want: engine.Options{KDF: "scrypt", Memory: 9}},
		{kdf: KDF{Passes: 9}, format: engine.PPK, refused: true},
		{kdf: KDF{Passes: 9}, format: engine.PPK2, encrypted: true, refused: true},
		{kdf: KDF{Name: "bcrypt"}, format: engine.PPK, encrypted: true, refused: true},
		{kdf: KDF{Rounds: 9}, format: engine.PPK, encrypted: true, refused: true},
		{kdf: KDF{Passes: 9}, format: engine.OpenSSH, encrypted: true, refused: true},
		{kdf: KDF{Memory: 9}, format: engine.PKCS8, encrypted: true, refused: true},
		{kdf: KDF{Name: "scrypt", Rounds: 9}, format: engine.PKCS8, encrypted: true, refused: true},
		{kdf: KDF{Rounds: 9}, format: engine.SSHCom, encrypted: true, refused: true},
	} {
		got, err := test.kdf.Options(test.format, test.encrypted)
		if test.refused {
			require.Error(t, err, "%+v", test)
			assert.Equal(t, fault.Usage, fault.ExitCode(err))
			continue
		}
		require.NoError(t, err, "%+v", test)
		assert.Equal(t, test.want, *got)
	}
}

// TestEveryCostHasAnOption: each cost of a key derivation can be chosen, and no other.
func TestEveryCostHasAnOption(t *testing.T) {
	seen := 0
	for _, format := range engine.Formats() {
		for _, k := range format.KDFs() {
			seen++
			passes := k.RoundsAre == "passes"
			for _, test := range []struct {
				kdf KDF
				has bool
			}{
				{KDF{Name: k.Name, Memory: 2}, k.Memory > 0},
				{KDF{Name: k.Name, Passes: 2}, passes},
				{KDF{Name: k.Name, Parallelism: 2}, k.Parallelism > 0},
				{KDF{Name: k.Name, Rounds: 2}, k.Rounds > 0 && !passes},
			} {
				_, err := test.kdf.Options(format, true)
				assert.Equal(t, test.has, err == nil, "%+v of %s: %v", test.kdf, format, err)
			}
		}
	}
	assert.GreaterOrEqual(t, seen, 6)
}
