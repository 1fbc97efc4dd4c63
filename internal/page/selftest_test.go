package page

import (
	"os"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSelfTest(t *testing.T) {
	assert.Equal(t, len(engine.Formats())+1, good(t, Request{Do: "test"}).Checks)
}

// TestKnownKeys: each format has one of another program, except those added since.
func TestKnownKeys(t *testing.T) {
	files, err := os.ReadDir("known")
	require.NoError(t, err)
	formats := map[string]bool{"encrypted.ppk": true}
	for _, f := range engine.Formats() {
		formats[string(f)] = true
	}
	assert.Greater(t, len(files), 9)
	for _, f := range files {
		assert.True(t, formats[f.Name()], "%s is not a format", f.Name())
	}
}

// TestSelfTestNoticesAnotherKey: it can fail.
func TestSelfTestNoticesAnotherKey(t *testing.T) {
	_, err := openKnown(keytest.Read(t, "twins", "ecdsa256.openssh"))
	assert.EqualError(t, err, "it reads another key")
	assert.ErrorContains(t, testPublic(keytest.Read(t, "twins", "ecdsa256.pub"), engine.Public), "another key")
}
