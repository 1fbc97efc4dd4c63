package keyconv_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"strings"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// isNamed reports whether an error is one of those that the package page names.
func isNamed(err error) bool {
	return errors.Is(err, sshkey.ErrIncorrectPassphrase) ||
		errors.As(err, new(*sshkey.PassphraseMissingError)) || errors.As(err, new(*sshkey.SyntaxError)) ||
		errors.As(err, new(*sshkey.InvalidKeyError)) || errors.As(err, new(*sshkey.UnsupportedError)) ||
		errors.As(err, new(*sshkey.LimitError)) || errors.As(err, new(*keyconv.NotPrivateError))
}

// assertNamed looks for errors of a type that the package page names, and with words.
func assertNamed(t *testing.T, errs map[string]error) {
	t.Helper()
	for name, err := range errs {
		if assert.Error(t, err, name) {
			assert.True(t, isNamed(err), "%s: %T %v", name, err, err)
			assert.Greater(t, len(err.Error()), 15, name)
		}
	}
}

// TestErrorsOfWritingAreNamed: what a caller can do wrong with the functions that write, and those
// that make or change a key.
func TestErrorsOfWritingAreNamed(t *testing.T) {
	key, err := keyconv.Parse(keytest.Read(t, "twins", "ed25519.openssh"), nil)
	require.NoError(t, err)
	with := func(change func(*sshkey.Key)) *sshkey.Key {
		other := *key
		change(&other)
		return &other
	}
	write := func(key *sshkey.Key, format keyconv.Format, passphrase []byte, opts *keyconv.Options) error {
		_, _, err := keyconv.Write(key, format, passphrase, opts)
		return err
	}
	public := func(pub ssh.PublicKey, format keyconv.Format) error {
		_, err := keyconv.WritePublic(pub, "", format)
		return err
	}
	format := func(name string) error { _, err := keyconv.ParseFormat(name); return err }
	generate := func(name string, bits int) error { _, err := keyconv.Generate(name, bits); return err }
	p := []byte("p")
	pub, err := key.Public()
	require.NoError(t, err)
	assertNamed(t, map[string]error{
		"no key":                         write(nil, keyconv.PPK, nil, nil),
		"zero key":                       write(&sshkey.Key{}, keyconv.PPK, nil, nil),
		"odd key":                        write(&sshkey.Key{Private: 5}, keyconv.PPK, nil, nil),
		"no format":                      write(key, "", nil, nil),
		"format of readers":              write(key, keyconv.PKCS12, nil, nil),
		"unknown format":                 write(key, "nonsense", p, nil),
		"type of another format":         write(key, keyconv.SSHCom, nil, nil),
		"empty passphrase":               write(key, keyconv.PPK, []byte{}, nil),
		"format without encryption":      write(key, keyconv.JWK, p, nil),
		"nonsense cipher, plain":         write(key, keyconv.OpenSSH, nil, &keyconv.Options{Cipher: "nonsense"}),
		"nonsense cipher":                write(key, keyconv.OpenSSH, p, &keyconv.Options{Cipher: "nonsense"}),
		"nonsense cipher of PKCS#8":      write(key, keyconv.PKCS8, p, &keyconv.Options{Cipher: "nonsense"}),
		"cipher of a ppk":                write(key, keyconv.PPK, p, &keyconv.Options{Cipher: "aes256-cbc"}),
		"KDF of another format":          write(key, keyconv.PPK, p, &keyconv.Options{KDF: "bcrypt"}),
		"nonsense KDF":                   write(key, keyconv.PKCS8, p, &keyconv.Options{KDF: "nonsense"}),
		"memory of bcrypt":               write(key, keyconv.OpenSSH, p, &keyconv.Options{Memory: 64}),
		"rounds of ppk2":                 write(key, keyconv.PPK2, p, &keyconv.Options{Rounds: 2}),
		"rounds of scrypt":               write(key, keyconv.PKCS8, p, &keyconv.Options{KDF: "scrypt", Rounds: 2}),
		"rounds in a public form":        write(key, keyconv.Public, p, &keyconv.Options{Rounds: 2}),
		"rounds without a passphrase":    write(key, keyconv.PPK, nil, &keyconv.Options{Rounds: 1 << 40}),
		"all memory":                     write(key, keyconv.PPK, p, &keyconv.Options{Memory: math.MaxUint64}),
		"all rounds":                     write(key, keyconv.OpenSSH, p, &keyconv.Options{Rounds: math.MaxUint64}),
		"all iterations":                 write(key, keyconv.PKCS8, p, &keyconv.Options{Rounds: math.MaxUint64}),
		"all lanes":                      write(key, keyconv.PPK, p, &keyconv.Options{Parallelism: math.MaxUint64}),
		"comment of lines":               write(with(func(k *sshkey.Key) { k.Comment = "a\nb" }), keyconv.PPK, nil, nil),
		"comment with NUL":               write(with(func(k *sshkey.Key) { k.Comment = "a\x00b" }), keyconv.PPK2, nil, nil),
		"certificate without keys":       write(with(func(k *sshkey.Key) { k.Certificate = &ssh.Certificate{} }), keyconv.PPK, nil, nil),
		"no public key":                  public(nil, keyconv.Public),
		"certificate without a key":      public(&ssh.Certificate{}, keyconv.RFC4716),
		"private form of a public key":   public(pub, keyconv.PPK),
		"ParseFormat of nothing":         format(""),
		"ParseFormat of a reader":        format("ssh1"),
		"Generate of nothing":            generate("", 0),
		"Generate of few bits":           generate("rsa", 512),
		"Generate of negative bits":      generate("ecdsa", -1),
		"AddCertificate of nothing":      keyconv.AddCertificate(key, nil),
		"AddCertificate of a public key": keyconv.AddCertificate(key, keytest.Read(t, "twins", "ed25519.pub")),
		"AddCertificate without a key":   keyconv.AddCertificate(nil, keytest.Read(t, "twins", "ed25519.pub")),
	})
}

// TestErrorsOfReadingAreNamed: what a caller can do wrong with the functions that read.
func TestErrorsOfReadingAreNamed(t *testing.T) {
	open := func(data []byte, opts *keyconv.ParseOptions) error {
		_, err := keyconv.Open(data, opts)
		return err
	}
	parse := func(data []byte, opts *keyconv.ParseOptions) error {
		_, err := keyconv.ParseContext(t.Context(), data, opts)
		return err
	}
	text, closed := keytest.Read(t, "twins", "ed25519.openssh"), keytest.Read(t, "twins", "ed25519.v3.enc.ppk")
	assertNamed(t, map[string]error{
		"nothing":                 open(nil, nil),
		"a page":                  open([]byte("<html>"), nil),
		"cut off":                 open(text[:100], nil),
		"too large":               open(make([]byte, sshkey.MaxFileSize+1), nil),
		"too large, mended":       open(make([]byte, sshkey.MaxFileSize+1), &keyconv.ParseOptions{Mend: true}),
		"index below 0":           open(text, &keyconv.ParseOptions{Index: -1}),
		"index over all":          open(text, &keyconv.ParseOptions{Index: math.MaxInt}),
		"index of a damaged text": open(bytes.ReplaceAll(text, []byte("\n"), []byte(" ")), &keyconv.ParseOptions{Index: 1, Mend: true}),
		"index of a .pub":         open(keytest.Read(t, "twins", "ed25519.pub"), &keyconv.ParseOptions{Index: 1}),
		"public key":              parse(keytest.Read(t, "twins", "ed25519.pub"), nil),
		"no passphrase":           parse(closed, nil),
		"nil passphrase":          parse(closed, &keyconv.ParseOptions{Passphrase: func(*keyconv.File) ([]byte, error) { return nil, nil }}),
		"wrong passphrase":        parse(closed, &keyconv.ParseOptions{Passphrase: answer("p")}),
		"key on a token":          parse(keytest.Read(t, "corpus", "import-edge", "sk"), nil),
		"least limits":            parse(closed, &keyconv.ParseOptions{Limits: sshkey.Limits{KDFMemory: 1, KDFWork: 1, Work: 1, PassphraseWork: 1}}),
	})
}

// TestMissingIsNotWrong: nil is no passphrase, and costs no key derivation; an empty one is
// tried.
func TestMissingIsNotWrong(t *testing.T) {
	f, err := keyconv.Open(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"), nil)
	require.NoError(t, err)
	_, err = f.Decrypt(nil)
	var missing *sshkey.PassphraseMissingError
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, f.PublicKey, missing.PublicKey)
	_, err = f.Decrypt([]byte{})
	assert.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	_, err = keyconv.Parse(keytest.Read(t, "p12", "empty.p12"), answer(""))
	assert.NoError(t, err, "there are files with an empty passphrase")
}

// TestZeroValues: a File and an error that no function made.
func TestZeroValues(t *testing.T) {
	for _, f := range []*keyconv.File{nil, {}} {
		assert.False(t, f.Encrypted())
		var none *keyconv.NotPrivateError
		require.ErrorAs(t, f.Usable(), &none)
		assert.Equal(t, keyconv.Unknown, none.Format)
		_, err := f.Decrypt([]byte("p"))
		require.ErrorAs(t, err, &none)
	}
	assert.NotEmpty(t, (&keyconv.NotPrivateError{}).Error())
}

// TestContext: a context that is done ends everything before it begins, and its error is what
// comes back.
func TestContext(t *testing.T) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	text := keytest.Read(t, "twins", "ed25519.v3.enc.ppk")
	for _, opts := range []*keyconv.ParseOptions{nil, {Mend: true}, {Passphrase: answer("correct horse")}} {
		_, err := keyconv.ParseContext(done, text, opts)
		assert.Equal(t, context.Canceled, err)
	}
	f, err := keyconv.Open(text, nil)
	require.NoError(t, err)
	_, err = f.DecryptContext(done, []byte("correct horse"))
	assert.Equal(t, context.Canceled, err)

	// The person is asked, and the one who asked is gone meanwhile.
	ctx, cancel := context.WithCancel(t.Context())
	_, err = keyconv.ParseContext(ctx, text, &keyconv.ParseOptions{Passphrase: func(*keyconv.File) ([]byte, error) {
		cancel()
		return []byte("correct horse"), nil
	}})
	assert.Equal(t, context.Canceled, err)
	_, err = f.DecryptContext(t.Context(), []byte("correct horse"))
	assert.NoError(t, err, "the same file with another context")
}

// countdown is a context that is done after a number of steps have asked it.
type countdown struct {
	context.Context
	steps int
}

func (c *countdown) Err() error {
	if c.steps--; c.steps < 0 {
		return context.Canceled
	}
	return nil
}

// TestContextWhileMending: mending of a text asks the context at each step, and stops.
func TestContextWhileMending(t *testing.T) {
	text := bytes.ReplaceAll(keytest.Read(t, "twins", "rsa2048.openssh"), []byte("\n"), []byte(" "))
	all := &countdown{t.Context(), math.MaxInt}
	_, err := keyconv.ParseContext(all, text, &keyconv.ParseOptions{Mend: true})
	require.NoError(t, err)
	steps := math.MaxInt - all.steps
	require.Greater(t, steps, 3)
	for n := range steps {
		_, err := keyconv.ParseContext(&countdown{t.Context(), n}, text, &keyconv.ParseOptions{Mend: true})
		assert.ErrorIs(t, err, context.Canceled, "step %d of %d", n, steps)
	}
}

// TestErrorOfTheCaller: what the passphrase function returns comes back as it is.
func TestErrorOfTheCaller(t *testing.T) {
	_, err := keyconv.Parse(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"), func(*keyconv.File) ([]byte, error) { return nil, fs.ErrClosed })
	assert.Equal(t, fs.ErrClosed, err)
}

// TestLimits: with all limits zero, and at their maximum, the usual files are read; with the
// least, none that has to be computed for.
func TestLimits(t *testing.T) {
	most := sshkey.Limits{KDFMemory: math.MaxUint64, KDFWork: math.MaxUint64, Work: math.MaxUint64, PassphraseWork: math.MaxUint64}
	for _, name := range []string{"rsa2048.v3.enc.ppk", "rsa2048.enc.openssh", "rsa2048.pkcs8.scrypt.pem", "rsa2048.pem"} {
		text := keytest.Read(t, "twins", name)
		for _, limits := range []sshkey.Limits{{}, most, keyconv.ServerLimits()} {
			for _, mend := range []bool{false, true} {
				opts := &keyconv.ParseOptions{Limits: limits, Mend: mend, Passphrase: answer("correct horse")}
				_, err := keyconv.ParseContext(t.Context(), text, opts)
				assert.NoError(t, err, "%s %+v", name, limits)
			}
		}
		_, err := keyconv.Open(text, &keyconv.ParseOptions{Limits: sshkey.Limits{Work: 1}})
		assert.ErrorAs(t, err, new(*sshkey.LimitError), name)
	}
	huge := []byte(strings.Replace(string(keytest.Read(t, "twins", "rsa2048.v3.enc.ppk")), "Argon2-Memory: ", "Argon2-Memory: 9", 1))
	_, err := keyconv.Open(huge, &keyconv.ParseOptions{Limits: sshkey.Limits{KDFMemory: 64}})
	assert.ErrorAs(t, err, new(*sshkey.LimitError))
}
