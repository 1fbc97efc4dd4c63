package cli

import (
	"context"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/migrate"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/spf13/cobra"
)

// migrateOptions are the flags of migrate.
type migrateOptions struct {
	from                []string
	to, output, keyPath string
	config              string
	keys                string
	keyFolder           string
	codePage            int

	noHosts, force, dryRun bool
}

// migrateFrom are the programs that sessions are read of.
var migrateFrom = []*session.Program{&session.PuTTY, &session.KiTTY, &session.WinSCP, &session.FileZilla}

func migrateNames() []string {
	var names []string
	for _, p := range migrateFrom {
		names = append(names, p.Name)
	}
	return names
}

var migrateCmd = command{
	section: toLogIn,
	name:    "migrate", takes: "[FILE|FOLDER...]",
	short: "Move saved sessions of PuTTY and others to ssh",
	long: `Moves the saved sessions of PuTTY, KiTTY, WinSCP and FileZilla into ~/.ssh/config,
so that "ssh NAME" logs in: host, user, port, key, jump host, forwarded ports,
keep-alive, agent and X11 forwarding, compression. What ssh has no counterpart for is
named. The keys are converted, once each, into ~/.ssh, and the hosts that PuTTY knows
go into known_hosts. The programs keep their sessions, and passwords are not copied.

Without arguments it takes what the programs have on this system. A FILE is an
exported registry (.reg), WinSCP.ini, sitemanager.xml of FileZilla, or PuTTY's
sshhostkeys; a FOLDER is ~/.putty, that of the portable KiTTY, or one of sessions.

The sessions are in a section of their own, at the beginning of ~/.ssh/config, since ssh
takes the first value that it finds. The rest of the file stays as it is, byte for byte,
and its previous content is kept beside it. Run again, it brings the section up to date;
a block that you changed by hand stays without --force.

--from openssh --for putty is the way back: each host of ~/.ssh/config becomes a saved
session of PuTTY, with what "ssh -G" says of it and its key as a .ppk.

The exit code is 0 if every SSH session was moved. If a session, a key or a part of a
file could not be read, the others are still moved, and the exit code is that of the first
failure: 1 for a file that is missing or broken, 3 for a key that is damaged, 4 or 5 for
one whose passphrase is missing or wrong, 6 for a session of PuTTY that is there and
says something else.`,
	example: `  keyconv migrate --dry-run                      # what would change
  keyconv migrate
  keyconv migrate putty.reg --keys ~/old-keys    # on another machine
  keyconv migrate WinSCP.ini --keys ~/old-keys
  keyconv migrate --from openssh --for putty     # and back`,
	args: cobra.ArbitraryArgs,
	build: func(p *program, cmd *cobra.Command) {
		var o migrateOptions
		job := p.register(cmd, keyFlags, strictFlag, jsonFlag)
		f := cmd.Flags()
		f.StringSliceVar(&o.from, "from", nil, "take the sessions of `PROGRAM` alone: "+strings.Join(migrateNames(), ", ")+"; or openssh, for the way back")
		f.StringVar(&o.to, "for", session.OpenSSH.Name, "move to `PROGRAM`: openssh, or putty with --from openssh")
		f.Lookup("for").DefValue = "" // the help says it
		f.StringVarP(&o.output, "output", "o", "", "write PuTTY's sessions to `FILE`.reg, for another Windows")
		f.StringVar(&o.keyPath, "key-path", "", "the folder `PATH` that the keys have on the machine where FILE.reg is used")
		f.Lookup("from").DefValue = "" // help shows no default then
		f.StringVar(&o.config, "config", "", "the configuration of ssh, `FILE` in place of ~/.ssh/config")
		f.StringVar(&o.keys, "keys", "", "look in the folder `DIR` for keys that are not at their path")
		f.StringVarP(&o.keyFolder, "output-dir", "d", "", "write converted keys into the folder `DIR`, in place of ~/.ssh")
		f.BoolVarP(&o.force, "force", "f", false, "replace blocks of the section that were changed by hand")
		f.BoolVar(&o.dryRun, "dry-run", false, "show what would change, and write nothing")
		f.BoolVar(&o.noHosts, "no-host-keys", false, "leave known_hosts as it is")
		f.IntVar(&o.codePage, "code-page", int(login.SystemCodePage()), "the ANSI code page `N` of the Windows that a file comes from")
		f.Lookup("code-page").DefValue = "0" // it depends on the system
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return p.runMigrate(cmd.Context(), &o, job(), args) }
		for flag, names := range map[string][]string{"from": append(migrateNames(), session.OpenSSH.Name), "for": {session.OpenSSH.Name, session.PuTTY.Name}} {
			_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
		}
	},
}

func (p *program) runMigrate(ctx context.Context, o *migrateOptions, j *convert.Job, args []string) error {
	defer j.Keys.Clear(ctx)
	if err := o.check(args); err != nil {
		return err
	}
	if o.output != "" {
		if err := p.guard.Check(o.output, disk.Overwrite{Replace: o.force}); err != nil {
			return err
		}
		if !strings.EqualFold(filepath.Ext(o.output), session.PuTTY.File.Extension) {
			return usagef("-o writes a file for the registry, whose name ends with %s", session.PuTTY.File.Extension)
		}
	}
	home, err := login.SSHHome()
	if err != nil {
		return err
	}
	m := &migrate.Job{
		Convert: j, SSHFolder: filepath.Join(home, ".ssh"), Config: o.config, KeyFolder: o.keyFolder, KeysFrom: o.keys,
		Replace: o.force, NoHosts: o.noHosts, DryRun: o.dryRun,
	}
	store, err := o.store(m, args)
	if err != nil {
		return err
	}
	for _, problem := range store.Problems {
		p.fail("", problem)
		if p.json {
			_ = newRecord("").print(p.stdout, problem, p.hidden) // stdout reports its error at the end
		}
	}
	switch found := len(store.Sessions) + len(store.HostKeys); {
	case found == 0 && p.failed != nil:
		return nil
	case found == 0:
		return fault.New(fault.Failed, "there are no saved sessions of %s", titles(o.from)).
			With(say("give an exported file or the folder of a program: keyconv migrate putty.reg"))
	}
	r := &migrateReport{program: p, options: o, counts: map[migrate.Outcome]int{}, look: map[string]bool{}}
	if o.isBack() {
		to := migrate.ToPuTTY{Saver: &login.Saver{Guard: p.guard, Replace: o.force}, File: o.output, KeyPath: o.keyPath, Page: session.CodePage(o.codePage)}
		err = m.Back(ctx, store.Sessions, to, r)
	} else {
		err = m.Run(ctx, store, r)
	}
	if err != nil {
		return err
	}
	r.summarize(len(store.Sessions))
	return nil
}

// isBack reports whether the sessions go from ssh to PuTTY.
func (o *migrateOptions) isBack() bool { return o.to == session.PuTTY.Name }

// check refuses flags that do not go together.
func (o *migrateOptions) check(args []string) error {
	names := append(migrateNames(), session.OpenSSH.Name)
	for _, name := range o.from {
		if !slices.Contains(names, name) {
			return noSuch("there is no --from", "--from", name, names)
		}
	}
	isFromSSH := slices.Contains(o.from, session.OpenSSH.Name)
	switch {
	case o.to != session.OpenSSH.Name && o.to != session.PuTTY.Name:
		return noSuch("there is no --for", "--for", o.to, []string{session.OpenSSH.Name, session.PuTTY.Name})
	case isFromSSH != o.isBack() || isFromSSH && len(o.from) > 1:
		return usagef("sessions go from other programs to openssh, or from openssh to putty").With(say("keyconv migrate --from openssh --for putty"))
	case !o.isBack() && (o.output != "" || o.keyPath != ""):
		return usagef("-o and --key-path are for --from openssh --for putty").With(say("--config FILE is the configuration of ssh to write to"))
	case o.isBack() && len(args) > 0:
		return usagef("--from openssh takes ~/.ssh/config").With(say("--config FILE names another one"))
	case o.output == "" && o.keyPath != "":
		return usagef("--key-path is for a file: -o FILE.reg")
	}
	return nil
}

// store returns the sessions of the arguments, or of this system.
func (o *migrateOptions) store(m *migrate.Job, args []string) (session.Store, error) {
	if o.isBack() {
		account := session.Account{Home: filepath.Dir(m.SSHFolder)}
		if u, err := user.Current(); err == nil {
			account.Name = u.Username
		}
		return m.Hosts(account)
	}
	var s session.Store
	if len(args) == 0 {
		s = login.Stores()
	}
	for _, name := range input.Globbed(runtime.GOOS, args) {
		s.Add(login.FileStore(name, session.CodePage(o.codePage)))
	}
	if len(o.from) > 0 {
		s.Sessions = slices.DeleteFunc(s.Sessions, func(s session.Saved) bool { return !slices.Contains(o.from, s.Program.Name) })
	}
	return s, nil
}

// titles returns what people call the programs of those names, or all of them.
func titles(names []string) string {
	var all []string
	for _, p := range append(slices.Clone(migrateFrom), &session.OpenSSH) {
		if len(names) == 0 && p != &session.OpenSSH || slices.Contains(names, p.Name) {
			all = append(all, p.Title)
		}
	}
	if last := len(all) - 1; last > 0 {
		all = append(all[:last-1], all[last-1]+" or "+all[last])
	}
	return strings.Join(all, ", ")
}
