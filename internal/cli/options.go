package cli

import (
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// group is some flags that belong together. Each command has the groups that it has use
// for.
type group interface {
	register(f *pflag.FlagSet)
	// apply puts what was given into the options of a job.
	apply(p *program, j *convert.Job)
}

// conversionFlags returns the groups that all conversions share.
func conversionFlags(p *program) []group {
	return []group{
		&outputFlags{}, &runFlags{}, &jobsFlags{}, &commentFlag{}, &certificateFlags{}, &passphraseFlags{}, &newPassphraseFlags{},
		&kdfFlags{}, &limitFlags{}, new(strictFlag), quietFlag{p}, jsonFlag{p},
	}
}

func register(cmd *cobra.Command, groups ...group) {
	for _, g := range groups {
		g.register(cmd.Flags())
	}
}

// outputFlags say where the result goes.
type outputFlags struct {
	file, folder string
	force        bool
	oneFile      string // the help of -o where there is one output alone
}

func (g *outputFlags) register(f *pflag.FlagSet) {
	f.BoolVarP(&g.force, "force", "f", false, "replace an output that exists")
	if g.oneFile != "" {
		f.StringVarP(&g.file, "output", "o", "", g.oneFile)
		return
	}
	f.StringVarP(&g.file, "output", "o", "", "write to `FILE`; - is standard output")
	f.StringVarP(&g.folder, "output-dir", "d", "", "write into the folder `DIR`")
}

func (g *outputFlags) apply(_ *program, j *convert.Job) {
	j.Output.File, j.Output.Folder, j.Output.Replace = g.file, g.folder, g.force
}

// runFlags are for runs over many files.
type runFlags struct{ resume, dry bool }

func (g *runFlags) register(f *pflag.FlagSet) {
	f.BoolVar(&g.resume, "continue", false, "skip outputs that exist and hold the same key")
	f.BoolVar(&g.dry, "dry-run", false, "say what would be written, and write nothing")
}

func (g *runFlags) apply(_ *program, j *convert.Job) { j.Resume, j.DryRun = g.resume, g.dry }

// jobsFlags say how much is done at a time.
type jobsFlags struct{ jobs, memory uint64 }

func (g *jobsFlags) register(f *pflag.FlagSet) {
	f.Uint64VarP(&g.jobs, "jobs", "j", 0, "work on `N` files at a time; as many as there are processors if not given")
	f.Uint64Var(&g.memory, "jobs-memory", 0, "let the key derivations of all jobs together take up to `KIB` of memory (1048576)")
}

func (g *jobsFlags) apply(p *program, _ *convert.Job) { p.jobs = *g }

// inputFlags are for commands that take many files.
type inputFlags struct {
	recursive bool
	list      string
	null      bool
	whole     bool // a file in a folder has to be a key as a whole
}

func (g *inputFlags) register(f *pflag.FlagSet) {
	f.BoolVarP(&g.recursive, "recursive", "r", false, "take all keys in folders, told by their content")
	f.StringVar(&g.list, "files-from", "", "take the files named in `FILE`, one a line; - is standard input")
	f.BoolVarP(&g.null, "null", "0", false, "the names in the list end with a NUL byte, as of find -print0")
}

func (g *inputFlags) apply(p *program, _ *convert.Job) { p.files = *g }

// commentFlag gives a comment, which may be empty.
type commentFlag struct {
	text  string
	flags *pflag.FlagSet
}

func (g *commentFlag) register(f *pflag.FlagSet) {
	f.StringVarP(&g.text, "comment", "C", "", "give the key the comment `TEXT`")
	g.flags = f
}

func (g *commentFlag) apply(_ *program, j *convert.Job) {
	if g.flags.Changed("comment") {
		j.Comment = &g.text
	}
}

type certificateFlags struct {
	file   string
	remove bool
}

func (g *certificateFlags) register(f *pflag.FlagSet) {
	f.StringVar(&g.file, "certificate", "", "add the OpenSSH certificate from `FILE`")
	f.BoolVar(&g.remove, "remove-certificate", false, "leave the certificate out")
}

func (g *certificateFlags) apply(_ *program, j *convert.Job) {
	j.Certificate, j.RemoveCertificate = g.file, g.remove
}

// sourceFlags are the three ways to give a passphrase without typing it.
type sourceFlags struct {
	name      string // what the names of the flags begin with: "passphrase"
	file, env string
	fd        int // -1 for none
}

// given names the flag that was given, and says what it takes. A message never has its
// value, which by mistake may be the passphrase itself.
func (s *sourceFlags) given() (flag, takes string) {
	switch {
	case s.file != "":
		return "--" + s.name + "-file", "the name of a file that has the passphrase in its first line"
	case s.env != "":
		return "--" + s.name + "-env", "the name of an environment variable that holds the passphrase"
	}
	return "--" + s.name + "-fd", "the number of an open file descriptor from which the passphrase comes"
}

func (s *sourceFlags) register(f *pflag.FlagSet, prefix, usage string) {
	s.name = prefix
	f.StringVar(&s.file, prefix+"-file", "", usage+" the first line of `FILE`")
	f.StringVar(&s.env, prefix+"-env", "", usage+" the environment variable `NAME`")
	f.IntVar(&s.fd, prefix+"-fd", -1, usage+" the file descriptor `N`")
	f.Lookup(prefix + "-fd").DefValue = "0" // help shows no default then
}

// source returns what was given; the flags exclude each other.
func (s *sourceFlags) source() passphrase.Source {
	switch {
	case s.file != "":
		return passphrase.File(s.file)
	case s.env != "":
		return passphrase.Env(s.env)
	case s.fd >= 0:
		return passphrase.FD(s.fd)
	}
	return passphrase.Source{}
}

// passphraseFlags give the passphrase of the key.
type passphraseFlags struct{ sourceFlags }

func (g *passphraseFlags) register(f *pflag.FlagSet) {
	g.sourceFlags.register(f, "passphrase", "read the passphrase of the key from")
}

func (g *passphraseFlags) apply(p *program, j *convert.Job) { j.Keys.Given = p.source(&g.sourceFlags) }

// newPassphraseFlags protect the output.
type newPassphraseFlags struct {
	sourceFlags
	ask, none bool
}

func (g *newPassphraseFlags) register(f *pflag.FlagSet) {
	f.BoolVar(&g.ask, "new-passphrase", false, "ask for a passphrase to protect the output with")
	g.sourceFlags.register(f, "new-passphrase", "protect the output with the passphrase from")
	f.BoolVar(&g.none, "no-passphrase", false, "write the key without a passphrase")
}

func (g *newPassphraseFlags) apply(p *program, j *convert.Job) {
	j.Keys.New, j.Keys.AskNew, j.Keys.Plain = p.source(&g.sourceFlags), g.ask, g.none
}

type kdfFlags struct{ convert.KDF }

func (g *kdfFlags) register(f *pflag.FlagSet) {
	f.StringVar(&g.Name, "kdf", "", "key derivation `NAME` of an encrypted output: "+kdfChoices())
	f.Uint64Var(&g.Memory, "kdf-memory", 0, "memory of Argon2 or scrypt in `KIB`")
	f.Uint64Var(&g.Passes, "kdf-passes", 0, "`N` passes of Argon2")
	f.Uint64Var(&g.Parallelism, "kdf-parallelism", 0, "parallelism `N` of Argon2, p of scrypt")
	f.Uint64Var(&g.Rounds, "kdf-rounds", 0, "`N` rounds of bcrypt or iterations of PBKDF2")
}

func (g *kdfFlags) apply(_ *program, j *convert.Job) { j.KDF = g.KDF }

// limitFlags say which key is read, and what it may ask for.
type limitFlags struct {
	memory, work uint64
	index        int
}

func (g *limitFlags) register(f *pflag.FlagSet) {
	f.Uint64Var(&g.memory, "max-kdf-memory", 0, "let the input's key derivation take up to `KIB` of memory")
	f.IntVar(&g.index, "index", 0, "of a file with several keys take the `N`th, counted from 1")
	f.Uint64Var(&g.work, "max-kdf-work", 0, "let the input's key derivation do `N` units of work")
}

func (g *limitFlags) apply(_ *program, j *convert.Job) {
	j.Input.Index, j.Input.Limits = g.index, keyconv.Limits{KDFMemory: g.memory, KDFWork: g.work}
}

type strictFlag bool

func (g *strictFlag) register(f *pflag.FlagSet) {
	f.BoolVar((*bool)(g), "strict", false, "refuse a damaged text, and a weak key")
}

func (g *strictFlag) apply(_ *program, j *convert.Job) { j.Input.Strict = bool(*g) }

// quietFlag and jsonFlag say how the program reports.
type (
	quietFlag struct{ *program }
	jsonFlag  struct{ *program }
)

func (g quietFlag) register(f *pflag.FlagSet) {
	f.BoolVarP(&g.quiet, "quiet", "q", false, "print errors only")
}

func (g jsonFlag) register(f *pflag.FlagSet) {
	f.BoolVar(&g.json, "json", false, "print one JSON object for each input on standard output")
}

func (quietFlag) apply(*program, *convert.Job) {}
func (jsonFlag) apply(*program, *convert.Job)  {}

// kdfChoices lists the key derivations of all formats.
func kdfChoices() string {
	var all []string
	for _, format := range keyconv.Formats() {
		if names := convert.KDFNames(format); len(names) > 0 {
			all = append(all, strings.Join(names, ", ")+" ("+string(format)+")")
		}
	}
	return strings.Join(all, ", ")
}
