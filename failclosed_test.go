package keyconv_test

import (
	"bytes"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fakeFormat = keyconv.Format("fake")

var fakeMagic = []byte("FAKE KEY\n")

// openFake reads the fake format: a first line, and then a PuTTY key file.
func openFake(data []byte) (*keyconv.File, error) {
	p, err := ppk.Decode(bytes.TrimPrefix(data, fakeMagic))
	if err != nil {
		return nil, err
	}
	f := keyconv.File{Encryption: p.Encryption, PublicKey: p.PublicKey, Comment: p.Comment, HasComment: true, Keys: 1}
	return keyconv.NewFile(f, p.Decrypt), nil
}

// writeFake is a writer of the fake format without a mistake.
func writeFake(key *sshkey.Key, passphrase []byte) ([]byte, error) {
	if len(passphrase) == 0 {
		out, err := ppk.Marshal(key, nil)
		return append(bytes.Clone(fakeMagic), out...), err
	}
	out, err := ppk.MarshalWithPassphrase(key, passphrase, &ppk.Options{Argon2: &ppk.Argon2Params{Memory: 64, Passes: 1}})
	return append(bytes.Clone(fakeMagic), out...), err
}

// TestWriterIsNotTrusted gives the engine a format whose writer makes mistakes. None of
// its outputs leaves the engine, and nothing of them stays in memory.
func TestWriterIsNotTrusted(t *testing.T) {
	key, other := keytest.Type(t, "rsa2048").New(t), keytest.Type(t, "ed25519").New(t)
	for name, c := range map[string]struct {
		write      func(passphrase []byte) ([]byte, error)
		passphrase string
		want       string // "" for an output that is right
	}{
		"right":                        {func(p []byte) ([]byte, error) { return writeFake(key, p) }, "", ""},
		"right, encrypted":             {func(p []byte) ([]byte, error) { return writeFake(key, p) }, passphrase, ""},
		"forgets the passphrase":       {func([]byte) ([]byte, error) { return writeFake(key, nil) }, passphrase, "is not encrypted"},
		"a passphrase of its own":      {func([]byte) ([]byte, error) { return writeFake(key, []byte("own")) }, "", "is encrypted"},
		"another key":                  {func(p []byte) ([]byte, error) { return writeFake(other, p) }, "", "another key"},
		"another key, encrypted":       {func(p []byte) ([]byte, error) { return writeFake(other, p) }, passphrase, "another key"},
		"another format":               {func([]byte) ([]byte, error) { return ppk.Marshal(key, nil) }, "", "format ppk, not fake"},
		"a public key":                 {func([]byte) ([]byte, error) { return keyconv.Marshal(key, keyconv.Public, nil) }, "", "format public, not fake"},
		"nothing":                      {func([]byte) ([]byte, error) { return nil, nil }, "", "does not open"},
		"half of it":                   {func(p []byte) ([]byte, error) { out, err := writeFake(key, p); return out[:len(out)/2], err }, "", "does not open"},
		"a private half that is wrong": {func(p []byte) ([]byte, error) { out, err := writeFake(key, p); return flipMAC(out), err }, "", "does not open"},
	} {
		t.Run(name, func(t *testing.T) {
			var written []byte
			keyconv.AddFormat(t, keyconv.FakeFormat{
				Format: fakeFormat,
				Is:     func(data []byte) bool { return bytes.HasPrefix(data, fakeMagic) },
				Open:   openFake,
				Marshal: func(_ *sshkey.Key, passphrase []byte) ([]byte, error) {
					var err error
					written, err = c.write(passphrase)
					return written, err
				},
				Holds: keyconv.Holds{Private: true, Comment: true},
			})
			write := func() ([]byte, *keyconv.File, error) { return keyconv.MarshalFile(key, fakeFormat, nil) }
			if c.passphrase != "" {
				write = func() ([]byte, *keyconv.File, error) {
					return keyconv.MarshalFileWithPassphrase(key, []byte(c.passphrase), fakeFormat, nil)
				}
			}
			out, f, err := write()
			if c.want == "" {
				require.NoError(t, err)
				assert.Equal(t, written, out)
				assert.Equal(t, fakeFormat, f.Format)
				assert.Equal(t, c.passphrase != "", f.Encrypted())
				return
			}
			require.ErrorContains(t, err, c.want)
			assert.Nil(t, out)
			assert.Nil(t, f)
			assert.Empty(t, bytes.Trim(written, "\x00"), "the refused output is wiped")
		})
	}
}

func flipMAC(out []byte) []byte {
	last := len(out) - 2 // a hexadecimal digit before the line end
	if out[last] == '0' {
		out[last] = '1'
	} else {
		out[last] = '0'
	}
	return out
}
