package pemkey

import (
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

func encryptedTwins(t testing.TB) []keytest.Twin {
	t.Helper()
	var twins []keytest.Twin
	for _, twin := range privateTwins(t) {
		if twin.Encrypted {
			twins = append(twins, twin)
		}
	}
	require.GreaterOrEqual(t, len(twins), 50)
	return twins
}

// TestWrongThenRight: the same File opens after any number of wrong tries, and a
// second time.
func TestWrongThenRight(t *testing.T) {
	for _, twin := range encryptedTwins(t) {
		if twin.Format == "openssh-key-v1" && twin.Type != "ed25519" {
			continue // bcrypt is slow, and this type has a file for every cipher
		}
		if quick() && strings.Contains(twin.Name, "puttygen") {
			continue // 16 rounds of bcrypt each
		}
		t.Run(twin.Name, func(t *testing.T) {
			t.Parallel()
			f, err := Decode(twin.Data)
			require.NoError(t, err)
			wrong := []string{"", "x", passphrase + "\n", "Correct horse"}
			if twin.Format == "openssh-key-v1" {
				wrong = wrong[3:]
			}
			for _, pass := range wrong {
				_, err = f.Decrypt([]byte(pass))
				requireDocumented(t, err)
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
				require.ErrorIs(t, err, x509.IncorrectPasswordError)
				require.EqualError(t, err, "pemkey: wrong passphrase, or the file is damaged")
			}
			key, err := f.Decrypt([]byte(passphrase))
			require.NoError(t, err)
			assertSame(t, twinKey(t, twin.Type), key)
			if twin.Format != "openssh-key-v1" {
				_, err = f.Decrypt([]byte("x"))
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			}
		})
	}
}

func TestPassphraseMissing(t *testing.T) {
	for _, twin := range encryptedTwins(t) {
		_, err := Parse(twin.Data)
		requireDocumented(t, err)
		var missing *sshkey.PassphraseMissingError
		require.ErrorAs(t, err, &missing, twin.Name)
		require.ErrorAs(t, err, new(*ssh.PassphraseMissingError), twin.Name)
		require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		if twin.Format != "openssh-key-v1" {
			assert.Nil(t, missing.PublicKey, twin.Name)
			continue
		}
		require.NotNil(t, missing.PublicKey, twin.Name)
		want := authorizedBlob(t, keytest.Read(t, "twins", twin.Type+".pub"))
		assert.Equal(t, want, missing.PublicKey.Marshal(), twin.Name)
	}
}

// TestPassphraseIgnored: there is nothing to decrypt.
func TestPassphraseIgnored(t *testing.T) {
	for _, twin := range privateTwins(t) {
		if twin.Encrypted {
			continue
		}
		key, err := ParseWithPassphrase(twin.Data, []byte("anything"))
		require.NoError(t, err, twin.Name)
		assertSame(t, twinKey(t, twin.Type), key)
	}
}

// TestManyWrongPassphrases: noise never passes for a damaged, invalid or unsupported key.
// bcrypt is slow, so there are fewer tries with it.
func TestManyWrongPassphrases(t *testing.T) {
	const often, seldom = 2000, 30
	for name, test := range map[string]struct {
		key   string
		opts  Options
		file  []byte
		tries int
	}{
		"legacy AES, RSA":     {key: "rsa2048", tries: often},
		"legacy AES, ECDSA":   {key: "ecdsa256", tries: often},
		"legacy 3DES":         {file: keytest.Read(t, "twins", "ecdsa256.des3.pem"), tries: often},
		"legacy 3DES, DSA":    {file: keytest.Read(t, "twins", "dsa1024.des3.pem"), tries: often},
		"PBES1":               {file: pbes1File(t), tries: often},
		"PBES2":               {key: "ed25519", opts: Options{Encoding: PKCS8, Rounds: 1}, tries: often},
		"PBES2, 3DES":         {key: "rsa2048", opts: Options{Encoding: PKCS8, Rounds: 1, Cipher: "3des-cbc"}, tries: often},
		"ssh.com, RSA":        {key: "rsa2048", opts: Options{Encoding: SSHCom}, tries: often},
		"ssh.com, DSA":        {key: "dsa1024", opts: Options{Encoding: SSHCom}, tries: often},
		"openssh-key-v1, CTR": {key: "ed25519", opts: Options{Encoding: OpenSSH, Rounds: 1}, tries: seldom},
		"openssh-key-v1, CBC": {key: "ecdsa256", opts: Options{Encoding: OpenSSH, Rounds: 1, Cipher: "aes256-cbc"}, tries: seldom},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.file == nil {
				var err error
				test.file, err = MarshalWithPassphrase(randomKey(t, test.key), []byte(passphrase), &test.opts)
				require.NoError(t, err)
			}
			f, err := Decode(test.file)
			require.NoError(t, err)
			for i := range times(test.tries) {
				_, err = f.Decrypt(fmt.Appendf(nil, "wrong %d", i))
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			}
			_, err = f.Decrypt([]byte(passphrase))
			require.NoError(t, err)
		})
	}
}

// pbes1File returns a file encrypted with one iteration.
func pbes1File(t testing.TB) []byte {
	t.Helper()
	plain := keytest.Read(t, "twins", "ecdsa256.pkcs8.pem")
	return keytest.Run(t, plain, "openssl", "pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-iter", "1", "-passout", "pass:"+passphrase)
}

// TestManyWrongKeys does the same for the ciphers of openssh-key-v1, with random keys in
// place of those from bcrypt.
func TestManyWrongKeys(t *testing.T) {
	for name, c := range opensshCiphers.Get() {
		if name == encryptionNone {
			continue
		}
		out, err := MarshalWithPassphrase(randomKey(t, "rsa2048"), []byte("x"), &Options{Encoding: OpenSSH, Cipher: name, Rounds: 1})
		require.NoError(t, err)
		f, err := Decode(out)
		require.NoError(t, err)
		derived := make([]byte, c.keySize+c.ivSize)
		for range times(1000) {
			_, err = rand.Read(derived)
			require.NoError(t, err)
			_, err = f.sealed().openWith(derived)
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, name)
		}
	}
}

// TestOpenSSHTags: a tag that does not match means a wrong passphrase.
func TestOpenSSHTags(t *testing.T) {
	for _, name := range []string{"ed25519.aes128-gcm.openssh", "ed25519.aes256-gcm.openssh", "ed25519.chacha20-poly1305.openssh"} {
		f, err := Decode(keytest.Read(t, "twins", name))
		require.NoError(t, err)
		sealed := f.sealed().(*opensshFile)
		derived := sealed.derive([]byte(passphrase))
		_, err = sealed.openWith(derived)
		require.NoError(t, err)
		for _, part := range [][]byte{sealed.private, sealed.tag} {
			for i := range part {
				part[i] ^= 0x40
				_, err = sealed.openWith(derived)
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
				part[i] ^= 0x40
			}
		}
		_, err = sealed.openWith(derived)
		require.NoError(t, err)
	}
}
