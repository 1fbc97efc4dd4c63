package ppk

import (
	"crypto/ed25519"
	"testing"

	"github.com/kayrus/putty"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// github.com/kayrus/putty is another reader of the format, of another author.

// kayrusCannot says why that reader does not read a file that is right, or nothing if it
// has to.
func kayrusCannot(f *File, key *sshkey.Key) string {
	kt, _ := typeOf(plainAlgorithm(key))
	plain := kt.marshal(key.Private)
	switch {
	case f.Algorithm == rawkey.KeyAlgoED448:
		return "it has no Ed448"
	case key.Certificate != nil:
		return "it has no certificates"
	case f.Version == 1:
		return "it refuses version 1"
	case f.Argon2 != nil && f.Argon2.Variant == Argon2d:
		return "it has no Argon2d"
	case f.Argon2 != nil && f.Argon2.Parallelism > 255:
		return "it cuts the parallelism to 8 bits"
	case f.Encrypted() && len(plain)%cipherBlockSize == 0:
		return "it wants padding where none is needed"
	}
	return ""
}

func plainAlgorithm(key *sshkey.Key) string {
	pub, err := key.Public()
	if err != nil {
		return ""
	}
	return pub.Type()
}

// readByKayrus reads a file with the other reader.
func readByKayrus(t testing.TB, data []byte, passphrase string) *sshkey.Key {
	t.Helper()
	file, err := putty.New(data)
	require.NoError(t, err)
	private, err := file.ParseRawPrivateKey([]byte(passphrase))
	require.NoError(t, err)
	if p, ok := private.(*ed25519.PrivateKey); ok {
		private = *p
	}
	return &sshkey.Key{Private: private, Comment: file.Comment}
}

func TestKayrusReadsWhatWeWrite(t *testing.T) {
	left := map[string]int{}
	read := 0
	for _, kt := range keytest.Types() {
		for _, s := range shapes {
			t.Run(kt.Name+" "+s.name, func(t *testing.T) {
				for range 5 {
					key := kt.New(t)
					out := s.write(t, key)
					if why := kayrusCannot(decoded(t, out), key); why != "" {
						left[why]++
						continue
					}
					requireSameKey(t, key, readByKayrus(t, out, string(s.passphrase())))
					read++
				}
			})
		}
	}
	// An RSA key may happen to need no padding.
	delete(left, "it wants padding where none is needed")
	assert.Equal(t, map[string]int{"it has no Ed448": 20}, left)
	assert.GreaterOrEqual(t, read, 110)
}

// TestKayrusAgreesOnFilesOfPuttygen: both readers find the same key.
func TestKayrusAgreesOnFilesOfPuttygen(t *testing.T) {
	left := map[string]int{}
	read := 0
	for _, s := range samples(t) {
		key, err := ParseWithPassphrase(s.data, []byte(s.passphrase))
		require.NoError(t, err, s.name)
		if why := kayrusCannot(decoded(t, s.data), key); why != "" {
			left[why]++
			continue
		}
		read++
		theirs := readByKayrus(t, s.data, s.passphrase)
		assert.True(t, key.Equal(theirs), s.name)
		assert.Equal(t, key.Comment, theirs.Comment, s.name)
	}
	assert.Len(t, samples(t), read+left["it has no Ed448"]+left["it has no certificates"]+left["it has no Argon2d"]+
		left["it cuts the parallelism to 8 bits"]+left["it wants padding where none is needed"])
	assert.GreaterOrEqual(t, read, 60)
	assert.LessOrEqual(t, left["it wants padding where none is needed"], 4)
}

// TestKayrusPublic: both see the same public half without the passphrase.
func TestKayrusPublic(t *testing.T) {
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		if plainAlgorithm(key) == rawkey.KeyAlgoED448 {
			assert.Equal(t, "it has no Ed448", kayrusCannot(decoded(t, shapes[3].write(t, key)), key))
			return
		}
		out := shapes[3].write(t, key)
		file, err := putty.New(out)
		require.NoError(t, err)
		public, err := file.ParseRawPublicKey()
		require.NoError(t, err)
		if p, ok := public.(*ed25519.PublicKey); ok {
			public = *p
		}
		theirs, err := ssh.NewPublicKey(public)
		require.NoError(t, err)
		assert.Equal(t, theirs.Marshal(), decoded(t, out).PublicKey.Marshal())
	})
}
