package keyconv_test

import (
	"errors"
	"runtime"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestUploadOfUsualFiles: the files that people have are converted.
func TestUploadOfUsualFiles(t *testing.T) {
	for _, name := range []string{
		"rsa2048.openssh", "rsa2048.openssh.enc", "ed25519.openssh-new", "ed25519.v2.ppk", "ecdsa256.v2.enc.ppk",
		"ed25519.v3.enc-mem8.ppk", "ed25519.cert.v3.ppk", "rsa1024.sshcom.enc",
	} {
		_, err := convert(t.Context(), keytest.Read(t, "corpus", "generated", name), []byte("correct horse"), keyconv.PPK, uploadOptions)
		assert.NoError(t, err, name)
	}
	key := keytest.Type(t, "ed25519").New(t)
	for _, format := range []keyconv.Format{keyconv.PPK, keyconv.OpenSSH, keyconv.PKCS8} {
		out, _, err := keyconv.Write(key, format, []byte("p"), nil)
		require.NoError(t, err)
		_, err = convert(t.Context(), out, []byte("p"), keyconv.PPK, uploadOptions)
		assert.NoError(t, err, "%s with the usual options", format)
	}
}

// hostileFiles are the most expensive files that this package's tests know.
func hostileFiles(t *testing.T) map[string][]byte {
	files := map[string][]byte{
		"a block of DSA keys":           keytest.DSABlock(t, sshkey.MaxBlockKeys),
		"a block of too many DSA keys":  keytest.DSABlock(t, 120),
		"blocks of DSA keys, one after": append(keytest.DSABlock(t, 16), keytest.DSABlock(t, 16)...),
	}
	for _, bomb := range keytest.Bombs() {
		files[bomb.Name] = bomb.Data
	}
	size := 64 << 10
	if keytest.Sampled() {
		size = 16 << 10
	}
	for _, shape := range keytest.Shapes() {
		files[shape.Name] = shape.Make(size)
	}
	return files
}

// TestUploadOfHostileFiles: with a passphrase and without, none of them costs the example
// of docs/library.md more than it says.
func TestUploadOfHostileFiles(t *testing.T) {
	files := hostileFiles(t)
	require.Greater(t, len(files), 120)
	for name, data := range files {
		for _, passphrase := range []string{"", "wröng"} {
			limits := budget.Metered(keyconv.ServerLimits())
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			out, err := convert(t.Context(), data, []byte(passphrase), keyconv.PPK, keyconv.ParseOptions{Limits: limits, Mend: true})
			runtime.ReadMemStats(&after)
			require.Empty(t, out, name)
			require.Error(t, err, name)
			reading, deriving := budget.Spent(limits)
			assert.LessOrEqual(t, reading, 2*keyconv.ServerLimits().Work, "%s: at most one more reading than is allowed", name)
			assert.LessOrEqual(t, deriving, keyconv.ServerLimits().PassphraseWork, name)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), name)
		}
	}
}

// TestUploadOfBombs: a file that asks for too much is refused before any key is derived.
func TestUploadOfBombs(t *testing.T) {
	for _, bomb := range keytest.Bombs() {
		limits := budget.Metered(keyconv.ServerLimits())
		_, err := convert(t.Context(), bomb.Data, []byte("passphrase"), keyconv.PPK, keyconv.ParseOptions{Limits: limits, Mend: true})
		assert.True(t, errors.As(err, new(*sshkey.LimitError)) || errors.Is(err, errors.ErrUnsupported), "%s: %v", bomb.Name, err)
		_, deriving := budget.Spent(limits)
		assert.Zero(t, deriving, bomb.Name)
		assert.Equal(t, 422, uploadStatus(err))
	}
	assert.Equal(t, 401, uploadStatus(errors.Join(sshkey.ErrIncorrectPassphrase)))
}
