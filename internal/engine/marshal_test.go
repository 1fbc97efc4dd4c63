package engine_test

import (
	"errors"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestOptions: each choice is in the file that comes out, and a choice that a format
// does not have is refused.
func TestOptions(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, test := range keytest.Some(5, []struct {
		format     engine.Format
		options    engine.Options
		encryption string
		kdf        engine.KDF
	}{
		{engine.PPK, engine.Options{}, "aes256-cbc", engine.KDF{Name: "Argon2id", Memory: 8192, Rounds: 21, Parallelism: 1}},
		{engine.PPK, engine.Options{KDF: "argon2i", Memory: 100, Rounds: 2, Parallelism: 3}, "aes256-cbc", engine.KDF{Name: "Argon2i", Memory: 100, Rounds: 2, Parallelism: 3}},
		{engine.PPK, engine.Options{KDF: "argon2d", Memory: 64, Rounds: 1, Parallelism: 1}, "aes256-cbc", engine.KDF{Name: "Argon2d", Memory: 64, Rounds: 1, Parallelism: 1}},
		{engine.PPK, engine.Options{KDF: "argon2id", Rounds: 1}, "aes256-cbc", engine.KDF{Name: "Argon2id", Memory: 8192, Rounds: 1, Parallelism: 1}},
		{engine.PPK2, engine.Options{}, "aes256-cbc", engine.KDF{Name: "SHA-1", Rounds: 1}},
		{engine.OpenSSH, engine.Options{}, "aes256-ctr", engine.KDF{Name: "bcrypt", Rounds: 24}},
		{engine.OpenSSH, engine.Options{Cipher: "aes256-gcm@openssh.com", KDF: "bcrypt", Rounds: 4}, "aes256-gcm@openssh.com", engine.KDF{Name: "bcrypt", Rounds: 4}},
		{engine.PKCS8, engine.Options{}, "aes256-cbc", engine.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 600_000}},
		{engine.PKCS8, engine.Options{Cipher: "aes128-cbc", KDF: "pbkdf2", Rounds: 1000}, "aes128-cbc", engine.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 1000}},
		{engine.PKCS8, engine.Options{KDF: "scrypt"}, "aes256-cbc", engine.KDF{Name: "scrypt", Memory: 16384, Parallelism: 5}},
		{engine.PKCS8, engine.Options{KDF: "scrypt", Memory: 1024}, "aes256-cbc", engine.KDF{Name: "scrypt", Memory: 1024, Parallelism: 10}},
		{engine.PKCS8, engine.Options{KDF: "scrypt", Memory: 1 << 15}, "aes256-cbc", engine.KDF{Name: "scrypt", Memory: 1 << 15, Parallelism: 3}},
		{engine.PKCS8, engine.Options{KDF: "scrypt", Memory: 1 << 16}, "aes256-cbc", engine.KDF{Name: "scrypt", Memory: 1 << 16, Parallelism: 2}},
		{engine.PKCS8, engine.Options{KDF: "scrypt", Memory: 1 << 17}, "aes256-cbc", engine.KDF{Name: "scrypt", Memory: 1 << 17, Parallelism: 1}},
		{engine.PKCS8, engine.Options{KDF: "scrypt", Memory: 64, Parallelism: 7}, "aes256-cbc", engine.KDF{Name: "scrypt", Memory: 64, Parallelism: 7}},
	}) {
		before := test.options
		data, err := engine.MarshalWithPassphrase(key, []byte(passphrase), test.format, &test.options)
		require.NoError(t, err, "%+v", test)
		assert.Equal(t, before, test.options, "the options changed")
		f, err := engine.Open(data, engine.Limits{})
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
	write := func(format engine.Format, o engine.Options) error {
		_, err := engine.MarshalWithPassphrase(key, []byte(passphrase), format, &o)
		return err
	}
	for name, err := range map[string]error{
		"bcrypt in ppk":            write(engine.PPK, engine.Options{KDF: "bcrypt"}),
		"argon2 in openssh":        write(engine.OpenSSH, engine.Options{KDF: "argon2id"}),
		"argon2 in ppk2":           write(engine.PPK2, engine.Options{KDF: "argon2id"}),
		"rounds in ppk2":           write(engine.PPK2, engine.Options{Rounds: 3}),
		"cipher in pem":            write(engine.PEM, engine.Options{Cipher: "aes256-ctr"}),
		"rounds in pem":            write(engine.PEM, engine.Options{Rounds: 16}),
		"rounds in sshcom":         write(engine.SSHCom, engine.Options{Rounds: 16}),
		"unknown cipher":           write(engine.OpenSSH, engine.Options{Cipher: "rot13"}),
		"unknown cipher of pkcs8":  write(engine.PKCS8, engine.Options{Cipher: "rot13"}),
		"argon2 over the memory":   write(engine.PPK, engine.Options{Memory: 1 << 40}),
		"argon2 over the work":     write(engine.PPK, engine.Options{Rounds: 1 << 40}),
		"bcrypt over the work":     write(engine.OpenSSH, engine.Options{Rounds: 1 << 40}),
		"pbkdf2 over the work":     write(engine.PKCS8, engine.Options{Rounds: 1 << 40}),
		"scrypt over the memory":   write(engine.PKCS8, engine.Options{KDF: "scrypt", Memory: 1 << 40}),
		"cipher in ppk":            write(engine.PPK, engine.Options{Cipher: "aes128-cbc"}),
		"parallelism in openssh":   write(engine.OpenSSH, engine.Options{Parallelism: 2}),
		"parallelism in pkcs8":     write(engine.PKCS8, engine.Options{Parallelism: 2}),
		"memory in openssh":        write(engine.OpenSSH, engine.Options{Memory: 64}),
		"memory in pkcs8's pbkdf2": write(engine.PKCS8, engine.Options{Memory: 64}),
		"rounds in scrypt":         write(engine.PKCS8, engine.Options{KDF: "scrypt", Rounds: 64}),
	} {
		assert.Error(t, err, name)
	}
}

func TestMarshalRefused(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	_, err := engine.MarshalWithPassphrase(key, nil, engine.PPK, nil)
	require.EqualError(t, err, "keyconv: an empty passphrase is not supported")
	for _, format := range []engine.Format{"", "jks", "x509", "der", engine.Unknown, engine.Empty, "PPK"} {
		_, err := engine.Marshal(key, format, nil)
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError), format)
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
	for _, format := range engine.Formats() {
		_, err := engine.Marshal(&sshkey.Key{}, format, nil)
		assert.Error(t, err, format)
	}
}

// TestKeepOptions: a file that is written again is never weaker than it was, nor
// than the default.
func TestKeepOptions(t *testing.T) {
	argon2 := func(name string, memory, passes, parallelism uint64) *engine.KDF {
		return &engine.KDF{Name: name, Memory: memory, Rounds: passes, Parallelism: parallelism}
	}
	for name, test := range map[string]struct {
		file engine.File
		o    engine.Options
		want engine.Options
	}{
		"weak argon2":     {engine.File{Format: engine.PPK, KDF: argon2("Argon2i", 64, 1, 1)}, engine.Options{}, engine.Options{KDF: "argon2i", Memory: 8192, Rounds: 21, Parallelism: 1}},
		"strong argon2":   {engine.File{Format: engine.PPK, KDF: argon2("Argon2d", 65536, 100, 4)}, engine.Options{}, engine.Options{KDF: "argon2d", Memory: 65536, Rounds: 100, Parallelism: 4}},
		"chosen passes":   {engine.File{Format: engine.PPK, KDF: argon2("Argon2id", 65536, 100, 4)}, engine.Options{Rounds: 3}, engine.Options{KDF: "argon2id", Memory: 65536, Rounds: 3, Parallelism: 4}},
		"another kdf":     {engine.File{Format: engine.PPK, KDF: argon2("Argon2id", 65536, 100, 4)}, engine.Options{KDF: "argon2i"}, engine.Options{KDF: "argon2i"}},
		"version 2":       {engine.File{Format: engine.PPK2, KDF: &engine.KDF{Name: "SHA-1", Rounds: 1}}, engine.Options{}, engine.Options{}},
		"weak bcrypt":     {engine.File{Format: engine.OpenSSH, Encryption: "aes128-ctr", KDF: &engine.KDF{Name: "bcrypt", Rounds: 4}}, engine.Options{}, engine.Options{Cipher: "aes128-ctr", KDF: "bcrypt", Rounds: 24}},
		"strong bcrypt":   {engine.File{Format: engine.OpenSSH, Encryption: "aes256-cbc", KDF: &engine.KDF{Name: "bcrypt", Rounds: 100}}, engine.Options{Cipher: "aes256-ctr"}, engine.Options{Cipher: "aes256-ctr", KDF: "bcrypt", Rounds: 100}},
		"weak pbkdf2":     {engine.File{Format: engine.PKCS8, KDF: &engine.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 2048}}, engine.Options{}, engine.Options{KDF: "pbkdf2", Rounds: 600_000}},
		"pbkdf2 of SHA-1": {engine.File{Format: engine.PKCS8, KDF: &engine.KDF{Name: "PBKDF2-HMAC-SHA1", Rounds: 2048}}, engine.Options{}, engine.Options{}},
		"weak scrypt":     {engine.File{Format: engine.PKCS8, KDF: &engine.KDF{Name: "scrypt", Memory: 1024, Rounds: 1024}}, engine.Options{}, engine.Options{KDF: "scrypt", Memory: 16384}},
		"strong scrypt":   {engine.File{Format: engine.PKCS8, KDF: &engine.KDF{Name: "scrypt", Memory: 65536, Rounds: 65536, Parallelism: 1}}, engine.Options{}, engine.Options{KDF: "scrypt", Memory: 65536}},
		"scrypt, large p": {engine.File{Format: engine.PKCS8, KDF: &engine.KDF{Name: "scrypt", Memory: 65536, Rounds: 65536 * 9, Parallelism: 9}}, engine.Options{}, engine.Options{KDF: "scrypt", Memory: 65536, Parallelism: 9}},
		"scrypt, odd r":   {engine.File{Format: engine.PKCS8, KDF: &engine.KDF{Name: "scrypt", Memory: 49152, Rounds: 49152 * 2, Parallelism: 2}}, engine.Options{}, engine.Options{KDF: "scrypt", Memory: 65536, Parallelism: 2}},
		"not encrypted":   {engine.File{Format: engine.PKCS8, Encryption: "none"}, engine.Options{}, engine.Options{}},
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
	for _, name := range keytest.Some(4, []string{
		"ecdsa256.v3.enc-argon2d.ppk", "ecdsa256.v2.enc.ppk", "ecdsa256.enc.openssh", "ed25519.aes192-cbc.openssh",
		"ed25519.chacha20-poly1305.openssh", "ed25519.aes128-gcm.openssh", "ecdsa256.pkcs8.enc.pem", "ecdsa256.pkcs8.scrypt.pem",
		"ed25519.pkcs8.hmacWithSHA1.pem", "ecdsa256.pkcs8.pbe-sha1-3des.pem", "ecdsa256.des3.pem", "rsa2048.enc.sshcom",
	}) {
		f, err := engine.Open(keytest.Read(t, "twins", name), engine.Limits{})
		require.NoError(t, err)
		key, err := f.Decrypt([]byte(passphrase))
		require.NoError(t, err)
		out, err := engine.MarshalWithPassphrase(key, []byte("new"), f.Format, f.KeepOptions(engine.Options{}))
		require.NoError(t, err, name)
		again, err := engine.Open(out, engine.Limits{})
		require.NoError(t, err)
		if again.KDF.Name == f.KDF.Name {
			assert.GreaterOrEqual(t, again.KDF.Rounds, f.KDF.Rounds, name)
			assert.GreaterOrEqual(t, again.KDF.Memory, f.KDF.Memory, name)
		}
		back, err := again.Decrypt([]byte("new"))
		require.NoError(t, err, name)
		assert.True(t, back.Equal(key), name)
	}
}

func TestMarshalPublic(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	pub, err := key.Public()
	require.NoError(t, err)
	for format, begins := range map[engine.Format]string{
		engine.Public: "ssh-ed25519 AAAA", engine.RFC4716: "---- BEGIN SSH2 PUBLIC KEY", engine.SPKI: "-----BEGIN PUBLIC KEY",
	} {
		data, err := engine.MarshalPublic(pub, "c", format)
		require.NoError(t, err)
		assert.Equal(t, begins, string(data[:len(begins)]))
	}
	for _, format := range []engine.Format{engine.PPK, engine.PEM, "", "x509"} {
		_, err := engine.MarshalPublic(pub, "c", format)
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	}
	token, err := engine.Open(encryptedToken(t), engine.Limits{})
	require.NoError(t, err)
	_, err = engine.MarshalPublic(token.PublicKey, "", engine.SPKI)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	_, err = engine.MarshalPublic(token.PublicKey, "", engine.Public)
	require.NoError(t, err)
}

func TestTablesOfFormats(t *testing.T) {
	all, private, public := engine.Holds{Private: true, Comment: true, Certificate: true}, engine.Holds{Private: true}, engine.Holds{Comment: true, Certificate: true}
	holds := map[engine.Format]engine.Holds{
		engine.PPK: all, engine.PPK2: all, engine.OpenSSH: {Private: true, Comment: true}, engine.SSHCom: {Private: true, Comment: true},
		engine.PEM: private, engine.PKCS8: private, engine.Public: public, engine.RFC4716: public, engine.SPKI: {},
		engine.JWK: {Private: true, Comment: true}, engine.Dropbear: private,
	}
	require.Len(t, engine.Formats(), len(holds))
	for _, f := range engine.Formats() {
		assert.Equal(t, holds[f], f.About().Holds, f)
		assert.NotEmpty(t, f.About().Title)
		for _, algorithm := range algorithms {
			want := f
			if f == engine.PEM && (algorithm == ssh.KeyAlgoED25519 || algorithm == rawkey.KeyAlgoED448) {
				want = engine.OpenSSH
			}
			assert.Equal(t, want, f.Resolve(algorithm))
		}
	}
	for _, f := range []engine.Format{"x509", "x509-request", "pgp", "jwk-public", "ssh1", "ssh1-public", "der"} {
		assert.NotEmpty(t, f.About().Title)
		assert.NotContains(t, engine.Formats(), f)
	}
	assert.Empty(t, engine.Format("nothing").About().Title)
	assert.Zero(t, engine.Format("nothing").About().Holds)
}
