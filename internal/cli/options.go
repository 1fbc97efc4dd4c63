package cli

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"time"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// group registers flags that belong together, which go straight into the options of a
// job. What depends on the whole command line is done by apply, which may be nil. Each
// command has the groups that it has use for.
type group func(p *program, f *pflag.FlagSet, j *convert.Job) (apply func())

// conversionFlags are the groups that all conversions share.
var conversionFlags = []group{outputFlags, jobsFlags, commentFlag, certificateFlags, keyFlags, newPassphraseFlags, kdfFlags, strictFlag, jsonFlag}

// register gives a command its flags, and --quiet, which all have. It returns the job,
// once the command line is read.
func (p *program) register(cmd *cobra.Command, groups ...group) (job func() *convert.Job) {
	j := &convert.Job{Now: uint64(time.Now().Unix()), Keys: &unlock.Keyring{Asker: asker{p}}}
	cmd.Flags().BoolVarP(&p.quiet, "quiet", "q", false, "print errors only")
	var applies []func()
	for _, g := range groups {
		if apply := g(p, cmd.Flags(), j); apply != nil {
			applies = append(applies, apply)
		}
	}
	return func() *convert.Job {
		for _, apply := range applies {
			apply()
		}
		stdin := p.stdin
		if isTerminal(stdin) {
			stdin = &typingReader{Reader: stdin, say: func() { p.note(stdio, "type or paste the key, then press "+endOfInput) }}
		}
		j.Place = &disk.Place{Files: input.Files{Stdin: stdin}, Options: j.Output, Guard: p.guard, Stdout: p.stdout}
		return j
	}
}

// outputFlags say where the results of a run go, and which are written.
func outputFlags(_ *program, f *pflag.FlagSet, j *convert.Job) func() {
	f.StringVarP(&j.Output.File, "output", "o", "", "write to `FILE`; - is standard output")
	f.StringVarP(&j.Output.Folder, "output-dir", "d", "", "write into the folder `DIR`")
	f.BoolVarP(&j.Output.Replace, "force", "f", false, "replace an output that exists")
	f.BoolVar(&j.Resume, "continue", false, "skip outputs that exist and hold the same key")
	f.BoolVar(&j.DryRun, "dry-run", false, "say what would be written, and write nothing")
	return nil
}

// oneOutput returns the flags of a command with one output alone; help is that of -o.
func oneOutput(help string) group {
	return func(_ *program, f *pflag.FlagSet, j *convert.Job) func() {
		f.StringVarP(&j.Output.File, "output", "o", "", help)
		f.BoolVarP(&j.Output.Replace, "force", "f", false, "replace an output that exists")
		return nil
	}
}

// jobsFlags say how much is done at a time.
func jobsFlags(p *program, f *pflag.FlagSet, _ *convert.Job) func() {
	f.Uint64VarP(&p.jobs, "jobs", "j", 0, "work on `N` files at a time; as many as there are processors if not given")
	f.Var((*size)(&p.memory), "jobs-memory", "let the key derivations of all jobs together take up to `SIZE` of memory, in KiB or as 512M (1G)")
	return nil
}

// inputFlags are for commands that take many files.
func inputFlags(p *program, f *pflag.FlagSet, _ *convert.Job) func() {
	f.BoolVarP(&p.query.Recursive, "recursive", "r", false, "take all key files in folders, whatever they are called")
	f.StringVar(&p.query.List, "files-from", "", "take the files named in `FILE`, one a line; - is standard input")
	f.BoolVarP(&p.query.Null, "null", "0", false, "the names in the list end with a NUL byte, as find -print0 writes them")
	return nil
}

// allFlag is for commands that may well be meant for keys in other texts.
func allFlag(p *program, f *pflag.FlagSet, _ *convert.Job) func() {
	f.BoolVar(&p.query.Texts, "all", false, "with -r, also take keys in other texts, and look into .git, node_modules and caches")
	return func() { p.query.Everywhere = p.query.Texts }
}

// commentFlag gives a comment, which may be empty.
func commentFlag(_ *program, f *pflag.FlagSet, j *convert.Job) func() {
	text := f.StringP("comment", "C", "", "give the key the comment `TEXT`")
	return func() {
		if f.Changed("comment") {
			j.Comment = text
		}
	}
}

func certificateFlags(_ *program, f *pflag.FlagSet, j *convert.Job) func() {
	f.StringVar(&j.Certificate, "certificate", "", "add the OpenSSH certificate from `FILE`")
	f.BoolVar(&j.RemoveCertificate, "remove-certificate", false, "leave the certificate out")
	return nil
}

// keyFlags say which key is read, what opens it, and what it may ask for.
func keyFlags(p *program, f *pflag.FlagSet, j *convert.Job) func() {
	f.Var((*size)(&j.Input.Limits.KDFMemory), "max-kdf-memory", "let the input's key derivation take up to `SIZE` of memory, in KiB or as 2G")
	f.Uint64Var(&j.Input.Limits.KDFWork, "max-kdf-work", 0, "let the input's key derivation do `N` units of work: iterations of PBKDF2, rounds of bcrypt, KiB times passes of Argon2, KiB times p of scrypt")
	f.IntVar(&j.Input.Index, "index", 0, "take the `N`th key of a file with several, counted from 1")
	given := p.sourceFlags(f, "passphrase", "read the passphrase of the key from")
	return func() { j.Keys.Given = given() }
}

// newPassphraseFlags protect the output.
func newPassphraseFlags(p *program, f *pflag.FlagSet, j *convert.Job) func() {
	own := &newPassphrase{}
	f.VarPF(own, "new-passphrase", "", "ask for a passphrase to protect the output with; =generate makes one of six words, and shows it").NoOptDefVal = "true"
	f.BoolVar(&j.Keys.Plain, "no-passphrase", false, "write the key without a passphrase")
	given := p.sourceFlags(f, "new-passphrase", "protect the output with the passphrase from")
	return func() {
		j.Keys.AskNew, j.Keys.New = own.asks, given()
		if own.made != "" {
			j.Keys.New = p.makePassphrase(own.made)
		}
	}
}

// sourceFlags are the three ways to give a passphrase without typing it; prefix is what
// their names begin with. It returns what was given, nil for none: the flags exclude
// each other.
func (p *program) sourceFlags(f *pflag.FlagSet, prefix, usage string) (given func() *unlock.Given) {
	file := f.String(prefix+"-file", "", usage+" the first line of `FILE`")
	env := f.String(prefix+"-env", "", usage+" the environment variable `NAME`")
	fd := f.Int(prefix+"-fd", -1, usage+" the file descriptor `N`")
	f.Lookup(prefix + "-fd").DefValue = "0" // help shows no default then
	return func() *unlock.Given {
		switch {
		case *file != "":
			return p.readOnce(passphrase.File(*file), "--"+prefix+"-file", "the name of a file that has the passphrase in its first line")
		case *env != "":
			return p.readOnce(passphrase.Env(*env), "--"+prefix+"-env", "the name of an environment variable that holds the passphrase")
		case *fd >= 0:
			return p.readOnce(passphrase.FD(*fd), "--"+prefix+"-fd", "the number of an open file descriptor from which the passphrase comes")
		}
		return nil
	}
}

// readOnce returns the passphrase that a flag gives. Two flags that name one source have
// one passphrase, since a pipe can be read only once. A message says what the flag takes,
// and never has its value, which by mistake may be the passphrase itself.
func (p *program) readOnce(s passphrase.Source, flag, takes string) *unlock.Given {
	if p.given[s] == nil {
		p.given[s] = &unlock.Given{Name: flag, Read: func(ctx context.Context) (passphrase.Text, error) {
			read, err := s.Read(ctx, p.stdin)
			if usage, ok := errors.AsType[*passphrase.UsageError](err); ok {
				err = usagef("%s of %s %s", usage.Source, flag, usage.Problem).With(say("%s takes %s", flag, takes))
			} else if err != nil { // otherwise the message would be that of the input
				err = fault.Advise(fault.In(flag, err), say("%s takes %s", flag, takes))
			}
			return read, err
		}}
	}
	return p.given[s]
}

// allKDFs are those of all formats, which a run need not go through for its help.
const allKDFs = "argon2id, argon2i, argon2d (ppk), bcrypt (openssh), pbkdf2, scrypt (pkcs8)"

func kdfFlags(_ *program, f *pflag.FlagSet, j *convert.Job) func() {
	f.StringVar(&j.KDF.Name, "kdf", "", "key derivation `NAME` of an encrypted output: "+allKDFs)
	f.Var((*size)(&j.KDF.Memory), "kdf-memory", "memory `SIZE` of Argon2 or scrypt, in KiB or as 64M")
	f.Uint64Var(&j.KDF.Passes, "kdf-passes", 0, "`N` passes of Argon2")
	f.Uint64Var(&j.KDF.Parallelism, "kdf-parallelism", 0, "parallelism `N` of Argon2, p of scrypt")
	f.Uint64Var(&j.KDF.Rounds, "kdf-rounds", 0, "`N` rounds of bcrypt or iterations of PBKDF2")
	return nil
}

func strictFlag(_ *program, f *pflag.FlagSet, j *convert.Job) func() {
	f.BoolVar(&j.Input.Strict, "strict", false, "refuse damaged text and weak keys")
	return nil
}

func jsonFlag(p *program, f *pflag.FlagSet, _ *convert.Job) func() {
	f.BoolVar(&p.json, "json", false, "print one JSON object for each input on standard output")
	return nil
}

// takeInputEnv gives a command that works on files --input-env, for a key that is in
// an environment variable: a secret of a CI job need not become a file first. It refuses
// a second input, and a variable that would be two things: the first read unsets it.
func takeInputEnv(cmd *cobra.Command) {
	var variable string
	cmd.Flags().StringVar(&variable, "input-env", "", "read the key from the environment variable `NAME`, in place of a FILE")
	checkArgs, work := cmd.Args, cmd.RunE
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if !cmd.Flags().Changed("input-env") {
			return checkArgs(cmd, args)
		}
		if len(args) > 0 {
			return usagef("--input-env %s is the input, but there is also %s", variable, input.Shown(args[0])).With(say("one run for each"))
		}
		for _, flag := range []string{"passphrase-env", "new-passphrase-env"} {
			f := cmd.Flags().Lookup(flag)
			// Names of variables on Windows have no case.
			if f != nil && variable != "" && (variable == f.Value.String() || runtime.GOOS == "windows" && strings.EqualFold(variable, f.Value.String())) {
				return usagef("--input-env and --%s name one variable; a key is not a passphrase", flag)
			}
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if variable != "" {
			args = []string{input.Env(variable)}
		}
		return work(cmd, args)
	}
}
