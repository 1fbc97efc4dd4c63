package engine_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fakeFormat = engine.Format("fake")

var fakeMagic = []byte("FAKE KEY\n")

// openFake reads the fake format: a first line, and then a PuTTY key file.
func openFake(data []byte) (*engine.File, error) {
	p, err := ppk.Decode(bytes.TrimPrefix(data, fakeMagic))
	if err != nil {
		return nil, err
	}
	f := engine.File{Encryption: p.Encryption, PublicKey: p.PublicKey, Comment: p.Comment, HasComment: true, Keys: 1}
	return engine.NewFile(f, p.Decrypt), nil
}

// writeFake writes the fake format without a mistake.
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
		"a public key":                 {func([]byte) ([]byte, error) { return engine.Marshal(key, engine.Public, nil) }, "", "format public, not fake"},
		"nothing":                      {func([]byte) ([]byte, error) { return nil, nil }, "", "does not open"},
		"half of it":                   {func(p []byte) ([]byte, error) { out, err := writeFake(key, p); return out[:len(out)/2], err }, "", "does not open"},
		"a private half that is wrong": {func(p []byte) ([]byte, error) { out, err := writeFake(key, p); return flipMAC(out), err }, "", "does not open"},
	} {
		t.Run(name, func(t *testing.T) {
			var written []byte
			engine.AddFormat(t, engine.FakeFormat{
				Format: fakeFormat,
				Is:     func(data []byte) bool { return bytes.HasPrefix(data, fakeMagic) },
				Open:   openFake,
				Marshal: func(_ *sshkey.Key, passphrase []byte) ([]byte, error) {
					var err error
					written, err = c.write(passphrase)
					return written, err
				},
				Holds: engine.Holds{Private: true, Comment: true},
			})
			out, f, err := engine.MarshalFile(key, []byte(c.passphrase), fakeFormat, nil)
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

// TestFakeFormat adds a format: with its row alone every question has an answer, and no
// answer says more than is known.
func TestFakeFormat(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	assert.Equal(t, engine.Unknown, engine.Detect(fakeMagic))
	engine.AddFormat(t, engine.FakeFormat{
		Format:  fakeFormat,
		Is:      func(data []byte) bool { return bytes.HasPrefix(data, fakeMagic) },
		Open:    openFake,
		Marshal: writeFake,
		Holds:   engine.Holds{Private: true, Comment: true},
	})
	for _, p := range []string{"", passphrase} {
		data, err := engine.Marshal(key, fakeFormat, nil)
		if p != "" {
			data, err = engine.MarshalWithPassphrase(key, []byte(p), fakeFormat, nil)
		}
		require.NoError(t, err)
		assert.Equal(t, fakeFormat, engine.Detect(data))
		back, err := engine.Parse(data, answer(p))
		require.NoError(t, err)
		assert.True(t, back.Equal(key))
		info, err := engine.Inspect(data, engine.Limits{})
		require.NoError(t, err)
		assert.Equal(t, fakeFormat, info.File.Format)
		assert.Equal(t, p != "", info.File.Encrypted())
		require.Len(t, info.Programs, len(engine.Programs()))
		for _, v := range info.Programs {
			assert.Equal(t, engine.NotKnown, v.Answer, v.Program)
			assert.Empty(t, v.Advice)
		}
	}
	assert.Contains(t, engine.Formats(), fakeFormat)
	assert.Contains(t, engine.KnownFormats(), fakeFormat)
	assert.Equal(t, "fake private key", fakeFormat.About().Title)
	assert.Equal(t, ".fake", fakeFormat.About().Extension)
	assert.Equal(t, "a fake", fakeFormat.About().Help)
	assert.Empty(t, fakeFormat.KDFs())
	assert.Equal(t, fakeFormat, fakeFormat.Resolve("ssh-ed25519"))
}

// TestRowsAreComplete: a format that is written has everything that the command and its
// documents say about one.
func TestRowsAreComplete(t *testing.T) {
	for _, f := range engine.Formats() {
		assert.NotEmpty(t, f.About().Title, f)
		assert.NotEmpty(t, f.About().Help, f)
		assert.NotEmpty(t, f.About().Extension, f)
		assert.Equal(t, f.About().Private && f != engine.JWK && f != engine.Dropbear, f.About().Encrypts, f)
		for _, k := range f.KDFs() {
			assert.NotEmpty(t, k.Name, f)
			assert.NotEmpty(t, k.InFile, f)
			assert.Positive(t, k.Memory+k.Rounds, f)
			assert.Equal(t, k.Rounds > 0, k.RoundsAre != "", f)
		}
	}
	for _, f := range engine.KnownFormats() {
		for _, p := range []engine.ProgramID{
			engine.ProgramPuTTY, engine.ProgramWinSCP, engine.ProgramFileZilla,
			engine.ProgramOpenSSH, engine.ProgramGo, engine.ProgramNode,
		} {
			assert.Equal(t, f.About().Private, engine.HasRule(f, p), "%s and %s", f, p)
		}
	}
}

// TestKDFDefaultsAreWritten: the costs in the rows are those that the packages write.
func TestKDFDefaultsAreWritten(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, f := range engine.Formats() {
		for i, k := range f.KDFs() {
			opts := &engine.Options{KDF: k.Name}
			if i == 0 {
				opts = nil
			}
			_, file, err := engine.MarshalFile(key, []byte(passphrase), f, opts)
			require.NoError(t, err)
			assert.Equal(t, &engine.KDF{Name: k.InFile, Memory: k.Memory, Rounds: file.KDF.Rounds, Parallelism: k.Parallelism}, file.KDF)
			if k.Rounds > 0 {
				assert.Equal(t, k.Rounds, file.KDF.Rounds, k.Name)
			}
		}
	}
}

// TestSchemaHasTheFormats: the formats in the schema of --json are those of the table.
func TestSchemaHasTheFormats(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "json.schema.json"))
	require.NoError(t, err)
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []engine.Format }
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(text, &schema))
	assert.ElementsMatch(t, append(engine.KnownFormats(), engine.Unknown), schema.Defs["form"].Properties["format"].Enum)
}
