package rawkey_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/hex"
	"slices"
	"testing"

	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// compositeSeeds are the bytes 0 to 63.
func compositeSeeds() []byte {
	seeds := make([]byte, 64)
	for i := range seeds {
		seeds[i] = byte(i)
	}
	return seeds
}

var compositeNames = []string{"ssh-mldsa44-ed25519", "ssh-mldsa44-ed25519@openssh.com"}

// TestComposite: the public half is that of both seeds, and the blob has its name first.
func TestComposite(t *testing.T) {
	seeds := compositeSeeds()
	lattice, _ := mldsa44.NewKeyFromSeed((*[32]byte)(seeds))
	public := append(lattice.Bytes(), ed25519.NewKeyFromSeed(seeds[32:]).Public().(ed25519.PublicKey)...)
	require.Len(t, public, 1344)
	// The Ed25519 half of the seed 20 21 .. 3f, computed with OpenSSL.
	assert.Equal(t, compositeEd25519, hex.EncodeToString(public[1312:]))
	for _, name := range compositeNames {
		private, err := rawkey.NewMLDSA44Ed25519(name, nil, seeds)
		require.NoError(t, err)
		key := &sshkey.Key{Private: private}
		require.NoError(t, key.Validate())
		pub, err := key.Public()
		require.NoError(t, err)
		assert.Equal(t, name, pub.Type())
		assert.Equal(t, wire.AppendString(wire.AppendString(nil, name), public), pub.Marshal())
		assert.Equal(t, 256, rawkey.Bits(pub))
		assert.True(t, key.Equal(key))
		for _, other := range compositeNames {
			same, err := rawkey.NewMLDSA44Ed25519(other, public, seeds)
			require.NoError(t, err)
			assert.Equal(t, name == other, key.Equal(&sshkey.Key{Private: same}), "the name is part of the key")
		}
		_, err = rawkey.SPKI(pub)
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	}
}

// compositeEd25519 is the public key of the seed 20 21 .. 3f.
const compositeEd25519 = "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7"

// TestCompositeHalves: each half of the public key has to be that of its seed.
func TestCompositeHalves(t *testing.T) {
	good, err := rawkey.NewMLDSA44Ed25519(compositeNames[0], nil, compositeSeeds())
	require.NoError(t, err)
	for _, i := range []int{0, 700, 1311, 1312, 1343} {
		public := bytes.Clone(good.Public)
		public[i] ^= 1
		_, err := rawkey.NewMLDSA44Ed25519(compositeNames[0], public, good.Seeds)
		require.ErrorContains(t, err, "does not match", "byte %d of the public half", i)
		assertInvalid(t, &sshkey.MLDSA44Ed25519PrivateKey{Algorithm: compositeNames[0], Seeds: good.Seeds, Public: public})
	}
	for _, i := range []int{0, 31, 32, 63} {
		seeds := bytes.Clone(good.Seeds)
		seeds[i] ^= 1
		assertInvalid(t, &sshkey.MLDSA44Ed25519PrivateKey{Algorithm: compositeNames[0], Seeds: seeds, Public: good.Public})
	}
	for _, seeds := range [][]byte{nil, good.Seeds[:32], good.Seeds[:63], append(bytes.Clone(good.Seeds), 0)} {
		_, err := rawkey.NewMLDSA44Ed25519(compositeNames[0], good.Public, seeds)
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
		assertInvalid(t, &sshkey.MLDSA44Ed25519PrivateKey{Algorithm: compositeNames[0], Seeds: seeds, Public: good.Public})
	}
	for _, public := range [][]byte{nil, {}, good.Public[:1312], append(bytes.Clone(good.Public), 0)} {
		assertInvalid(t, &sshkey.MLDSA44Ed25519PrivateKey{Algorithm: compositeNames[0], Seeds: good.Seeds, Public: public})
		_, err := rawkey.ParsePublic(wire.AppendString(wire.AppendString(nil, compositeNames[0]), public))
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	}
	_, err = rawkey.NewMLDSA44Ed25519("ssh-ed25519", nil, good.Seeds)
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	require.ErrorAs(t, (&sshkey.Key{Private: (*sshkey.MLDSA44Ed25519PrivateKey)(nil)}).Check(), new(*sshkey.UnsupportedError))
}

func assertInvalid(t *testing.T, private *sshkey.MLDSA44Ed25519PrivateKey) {
	t.Helper()
	require.ErrorAs(t, (&sshkey.Key{Private: private}).Check(), new(*sshkey.InvalidKeyError))
}

// TestCompositeVerify: both signatures have to be right, and over the message of the draft.
func TestCompositeVerify(t *testing.T) {
	seeds, data := compositeSeeds(), []byte("some data")
	hash := sha512.Sum512(data)
	message := slices.Concat([]byte("CompositeAlgorithmSignatures2025COMPSIG-MLDSA44-Ed25519-SHA512\x00"), hash[:])
	_, lattice := mldsa44.NewKeyFromSeed((*[32]byte)(seeds))
	first := make([]byte, mldsa44.SignatureSize)
	require.NoError(t, mldsa44.SignTo(lattice, message, []byte("COMPSIG-MLDSA44-Ed25519-SHA512"), false, first))
	second := ed25519.Sign(ed25519.NewKeyFromSeed(seeds[32:]), message)
	for _, name := range compositeNames {
		private, err := rawkey.NewMLDSA44Ed25519(name, nil, seeds)
		require.NoError(t, err)
		pub, err := (&sshkey.Key{Private: private}).Public()
		require.NoError(t, err)
		sign := func(blobs ...[]byte) *ssh.Signature {
			return &ssh.Signature{Format: name, Blob: slices.Concat(blobs...)}
		}
		require.NoError(t, pub.Verify(data, sign(first, second)))
		require.Error(t, pub.Verify([]byte("other data"), sign(first, second)))
		require.Error(t, pub.Verify(data, sign(first)))
		require.Error(t, pub.Verify(data, sign(second)))
		require.Error(t, pub.Verify(data, sign(second, first)))
		require.Error(t, pub.Verify(data, sign(first, second, []byte{0})))
		require.Error(t, pub.Verify(data, sign()))
		require.Error(t, pub.Verify(data, sign(flipped(first, 9), second)), "ML-DSA alone is wrong")
		require.Error(t, pub.Verify(data, sign(first, flipped(second, 9))), "Ed25519 alone is wrong")
		require.Error(t, pub.Verify(data, &ssh.Signature{Format: "ssh-ed25519", Blob: slices.Concat(first, second)}))
		short := rawkey.MLDSA44Ed25519PublicKey{Algorithm: name, Public: pub.Marshal()[:20]}
		require.Error(t, short.Verify(data, sign(first, second)))
	}
}

func flipped(b []byte, i int) []byte {
	b = bytes.Clone(b)
	b[i] ^= 1
	return b
}

// TestCompositeExperimental: OpenSSH from 10.6 on wants such a key to be made again.
func TestCompositeExperimental(t *testing.T) {
	private, err := rawkey.NewMLDSA44Ed25519(compositeNames[1], nil, compositeSeeds())
	require.NoError(t, err)
	pub, err := (&sshkey.Key{Private: private}).Public()
	require.NoError(t, err)
	found := rawkey.Findings(private)
	assert.Equal(t, found, rawkey.PublicFindings(pub))
	require.Len(t, found, 1)
	assert.Equal(t, "mldsa44-experimental", found[0].Code)
	assert.Contains(t, found[0].Advice.Text, "generate it again")
	assert.Equal(t, rawkey.ReplaceKey, found[0].Advice.Action)
	assert.False(t, found[0].Refuse)
	kt, _ := rawkey.TypeOf(compositeNames[1])
	assert.False(t, kt.CanGenerate())
}
