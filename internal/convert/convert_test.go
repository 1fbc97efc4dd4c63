package convert

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConvertWithoutACommand is what a window and a page do: plain and encrypted keys,
// in and out, with nothing but an asker, a place and a listener.
func TestConvertWithoutACommand(t *testing.T) {
	for _, test := range []struct {
		name, file string
		answers    []string
		to         Kind
		change     func(*Job)
		output     string
		passphrase string // of the output
		asked      int
		plain      []fault.Do // what is advised of a plain output
	}{
		{name: "plain", file: "ed25519.openssh", to: ToPPK(3), output: "key.ppk", plain: []fault.Do{fault.SetPassphrase}},
		{name: "encrypted", file: "ed25519.v3.enc.ppk", answers: []string{keytest.Passphrase}, to: ToPEM(""), output: "key.pem", passphrase: keytest.Passphrase, asked: 1},
		{name: "wrong at first", file: "ed25519.v3.enc.ppk", answers: []string{"wrong", keytest.Passphrase}, to: ToPEM(""), output: "key.pem", passphrase: keytest.Passphrase, asked: 2},
		{name: "new passphrase", file: "ed25519.openssh", answers: []string{"new"}, to: ToPPK(3), change: func(j *Job) { j.Keys.AskNew = true }, output: "key.ppk", passphrase: "new", asked: 1},
		{name: "without passphrase", file: "ed25519.enc.openssh", answers: []string{keytest.Passphrase}, to: To(engine.PKCS8), change: func(j *Job) { j.Keys.Plain = true }, output: "key.pem", asked: 1},
		{name: "named", file: "ed25519.openssh", to: ToPPK(2), change: func(j *Job) { j.Output.File = "out" }, output: "out", plain: []fault.Do{fault.SetPassphrase}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene(keytest.Read(t, "twins", test.file), test.answers...)
			if test.change != nil {
				test.change(s.job)
			}
			s.job.KDF = cheap(test.to, test.passphrase)
			require.NoError(t, s.convert(t, test.to))
			key := s.written(t, test.output, test.passphrase)
			assert.Equal(t, ed25519(t).Private, key.Private)
			assert.True(t, s.private[test.output])
			assert.Len(t, s.asked, test.asked)
			require.Len(t, s.results, 1)
			r := s.results[0]
			assert.Equal(t, test.output, r.Output)
			assert.Equal(t, test.passphrase != "", r.Encrypted)
			assert.Equal(t, r.Encrypted, r.File.Encrypted())
			assert.Equal(t, test.plain, s.advice(fault.Plain))
		})
	}
}

// cheap is a key derivation that takes no time.
func cheap(to Kind, passphrase string) KDF {
	if passphrase == "" {
		return KDF{}
	}
	if IsPPK(to.Format(true, "")) {
		return KDF{Memory: 64, Passes: 1}
	}
	return KDF{Rounds: 1}
}

// TestConvertRefuses says why as a value, and writes nothing.
func TestConvertRefuses(t *testing.T) {
	encrypted, plain := keytest.Read(t, "twins", "ed25519.v3.enc.ppk"), keytest.Read(t, "twins", "ed25519.openssh")
	damaged := append([]byte("  "), bytes.ReplaceAll(plain, []byte("\n"), []byte("\n  "))...)
	for _, test := range []struct {
		name    string
		data    []byte
		answers []string
		to      Kind
		change  func(*Job, map[string][]byte)
		exit    int
		code    fault.Code
		advice  fault.Do
	}{
		{name: "wrong passphrase", data: encrypted, answers: []string{"a", "b", "c", "d"}, to: ToPEM(""), exit: fault.WrongPassphrase, advice: fault.CheckTyping},
		{name: "nobody answers", data: encrypted, to: ToPEM(""), exit: fault.NeedsPassphrase, advice: fault.GivePassphrase},
		{name: "not of this kind", data: plain, to: ToPEM(""), exit: fault.NotAKey, advice: fault.ConvertPlainly},
		{name: "the output exists", data: plain, to: ToPPK(3), change: func(_ *Job, m map[string][]byte) { m["key.ppk"] = []byte("x") }, exit: fault.Exists, advice: fault.Replace},
		{name: "resumed, another file", data: plain, to: ToPPK(3), change: func(j *Job, m map[string][]byte) { j.Resume, m["key.ppk"] = true, []byte("x") }, exit: fault.Exists, advice: fault.Replace},
		{name: "no such key", data: plain, to: ToPPK(3), change: func(j *Job, _ map[string][]byte) { j.Input.Index = 2 }, exit: fault.Usage, code: fault.NoSuchKey},
		{name: "strict, damaged", data: damaged, to: ToPPK(3), change: func(j *Job, _ map[string][]byte) { j.Input.Strict = true }, exit: fault.Refused, code: fault.Strict},
		{name: "costs without a passphrase", data: plain, to: ToPPK(3), change: func(j *Job, _ map[string][]byte) { j.KDF.Passes = 1 }, exit: fault.Usage, code: fault.KDFUnencrypted},
		{name: "not a key", data: []byte("hello"), to: ToPPK(3), exit: fault.NotAKey},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene(test.data, test.answers...)
			if test.change != nil {
				test.change(s.job, s.files)
			}
			files := len(s.files)
			err := s.convert(t, test.to)
			assert.Equal(t, test.exit, fault.ExitCode(err), "%v", err)
			assert.Equal(t, test.advice, fault.AdviceOf(err).Do)
			if e, ok := errors.AsType[*fault.Error](err); ok {
				assert.Equal(t, test.code, e.Code)
			}
			assert.Len(t, s.files, files)
			assert.Empty(t, s.results)
			assert.LessOrEqual(t, len(s.asked), 3)
			for i, q := range s.asked {
				assert.Equal(t, unlock.Question{File: "key", Try: i + 1}, q)
			}
		})
	}
}

// TestConvertReports damage, further keys and what is there already as values.
func TestConvertReports(t *testing.T) {
	key, other := keytest.Read(t, "twins", "ed25519.openssh"), keytest.Read(t, "twins", "ecdsa256.pem")
	damaged := append([]byte("  "), bytes.ReplaceAll(key, []byte("\n"), []byte("\n  "))...)
	s := newScene(damaged)
	require.NoError(t, s.convert(t, ToPPK(3)))
	assert.NotEmpty(t, s.advice(fault.Mended))
	assert.Equal(t, ed25519(t).Private, s.written(t, "key.ppk", "").Private)

	s = newScene(append(bytes.Clone(other), key...))
	s.job.Input.Index = 2
	require.NoError(t, s.convert(t, ToPPK(3)))
	assert.Equal(t, []fault.Do{fault.TakeKey}, s.advice(fault.OtherKeys))
	assert.Equal(t, ed25519(t).Private, s.written(t, "key.ppk", "").Private)

	s.job.Resume = true
	require.NoError(t, s.convert(t, ToPPK(3)))
	assert.Equal(t, Skipped, s.results[1].Outcome)

	s.job.Resume, s.job.DryRun, s.job.Output.File = false, true, "new"
	require.NoError(t, s.convert(t, ToPPK(3)))
	assert.Equal(t, Rehearsed, s.results[2].Outcome)
	assert.Nil(t, s.files["new"])
}

// TestPasswdWithoutACommand changes a passphrase in memory.
func TestPasswdWithoutACommand(t *testing.T) {
	s := newScene(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"), keytest.Passphrase, "new")
	s.job.Keys.AskNew, s.job.KDF = true, KDF{Memory: 64, Passes: 1}
	require.NoError(t, s.task().Passwd(t.Context()))
	assert.Equal(t, ed25519(t).Private, s.written(t, "key", "new").Private)
	assert.Equal(t, []unlock.Question{{File: "key", Try: 1}, {}}, s.asked)
}

// TestNewWithoutACommand makes a key only where it can be written.
func TestNewWithoutACommand(t *testing.T) {
	s := newScene(nil)
	made := 0
	generate := func() (*sshkey.Key, error) { made++; return engine.Generate("ed25519", 0) }
	s.files["taken"] = []byte("x")
	_, err := s.job.Begin("taken", nil, s.front).New(t.Context(), engine.PPK, generate)
	assert.Equal(t, fault.Exists, fault.ExitCode(err))
	assert.Zero(t, made)
	key, err := s.job.Begin("new", nil, s.front).New(t.Context(), engine.PPK, generate)
	require.NoError(t, err)
	assert.Equal(t, key.Private, s.written(t, "new", "").Private)
	assert.Zero(t, s.opened, "a new key has no input")
}

// TestPublicWithoutACommand asks for no passphrase where none is needed.
func TestPublicWithoutACommand(t *testing.T) {
	s := newScene(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"))
	require.NoError(t, s.task().Public(t.Context(), engine.Public, ".pub", nil))
	assert.Contains(t, string(s.files["key.pub"]), "ssh-ed25519 ")
	assert.False(t, s.private["key.pub"])
	assert.Empty(t, s.asked)
}

// TestInputsAreCleared: an unencrypted key file is a secret in whole. Work that was
// abandoned may still read it.
func TestInputsAreCleared(t *testing.T) {
	s := newScene(keytest.Read(t, "console-rsa2048.pem"))
	task := s.task()
	_, data, err := task.Open(t.Context())
	require.NoError(t, err)
	_, _, err = task.OpenOther(t.Context(), "key")
	require.NoError(t, err)
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	task.End(interrupted)
	assert.Equal(t, s.files["key"], data)
	task.End(t.Context())
	require.Len(t, s.read, 2)
	for _, data := range s.read {
		assert.Equal(t, make([]byte, len(data)), data)
	}
	assert.Empty(t, task.kept)
}
