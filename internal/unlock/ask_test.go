package unlock

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// person answers each question with the next of some answers.
type person struct {
	answers []string
	asked   []Question
}

func (p *person) Ask(_ context.Context, q Question) ([]byte, error) {
	p.asked = append(p.asked, q)
	if len(p.answers) == 0 {
		return nil, ErrNobody
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	return []byte(answer), nil
}

func encrypted(t *testing.T) *engine.File {
	t.Helper()
	f, err := engine.Open(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"), engine.Limits{})
	require.NoError(t, err)
	return f
}

func ignore(fault.Note) {}

// TestOnePassphraseForMany: the answer for the first input opens the others, however
// many are worked on at a time, and a new passphrase is asked for once.
func TestOnePassphraseForMany(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p := &person{answers: []string{keytest.Passphrase, "new"}}
	k := &Keyring{Asker: p, Options: Options{AskNew: true}}
	batch.Run(ctx, 6, batch.Options{Jobs: 3}, func(s *batch.Slot, i int) {
		turn := &Turn{Keys: k, Name: fmt.Sprint(i), Slot: s, Note: ignore}
		_, old, err := turn.Open(ctx, encrypted(t))
		if assert.NoError(t, err) {
			assert.Equal(t, keytest.Passphrase, string(old))
		}
		fresh, err := turn.Output(ctx, true, old)
		assert.NoError(t, err)
		assert.Equal(t, "new", string(fresh))
	})
	assert.Equal(t, []Question{{File: "0", Try: 1}, {}}, p.asked)
}

func TestAskRefuses(t *testing.T) {
	for _, test := range []struct {
		answers []string
		many    bool
		asked   int
		exit    int
		advice  fault.Do
	}{
		{[]string{"a", "b", "c", "d"}, false, tries, fault.WrongPassphrase, fault.CheckTyping},
		{nil, false, 1, fault.NeedsPassphrase, fault.GivePassphrase},
		{[]string{"a"}, false, 2, fault.NeedsPassphrase, fault.GivePassphrase},
		{[]string{"", "", ""}, false, tries, fault.WrongPassphrase, fault.CheckTyping},
		{[]string{""}, true, 1, fault.NeedsPassphrase, ""},
		{[]string{"a", ""}, true, 2, fault.NeedsPassphrase, ""},
	} {
		p := &person{answers: test.answers}
		_, _, err := (&Turn{Keys: &Keyring{Asker: p, Many: test.many}, Name: "key", Note: ignore}).Open(t.Context(), encrypted(t))
		assert.Equal(t, test.exit, fault.ExitCode(err), "%v", err)
		assert.Equal(t, test.advice, fault.AdviceOf(err).Do)
		assert.Len(t, p.asked, test.asked)
	}
}

// TestEmptyPassphraseOfOneOfMany: the empty answer that leaves a key out opens one which has
// an empty passphrase.
func TestEmptyPassphraseOfOneOfMany(t *testing.T) {
	f, err := engine.Open(keytest.Read(t, "p12", "empty.p12"), engine.Limits{})
	require.NoError(t, err)
	p := &person{answers: []string{""}}
	key, _, err := (&Turn{Keys: &Keyring{Asker: p, Many: true}, Name: "key", Note: ignore}).Open(t.Context(), f)
	require.NoError(t, err)
	assert.NotNil(t, key.Private)
	assert.Equal(t, []Question{{File: "key", Try: 1, Skips: true}}, p.asked)
}

// TestOutput decides on the passphrase of an output.
func TestOutput(t *testing.T) {
	for _, test := range []struct {
		options   Options
		answers   []string
		encrypted bool
		old, want string
		advice    fault.Do
	}{
		{},
		{encrypted: true, old: "old", want: "old"},
		{encrypted: true, advice: fault.SetOrLeave},
		{options: Options{Plain: true}, encrypted: true, old: "old"},
		{options: Options{AskNew: true}, answers: []string{"new"}, want: "new"},
		{options: Options{AskNew: true}, answers: []string{""}, advice: fault.LeavePlain},
		{options: Options{AskNew: true}, advice: fault.GiveNew},
	} {
		k := &Keyring{Options: test.options, Asker: &person{answers: test.answers}}
		got, err := (&Turn{Keys: k, Name: "key", Note: ignore}).Output(t.Context(), test.encrypted, []byte(test.old))
		assert.Equal(t, test.advice, fault.AdviceOf(err).Do, "%v", err)
		assert.Equal(t, test.want, string(got))
		if err == nil {
			assert.Equal(t, test.want != "", test.options.WillEncrypt(test.encrypted))
		}
	}
}
