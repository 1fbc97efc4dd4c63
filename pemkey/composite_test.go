package pemkey

import (
	"bytes"
	"encoding/pem"
	"testing"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func compositeKey(t testing.TB, algorithm string, seed byte) *sshkey.Key {
	t.Helper()
	private, err := rawkey.NewMLDSA44Ed25519(algorithm, nil, bytes.Repeat([]byte{seed}, 64))
	require.NoError(t, err)
	return &sshkey.Key{Private: private, Comment: "a comment"}
}

// TestComposite: under both names a key of ML-DSA-44 with Ed25519 is in openssh-key-v1 as
// OpenSSH lays it out, plain and encrypted, and in no other form.
func TestComposite(t *testing.T) {
	for _, algorithm := range []string{rawkey.KeyAlgoMLDSA44Ed25519, rawkey.KeyAlgoMLDSA44Ed25519Experimental} {
		key := compositeKey(t, algorithm, 7)
		for _, encoding := range []Encoding{OpenSSH, Traditional} {
			out, err := Marshal(key, &Options{Encoding: encoding})
			require.NoError(t, err)
			assert.Equal(t, compositeLayout(algorithm, key), privateSection(t, out))
			back, err := Parse(out)
			require.NoError(t, err)
			assert.True(t, back.Equal(key))
			assert.Equal(t, "a comment", back.Comment)
		}
		out, err := MarshalWithPassphrase(key, []byte("secret"), &Options{Encoding: OpenSSH, Rounds: 1})
		require.NoError(t, err)
		f, err := Decode(out)
		require.NoError(t, err)
		assert.Equal(t, algorithm, f.PublicKey.Type())
		_, err = f.Decrypt([]byte("wrong"))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		back, err := f.Decrypt([]byte("secret"))
		require.NoError(t, err)
		assert.True(t, back.Equal(key))
		for _, encoding := range []Encoding{PKCS8, SSHCom} {
			_, err := Marshal(key, &Options{Encoding: encoding})
			require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
		}
	}
}

// compositeLayout is the private section after its two checkints: type, public key, seeds,
// comment, padding.
func compositeLayout(algorithm string, key *sshkey.Key) []byte {
	private := key.Private.(*sshkey.MLDSA44Ed25519PrivateKey)
	b := wire.AppendString(nil, algorithm)
	b = wire.AppendString(b, private.Public)
	b = wire.AppendString(b, bytes.Repeat([]byte{7}, 64))
	b = wire.AppendString(b, key.Comment)
	for i := byte(1); (len(b)+8)%8 != 0; i++ {
		b = append(b, i)
	}
	return b
}

func privateSection(t *testing.T, out []byte) []byte {
	t.Helper()
	block, _ := pem.Decode(out)
	require.NotNil(t, block)
	f, err := readOpenSSH(wire.NewReader(block.Bytes[len(opensshMagic):]))
	require.NoError(t, err)
	return f.private[8:]
}

// TestCompositeHalvesInFile: a file whose seeds are not those of its public key, in the
// clear or in the private section, or that has one half alone, is refused.
func TestCompositeHalvesInFile(t *testing.T) {
	algorithm := rawkey.KeyAlgoMLDSA44Ed25519
	key, other := compositeKey(t, algorithm, 7), compositeKey(t, algorithm, 8)
	mine, theirs := key.Private.(*sshkey.MLDSA44Ed25519PrivateKey), other.Private.(*sshkey.MLDSA44Ed25519PrivateKey)
	for name, private := range map[string]*sshkey.MLDSA44Ed25519PrivateKey{
		"other ML-DSA":       {Algorithm: algorithm, Public: mine.Public, Seeds: append(bytes.Clone(theirs.Seeds[:32]), mine.Seeds[32:]...)},
		"other Ed25519":      {Algorithm: algorithm, Public: mine.Public, Seeds: append(bytes.Clone(mine.Seeds[:32]), theirs.Seeds[32:]...)},
		"another key inside": theirs,
		"one seed":           {Algorithm: algorithm, Public: mine.Public, Seeds: mine.Seeds[:32]},
		"one public half":    {Algorithm: algorithm, Public: mine.Public[:1312], Seeds: mine.Seeds},
	} {
		f := &opensshFile{cipher: encryptionNone, kdf: encryptionNone}
		f.seal(&sshkey.Key{Private: private}, algorithm, []byte("1234"), nil)
		pub, err := key.Public()
		require.NoError(t, err)
		_, err = Parse(pemblock.Encode(opensshLabel, nil, f.encode(pub.Marshal())))
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), name)
	}
}
