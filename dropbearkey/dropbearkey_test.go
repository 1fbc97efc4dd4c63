package dropbearkey

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keys returns a key of each type that Dropbear has.
func keys(t testing.TB) map[string]*sshkey.Key {
	t.Helper()
	private := &dsa.PrivateKey{}
	require.NoError(t, dsa.GenerateParameters(&private.Parameters, rand.Reader, dsa.L1024N160))
	require.NoError(t, dsa.GenerateKey(private, rand.Reader))
	all := map[string]*sshkey.Key{"dsa": {Private: private}}
	for _, name := range []string{"rsa2048", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519"} {
		key, err := pemkey.Parse(keytest.Read(t, "twins", name+".pkcs8.pem"))
		require.NoError(t, err)
		all[name] = key
	}
	return all
}

func marshal(t testing.TB, key *sshkey.Key) []byte {
	t.Helper()
	data, err := Marshal(key)
	require.NoError(t, err)
	return data
}

// requireDocumented makes sure that an error is of a type that the documentation
// names and has the prefix of the package.
func requireDocumented(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "dropbearkey: "), "%q", err)
	documented := errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError))
	require.True(t, documented, "%T %v", err, err)
}

// TestJudge: dropbearconvert reads what is written here as the same key, and writes the
// same bytes.
func TestJudge(t *testing.T) {
	keytest.Tool(t, "dropbearconvert")
	for name, key := range keys(t) {
		dir := t.TempDir()
		ours, theirs := filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")
		openssh := filepath.Join(dir, "openssh")
		require.NoError(t, os.WriteFile(ours, marshal(t, key), 0o600))
		keytest.Run(t, nil, "dropbearconvert", "dropbear", "openssh", ours, openssh)
		text, err := os.ReadFile(openssh)
		require.NoError(t, err)
		back, err := pemkey.Parse(text)
		require.NoError(t, err, name)
		assert.True(t, key.Equal(back), name)
		keytest.Run(t, nil, "dropbearconvert", "openssh", "dropbear", openssh, theirs)
		data, err := os.ReadFile(theirs)
		require.NoError(t, err)
		got, err := Parse(data)
		require.NoError(t, err, name)
		assert.True(t, key.Equal(got), name)
		if name != "rsa2048" { // of which p and q may change places
			assert.Equal(t, marshal(t, key), data, name)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for name, key := range keys(t) {
		data := marshal(t, key)
		require.True(t, Is(data), name)
		f, err := Decode(data)
		require.NoError(t, err)
		pub, err := key.Public()
		require.NoError(t, err)
		assert.Equal(t, pub.Marshal(), f.PublicKey.Marshal())
		assert.False(t, Is(pub.Marshal()), "%s: a public key alone", name)
		got, err := ParseWithPassphrase(data, []byte("ignored"))
		require.NoError(t, err)
		assert.True(t, key.Equal(got))
		assert.NotContains(t, fmt.Sprintf("%+v %#v", f, *f), "key:")
	}
}

// TestRSAWithoutPrimes: versions before 0.47 did not write p and q.
func TestRSAWithoutPrimes(t *testing.T) {
	key := keys(t)["rsa2048"]
	data := marshal(t, key)
	short := data[:len(data)-2*(4+129)]
	got, err := Parse(short)
	require.NoError(t, err)
	assert.True(t, key.Equal(got))
}

// TestDamaged: neither a cut nor a changed byte gives another key.
func TestDamaged(t *testing.T) {
	for name, key := range keys(t) {
		data := marshal(t, key)
		for i := range data {
			got, err := Parse(data[:i])
			if err == nil {
				require.True(t, key.Equal(got), "%s: cut at %d", name, i)
			} else {
				requireDocumented(t, err)
			}
			if i%4 > 0 && name != "ed25519" {
				continue
			}
			damaged := bytes.Clone(data)
			damaged[i] ^= 1 << (i % 8)
			got, err = Parse(damaged)
			if err != nil {
				requireDocumented(t, err)
				continue
			}
			require.True(t, key.Equal(got), "%s: byte %d", name, i)
		}
		_, err := Parse(append(bytes.Clone(data), 0))
		requireDocumented(t, err)
	}
}

func TestRefused(t *testing.T) {
	_, err := Marshal(keytest.Type(t, "ed448").New(t))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	dsa, err := pemkey.Parse(keytest.Read(t, "twins", "dsa1024.pem")) // q has 224 bits
	require.NoError(t, err)
	_, err = Marshal(dsa)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	_, err = Marshal(&sshkey.Key{})
	require.Error(t, err)
	huge := make([]byte, sshkey.MaxFileSize)
	copy(huge, "\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x01\x03")
	binary.BigEndian.PutUint32(huge[16:], uint32(len(huge)-20-10))
	huge[20] = 1
	for _, data := range [][]byte{nil, {0}, []byte("\x00\x00\x00\x07ssh-rsa"), []byte("\x00\x00\x00\x07ssh-foo"), huge, append(huge, 0), []byte("\xff\xff\xff\xff")} {
		_, err := Parse(data)
		requireDocumented(t, err)
		Is(data)
	}
}

func TestConcurrentUse(t *testing.T) {
	key := keys(t)["ecdsa256"]
	f, err := Decode(marshal(t, key))
	require.NoError(t, err)
	keytest.Concurrently(func() {
		got, err := f.Decrypt(nil)
		if assert.NoError(t, err) {
			assert.True(t, key.Equal(got))
		}
	})
}

// FuzzParse: whatever the bytes, there is a good key, which is written and read back, or an
// error that the documentation names.
func FuzzParse(f *testing.F) {
	for _, key := range keys(f) {
		f.Add(marshal(f, key))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		Is(data)
		key, err := Parse(data)
		require.Equal(t, before, data, "the input is changed")
		if err != nil {
			requireDocumented(t, err)
			return
		}
		out, err := Marshal(key)
		if err != nil {
			require.ErrorAs(t, err, new(*sshkey.UnsupportedError)) // DSA of another size
			return
		}
		back, err := Parse(out)
		require.NoError(t, err)
		require.True(t, key.Equal(back))
	})
}
