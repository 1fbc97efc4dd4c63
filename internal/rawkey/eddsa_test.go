package rawkey_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// edwards is what Ed25519 and Ed448 have in common; a key is its seed and then its
// public half.
type edwards struct {
	name   string
	size   int // of the seed and of the public half
	make   func(public, seed []byte) ([]byte, error)
	key    func(k []byte) *sshkey.Key
	random func(t *testing.T) []byte
}

var edwardsTypes = []edwards{
	{
		"Ed25519", 32,
		func(public, seed []byte) ([]byte, error) { return rawkey.NewEd25519(public, seed) },
		func(k []byte) *sshkey.Key { return &sshkey.Key{Private: ed25519.PrivateKey(k)} },
		func(t *testing.T) []byte {
			return keytest.Type(t, "ed25519").New(t).Private.(ed25519.PrivateKey)
		},
	},
	{
		"Ed448", 57,
		func(public, seed []byte) ([]byte, error) { return rawkey.NewEd448(public, seed) },
		func(k []byte) *sshkey.Key { return &sshkey.Key{Private: ed448.PrivateKey(k)} },
		func(t *testing.T) []byte {
			return keytest.Type(t, "ed448").New(t).Private.(ed448.PrivateKey)
		},
	},
}

func TestNewEdwards(t *testing.T) {
	for _, tt := range edwardsTypes {
		t.Run(tt.name, func(t *testing.T) {
			k := tt.random(t)
			seed, public := k[:tt.size], k[tt.size:]
			for name, half := range map[string][]byte{"given": public, "computed": nil} {
				got, err := tt.make(half, seed)
				require.NoError(t, err, name)
				assert.Equal(t, k, got, name)
			}
			for name, half := range map[string][]byte{
				"another": tt.random(t)[tt.size:], "short": public[1:], "long": append(bytes.Clone(public), 0), "empty": {},
			} {
				_, err := tt.make(half, seed)
				require.ErrorContains(t, err, tt.name+": the private half does not match the public half", name)
			}
			for _, bad := range [][]byte{nil, {}, seed[1:], append(bytes.Clone(seed), 0), k} {
				_, err := tt.make(nil, bad)
				var invalid *sshkey.InvalidKeyError
				require.ErrorAs(t, err, &invalid)
				require.ErrorContains(t, err, "the private half has")
			}
		})
	}
}

func TestEdwardsOfAProgram(t *testing.T) {
	for _, tt := range edwardsTypes {
		t.Run(tt.name, func(t *testing.T) {
			k := tt.random(t)
			require.NoError(t, tt.key(k).Validate())
			for _, i := range []int{0, tt.size - 1, tt.size, 2*tt.size - 1} {
				broken := bytes.Clone(k)
				broken[i] ^= 1
				require.ErrorContains(t, tt.key(broken).Check(), "does not match")
				require.ErrorContains(t, tt.key(broken).Validate(), "does not match")
			}
			for _, bad := range [][]byte{nil, {}, k[1:], k[:tt.size], append(bytes.Clone(k), 0)} {
				require.ErrorContains(t, tt.key(bad).Check(), "the private key has")
				_, err := tt.key(bad).Public()
				require.Error(t, err)
			}
		})
	}
}

func TestTypesThatAreNoKey(t *testing.T) {
	_, small, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	_, large, err := ed448.GenerateKey(rand.Reader)
	require.NoError(t, err)
	for _, private := range []any{nil, &small, &large, "text", []byte(small), small.Public()} {
		key := &sshkey.Key{Private: private}
		for _, err := range []error{key.Check(), key.Validate()} {
			require.ErrorIs(t, err, errors.ErrUnsupported, "%T", private)
			require.ErrorContains(t, err, "a private key of Go type")
		}
		_, err := key.Public()
		require.ErrorIs(t, err, errors.ErrUnsupported)
		_, err = rawkey.CertifiedPublic(key.Private, key.Certificate)
		require.ErrorIs(t, err, errors.ErrUnsupported)
		assert.False(t, key.Equal(key))
	}
}

func TestEd448Verify(t *testing.T) {
	key := keytest.Type(t, "ed448").New(t)
	pub, err := key.Public()
	require.NoError(t, err)
	data := []byte("data")
	sig := &ssh.Signature{Format: "ssh-ed448", Blob: ed448.Sign(key.Private.(ed448.PrivateKey), data, "")}
	require.NoError(t, pub.Verify(data, sig))
	require.ErrorContains(t, pub.Verify([]byte("other"), sig), "did not verify")
	require.ErrorContains(t, rawkey.Ed448PublicKey("short").Verify(data, sig), "did not verify")
	require.ErrorContains(t, pub.Verify(data, &ssh.Signature{Format: "ssh-ed25519", Blob: sig.Blob}), `"ssh-ed25519"`)
	for i := range sig.Blob {
		broken := &ssh.Signature{Format: "ssh-ed448", Blob: bytes.Clone(sig.Blob)}
		broken.Blob[i] ^= 1
		require.Error(t, pub.Verify(data, broken))
	}
	assert.Equal(t, key.Private.(ed448.PrivateKey).Public(), pub.(ssh.CryptoPublicKey).CryptoPublicKey())
}
