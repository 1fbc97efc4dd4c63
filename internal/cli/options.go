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

// group is flags that belong together. Each command has the groups that it has use for.
type group struct {
	rows []flagRow
	// more registers what has no row. What depends on the whole command line is done by apply,
	// which may be nil.
	more func(p *program, f *pflag.FlagSet, j *convert.Job) (apply func())
}

// flagRow is a flag that goes straight into the options of a job, or of the program: value
// returns the place, whose type is that of the flag.
type flagRow struct {
	name, short, usage string
	value              func(p *program, j *convert.Job) any
}

// flagValue is the value of a flag that is not a text, a number or a bool alone. kind is its type,
// which says in messages what it takes; set takes a text and returns how the value is shown.
type flagValue struct {
	kind, text string
	set        func(text string) (shown string, err error)
}

func (v *flagValue) String() string { return v.text }
func (v *flagValue) Type() string   { return v.kind }
func (v *flagValue) Set(text string) error {
	shown, err := v.set(text)
	if err == nil {
		v.text = shown
	}
	return err
}

// conversionFlags are the groups that all conversions share.
var conversionFlags = []*group{outputFlags, jobsFlags, commentFlag, certificateFlags, keyFlags, newPassphraseFlags, kdfFlags, strictFlag, jsonFlag}

// register gives a command its flags, and --quiet, which all have. It returns the job,
// once the command line is read.
func (p *program) register(cmd *cobra.Command, groups ...*group) (job func() *convert.Job) {
	j := &convert.Job{Now: uint64(time.Now().Unix()), Keys: &unlock.Keyring{Asker: asker{p}}}
	f := cmd.Flags()
	f.BoolVarP(&p.quiet, "quiet", "q", false, "print errors only")
	var applies []func()
	for _, g := range groups {
		for _, r := range g.rows {
			switch value := r.value(p, j).(type) {
			case *string:
				f.StringVarP(value, r.name, r.short, "", r.usage)
			case *bool:
				f.BoolVarP(value, r.name, r.short, false, r.usage)
			case *int:
				f.IntVarP(value, r.name, r.short, 0, r.usage)
			case *uint64:
				f.Uint64VarP(value, r.name, r.short, 0, r.usage)
			case *size:
				f.VarP(&flagValue{kind: "size", text: "0", set: value.set}, r.name, r.short, r.usage)
			}
		}
		if g.more == nil {
			continue
		}
		if apply := g.more(p, f, j); apply != nil {
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
var outputFlags = &group{rows: []flagRow{
	{"output", "o", "write to `FILE`; - is standard output", func(_ *program, j *convert.Job) any { return &j.Output.File }},
	{"output-dir", "d", "write into the folder `DIR`", func(_ *program, j *convert.Job) any { return &j.Output.Folder }},
	{"force", "f", "replace an output that exists", func(_ *program, j *convert.Job) any { return &j.Output.Replace }},
	{"continue", "", "skip outputs that exist and hold the same key", func(_ *program, j *convert.Job) any { return &j.Resume }},
	{"dry-run", "", "say what would be written, and write nothing", func(_ *program, j *convert.Job) any { return &j.DryRun }},
}}

// oneOutput returns the flags of a command with one output alone; help is that of -o.
func oneOutput(help string) *group {
	return &group{rows: []flagRow{
		{"output", "o", help, func(_ *program, j *convert.Job) any { return &j.Output.File }},
		{"force", "f", "replace an output that exists", func(_ *program, j *convert.Job) any { return &j.Output.Replace }},
	}}
}

// jobsFlags say how much is done at a time.
var jobsFlags = &group{rows: []flagRow{
	{"jobs", "j", "work on `N` files at a time; as many as there are processors if not given",
		func(p *program, _ *convert.Job) any { return &p.jobs }},
	{"jobs-memory", "", "let the key derivations of all jobs together take up to `SIZE` of memory, in KiB or as 512M (1G)",
		func(p *program, _ *convert.Job) any { return (*size)(&p.memory) }},
}}

// inputFlags are for commands that take many files.
var inputFlags = &group{rows: []flagRow{
	{"recursive", "r", "take all key files in folders, whatever they are called", func(p *program, _ *convert.Job) any { return &p.query.Recursive }},
	{"files-from", "", "take the files named in `FILE`, one a line; - is standard input", func(p *program, _ *convert.Job) any { return &p.query.List }},
	{"null", "0", "the names in the list end with a NUL byte, as find -print0 writes them", func(p *program, _ *convert.Job) any { return &p.query.Null }},
}}

// allFlag is for commands that may well be meant for keys in other texts.
var allFlag = &group{more: func(p *program, f *pflag.FlagSet, _ *convert.Job) func() {
	f.BoolVar(&p.query.Texts, "all", false, "with -r, also take keys in other texts, and look into .git, node_modules and caches")
	return func() { p.query.Everywhere = p.query.Texts }
}}

// commentFlag gives a comment, which may be empty.
var commentFlag = &group{more: func(_ *program, f *pflag.FlagSet, j *convert.Job) func() {
	text := f.StringP("comment", "C", "", "give the key the comment `TEXT`")
	return func() {
		if f.Changed("comment") {
			j.Comment = text
		}
	}
}}

var certificateFlags = &group{rows: []flagRow{
	{"certificate", "", "add the OpenSSH certificate from `FILE`", func(_ *program, j *convert.Job) any { return &j.Certificate }},
	{"remove-certificate", "", "leave the certificate out", func(_ *program, j *convert.Job) any { return &j.RemoveCertificate }},
}}

// keyFlags say which key is read, what opens it, and what it may ask for.
var keyFlags = &group{
	rows: []flagRow{
		{"max-kdf-memory", "", "let the input's key derivation take up to `SIZE` of memory, in KiB or as 2G",
			func(_ *program, j *convert.Job) any { return (*size)(&j.Input.Limits.KDFMemory) }},
		{"max-kdf-work", "", "let the input's key derivation do `N` units of work: iterations of PBKDF2, rounds of bcrypt, KiB times passes of Argon2, KiB times p of scrypt",
			func(_ *program, j *convert.Job) any { return &j.Input.Limits.KDFWork }},
		{"index", "", "take the `N`th key of a file with several, counted from 1", func(_ *program, j *convert.Job) any { return &j.Input.Index }},
	},
	more: func(p *program, f *pflag.FlagSet, j *convert.Job) func() {
		given := p.sourceFlags(f, "passphrase", "read the passphrase of the key from")
		return func() { j.Keys.Given = given() }
	},
}

// newPassphraseFlags protect the output.
var newPassphraseFlags = &group{
	rows: []flagRow{
		{"no-passphrase", "", "write the key without a passphrase", func(_ *program, j *convert.Job) any { return &j.Keys.Plain }},
	},
	more: func(p *program, f *pflag.FlagSet, j *convert.Job) func() {
		own := &newPassphrase{}
		f.VarPF(&flagValue{kind: "bool", text: "false", set: own.set}, "new-passphrase", "", "ask for a passphrase to protect the output with; =generate makes one of six words, and shows it").NoOptDefVal = "true"
		given := p.sourceFlags(f, "new-passphrase", "protect the output with the passphrase from")
		return func() {
			j.Keys.AskNew, j.Keys.New = own.asks, given()
			if own.made != "" {
				j.Keys.New = p.makePassphrase(own.made)
			}
		}
	},
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

var kdfFlags = &group{rows: []flagRow{
	{"kdf", "", "key derivation `NAME` of an encrypted output: " + allKDFs, func(_ *program, j *convert.Job) any { return &j.KDF.Name }},
	{"kdf-memory", "", "memory `SIZE` of Argon2 or scrypt, in KiB or as 64M", func(_ *program, j *convert.Job) any { return (*size)(&j.KDF.Memory) }},
	{"kdf-passes", "", "`N` passes of Argon2", func(_ *program, j *convert.Job) any { return &j.KDF.Passes }},
	{"kdf-parallelism", "", "parallelism `N` of Argon2, p of scrypt", func(_ *program, j *convert.Job) any { return &j.KDF.Parallelism }},
	{"kdf-rounds", "", "`N` rounds of bcrypt or iterations of PBKDF2", func(_ *program, j *convert.Job) any { return &j.KDF.Rounds }},
}}

var strictFlag = &group{rows: []flagRow{
	{"strict", "", "refuse damaged text and weak keys", func(_ *program, j *convert.Job) any { return &j.Input.Strict }},
}}

var jsonFlag = &group{rows: []flagRow{
	{"json", "", "print one JSON object for each input on standard output", func(p *program, _ *convert.Job) any { return &p.json }},
}}

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
