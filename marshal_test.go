package keyconv_test

import (
	"errors"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestOptions: each choice is in the file that comes out, and a choice that a format
// does not have is refused.
func TestOptions(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, test := range []struct {
		format     keyconv.Format
		options    keyconv.Options
		encryption string
		kdf        keyconv.KDF
	}{
		{keyconv.PPK, keyconv.Options{}, "aes256-cbc", keyconv.KDF{Name: "Argon2id", Memory: 8192, Rounds: 21, Parallelism: 1}},
		{keyconv.PPK, keyconv.Options{KDF: "argon2i", Memory: 100, Rounds: 2, Parallelism: 3}, "aes256-cbc", keyconv.KDF{Name: "Argon2i", Memory: 100, Rounds: 2, Parallelism: 3}},
		{keyconv.PPK, keyconv.Options{KDF: "argon2d", Memory: 64, Rounds: 1, Parallelism: 1}, "aes256-cbc", keyconv.KDF{Name: "Argon2d", Memory: 64, Rounds: 1, Parallelism: 1}},
		{keyconv.PPK, keyconv.Options{KDF: "argon2id", Rounds: 1}, "aes256-cbc", keyconv.KDF{Name: "Argon2id", Memory: 8192, Rounds: 1, Parallelism: 1}},
		{keyconv.PPK2, keyconv.Options{}, "aes256-cbc", keyconv.KDF{Name: "SHA-1", Rounds: 1}},
		{keyconv.OpenSSH, keyconv.Options{}, "aes256-ctr", keyconv.KDF{Name: "bcrypt", Rounds: 24}},
		{keyconv.OpenSSH, keyconv.Options{Cipher: "aes256-gcm@openssh.com", KDF: "bcrypt", Rounds: 4}, "aes256-gcm@openssh.com", keyconv.KDF{Name: "bcrypt", Rounds: 4}},
		{keyconv.PKCS8, keyconv.Options{}, "aes256-cbc", keyconv.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 600_000}},
		{keyconv.PKCS8, keyconv.Options{Cipher: "aes128-cbc", KDF: "pbkdf2", Rounds: 1000}, "aes128-cbc", keyconv.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 1000}},
		{keyconv.PKCS8, keyconv.Options{KDF: "scrypt"}, "aes256-cbc", keyconv.KDF{Name: "scrypt", Memory: 16384, Parallelism: 5}},
		{keyconv.PKCS8, keyconv.Options{KDF: "scrypt", Memory: 1024}, "aes256-cbc", keyconv.KDF{Name: "scrypt", Memory: 1024, Parallelism: 10}},
		{keyconv.PKCS8, keyconv.Options{KDF: "scrypt", Memory: 1 << 15}, "aes256-cbc", keyconv.KDF{Name: "scrypt", Memory: 1 << 15, Parallelism: 3}},
		{keyconv.PKCS8, keyconv.Options{KDF: "scrypt", Memory: 1 << 16}, "aes256-cbc", keyconv.KDF{Name: "scrypt", Memory: 1 << 16, Parallelism: 2}},
		{keyconv.PKCS8, keyconv.Options{KDF: "scrypt", Memory: 1 << 17}, "aes256-cbc", keyconv.KDF{Name: "scrypt", Memory: 1 << 17, Parallelism: 1}},
		{keyconv.PKCS8, keyconv.Options{KDF: "scrypt", Memory: 64, Parallelism: 7}, "aes256-cbc", keyconv.KDF{Name: "scrypt", Memory: 64, Parallelism: 7}},
	} {
		before := test.options
		data, err := keyconv.MarshalWithPassphrase(key, []byte(passphrase), test.format, &test.options)
		require.NoError(t, err, "%+v", test)
		assert.Equal(t, before, test.options, "the options changed")
		f, err := keyconv.Open(data, keyconv.Limits{})
		require.NoError(t, err)
		assert.EqualValues(t, test.encryption, f.Encryption, test.format)
		if test.kdf.Name == "scrypt" {
			f.KDF.Rounds = 0 // work, not a choice
		}
		assert.Equal(t, test.kdf, *f.KDF, test.format)
	}
}

func TestOptionsRefused(t *testing.T) {
	key := keytest.Type(t, "rsa2048").New(t)
	write := func(format keyconv.Format, o keyconv.Options) error {
		_, err := keyconv.MarshalWithPassphrase(key, []byte(passphrase), format, &o)
		return err
	}
	for name, err := range map[string]error{
		"bcrypt in ppk":            write(keyconv.PPK, keyconv.Options{KDF: "bcrypt"}),
		"argon2 in openssh":        write(keyconv.OpenSSH, keyconv.Options{KDF: "argon2id"}),
		"argon2 in ppk2":           write(keyconv.PPK2, keyconv.Options{KDF: "argon2id"}),
		"rounds in ppk2":           write(keyconv.PPK2, keyconv.Options{Rounds: 3}),
		"cipher in pem":            write(keyconv.PEM, keyconv.Options{Cipher: "aes256-ctr"}),
		"rounds in pem":            write(keyconv.PEM, keyconv.Options{Rounds: 16}),
		"rounds in sshcom":         write(keyconv.SSHCom, keyconv.Options{Rounds: 16}),
		"unknown cipher":           write(keyconv.OpenSSH, keyconv.Options{Cipher: "rot13"}),
		"unknown cipher of pkcs8":  write(keyconv.PKCS8, keyconv.Options{Cipher: "rot13"}),
		"argon2 over the memory":   write(keyconv.PPK, keyconv.Options{Memory: 1 << 40}),
		"argon2 over the work":     write(keyconv.PPK, keyconv.Options{Rounds: 1 << 40}),
		"bcrypt over the work":     write(keyconv.OpenSSH, keyconv.Options{Rounds: 1 << 40}),
		"pbkdf2 over the work":     write(keyconv.PKCS8, keyconv.Options{Rounds: 1 << 40}),
		"scrypt over the memory":   write(keyconv.PKCS8, keyconv.Options{KDF: "scrypt", Memory: 1 << 40}),
		"cipher in ppk":            write(keyconv.PPK, keyconv.Options{Cipher: "aes128-cbc"}),
		"parallelism in openssh":   write(keyconv.OpenSSH, keyconv.Options{Parallelism: 2}),
		"parallelism in pkcs8":     write(keyconv.PKCS8, keyconv.Options{Parallelism: 2}),
		"memory in openssh":        write(keyconv.OpenSSH, keyconv.Options{Memory: 64}),
		"memory in pkcs8's pbkdf2": write(keyconv.PKCS8, keyconv.Options{Memory: 64}),
		"rounds in scrypt":         write(keyconv.PKCS8, keyconv.Options{KDF: "scrypt", Rounds: 64}),
	} {
		assert.Error(t, err, name)
	}
}

func TestMarshalRefused(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	_, err := keyconv.MarshalWithPassphrase(key, nil, keyconv.PPK, nil)
	require.EqualError(t, err, "keyconv: the passphrase is empty")
	for _, format := range []keyconv.Format{"", "jks", "x509", "der", keyconv.Unknown, keyconv.Empty, "PPK"} {
		_, err := keyconv.Marshal(key, format, nil)
		require.ErrorAs(t, err, new(*keyconv.UnsupportedError), format)
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
	for _, format := range keyconv.Formats() {
		_, err := keyconv.Marshal(&sshkey.Key{}, format, nil)
		assert.Error(t, err, format)
	}
}

// TestKeepOptions: a file that is written again is never weaker than it was, nor
// than the default.
func TestKeepOptions(t *testing.T) {
	argon2 := func(name string, memory, passes, parallelism uint64) *keyconv.KDF {
		return &keyconv.KDF{Name: name, Memory: memory, Rounds: passes, Parallelism: parallelism}
	}
	for name, test := range map[string]struct {
		file keyconv.File
		o    keyconv.Options
		want keyconv.Options
	}{
		"weak argon2":     {keyconv.File{Format: keyconv.PPK, KDF: argon2("Argon2i", 64, 1, 1)}, keyconv.Options{}, keyconv.Options{KDF: "argon2i", Memory: 8192, Rounds: 21, Parallelism: 1}},
		"strong argon2":   {keyconv.File{Format: keyconv.PPK, KDF: argon2("Argon2d", 65536, 100, 4)}, keyconv.Options{}, keyconv.Options{KDF: "argon2d", Memory: 65536, Rounds: 100, Parallelism: 4}},
		"chosen passes":   {keyconv.File{Format: keyconv.PPK, KDF: argon2("Argon2id", 65536, 100, 4)}, keyconv.Options{Rounds: 3}, keyconv.Options{KDF: "argon2id", Memory: 65536, Rounds: 3, Parallelism: 4}},
		"another kdf":     {keyconv.File{Format: keyconv.PPK, KDF: argon2("Argon2id", 65536, 100, 4)}, keyconv.Options{KDF: "argon2i"}, keyconv.Options{KDF: "argon2i"}},
		"version 2":       {keyconv.File{Format: keyconv.PPK2, KDF: &keyconv.KDF{Name: "SHA-1", Rounds: 1}}, keyconv.Options{}, keyconv.Options{}},
		"weak bcrypt":     {keyconv.File{Format: keyconv.OpenSSH, Encryption: "aes128-ctr", KDF: &keyconv.KDF{Name: "bcrypt", Rounds: 4}}, keyconv.Options{}, keyconv.Options{Cipher: "aes128-ctr", KDF: "bcrypt", Rounds: 24}},
		"strong bcrypt":   {keyconv.File{Format: keyconv.OpenSSH, Encryption: "aes256-cbc", KDF: &keyconv.KDF{Name: "bcrypt", Rounds: 100}}, keyconv.Options{Cipher: "aes256-ctr"}, keyconv.Options{Cipher: "aes256-ctr", KDF: "bcrypt", Rounds: 100}},
		"weak pbkdf2":     {keyconv.File{Format: keyconv.PKCS8, KDF: &keyconv.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 2048}}, keyconv.Options{}, keyconv.Options{KDF: "pbkdf2", Rounds: 600_000}},
		"pbkdf2 of SHA-1": {keyconv.File{Format: keyconv.PKCS8, KDF: &keyconv.KDF{Name: "PBKDF2-HMAC-SHA1", Rounds: 2048}}, keyconv.Options{}, keyconv.Options{}},
		"weak scrypt":     {keyconv.File{Format: keyconv.PKCS8, KDF: &keyconv.KDF{Name: "scrypt", Memory: 1024, Rounds: 1024}}, keyconv.Options{}, keyconv.Options{KDF: "scrypt", Memory: 16384}},
		"strong scrypt":   {keyconv.File{Format: keyconv.PKCS8, KDF: &keyconv.KDF{Name: "scrypt", Memory: 65536, Rounds: 65536, Parallelism: 1}}, keyconv.Options{}, keyconv.Options{KDF: "scrypt", Memory: 65536}},
		"scrypt, large p": {keyconv.File{Format: keyconv.PKCS8, KDF: &keyconv.KDF{Name: "scrypt", Memory: 65536, Rounds: 65536 * 9, Parallelism: 9}}, keyconv.Options{}, keyconv.Options{KDF: "scrypt", Memory: 65536, Parallelism: 9}},
		"scrypt, odd r":   {keyconv.File{Format: keyconv.PKCS8, KDF: &keyconv.KDF{Name: "scrypt", Memory: 49152, Rounds: 49152 * 2, Parallelism: 2}}, keyconv.Options{}, keyconv.Options{KDF: "scrypt", Memory: 65536, Parallelism: 2}},
		"not encrypted":   {keyconv.File{Format: keyconv.PKCS8, Encryption: "none"}, keyconv.Options{}, keyconv.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			before := test.o
			assert.Equal(t, test.want, *test.file.KeepOptions(test.o))
			assert.Equal(t, before, test.o)
		})
	}
}

// TestKeptOptionsAreWritten: every encrypted twin can be written again as it was.
func TestKeptOptionsAreWritten(t *testing.T) {
	for _, name := range []string{
		"ecdsa256.v3.enc-argon2d.ppk", "ecdsa256.v2.enc.ppk", "ecdsa256.enc.openssh", "ed25519.aes192-cbc.openssh",
		"ed25519.chacha20-poly1305.openssh", "ed25519.aes128-gcm.openssh", "ecdsa256.pkcs8.enc.pem", "ecdsa256.pkcs8.scrypt.pem",
		"ed25519.pkcs8.hmacWithSHA1.pem", "ecdsa256.pkcs8.pbe-sha1-3des.pem", "ecdsa256.des3.pem", "rsa2048.enc.sshcom",
	} {
		f, err := keyconv.Open(keytest.Read(t, "twins", name), keyconv.Limits{})
		require.NoError(t, err)
		key, err := f.Decrypt([]byte(passphrase))
		require.NoError(t, err)
		out, err := keyconv.MarshalWithPassphrase(key, []byte("new"), f.Format, f.KeepOptions(keyconv.Options{}))
		require.NoError(t, err, name)
		again, err := keyconv.Open(out, keyconv.Limits{})
		require.NoError(t, err)
		if again.KDF.Name == f.KDF.Name {
			assert.GreaterOrEqual(t, again.KDF.Rounds, f.KDF.Rounds, name)
			assert.GreaterOrEqual(t, again.KDF.Memory, f.KDF.Memory, name)
		}
		back, err := again.Decrypt([]byte("new"))
		require.NoError(t, err, name)
		assert.True(t, back.Equal(*key), name)
	}
}

func TestMarshalPublic(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	pub, err := key.Public()
	require.NoError(t, err)
	for format, begins := range map[keyconv.Format]string{
		keyconv.Public: "ssh-ed25519 AAAA", keyconv.RFC4716: "---- BEGIN SSH2 PUBLIC KEY", keyconv.SPKI: "-----BEGIN PUBLIC KEY",
	} {
		data, err := keyconv.MarshalPublic(pub, "c", format)
		require.NoError(t, err)
		assert.Equal(t, begins, string(data[:len(begins)]))
	}
	for _, format := range []keyconv.Format{keyconv.PPK, keyconv.PEM, "", "x509"} {
		_, err := keyconv.MarshalPublic(pub, "c", format)
		require.ErrorAs(t, err, new(*keyconv.UnsupportedError))
	}
	token, err := keyconv.Open(encryptedToken(t), keyconv.Limits{})
	require.NoError(t, err)
	_, err = keyconv.MarshalPublic(token.PublicKey, "", keyconv.SPKI)
	require.ErrorAs(t, err, new(*keyconv.UnsupportedError))
	_, err = keyconv.MarshalPublic(token.PublicKey, "", keyconv.Public)
	require.NoError(t, err)
}

func TestTablesOfFormats(t *testing.T) {
	all, private, public := keyconv.Holds{Private: true, Comment: true, Certificate: true}, keyconv.Holds{Private: true}, keyconv.Holds{Comment: true, Certificate: true}
	holds := map[keyconv.Format]keyconv.Holds{
		keyconv.PPK: all, keyconv.PPK2: all, keyconv.OpenSSH: {Private: true, Comment: true}, keyconv.SSHCom: {Private: true, Comment: true},
		keyconv.PEM: private, keyconv.PKCS8: private, keyconv.Public: public, keyconv.RFC4716: public, keyconv.SPKI: {},
		keyconv.JWK: {Private: true, Comment: true}, keyconv.Dropbear: private,
	}
	require.Len(t, keyconv.Formats(), len(holds))
	for _, f := range keyconv.Formats() {
		assert.Equal(t, holds[f], f.Holds(), f)
		assert.NotEmpty(t, f.Title())
		for _, algorithm := range algorithms {
			want := f
			if f == keyconv.PEM && (algorithm == ssh.KeyAlgoED25519 || algorithm == sshkey.KeyAlgoED448) {
				want = keyconv.OpenSSH
			}
			assert.Equal(t, want, f.Resolve(algorithm))
		}
	}
	for _, f := range []keyconv.Format{"x509", "x509-request", "pgp", "jwk-public", "ssh1", "ssh1-public", "der"} {
		assert.NotEmpty(t, f.Title())
		assert.NotContains(t, keyconv.Formats(), f)
	}
	assert.Empty(t, keyconv.Format("nothing").Title())
	assert.Zero(t, keyconv.Format("nothing").Holds())
}
