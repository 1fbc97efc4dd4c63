package page

import (
	"errors"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// Problem is an error as the page shows it.
type Problem struct {
	Message string `json:"message"` // in the words of every front end
	Exit    int    `json:"exit"`    // the exit code that the command would have
	// Advice names what a person can do; the page has the words. It is empty where nothing
	// helps.
	Advice string `json:"advice,omitempty"`
}

func problem(err error) *Problem {
	return &Problem{Message: quote.Inert(quote.WithoutPackages(err)), Exit: fault.ExitCode(err), Advice: adviceOn(err)}
}

// adviceOn names what to do about an error: the advice of the job, or the kind of an error
// that has none. What is after a colon says more of a kind: the words for the kind do
// where the page has no others.
func adviceOn(err error) string {
	if name := adviceOf(fault.AdviceOf(err)); name != "" {
		return name
	}
	if e, ok := errors.AsType[*engine.NotPrivateError](err); ok {
		return "not-private:" + string(e.Format)
	}
	if e, ok := errors.AsType[*sshkey.UnsupportedError](err); ok {
		return "unsupported:" + string(e.Code)
	}
	if e, ok := errors.AsType[*sshkey.LimitError](err); ok {
		return "limit:" + string(e.Kind)
	}
	for _, row := range []struct {
		is   bool
		name string
	}{
		{fault.Is[*sshkey.SyntaxError](err), "damaged"},
		{fault.Is[*sshkey.InvalidKeyError](err), "invalid"},
		{errors.Is(err, sshkey.ErrIncorrectPassphrase), "wrong-passphrase"},
		{fault.Is[*session.InvalidError](err), "session"},
	} {
		if row.is {
			return row.name
		}
	}
	return ""
}

// adviceWhereGone is for what is weak in the input, and no longer in what was saved.
const adviceWhereGone = "finding:" + "gone"

// adviceOf names an advice. That of a weakness says what to do in its own words, or names
// what to do: "finding:convert-to".
func adviceOf(a fault.Advice) string {
	switch {
	case a.Finding != nil && a.Finding.Advice.Text != "":
		return "say:" + a.Finding.Advice.Text
	case a.Finding != nil:
		return "finding:" + string(a.Finding.Advice.Action)
	case a.Do == fault.Say:
		return "say:" + a.Text
	case a.Do == fault.GivePassphrase && a.Format == engine.OpenSSH:
		return string(a.Do) + ":openssh"
	}
	return string(a.Do)
}
