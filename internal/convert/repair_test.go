package convert

import (
	"bytes"
	stdlib "crypto/ed25519"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/pemblock"
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

// TestRepairOfTheSameKeyTwice: a text with one key in two blocks keeps both, and a block with
// two keys is one text.
func TestRepairOfTheSameKeyTwice(t *testing.T) {
	for _, block := range [][]byte{
		keytest.Read(t, "twins", "ed25519.openssh"),
		keytest.Read(t, "twins", "ecdsa256.pem"),
		keytest.Read(t, "twins", "rsa2048.enc.openssh"),
		keytest.Read(t, "corpus", "import-edge/multi_new"),
	} {
		other := keytest.Read(t, "twins", "ecdsa384.pem")
		want := bytes.Join([][]byte{block, block, other, block}, nil)
		s := newScene(bytes.ReplaceAll(want, []byte("=\n-----END"), []byte("\n-----END")))
		s.files["key"] = indented(s.files["key"])
		require.NoError(t, s.task().Repair(t.Context()))
		assert.Equal(t, string(want), string(s.files["key.repaired"]))
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

// TestRepairOfAKey: a key that a sloppy writer made is written again as its format says,
// here one of PKCS#8 with the public half after the seed (RFC 8410 section 7).
func TestRepairOfAKey(t *testing.T) {
	private := ed25519(t).Private.(stdlib.PrivateKey)
	head := []byte{0x30, 0x4e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x42, 4, 0x40}
	sloppy := pemblock.Encode("PRIVATE KEY", nil, append(head, private...))
	want := keytest.Read(t, "twins", "ed25519.pkcs8.pem")
	s := newScene(sloppy)
	require.NoError(t, s.task().RepairInPlace(t.Context()))
	assert.Equal(t, string(want), string(s.files["key"]))
	assert.Equal(t, sloppy, s.files["key.damaged"])
	assert.Contains(t, s.codes(), fault.Mended)
	require.NoError(t, s.task().RepairInPlace(t.Context()))
	assert.Equal(t, Sound, s.results[1].Outcome)

	s = newScene(sloppy)
	require.NoError(t, s.task().ConvertInPlace(t.Context(), To("pkcs8")))
	assert.Equal(t, string(want), string(s.files["key"]), "it was not in that form already")
}

// TestRepairOfAConvertedComment: the clean text has the comment of which the MAC was made, in
// the code page of Windows. If the key is encrypted, only the passphrase shows that.
func TestRepairOfAConvertedComment(t *testing.T) {
	for _, secret := range []string{"", keytest.Passphrase} {
		key := ed25519(t)
		key.Comment = "Schl\xfcssel"
		want, err := engine.Marshal(key, engine.PPK2, nil)
		if secret != "" {
			want, err = engine.MarshalWithPassphrase(key, []byte(secret), engine.PPK2, nil)
		}
		require.NoError(t, err)
		converted := bytes.Replace(want, []byte("\xfc"), []byte("\u00fc"), 1)
		s := newScene(converted, secret)
		require.NoError(t, s.task().Repair(t.Context()))
		assert.Equal(t, string(want), string(s.files["key.repaired"]))
		s = newScene(s.files["key.repaired"], secret)
		require.NoError(t, s.task().Repair(t.Context()))
		assert.Equal(t, Sound, s.results[0].Outcome)
	}
}

// TestRepairRefusesAWrongKey whose text is as it should be.
func TestRepairRefusesAWrongKey(t *testing.T) {
	altered := bytes.Replace(keytest.Read(t, "twins", "ed25519.v3.ppk"), []byte("Comment: "), []byte("Comment: not "), 1)
	for _, do := range []func(*Task) error{
		func(task *Task) error { return task.Repair(t.Context()) },
		func(task *Task) error { return task.RepairInPlace(t.Context()) },
		func(task *Task) error { return task.ConvertInPlace(t.Context(), To("ppk")) },
	} {
		s := newScene(altered)
		assert.Equal(t, fault.NotAKey, fault.ExitCode(do(s.task())))
		assert.Len(t, s.files, 1)
	}
}

func (f *front) codes() (all []fault.Code) {
	for _, n := range f.notes {
		all = append(all, n.Code)
	}
	return all
}
