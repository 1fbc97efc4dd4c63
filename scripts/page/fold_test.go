package main

import (
	"bytes"
	"compress/gzip"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// programs are texts with repeats near and far, and without.
func programs() map[string][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	far := append(bytes.Clone(noise), noise...)
	letters := make([]byte, 100_000)
	for i := range letters {
		letters[i] = "abc"[random.IntN(3)]
	}
	return map[string][]byte{
		"empty": {}, "one": {7}, "short": []byte("abcabcabcabc"), "same": bytes.Repeat([]byte{0}, 70_000),
		"noise": noise, "far": far, "letters": letters, "end": append(bytes.Clone(noise[:50]), noise[:7]...),
	}
}

func TestFold(t *testing.T) {
	for name, program := range programs() {
		back, err := unfold(fold(program))
		require.NoError(t, err, name)
		assert.True(t, bytes.Equal(program, back), name)
	}
}

// TestFoldIsSmaller: that is what it is for.
func TestFoldIsSmaller(t *testing.T) {
	size := func(data []byte) int {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err := w.Write(data)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return b.Len()
	}
	far := programs()["far"] // farther apart than gzip looks back
	assert.Less(t, size(fold(far)), size(far)*6/10)
}

// TestUnfoldRefuses: a changed program is an error, not a crash.
func TestUnfoldRefuses(t *testing.T) {
	folded := fold(programs()["short"])
	for n := range folded {
		_, err := unfold(folded[:n])
		assert.Error(t, err, n)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		changed := bytes.Clone(folded)
		changed[4+random.IntN(len(changed)-4)] ^= byte(1 + random.IntN(255))
		_, _ = unfold(changed)
	}
}
