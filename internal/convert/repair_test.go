package convert

import (
	"bytes"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func indented(data []byte) []byte {
	return append([]byte("  "), bytes.ReplaceAll(data, []byte("\n"), []byte("\n  "))...)
}

func oneLine(data []byte) []byte { return bytes.ReplaceAll(data, []byte("\n"), []byte(" ")) }

// TestRepairWithoutACommand: the clean text is what its program wrote, in memory too, and a
// passphrase is asked for only where the text can be read in more than one way.
func TestRepairWithoutACommand(t *testing.T) {
	for _, test := range []struct {
		twin    string
		damage  func([]byte) []byte
		answers []string
		asked   int
		notes   []fault.Code
	}{
		{twin: "ed25519.openssh", damage: indented, notes: []fault.Code{fault.Mended}},
		{twin: "rsa2048.v2.ppk", damage: oneLine, notes: []fault.Code{fault.Mended}},
		{twin: "rsa2048.pkcs8.enc.pem", damage: indented, notes: []fault.Code{fault.Mended, fault.Unproved}},
		{twin: "ed25519.v3.enc.ppk", damage: oneLine, answers: []string{"wrong", keytest.Passphrase}, asked: 2, notes: []fault.Code{fault.Mended}},
	} {
		want := keytest.Read(t, "twins", test.twin)
		damaged := test.damage(want)
		s := newScene(damaged, test.answers...)
		require.NoError(t, s.task().Repair(t.Context()), test.twin)
		assert.Equal(t, string(want), string(s.files["key.repaired"]), test.twin)
		assert.True(t, s.private["key.repaired"])
		assert.Equal(t, damaged, s.files["key"])
		assert.Len(t, s.asked, test.asked)
		assert.Subset(t, s.codes(), test.notes, test.twin)

		s = newScene(damaged, test.answers...)
		require.NoError(t, s.task().RepairInPlace(t.Context()), test.twin)
		assert.Equal(t, string(want), string(s.files["key"]), test.twin)
		assert.Equal(t, damaged, s.files["key.damaged"], test.twin)
		assert.Contains(t, s.codes(), fault.Kept)

		s = newScene(want)
		require.NoError(t, s.task().Repair(t.Context()))
		require.NoError(t, s.task().RepairInPlace(t.Context()))
		assert.Len(t, s.files, 1, "nothing is written of %s", test.twin)
		assert.Equal(t, Sound, s.results[0].Outcome)
	}
}

// TestConvertInPlaceWithoutACommand: the conversion has the name of the input.
func TestConvertInPlaceWithoutACommand(t *testing.T) {
	s := newScene(keytest.Read(t, "twins", "ed25519.v2.enc.ppk"), keytest.Passphrase)
	s.job.KDF = KDF{Memory: 64, Passes: 1}
	require.NoError(t, s.task().ConvertInPlace(t.Context(), To("ppk")))
	assert.Equal(t, ed25519(t).Private, s.written(t, "key", keytest.Passphrase).Private)
	assert.Len(t, s.files, 1)

	s.job.KDF = KDF{}
	before := bytes.Clone(s.files["key"])
	require.NoError(t, s.task().ConvertInPlace(t.Context(), To("ppk")))
	assert.Equal(t, before, s.files["key"])
	assert.Equal(t, Skipped, s.results[1].Outcome)
	assert.Len(t, s.asked, 1)
}

func (f *front) codes() (all []fault.Code) {
	for _, n := range f.notes {
		all = append(all, n.Code)
	}
	return all
}
