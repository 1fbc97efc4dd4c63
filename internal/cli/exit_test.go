package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
)

func TestExitCode(t *testing.T) {
	for _, test := range []struct {
		err  error
		code int
	}{
		{nil, 0},
		{errors.New("anything"), 1},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, 1},
		{output.CannotWrite("out", fs.ErrPermission), 1},
		{passphrase.ErrMismatch, 1},
		{usagef("no"), 2},
		{invalidSession(&session.InvalidError{}), 2},
		{&engine.NotPrivateError{Format: engine.Empty}, 3},
		{&sshkey.SyntaxError{Msg: "x"}, 3},
		{&sshkey.InvalidKeyError{Msg: "x"}, 3},
		{&sshkey.UnsupportedError{What: "x"}, 3},
		{&sshkey.LimitError{}, 3},
		{fault.New(fault.NotAKey, "x"), 3},
		{fault.New(fault.NeedsPassphrase, "x"), 4},
		{&sshkey.PassphraseMissingError{}, 4},
		{sshkey.ErrIncorrectPassphrase, 5},
		{output.Failed("cannot save", safefile.ErrExists), 6},
		{output.Exists("x", ""), 6},
		{fault.Stop(fault.Interrupted), 130},
		{fault.Stop(fault.Terminated), 143},
	} {
		t.Run(fmt.Sprintf("%T %d", test.err, test.code), func(t *testing.T) {
			assert.Equal(t, test.code, fault.ExitCode(test.err))
			if test.err == nil {
				return
			}
			assert.Equal(t, test.code, fault.ExitCode(quote.InPackage("ppk", test.err)), "wrapped")
			assert.Equal(t, test.code, fault.ExitCode(fault.Advise(test.err, say("do this"))), "with a hint")
		})
	}
}

// TestExitCodesAreFixed: scripts rely on the numbers.
func TestExitCodesAreFixed(t *testing.T) {
	assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143}, []int{
		fault.Done, fault.Failed, fault.Usage, fault.NotAKey, fault.NeedsPassphrase, fault.WrongPassphrase,
		fault.Exists, fault.Refused, fault.OtherKey, fault.Interrupted, fault.Terminated,
	})
}

func TestMessage(t *testing.T) {
	_, missing := os.Open("no-such-file")
	for _, test := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "open", Path: "key.pem", Err: fs.ErrPermission}, "permission denied"},
		{missing, quote.WithoutPath(missing).Error()},
		{fmt.Errorf("other.pem: %w", &fs.PathError{Op: "open", Path: "other.pem", Err: fs.ErrPermission}), "other.pem: open other.pem: permission denied"},
		{quote.InPackage("ppk", &sshkey.SyntaxError{Line: 3, Msg: "bad"}), "line 3: bad"},
		{quote.InPackage("pemkey", &sshkey.UnsupportedError{What: "it"}), "it is not supported"},
		{fmt.Errorf("cert.pub: %w", quote.InPackage("keyconv", &sshkey.InvalidKeyError{Msg: "bad"})), "cert.pub: bad"},
		{errors.New("a ppk: in the middle"), "a ppk: in the middle"},
		{output.CannotWrite("out.ppk", fs.ErrPermission), "cannot write out.ppk: permission denied"},
		{output.Exists("out.ppk", ""), "out.ppk already exists"},
	} {
		assert.Equal(t, test.want, message(test.err))
	}
}

func TestDisplayName(t *testing.T) {
	for name, want := range map[string]string{
		"key.pem":       "key.pem",
		"my key.pem":    "my key.pem",
		"Schlüssel.pem": "Schlüssel.pem",
		"-":             "standard input",
		"a\x1b[2J":      `"a\x1b[2J"`,
		"a\nb":          "(not shown: it looks like several lines of text)",
		"a\u009bb":      `"a\u009bb"`,
		"caf\xe9":       `"caf\xe9"`, "\x9b31m": `"\x9b31m"`, "café": "café",
	} {
		assert.Equal(t, want, input.Shown(name))
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain, Grüße \"quoted\"": "plain, Grüße \"quoted\"",
		"a\x1b[2Jb":               `a\x1b[2Jb`,
		"one\ntwo\r":              `one\ntwo\r`,
		"it's\a":                  `it's\a`,
	} {
		assert.Equal(t, want, visible(text))
	}
}
