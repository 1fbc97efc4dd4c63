package engine_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConcurrentUse: goroutines may share a text, a File of any form, and its key, for
// every method that these have.
func TestConcurrentUse(t *testing.T) {
	for _, format := range engine.Formats() {
		if !format.About().Private {
			continue
		}
		for _, encrypted := range []bool{false, format.About().Encrypts} {
			key := keytest.Type(t, "rsa2048").New(t)
			data := marshal(t, key, format, encrypted)
			f, err := engine.Open(data, engine.Limits{})
			require.NoError(t, err, format)
			keytest.Concurrently(func() { useAll(t, f, data, key, encrypted) })
		}
	}
	key := keytest.Type(t, "ed448").New(t)
	keytest.Concurrently(func() { assert.NoError(t, key.Validate()) })
	public := append([]byte(nil), keytest.Read(t, "twins", "rsa2048.pub")...)
	keytest.Concurrently(func() {
		info, err := engine.Inspect(public, engine.Limits{})
		if assert.NoError(t, err) {
			assert.Empty(t, info.Findings)
		}
	})
}

func useAll(t *testing.T, f *engine.File, data []byte, key *sshkey.Key, encrypted bool) {
	var phrase []byte
	if encrypted {
		phrase = []byte(passphrase)
	}
	got, err := f.Decrypt(phrase)
	if !assert.NoError(t, err, f.Format) {
		return
	}
	assert.True(t, key.Equal(got), f.Format)
	assert.Empty(t, rawkey.Findings(key.Private))
	_ = f.Findings()
	_ = f.KeyFindings()
	_, err = engine.Inspect(data, engine.Limits{})
	assert.NoError(t, err, f.Format)
	assert.Equal(t, 1, engine.Mend(data).Keys(), f.Format)
	_, err = engine.Marshal(key, f.Format, nil)
	assert.NoError(t, err, f.Format)
}
