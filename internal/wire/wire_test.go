package wire

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"
)

func TestMpintForms(t *testing.T) {
	for _, tt := range []struct {
		name string
		blob []byte
		want int64
		err  string
	}{
		{"zero is empty", []byte{0, 0, 0, 0}, 0, ""},
		{"one", []byte{0, 0, 0, 1, 1}, 1, ""},
		{"sign byte", []byte{0, 0, 0, 2, 0, 0x80}, 128, ""},
		{"zero as a byte", []byte{0, 0, 0, 1, 0}, 0, "leading zeros"},
		{"leading zero", []byte{0, 0, 0, 2, 0, 1}, 0, "leading zeros"},
		{"top bit set", []byte{0, 0, 0, 1, 0x80}, 0, "negative"},
		{"length cut", []byte{0, 0, 0}, 0, "ends early"},
		{"value cut", []byte{0, 0, 0, 2, 1}, 0, "ends early"},
		{"huge length", []byte{0xff, 0xff, 0xff, 0xff, 1}, 0, "ends early"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := NewReader(tt.blob)
			got := r.Mpint("field")
			assert.Equal(t, tt.want, got.Int64())
			if tt.err == "" {
				require.NoError(t, r.Err())
				assert.Empty(t, r.Rest())
				return
			}
			require.ErrorContains(t, r.Err(), "field: ")
			require.ErrorContains(t, r.Err(), tt.err)
			assert.Nil(t, r.Rest())
		})
	}
}

func TestFirstFailureSticks(t *testing.T) {
	r := NewReader([]byte{0, 0, 0, 9})
	r.String("first")
	r.Uint32("second")
	r.Mpint("third")
	require.ErrorContains(t, r.Err(), "first")
}

// TestAppendMatchesLibrary holds our writer against x/crypto/ssh's.
func TestAppendMatchesLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 80).Draw(t, "n"))
		s := rapid.SliceOf(rapid.Byte()).Draw(t, "s")
		want := ssh.Marshal(struct {
			N *big.Int
			S []byte
		}{n, s})
		got := AppendString(AppendMpint(nil, n), s)
		assert.Equal(t, want, got)

		r := NewReader(got)
		assert.Zero(t, n.Cmp(r.Mpint("n")))
		assert.Equal(t, string(s), string(r.String("s")))
		assert.NoError(t, r.Err())
	})
}
