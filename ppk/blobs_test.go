package ppk

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"math/big"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCutPrivateBlobs: whatever is missing in a blob whose MAC is correct, the answer is
// an error about the key.
func TestCutPrivateBlobs(t *testing.T) {
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		f := decoded(t, shapes[1].write(t, key))
		whole := f.private
		for n := range whole {
			f.private = whole[:n]
			_, err := Parse(resealed(f))
			assert.Equal(t, "invalid", requireDocumented(t, err), "%d bytes", n)
		}
	})
}

// TestTrailingBytes: PuTTY ignores them in either blob, and shows another fingerprint
// with them in the public one than ssh-keygen would.
func TestTrailingBytes(t *testing.T) {
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		for _, s := range shapes[:2] {
			for _, more := range []string{"\x00", "after the last field"} {
				f := decoded(t, s.write(t, key))
				f.private = append(bytes.Clone(f.private), more...)
				_, err := Parse(resealed(f))
				assert.Equal(t, "invalid", requireDocumented(t, err), s.name)

				f = decoded(t, s.write(t, key))
				f.public = append(bytes.Clone(f.public), more...)
				_, err = Decode(resealed(f))
				assert.Equal(t, "invalid", requireDocumented(t, err), s.name)
			}
		}
	})
}

// TestPadding of an encrypted blob may be any bytes, up to a block: phpseclib adds a
// whole one where the blob needs none.
func TestPadding(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for n := range 2*cipherBlockSize + 1 {
		f := decoded(t, shapes[1].write(t, key))
		f.Encryption = encryptionAES
		got, err := f.parsePrivate(append(bytes.Clone(f.private), bytes.Repeat([]byte{0xa5}, n)...))
		if n > cipherBlockSize {
			assert.Equal(t, "invalid", requireDocumented(t, prefixed(err)), "%d bytes", n)
			continue
		}
		require.NoError(t, err, "%d bytes", n)
		requireSameKey(t, key, got)
	}
}

// TestNumbersInOtherForms: PuTTY reads some of these as the number 0.
func TestNumbersInOtherForms(t *testing.T) {
	for _, name := range []string{"rsa2048", "dsa1024", "ecdsa256", "ecdsa384", "ecdsa521"} {
		f := decoded(t, shapes[1].write(t, keytest.Type(t, name).New(t)))
		whole := f.private
		number := wire.NewReader(whole).String("first")
		rest := whole[4+len(number):]
		for form, changed := range map[string][]byte{
			"padded":   append([]byte{0}, number...),
			"negative": append([]byte{0x80}, number...),
			"empty":    {},
			"a zero":   {0},
		} {
			f.private = append(wire.AppendString(nil, changed), rest...)
			_, err := Parse(resealed(f))
			assert.Equal(t, "invalid", requireDocumented(t, err), "%s %s", name, form)
		}
	}
}

// TestDSAHash: a string of 20 bytes after x is a hash of the parameters, in every
// version, and has to be right.
func TestDSAHash(t *testing.T) {
	key := keytest.Type(t, "dsa1024").New(t)
	private := key.Private.(*dsa.PrivateKey)
	var parameters []byte
	for _, x := range []*big.Int{private.P, private.Q, private.G} {
		parameters = wire.AppendMpint(parameters, x)
	}
	right := sha1Of(parameters)
	f := decoded(t, shapes[1].write(t, key))
	whole := f.private
	for name, tt := range map[string]struct {
		hash []byte
		ok   bool
	}{
		"right":          {right, true},
		"wrong":          {make([]byte, 20), false},
		"another length": {make([]byte, 19), false},
	} {
		f.private = wire.AppendString(bytes.Clone(whole), tt.hash)
		got, err := Parse(resealed(f))
		if !tt.ok {
			assert.Equal(t, "invalid", requireDocumented(t, err), name)
			continue
		}
		require.NoError(t, err, name)
		requireSameKey(t, key, got)
	}
}

// TestRSASignatureNames: PuTTY lets the first line name a signature algorithm. It is
// read and written under the name of the key type.
func TestRSASignatureNames(t *testing.T) {
	key := keytest.Type(t, "rsa2048").New(t)
	for _, algorithm := range []string{"rsa-sha2-256", "rsa-sha2-512"} {
		f := decoded(t, shapes[1].write(t, key))
		f.Algorithm = algorithm
		got, err := Parse(resealed(f))
		require.NoError(t, err)
		requireSameKey(t, key, got)
		assert.Equal(t, "ssh-rsa", decoded(t, mustMarshal(t, got, 3)).Algorithm)

		certified := decoded(t, keytest.Read(t, "corpus", "generated", "rsa2048.cert.v3.ppk"))
		certified.Algorithm = algorithm + certSuffix
		got, err = Parse(resealed(certified))
		require.NoError(t, err)
		assert.Equal(t, "ssh-rsa"+certSuffix, got.Certificate.Type())
	}
	other := decoded(t, shapes[1].write(t, keytest.Type(t, "ed25519").New(t)))
	other.Algorithm = "rsa-sha2-256"
	_, err := Parse(resealed(other))
	require.ErrorContains(t, err, `the public key is of type "ssh-ed25519", but the first line says`)
}

// edgeFile reads a file of version 1, which nothing writes any more.
func edgeFile(t *testing.T, name string) []byte {
	t.Helper()
	return keytest.Read(t, "corpus", "edge", name)
}

// TestVersion1: its MAC is over the private half alone.
func TestVersion1(t *testing.T) {
	for _, keyType := range []string{"ssh-rsa", "ssh-dss", "ssh-ed25519"} {
		plain := edgeFile(t, "v1_"+keyType+"_unenc_hash.ppk")
		encrypted := edgeFile(t, "v1_"+keyType+"_enc.ppk")
		assert.True(t, decoded(t, plain).hashed)
		assert.Contains(t, string(plain), "Private-Hash: ")

		_, err := ParseWithPassphrase(encrypted, []byte("wrong"))
		assert.Equal(t, "incorrect", requireDocumented(t, err))
		_, err = Parse(encrypted)
		assert.Equal(t, "missing", requireDocumented(t, err))

		key, err := Parse(plain)
		require.NoError(t, err)
		renamed := strings.Replace(string(plain), "Comment: ", "Comment: another ", 1)
		other, err := Parse([]byte(renamed))
		require.NoError(t, err)
		assert.Equal(t, "another "+key.Comment, other.Comment)
		assert.True(t, key.Equal(other))

		f := decoded(t, plain)
		f.private[5] ^= 1
		line := "\nPrivate-Hash: "
		damaged := strings.Replace(string(f.encode()), "\nPrivate-MAC: ", line, 1)
		_, err = Parse([]byte(damaged))
		require.ErrorContains(t, err, "the MAC does not match")
		_, err = Parse(f.encode())
		require.ErrorContains(t, err, "the MAC does not match")
	}
}
