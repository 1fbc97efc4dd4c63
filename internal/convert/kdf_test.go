package convert

import (
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKDFOptions(t *testing.T) {
	for _, test := range []struct {
		kdf       KDF
		format    keyconv.Format
		encrypted bool
		want      keyconv.Options
		refused   bool
	}{
		{format: keyconv.PPK},
		{format: keyconv.PPK, encrypted: true},
		{format: keyconv.PEM, encrypted: true},
		{kdf: KDF{Name: "argon2i"}, format: keyconv.PPK, encrypted: true, want: keyconv.Options{KDF: "argon2i"}},
		{kdf: KDF{Memory: 9, Passes: 8, Parallelism: 7}, format: keyconv.PPK, encrypted: true, want: keyconv.Options{Memory: 9, Rounds: 8, Parallelism: 7}},
		{kdf: KDF{Rounds: 9}, format: keyconv.OpenSSH, encrypted: true, want: keyconv.Options{Rounds: 9}},
		{kdf: KDF{Rounds: 9}, format: keyconv.PKCS8, encrypted: true, want: keyconv.Options{Rounds: 9}},
		{kdf: KDF{Name: "scrypt", Memory: 9}, format: keyconv.PKCS8, encrypted: true, want: keyconv.Options{KDF: "scrypt", Memory: 9}},
		{kdf: KDF{Passes: 9}, format: keyconv.PPK, refused: true},
		{kdf: KDF{Passes: 9}, format: keyconv.PPK2, encrypted: true, refused: true},
		{kdf: KDF{Name: "bcrypt"}, format: keyconv.PPK, encrypted: true, refused: true},
		{kdf: KDF{Rounds: 9}, format: keyconv.PPK, encrypted: true, refused: true},
		{kdf: KDF{Passes: 9}, format: keyconv.OpenSSH, encrypted: true, refused: true},
		{kdf: KDF{Memory: 9}, format: keyconv.PKCS8, encrypted: true, refused: true},
		{kdf: KDF{Name: "scrypt", Rounds: 9}, format: keyconv.PKCS8, encrypted: true, refused: true},
		{kdf: KDF{Rounds: 9}, format: keyconv.SSHCom, encrypted: true, refused: true},
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

// TestDerivationsHaveCosts: each key derivation that a format has must say which
// costs it takes.
func TestDerivationsHaveCosts(t *testing.T) {
	for format, names := range derivations {
		for _, name := range names {
			assert.NotEmpty(t, costs[name], "%s of %s", name, format)
		}
	}
}
