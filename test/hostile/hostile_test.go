// Package hostile tests the library with hostile and damaged files of every form, and
// compares it with puttygen, ssh-keygen and openssl on the same files. Plain "go test" takes
// a sample of each test. With KEYCONV_HOSTILE=long, as in "make fuzz", they run for about an
// hour.
package hostile

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// passphrase is that of every encrypted file here.
const passphrase = "pass"

// limits are for files whose key derivation is cheap: damage may make it expensive.
var limits = engine.Limits{KDFMemory: 1 << 10, KDFWork: 1 << 12}

// size returns how often to do something: sample times, and whole times in the long run.
func size(sample, whole int) int {
	switch {
	case os.Getenv("KEYCONV_HOSTILE") == "long":
		return whole
	case keytest.Sampled():
		return (sample + 9) / 10
	}
	return sample
}

// newRandom returns the same numbers each time for the same test, to repeat a failure. The
// keys are fresh each time.
func newRandom(t testing.TB) *rand.Rand {
	t.Helper()
	var seed [32]byte
	copy(seed[:], t.Name())
	return rand.New(rand.NewChaCha8(seed))
}

// content returns the file that is in base64 (see inBase64), or the text itself.
func content(text []byte) []byte {
	if inner, err := base64.StdEncoding.DecodeString(string(text)); err == nil {
		return inner
	}
	return text
}

// read opens a file as it is.
func read(data []byte) (*sshkey.Key, error) {
	f, err := engine.Open(content(data), limits)
	if err != nil {
		return nil, err
	}
	return f.Decrypt([]byte(passphrase))
}

// readMended opens a file as the command does.
func readMended(data []byte) (*sshkey.Key, error) {
	f, err := engine.OpenMended(engine.Mend(data), 0, limits)
	if err != nil {
		return nil, err
	}
	return f.Decrypt([]byte(passphrase))
}

// publicBlob returns the public half of a key in the SSH form.
func publicBlob(t testing.TB, key *sshkey.Key) []byte {
	t.Helper()
	pub, err := key.Public()
	require.NoError(t, err)
	return pub.Marshal()
}

// isAnother reports whether a file was read as another key than it was made of.
func isAnother(t testing.TB, want, got *sshkey.Key, err error) bool {
	t.Helper()
	return err == nil && !bytes.Equal(publicBlob(t, want), publicBlob(t, got))
}
