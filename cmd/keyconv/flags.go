package main

import (
	"slices"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/spf13/cobra"
)

// flags is what the command line said. Each command registers the groups it has use
// for.
type flags struct {
	output, outputDir string
	force             bool
	quiet, strict     bool
	comment           string
	commentSet        bool
	to                string
	inputEnv          string
	ppkVersion        int
	index             int
	json              bool
	certificate       string
	removeCertificate bool
	withCertificate   bool
	resume, dryRun    bool

	jobs, jobsMemory uint64

	passphrase    sourceFlags
	newPassphrase sourceFlags
	askNew        bool
	noPassphrase  bool

	kdf                       string
	kdfMemory, kdfPasses      uint64
	kdfParallelism, kdfRounds uint64
	maxKDFMemory, maxKDFWork  uint64
}

// sourceFlags are the three ways to give a passphrase without typing it.
type sourceFlags struct {
	name      string // what the names of the flags begin with: "passphrase"
	file, env string
	fd        int
}

// given names the flag that was given, and says what it takes. A message never has its
// value, which by mistake may be the passphrase itself.
func (s sourceFlags) given() (flag, takes string) {
	switch {
	case s.file != "":
		return "--" + s.name + "-file", "the name of a file that has the passphrase in its first line"
	case s.env != "":
		return "--" + s.name + "-env", "the name of an environment variable that holds the passphrase"
	}
	return "--" + s.name + "-fd", "the number of an open file descriptor from which the passphrase comes"
}

// source returns what was given; the flags exclude each other. An unset file
// descriptor is -1.
func (s sourceFlags) source() passphrase.Source {
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

func (a *app) addQuietFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVarP(&a.flags.quiet, "quiet", "q", false, "print errors only")
}

func (a *app) addStrictFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.flags.strict, "strict", false, "refuse a damaged text, and a weak key")
}

func (a *app) addOutputFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&a.flags.output, "output", "o", "", "write to `FILE`; - is standard output")
	f.StringVarP(&a.flags.outputDir, "output-dir", "d", "", "write into the folder `DIR`")
	f.BoolVarP(&a.flags.force, "force", "f", false, "replace an output that exists")
}

// addRunFlags are for runs over many files.
func (a *app) addRunFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&a.flags.resume, "continue", false, "skip outputs that exist and hold the same key")
	f.BoolVar(&a.flags.dryRun, "dry-run", false, "say what would be written, and write nothing")
}

func (a *app) addJobsFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Uint64VarP(&a.flags.jobs, "jobs", "j", 0, "work on `N` files at a time; as many as there are processors if not given")
	f.Uint64Var(&a.flags.jobsMemory, "jobs-memory", 0, "let the key derivations of all jobs together take up to `KIB` of memory (1048576)")
}

// addInputFlags are for commands that take many files.
func (a *app) addInputFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVarP(&a.inputs.recursive, "recursive", "r", false, "take all keys in folders, told by their content")
	f.StringVar(&a.inputs.list, "files-from", "", "take the files named in `FILE`, one a line; - is standard input")
	f.BoolVarP(&a.inputs.null, "null", "0", false, "the names in the list end with a NUL byte, as of find -print0")
}

func (a *app) addCommentFlag(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&a.flags.comment, "comment", "C", "", "give the key the comment `TEXT`")
}

func (a *app) addCertificateFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&a.flags.certificate, "certificate", "", "add the OpenSSH certificate from `FILE`")
	f.BoolVar(&a.flags.removeCertificate, "remove-certificate", false, "leave the certificate out")
}

func (a *app) addPassphraseFlags(cmd *cobra.Command) {
	addSource(cmd, &a.flags.passphrase, "passphrase", "read the passphrase of the key from")
}

func (a *app) addNewPassphraseFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&a.flags.askNew, "new-passphrase", false, "ask for a passphrase to protect the output with")
	addSource(cmd, &a.flags.newPassphrase, "new-passphrase", "protect the output with the passphrase from")
	f.BoolVar(&a.flags.noPassphrase, "no-passphrase", false, "write the key without a passphrase")
}

func addSource(cmd *cobra.Command, s *sourceFlags, prefix, usage string) {
	f := cmd.Flags()
	s.name = prefix
	f.StringVar(&s.file, prefix+"-file", "", usage+" the first line of `FILE`")
	f.StringVar(&s.env, prefix+"-env", "", usage+" the environment variable `NAME`")
	f.IntVar(&s.fd, prefix+"-fd", -1, usage+" the file descriptor `N`")
	f.Lookup(prefix + "-fd").DefValue = "0" // help shows no default then
}

func (a *app) addKDFFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&a.flags.kdf, "kdf", "", "key derivation `NAME` of an encrypted output: argon2id, argon2i, argon2d (ppk), bcrypt (openssh), pbkdf2, scrypt (pkcs8)")
	f.Uint64Var(&a.flags.kdfMemory, "kdf-memory", 0, "memory of Argon2 or scrypt in `KIB`")
	f.Uint64Var(&a.flags.kdfPasses, "kdf-passes", 0, "`N` passes of Argon2")
	f.Uint64Var(&a.flags.kdfParallelism, "kdf-parallelism", 0, "parallelism `N` of Argon2, p of scrypt")
	f.Uint64Var(&a.flags.kdfRounds, "kdf-rounds", 0, "`N` rounds of bcrypt or iterations of PBKDF2")
}

func (a *app) addLimitFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Uint64Var(&a.flags.maxKDFMemory, "max-kdf-memory", 0, "let the input's key derivation take up to `KIB` of memory")
	f.IntVar(&a.flags.index, "index", 0, "of a file with several keys take the `N`th, counted from 1")
	f.Uint64Var(&a.flags.maxKDFWork, "max-kdf-work", 0, "let the input's key derivation do `N` units of work")
}

func (a *app) limits() keyconv.Limits {
	return keyconv.Limits{KDFMemory: a.flags.maxKDFMemory, KDFWork: a.flags.maxKDFWork}
}

// kdfs are the key derivations of each format, the default first, with the flags
// that each has use for.
var kdfs = map[keyconv.Format][]string{
	keyconv.PPK:     {"argon2id", "argon2i", "argon2d"},
	keyconv.OpenSSH: {"bcrypt"},
	keyconv.PKCS8:   {"pbkdf2", "scrypt"},
}

var kdfFlags = map[string][]string{
	"argon2id": {"kdf-memory", "kdf-passes", "kdf-parallelism"},
	"argon2i":  {"kdf-memory", "kdf-passes", "kdf-parallelism"},
	"argon2d":  {"kdf-memory", "kdf-passes", "kdf-parallelism"},
	"bcrypt":   {"kdf-rounds"},
	"pbkdf2":   {"kdf-rounds"},
	"scrypt":   {"kdf-memory", "kdf-parallelism"},
}

// writeOptions checks the key derivation flags against the format.
func (a *app) writeOptions(format keyconv.Format, encrypted bool) (*keyconv.Options, error) {
	f := a.flags
	given := map[string]uint64{
		"kdf-memory": f.kdfMemory, "kdf-passes": f.kdfPasses,
		"kdf-parallelism": f.kdfParallelism, "kdf-rounds": f.kdfRounds,
	}
	o := &keyconv.Options{
		KDF: f.kdf, Memory: f.kdfMemory, Rounds: f.kdfPasses + f.kdfRounds, Parallelism: f.kdfParallelism,
	}
	if *o == (keyconv.Options{}) {
		return o, nil
	}
	if !encrypted {
		return nil, usagef("the --kdf flags are for an encrypted output, and this one has no passphrase")
	}
	if len(kdfs[format]) == 0 {
		return nil, usagef("the format %s has no choice of key derivation", format)
	}
	name := f.kdf
	if name == "" {
		name = kdfs[format][0]
	}
	if !slices.Contains(kdfs[format], name) {
		return nil, usagef("the format %s has no key derivation %q%s", format, name, choices(kdfs[format]))
	}
	for flag, value := range given {
		if value != 0 && !slices.Contains(kdfFlags[name], flag) {
			return nil, usagef("--%s has no meaning for %s", flag, name)
		}
	}
	return o, nil
}
