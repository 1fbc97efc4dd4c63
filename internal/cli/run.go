// Package cli is the command line: a file for each command. It turns flags into options
// of a job, and what the job reports into words.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// stdio names standard input as an input and standard output as an output.
const stdio = input.Stdio

// Streams are what a run reads and writes. Stderr carries notes, warnings and errors;
// Stdout carries results alone.
type Streams struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// program is one run of the command.
type program struct {
	printer
	stdin io.Reader
	// guard keeps outputs away from the files of this run.
	guard *disk.Guard
	// screen is what a person sees of a run over many inputs; nil for one alone.
	screen *screen
	// given has the passphrases of the flags: two that are one source are read once.
	given map[passphrase.Source]*unlock.Given
	json  bool
	// jobs and memory say how much is done at a time, query how inputs are found.
	jobs, memory uint64
	query        input.Query
	// started is false as long as the command line is being read.
	started bool
}

// Run runs the command line and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int {
	out := &results{to: s.Stdout}
	p := &program{
		printer: printer{stdout: out, stderr: s.Stderr, colour: wantsColour(s.Stderr), hidden: &quote.Hidden{}}, stdin: s.Stdin, guard: disk.NewGuard(),
		given: map[passphrase.Source]*unlock.Given{},
	}
	root := p.rootCommand(args, false)
	root.SetArgs(args)
	root.SetIn(s.Stdin)
	root.SetOut(out)
	root.SetErr(s.Stderr)
	err := p.checkNames(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err != nil && !p.started && fault.ExitCode(err) == fault.Failed {
		err = fault.New(fault.Usage, "%s", err) // of cobra's own checks
	}
	if err == nil && p.failed == nil {
		err = out.failed // of cobra's help, which does not look at it
	}
	if err != nil {
		p.fail("", err)
	}
	return fault.ExitCode(p.failed)
}

// asker asks at the terminal, with nothing else on it meanwhile.
type asker struct{ *program }

// nobody is the error of a question that no person answers.
type nobody struct {
	why   string
	cause error
}

func (e nobody) Error() string      { return e.why }
func (e nobody) Unwrap() error      { return e.cause }
func (nobody) Is(target error) bool { return target == unlock.ErrNobody }

// Ask asks for the passphrase of a file, or for a new one.
func (a asker) Ask(ctx context.Context, q unlock.Question) (p []byte, err error) {
	prompt := fmt.Sprintf("Passphrase for %s: ", input.Shown(q.File))
	if q.Skips {
		prompt = fmt.Sprintf("Passphrase for %s (Enter skips it): ", input.Shown(q.File))
	}
	if q.Try > 1 {
		prompt = "Wrong passphrase, try again. " + prompt
	}
	a.screen.still(func() {
		if q.File == "" {
			p, err = askNew(ctx)
		} else {
			p, err = passphrase.Ask(ctx, prompt)
		}
	})
	switch {
	case errors.Is(err, passphrase.ErrNoTerminal):
		return nil, nobody{"there is no terminal to ask for the passphrase", err}
	case errors.Is(err, passphrase.ErrNoInput):
		return nil, nobody{err.Error(), err}
	}
	return p, err
}

// askNew asks for a new passphrase, again as long as the two that are typed differ: three
// times, as for one that is wrong.
func askNew(ctx context.Context) ([]byte, error) {
	prompt := "New passphrase: "
	for try := 1; ; try++ {
		p, err := passphrase.AskTwice(ctx, prompt, "The same passphrase again: ")
		if try == 3 || !errors.Is(err, passphrase.ErrMismatch) {
			return p, err
		}
		prompt = "The two passphrases differ, try again. New passphrase: "
	}
}

// typingReader is standard input at a terminal: it says how to type a key.
type typingReader struct {
	io.Reader
	say func()
}

func (r *typingReader) Read(data []byte) (int, error) {
	if r.say != nil {
		r.say()
	}
	r.say = nil
	return r.Reader.Read(data)
}

// isTerminal reports whether a person is at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalColumns returns how wide a terminal is, 0 for a stream that is not one.
func terminalColumns(stream any) int {
	if !isTerminal(stream) {
		return 0
	}
	columns, _, err := term.GetSize(int(stream.(*os.File).Fd()))
	if err != nil || columns < 1 {
		return usualColumns
	}
	return columns
}

// results is standard output. An error of it names it, since the message begins with
// the input.
type results struct {
	to     io.Writer
	failed error
}

func (r *results) Write(data []byte) (int, error) {
	n, err := r.to.Write(data)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, syscall.EPIPE): // a reader that has read enough, as head, wants no message
		r.failed = fault.Stop(fault.BrokenPipe)
	default:
		r.failed = output.CannotWrite("standard output", err)
	}
	return n, r.failed
}

// needFiles refuses a command without arguments, unless a list names the files.
func needFiles(cmd *cobra.Command, args []string) error {
	if list := cmd.Flags().Lookup("files-from"); len(args) == 0 && (list == nil || !list.Changed) {
		e := usagef("missing FILE: %s", cmd.UseLine())
		inPlace := cmd.Name() == "passwd" || cmd.Name() == "fix-permissions"
		if !inPlace && hasInput(cmd.InOrStdin()) {
			e = e.With(say("- reads the key from standard input: %s", strings.Replace(strings.TrimSuffix(cmd.UseLine(), "..."), "FILE", stdio, 1)))
		}
		return e
	}
	return nil
}

// hasInput reports whether the shell gave standard input something to read: a file that
// is not empty, or a pipe.
func hasInput(stdin io.Reader) bool {
	f, ok := stdin.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && (info.Mode().IsRegular() && info.Size() > 0 || info.Mode()&os.ModeNamedPipe != 0)
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("this command takes no arguments, but got %q", args[0])
	}
	return nil
}

func usagef(format string, args ...any) *fault.Error { return fault.New(fault.Usage, format, args...) }

// say returns an advice in the words of the command line.
func say(format string, args ...any) fault.Advice {
	return fault.Advice{Do: fault.Say, Text: fmt.Sprintf(format, args...)}
}
