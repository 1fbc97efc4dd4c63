package rawkey_test

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// corpusPublics are the public lines of real programs, certificates included.
func corpusPublics(t *testing.T) map[string]ssh.PublicKey {
	t.Helper()
	publics := map[string]ssh.PublicKey{}
	for _, f := range keytest.Corpus(t, "generated") {
		if strings.HasSuffix(f.Name, ".pub") && !strings.Contains(f.Name, "rfc4716") {
			publics[f.Name], _ = publicOf(t, f.Data)
		}
	}
	require.GreaterOrEqual(t, len(publics), 16)
	return publics
}

func TestParsePublicOfRealPrograms(t *testing.T) {
	certificates := 0
	for name, pub := range corpusPublics(t) {
		_, isCert := pub.(*ssh.Certificate)
		assert.Equal(t, strings.HasSuffix(name, "-cert.pub"), isCert, name)
		assert.Positive(t, rawkey.Bits(pub), name)
		if isCert {
			certificates++
		}
		// ssh-keygen refuses more bytes too: the fingerprint would be another.
		for _, more := range []string{"\x00", "after the last field"} {
			_, err := rawkey.ParsePublic(append(pub.Marshal(), more...))
			require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), name)
		}
	}
	assert.Equal(t, 6, certificates)
}

func TestParsePublicOfEveryType(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		pub, err := kt.New(t).Public()
		require.NoError(t, err)
		got, err := rawkey.ParsePublic(pub.Marshal())
		require.NoError(t, err)
		assert.Equal(t, pub, got, kt.Name)
	}
}

// TestParsePublicCopies: what it returns does not change with the blob.
func TestParsePublicCopies(t *testing.T) {
	for name, pub := range corpusPublics(t) {
		blob := pub.Marshal()
		got, err := rawkey.ParsePublic(blob)
		require.NoError(t, err)
		clear(blob)
		assert.Equal(t, pub.Marshal(), got.Marshal(), name)
	}
}

// TestParsePublicOfCutBlobs: whatever is missing, the answer is an error.
func TestParsePublicOfCutBlobs(t *testing.T) {
	for name, pub := range corpusPublics(t) {
		blob := pub.Marshal()
		for n := range blob {
			_, err := rawkey.ParsePublic(blob[:n])
			var invalid *sshkey.InvalidKeyError
			require.ErrorAs(t, err, &invalid, "%s cut to %d bytes", name, n)
		}
	}
}

// TestParsePublicOfChangedBlobs: a changed byte may make another key, but never a
// panic or an error of no known type.
func TestParsePublicOfChangedBlobs(t *testing.T) {
	for name, pub := range corpusPublics(t) {
		for i := range pub.Marshal() {
			for _, change := range []byte{1, 0x80, 0xff} {
				blob := pub.Marshal()
				blob[i] ^= change
				got, err := rawkey.ParsePublic(blob)
				if err == nil {
					assert.LessOrEqual(t, rawkey.Bits(got), sshkey.MaxRSABits, name)
					continue
				}
				requireKnownError(t, err)
			}
		}
	}
}

func requireKnownError(t testing.TB, err error) {
	t.Helper()
	var invalid *sshkey.InvalidKeyError
	var unsupported *sshkey.UnsupportedError
	var limit *sshkey.LimitError
	known := errors.As(err, &invalid) || errors.As(err, &unsupported) || errors.As(err, &limit)
	require.True(t, known, "%T: %v", err, err)
}

// blob puts fields after an algorithm name: numbers as mpint, anything else as string.
func blob(algorithm string, fields ...any) []byte {
	b := wire.AppendString(nil, algorithm)
	for _, field := range fields {
		switch v := field.(type) {
		case *big.Int:
			b = wire.AppendMpint(b, v)
		case int:
			b = wire.AppendMpint(b, big.NewInt(int64(v)))
		case []byte:
			b = wire.AppendString(b, v)
		case string:
			b = wire.AppendString(b, v)
		}
	}
	return b
}

func TestParsePublicRefuses(t *testing.T) {
	n := randomRSA(t).n
	point, _ := generated(t, rawkey.Curves()[0])
	off := bytes.Clone(point)
	off[40] ^= 1
	hybrid := bytes.Clone(point)
	hybrid[0] = 7
	huge := new(big.Int).Lsh(one, sshkey.MaxRSABits)
	for _, tt := range []struct {
		name string
		blob []byte
		err  string
	}{
		{"nothing", nil, "key type: the data ends early"},
		{"an endless name", []byte{0xff, 0xff, 0xff, 0xff}, "key type: the data ends early"},
		{"no name", blob("", 1), "the type or the key is missing"},
		{"unknown, and nothing more", blob("ssh-moon"), "the type or the key is missing"},
		{"binary name", blob("\x1b[31m", 1), `"\x1b[31m" is not the name of a type of key`},
		{"name with a blank", blob("ssh moon", 1), `"ssh moon" is not the name of a type of key`},
		{"names in a list", blob("ssh-moon,ssh-sun", 1), "is not the name of a type of key"},
		{"long name", blob(strings.Repeat("m", 65), 1), "too long"},
		{"RSA e 0", blob("ssh-rsa", 0, n), "a number is out of range"},
		{"RSA e 1", blob("ssh-rsa", 1, n), "a number is out of range"},
		{"RSA n 0", blob("ssh-rsa", 3, 0), "a number is out of range"},
		{"RSA e 2^63", blob("ssh-rsa", new(big.Int).Lsh(one, 63), n), "an RSA public exponent of 64 bits is not supported"},
		{"RSA e of 2000 bits", blob("ssh-rsa", new(big.Int).Lsh(one, 1999), n), "an RSA public exponent of 2000 bits is not supported"},
		{"RSA n too large", blob("ssh-rsa", 3, huge), "RSA modulus in bits is 16385, over the limit of 16384"},
		{"RSA n negative", blob("ssh-rsa", 3, []byte{0x80}), "n: the number is negative"},
		{"RSA e padded", blob("ssh-rsa", []byte{0, 3}, n), "e: the number has leading zeros"},
		{"DSA p too large", blob("ssh-dss", huge, 1, 1, 1), "DSA prime in bits is 16385, over the limit of 3072"},
		{"DSA y missing", blob("ssh-dss", n, 1, 1), "y: the data ends early"},
		{"ECDSA curve", blob("ecdsa-sha2-nistp256", "nistp384", point), `the curve is "nistp384", but the key type says "nistp256"`},
		{"ECDSA no point", blob("ecdsa-sha2-nistp256", "nistp256", ""), "not on the curve nistp256"},
		{"ECDSA infinity", blob("ecdsa-sha2-nistp256", "nistp256", "\x00"), "not on the curve nistp256"},
		{"ECDSA off", blob("ecdsa-sha2-nistp256", "nistp256", off), "not on the curve nistp256"},
		{"ECDSA hybrid", blob("ecdsa-sha2-nistp256", "nistp256", hybrid), "in the hybrid form"},
		{"ECDSA other size", blob("ecdsa-sha2-nistp384", "nistp384", point), "not on the curve nistp384"},
		{"Ed25519 short", blob("ssh-ed25519", make([]byte, 31)), "it has 31 bytes, not 32"},
		{"Ed25519 long", blob("ssh-ed25519", make([]byte, 33)), "it has 33 bytes, not 32"},
		{"Ed448 short", blob("ssh-ed448", make([]byte, 56)), "it has 56 bytes, not 57"},
		{"Ed448 missing", blob("ssh-ed448"), "public key: the data ends early"},
		{"empty certificate", blob("ssh-ed25519-cert-v01@openssh.com"), "ssh-ed25519-cert-v01@openssh.com"},
		{"empty token", blob("sk-ssh-ed25519@openssh.com"), `public key of type "sk-ssh-ed25519@openssh.com"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pub, err := rawkey.ParsePublic(tt.blob)
			assert.Nil(t, pub)
			requireKnownError(t, err)
			require.ErrorContains(t, err, tt.err)
		})
	}
}

// TestParsePublicBeyondTheLibrary: golang.org/x/crypto/ssh refuses all of these.
func TestParsePublicBeyondTheLibrary(t *testing.T) {
	n := randomRSA(t).n
	for _, tt := range []struct {
		name string
		blob []byte
		bits int
	}{
		{"RSA with a large exponent", blob("ssh-rsa", 1<<31-1, n), 2048},
		{"DSA of 2048 bits", blob("ssh-dss", n, 3, 5, 7), 2048},
		{"Ed448", blob("ssh-ed448", make([]byte, 57)), 448},
	} {
		_, err := ssh.ParsePublicKey(tt.blob)
		require.Error(t, err, tt.name)
		pub, err := rawkey.ParsePublic(tt.blob)
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.blob, pub.Marshal(), tt.name)
		assert.Equal(t, tt.bits, rawkey.Bits(pub), tt.name)
	}
}

func TestParsePublicTokens(t *testing.T) {
	point, _ := generated(t, rawkey.Curves()[0])
	for _, b := range [][]byte{
		blob("sk-ssh-ed25519@openssh.com", make([]byte, 32), "ssh:"),
		blob("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", point, "ssh:"),
	} {
		pub, err := rawkey.ParsePublic(b)
		require.NoError(t, err)
		assert.Equal(t, b, pub.Marshal())
		assert.Equal(t, 256, rawkey.Bits(pub))
	}
}

// TestCompressedPoint: it is read, and shown uncompressed as PuTTY does.
func TestCompressedPoint(t *testing.T) {
	for _, c := range rawkey.Curves() {
		point, _ := generated(t, c)
		compressed := append([]byte{2 + point[len(point)-1]&1}, point[1:1+c.Size()]...)
		pub, err := rawkey.ParsePublic(blob(c.Algorithm, c.Name, compressed))
		require.NoError(t, err)
		assert.Equal(t, blob(c.Algorithm, c.Name, point), pub.Marshal())
	}
}

func TestPublicIsThePublicHalf(t *testing.T) {
	key := keytest.Type(t, "rsa2048").New(t)
	pub, err := key.Public()
	require.NoError(t, err)
	assert.Equal(t, &key.Private.(*rsa.PrivateKey).PublicKey, pub.(ssh.CryptoPublicKey).CryptoPublicKey())
}
