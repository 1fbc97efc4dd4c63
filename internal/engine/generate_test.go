package engine_test

import (
	"crypto/rsa"
	"errors"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGenerate(t *testing.T) {
	assert.Equal(t, []string{"ed25519", "ed448", "ecdsa", "rsa", "dsa", "mldsa44-ed25519"}, engine.KeyTypes())
	again := map[string]bool{}
	for _, test := range []struct {
		keyType string
		bits    int
		want    string
		size    int
	}{
		{"ed25519", 0, "ssh-ed25519", 256},
		{"ed25519", 256, "ssh-ed25519", 256},
		{"ed448", 0, "ssh-ed448", 448},
		{"ecdsa", 0, "ecdsa-sha2-nistp256", 256},
		{"ecdsa", 384, "ecdsa-sha2-nistp384", 384},
		{"ecdsa", 521, "ecdsa-sha2-nistp521", 521},
		{"rsa", 2048, "ssh-rsa", 2048},
		{"rsa", 2056, "ssh-rsa", 2056},
		{"rsa", 0, "ssh-rsa", 3072},
		{"dsa", 0, "ssh-dss", 1024},
		{"dsa", 2048, "ssh-dss", 2048},
		{"mldsa44-ed25519", 0, "ssh-mldsa44-ed25519", 256},
	} {
		if keytest.Sampled() && (test.size > 2048 || test.keyType == "dsa" && test.size == 2048) {
			continue // it takes seconds
		}
		key, err := engine.Generate(test.keyType, test.bits)
		require.NoError(t, err, test)
		pub, err := key.Public()
		require.NoError(t, err)
		assert.Equal(t, test.want, pub.Type())
		assert.Equal(t, test.size, rawkey.Bits(pub), test)
		assert.Empty(t, key.Comment)
		require.NoError(t, key.Validate())
		if !again[test.keyType] {
			again[test.keyType] = true
			other, err := engine.Generate(test.keyType, test.bits)
			require.NoError(t, err)
			assert.False(t, key.Equal(other), "the same key twice")
		}
		if test.keyType != "mldsa44-ed25519" { // which PuTTY does not have
			requireReadByPuttygen(t, key)
		}
	}
}

// requireReadByPuttygen also makes sure that RSA comes back byte for byte.
func requireReadByPuttygen(t *testing.T, key *sshkey.Key) {
	t.Helper()
	data := marshal(t, key, engine.PPK, false)
	assert.Equal(t, fingerprintOf(t, key), readByPuttygen(t, data, false))
	if private, ok := key.Private.(*rsa.PrivateKey); ok {
		assert.Positive(t, private.Primes[0].Cmp(private.Primes[1]), "p is not the larger prime")
		assert.Equal(t, 65537, private.E)
		pem := marshal(t, key, engine.PEM, false)
		assert.Equal(t, pem, marshal(t, mustParse(t, data), engine.PEM, false))
	}
}

func TestGenerateRefuses(t *testing.T) {
	for _, test := range []struct {
		keyType string
		bits    int
	}{
		{"", 0}, {"dsa", 512}, {"rsa1", 0}, {"RSA", 0}, {"ecdsa", 255}, {"ecdsa", 224}, {"ed25519", 255}, {"ed25519", 448},
		{"ed448", 256}, {"rsa", 1024}, {"rsa", 2047}, {"rsa", 8193}, {"rsa", -1},
		{"mldsa44-ed25519", 44}, {"mldsa44-ed25519-experimental", 0}, {"ed25519-sk", 0},
	} {
		_, err := engine.Generate(test.keyType, test.bits)
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError), test)
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
}
