package pemkey

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// fuzzLimits are so tight that no key derivation costs anything.
var fuzzLimits = sshkey.Limits{KDFWork: 1, KDFMemory: 64}

// addSeeds adds every file of testdata that looks like PEM, and encrypted ones
// within fuzzLimits.
func addSeeds(f *testing.F) {
	f.Helper()
	seeds := 0
	for _, dir := range []string{"twins", "corpus/generated", "corpus/import-edge"} {
		files, err := filepath.Glob(filepath.Join(keytest.Testdata(f, dir), "*"))
		require.NoError(f, err)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(f, err)
			if bytes.Contains(data, []byte("-- BEGIN ")) || bytes.Contains(data, []byte("--BEGIN ")) {
				f.Add(data)
				seeds++
			}
		}
	}
	require.GreaterOrEqual(f, seeds, 150)
	for _, algorithm := range []string{rawkey.KeyAlgoMLDSA44Ed25519, rawkey.KeyAlgoMLDSA44Ed25519Experimental} {
		out, err := Marshal(compositeKey(f, algorithm, 7), &Options{Encoding: OpenSSH})
		require.NoError(f, err)
		f.Add(out)
	}
	f.Add(moonFile(f, padded(wire.AppendString(moonFields("secret"), "a comment"))))
	for name := range strings.FieldsSeq("AES-256-CFB1 DES-EDE-OFB DESX-CBC RC2-40-CBC CHACHA20") {
		c, _ := ciphers.ByName(name)
		sealed := c.Seal(make([]byte, c.KeySize), make([]byte, c.IVSize), make([]byte, 64))
		f.Add(pemblock.Encode(labelRSA, []string{"Proc-Type: 4,ENCRYPTED", "DEK-Info: " + name + "," + strings.Repeat("0", 2*c.IVSize)}, sealed))
	}
	for _, c := range []writeCase{
		{"legacy", Options{}}, {"ssh.com", Options{Encoding: SSHCom}},
		{"pbes2", Options{Encoding: PKCS8, Rounds: 1}}, {"bcrypt", Options{Encoding: OpenSSH, Rounds: 1}},
	} {
		out, err := MarshalWithPassphrase(twinKey(f, "dsa1024"), []byte(passphrase), &c.opts)
		require.NoError(f, err)
		_, err = DecodeLimits(out, fuzzLimits)
		require.NoError(f, err, c.name)
		f.Add(out)
	}
}

// decodeLinear fails if the work is more than a constant times the length.
func decodeLinear(t *testing.T, data []byte) (file *File, err error) {
	t.Helper()
	keytest.RequireLinear(t, data, func() { file, err = DecodeLimits(data, fuzzLimits) })
	return file, err
}

// FuzzDecode: for any bytes, Decode returns a complete File or an error that the
// documentation names.
func FuzzDecode(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		file, err := decodeLinear(t, data)
		require.Equal(t, before, data, "the input is changed")
		if err != nil {
			require.Nil(t, file)
			requireDocumented(t, err)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			require.NotContains(t, err.Error(), "passphrase")
			return
		}
		require.NotEmpty(t, file.Format)
		require.NotEmpty(t, file.Label)
		require.Positive(t, file.Line)
		require.Positive(t, file.Keys)
		require.Equal(t, file.Encrypted(), file.KDF != nil)
		require.True(t, file.Encrypted() || file.PublicKey != nil)
	})
}

// FuzzParse: what can be read can be written, and reads back as the same key.
func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := decodeLinear(t, data)
		if err != nil {
			requireDocumented(t, err)
			return
		}
		key, err := file.Decrypt([]byte(passphrase))
		if err != nil {
			requireDocumented(t, err)
			return
		}
		keytest.RequireUsable(t, key)
		if file.PublicKey != nil {
			pub, err := key.Public()
			require.NoError(t, err)
			require.Equal(t, file.PublicKey.Marshal(), pub.Marshal())
		}
		for _, encoding := range []Encoding{OpenSSH, Traditional} {
			out, err := Marshal(key, &Options{Encoding: encoding})
			require.NoError(t, err)
			back, err := Parse(out)
			require.NoError(t, err)
			require.True(t, key.Equal(back))
			if encoding == OpenSSH {
				require.Equal(t, key.Comment, back.Comment)
			}
		}
	})
}
