package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/sixwords"
	"github.com/keyconv/keyconv/internal/unlock"
)

// size is an amount of memory in KiB, as the value of a flag.
type size uint64

// units are powers of 1024, also without the "i", as other programs that take an amount of memory
// read them.
var units = lazy.Map[string, uint64]{Make: func() map[string]uint64 {
	return map[string]uint64{"": 1, "k": 1, "m": 1 << 10, "g": 1 << 20, "t": 1 << 30}
}}

var errSize = errors.New("not a size")

// set reads 65536, which are KiB, and 64M, 64MB, 64MiB and "64 mib". It returns the number of KiB.
func (s *size) set(text string) (shown string, err error) {
	digits := strings.TrimRight(text, " KMGTIBkmgtib")
	unit := strings.ToLower(strings.TrimSpace(text[len(digits):]))
	for _, end := range []string{"ib", "b"} {
		if short, ok := strings.CutSuffix(unit, end); ok && short != "" {
			unit = short
			break
		}
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	factor := units.Get()[unit]
	if err != nil || factor == 0 || n > math.MaxUint64/factor {
		return "", errSize
	}
	*s = size(n * factor)
	return strconv.FormatUint(n*factor, 10), nil
}

// The values of --new-passphrase, which asks without one.
const (
	makeAndShow  = "generate"
	makeAndPrint = "generate-to-stderr"
)

// newPassphrase is the value of --new-passphrase. To a command line it is a flag without one,
// which may have one after "=".
type newPassphrase struct {
	asks bool
	made string // how one is made and shown; "" for not at all
}

// set takes the value, and returns it. Its error does not have it: it may be a passphrase.
func (v *newPassphrase) set(text string) (shown string, err error) {
	*v = newPassphrase{}
	switch text {
	case "true", "false":
		v.asks = text == "true"
	case makeAndShow, makeAndPrint:
		v.made = text
	default:
		return "", errors.New("not a value of --new-passphrase")
	}
	return text, nil
}

// makePassphrase returns a passphrase that is made when the first output needs it, and shown
// before anything is protected with it: on the terminal, so that no log has it.
func (p *program) makePassphrase(how string) *unlock.Given {
	return &unlock.Given{Name: "--new-passphrase=" + how, Read: func(context.Context) (passphrase.Text, error) {
		made, err := sixwords.Make()
		if err != nil {
			return passphrase.Text{}, err
		}
		line := fmt.Sprintf("The new passphrase, which is shown only now: %s\n", made)
		p.screen.still(func() {
			if how == makeAndPrint {
				_, err = io.WriteString(p.stderr, line)
			} else {
				err = passphrase.Show(line)
			}
		})
		if errors.Is(err, passphrase.ErrNoTerminal) {
			err = (&fault.Error{Exit: fault.NeedsPassphrase, Msg: "there is no terminal to show the new passphrase on", Err: err}).
				With(say("--new-passphrase-file FILE gives one; --new-passphrase=%s prints it on standard error, which in CI is the log", makeAndPrint))
		}
		return passphrase.Text{Bytes: []byte(made)}, err
	}}
}

// setHelp takes the value of --help, which is --help=all for the flags of tuning too. cobra asks
// for a bool.
func (p *program) setHelp(value string) (shown string, err error) {
	switch value {
	case "true", "all":
		p.allFlags = value == "all"
		return "true", nil
	}
	return "", fmt.Errorf("not %q", value)
}
