package jkskey

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHostileCounts: numbers of entries, certificates and bytes that the file does not have
// are refused without memory for them.
func TestHostileCounts(t *testing.T) {
	data := read(t, "rsa2048.jks")
	for at := 8; at < 12+4+2+7+8+4; at++ {
		changed := bytes.Clone(data)
		copy(changed[at:], "\xff\xff\xff\xff")
		allocated := keytest.Allocated(func() {
			_, err := Decode(changed)
			if err != nil {
				requireDocumented(t, err)
			}
		})
		assert.Less(t, allocated, uint64(200<<10))
	}
	many := binary.BigEndian.AppendUint32([]byte("\xfe\xed\xfe\xed\x00\x00\x00\x02"), 70000)
	for range 70000 {
		many = append(many, "\x00\x00\x00\x01\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x00\x00\x00\x00\x00"[:22]...)
	}
	_, err := Decode(append(many, make([]byte, 20)...)[:sshkey.MaxFileSize])
	requireDocumented(t, err)
}

// TestLimits: the iterations of JCEKS are bounded before any is done.
func TestLimits(t *testing.T) {
	data := read(t, "rsa2048.jceks")
	f, err := Decode(data)
	require.NoError(t, err)
	_, err = DecodeLimits(data, sshkey.Limits{KDFWork: f.KDF.Rounds - 1})
	requireDocumented(t, err)
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitKDFWork, limit.Kind)
	_, err = DecodeLimits(data, sshkey.Limits{KDFWork: f.KDF.Rounds})
	require.NoError(t, err)
}

func TestConcurrentUse(t *testing.T) {
	f, err := Decode(read(t, "several.jks"))
	require.NoError(t, err)
	key, err := f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
	keytest.Concurrently(func() {
		got, err := f.Decrypt([]byte(passphrase))
		if assert.NoError(t, err) {
			assert.True(t, key.Equal(got))
		}
		_, err = f.Pick(1)
		assert.NoError(t, err)
	})
}

// FuzzParse: whatever the bytes, there is a good key or an error that the documentation
// names.
func FuzzParse(f *testing.F) {
	for name := range stores {
		if strings.HasSuffix(name, ".jks") {
			f.Add(read(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		file, err := DecodeLimits(data, sshkey.Limits{KDFWork: 1})
		require.Equal(t, before, data, "the input is changed")
		if err != nil {
			require.Nil(t, file)
			requireDocumented(t, err)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			return
		}
		key, err := file.Decrypt([]byte(passphrase))
		if err != nil {
			requireDocumented(t, err)
			return
		}
		require.NoError(t, key.Check())
	})
}
