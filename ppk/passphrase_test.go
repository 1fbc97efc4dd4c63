package ppk

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// snapshot is everything that a File holds, to see whether anything changed.
func snapshot(f *File) string {
	return fmt.Sprintf("%d %q %q %q %x %+v %x %x %x %x %v %d", f.Version, f.Algorithm, f.Encryption, f.Comment,
		f.PublicKey.Marshal(), f.Argon2, f.salt, f.public, f.private, f.mac, f.hashed, f.macLine)
}

// TestWrongThenRight: a File stays as it is, whatever is tried on it.
func TestWrongThenRight(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		data := s.write(t, key)
		before := bytes.Clone(data)
		f := decoded(t, data)
		was := snapshot(f)
		for _, passphrase := range []string{"", "wrong", keytest.Passphrase + " ", keytest.Passphrase, "Correct horse", keytest.Passphrase} {
			got, err := f.Decrypt([]byte(passphrase))
			require.Equal(t, was, snapshot(f))
			if s.encrypted && passphrase != keytest.Passphrase {
				assert.Nil(t, got)
				assert.Equal(t, "incorrect", requireDocumented(t, err))
				require.ErrorIs(t, err, x509.IncorrectPasswordError)
				continue
			}
			require.NoError(t, err)
			requireSameKey(t, key, got)
		}
		assert.Equal(t, before, data)
	})
}

// TestKeyOutlivesItsFile: what Decrypt gave does not share memory with the file.
func TestKeyOutlivesItsFile(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		f := decoded(t, s.write(t, key))
		got, err := f.Decrypt(s.passphrase())
		require.NoError(t, err)
		clear(f.public)
		clear(f.private)
		requireSameKey(t, key, got)
	})
}

// TestManyWrongPassphrases: the MAC is checked before the plaintext is looked at, so
// that no wrong passphrase ever gives another answer.
func TestManyWrongPassphrases(t *testing.T) {
	for _, s := range []shape{shapes[2], shapes[3]} {
		for _, name := range []string{"ed25519", "ecdsa256", "rsa2048"} {
			f := decoded(t, s.write(t, keytest.Type(t, name).New(t)))
			for i := range 2000 {
				key, err := f.Decrypt(fmt.Appendf(nil, "%s %d", keytest.Passphrase, i))
				require.Nil(t, key)
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
				require.Equal(t, "ppk: wrong passphrase, or the file is damaged", err.Error())
			}
		}
	}
}

func TestMissingPassphrase(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		data := s.write(t, key)
		got, err := Parse(data)
		if !s.encrypted {
			require.NoError(t, err)
			requireSameKey(t, key, got)
			return
		}
		assert.Nil(t, got)
		pub, pubErr := key.Public()
		require.NoError(t, pubErr)
		var missing *sshkey.PassphraseMissingError
		require.ErrorAs(t, err, &missing)
		assert.Equal(t, pub, missing.PublicKey)
		var theirs *ssh.PassphraseMissingError
		require.ErrorAs(t, err, &theirs)
		assert.Equal(t, pub.Marshal(), theirs.PublicKey.Marshal())
		assert.Equal(t, "ppk: the key is encrypted, and no passphrase was given", err.Error())
		require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)

		for _, none := range [][]byte{nil, {}} {
			_, err = ParseWithPassphrase(data, none)
			require.ErrorAs(t, err, &missing)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		}
	})
}

// TestPassphraseOfAPlainFile: it is not needed, and not looked at.
func TestPassphraseOfAPlainFile(t *testing.T) {
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		for _, s := range shapes[:2] {
			data := s.write(t, key)
			for _, passphrase := range [][]byte{nil, {}, []byte("any"), {0}} {
				got, err := ParseWithPassphrase(data, passphrase)
				require.NoError(t, err)
				requireSameKey(t, key, got)
			}
			_, err := decoded(t, data).decryptWith([]byte("any"), noKDF(t))
			require.NoError(t, err)
		}
	})
}

// TestOddPassphrases: any bytes but NUL.
func TestOddPassphrases(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, passphrase := range []string{" ", "\n", "\r\n", "\xff\xfe", "pässwörd€漢", string(bytes.Repeat([]byte{1}, 5000))} {
		for _, opts := range []*Options{{Version: 2}, {Argon2: &cheapArgon2}} {
			out, err := MarshalWithPassphrase(key, []byte(passphrase), opts)
			require.NoError(t, err)
			got, err := ParseWithPassphrase(out, []byte(passphrase))
			require.NoError(t, err)
			requireSameKey(t, key, got)
			_, err = ParseWithPassphrase(out, []byte(passphrase + "x")[1:])
			require.True(t, errors.Is(err, sshkey.ErrIncorrectPassphrase), "%q", passphrase)
		}
	}
}

// TestInputsStayAsTheyAre: neither a passphrase nor a key is written to.
func TestInputsStayAsTheyAre(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		passphrase := []byte(keytest.Passphrase)
		opts := s.options()
		was := fmt.Sprintf("%+v %x", key.Private, key.Private)
		var out []byte
		var err error
		if s.encrypted {
			out, err = MarshalWithPassphrase(key, passphrase, opts)
		} else {
			out, err = Marshal(key, opts)
		}
		require.NoError(t, err)
		_, err = ParseWithPassphrase(out, passphrase)
		require.NoError(t, err)
		assert.Equal(t, keytest.Passphrase, string(passphrase))
		assert.Equal(t, s.options(), opts)
		assert.Equal(t, was, fmt.Sprintf("%+v %x", key.Private, key.Private))
	})
}

// TestDecryptWithoutPassphrase: a missing passphrase is not a wrong one, and nothing is derived.
func TestDecryptWithoutPassphrase(t *testing.T) {
	for _, name := range []string{"ed25519.v3.enc.ppk", "ed25519.v2.enc.ppk"} {
		_, err := decoded(t, keytest.Read(t, "twins", name)).decryptWith(nil, noKDF(t))
		missing, ok := errors.AsType[*sshkey.PassphraseMissingError](err)
		require.True(t, ok, "%v", err)
		assert.NotNil(t, missing.PublicKey)
	}
}
