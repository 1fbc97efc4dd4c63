package engine

import (
	"math"
	"sync/atomic"
	"testing"

	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDerivationsTogether: the candidates of one passphrase may have the derivations of
// one file at its limit, and a single one always runs.
func TestDerivationsTogether(t *testing.T) {
	ran := 0
	candidate := func(rounds uint64) *File {
		return &File{
			Private: true, Encryption: "aes256-ctr", KDF: &KDF{Name: "bcrypt", Rounds: rounds},
			decrypt: func([]byte) (*sshkey.Key, error) { ran++; return nil, sshkey.ErrIncorrectPassphrase },
		}
	}
	const limit = sshkey.MaxBcryptRounds
	for _, tt := range []struct {
		rounds []uint64
		ran    int
		over   bool
	}{
		{[]uint64{limit}, 1, false},
		{[]uint64{10 * limit}, 1, false}, // the caller has allowed it
		{[]uint64{limit / 2, limit / 2}, 2, false},
		{[]uint64{limit, 1}, 1, true},
		{[]uint64{limit / 2, limit / 2, 1}, 2, true},
	} {
		ran = 0
		var files []*File
		for _, rounds := range tt.rounds {
			files = append(files, candidate(rounds))
		}
		for range 2 { // each passphrase has the same
			var right atomic.Pointer[File]
			_, _, err := decryptFirst(t.Context(), files, []byte("p"), &right)
			var limit *sshkey.LimitError
			if !tt.over {
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
				continue
			}
			require.ErrorAs(t, err, &limit)
			assert.Equal(t, sshkey.LimitPassphraseWork, limit.Kind)
		}
		assert.Equal(t, 2*tt.ran, ran, "%v", tt.rounds)
	}
}

// TestAttempts: spellings of a passphrase together cost no more than one derivation at its
// limit, and one is always tried.
func TestAttempts(t *testing.T) {
	for _, tt := range []struct {
		kdf   *KDF
		limit uint64
		want  uint64
	}{
		{&KDF{Name: "bcrypt", Rounds: sshkey.MaxBcryptRounds}, 0, 1},
		{&KDF{Name: "bcrypt", Rounds: 10 * sshkey.MaxBcryptRounds}, 0, 1},
		{&KDF{Name: "bcrypt", Rounds: sshkey.MaxBcryptRounds / 4}, 0, 4},
		{&KDF{Name: "bcrypt", Rounds: sshkey.MaxBcryptRounds / 4}, sshkey.MaxPassphraseWork / 2, 2},
		{&KDF{Name: "unheard of"}, 0, 1},
	} {
		f := &File{KDF: tt.kdf, limits: sshkey.Limits{PassphraseWork: tt.limit}}
		assert.Equal(t, tt.want, f.Attempts(), "%v", tt)
	}
	usual := &File{KDF: &KDF{Name: "Argon2id", Memory: 8192, Rounds: 21, Parallelism: 1}}
	assert.Greater(t, usual.Attempts(), uint64(10), "what PuTTYgen writes leaves room for every spelling")
}

// TestUnknownDerivation: an unknown key derivation counts as much as any may cost.
func TestUnknownDerivation(t *testing.T) {
	assert.EqualValues(t, uint64(sshkey.MaxPassphraseWork), (&KDF{Name: "new"}).steps())
	assert.Equal(t, uint64(math.MaxUint64), (&KDF{Name: "PBKDF2-HMAC-SHA1", Rounds: 1 << 60}).steps())
	assert.Equal(t, uint64(sshkey.MaxPassphraseWork/4), (&KDF{Name: "scrypt", Rounds: sshkey.MaxScryptWork / 4}).steps())
}
