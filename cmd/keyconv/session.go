package main

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/session"
	"github.com/spf13/cobra"
)

// sessionOptions is what the command line says about a session. The flags of the
// conversion on the way are those of the app. Its --force is no part of them: it
// replaces a session, and never a key.
type sessionOptions struct {
	session         session.Session
	key, keyPath    string
	program         string
	output          string
	registry, unix  bool
	add, force      bool
	guard           *guard
	planned         string // the file of the key, which may be yet to be made
	codePage        int
	codePageChanged bool
}

const sessionLong = `Makes a saved session with a key, so that one click or one word logs in:

  putty      in PuTTY's list: on Windows in the registry, elsewhere in PuTTY's own
             folder; with -o FILE.reg as a file to import on Windows
  openssh    a Host block for ~/.ssh/config, printed; --add puts it there
  winscp     a section of WinSCP's .ini, printed
  filezilla  a site as FileZilla imports it, printed; --add puts it into its list

A key that the program does not open is converted, beside the key, as pem2ppk and
ppk2pem do. A converted key that is there already is used, if it is the same key; one
that is another is never replaced.

A session of that name is not replaced without --force. What it has besides host,
port, user and key then stays. The same Host block or site is not added twice.

The user that cloud images have, if you did not choose one:

  root        Alibaba Cloud, DigitalOcean, Hetzner, Huawei Cloud, Linode, Vultr
  ec2-user    Amazon Linux, RHEL and SUSE on AWS
  ubuntu      Ubuntu on AWS, Oracle Cloud, Tencent Cloud
  admin       Debian on AWS
  azureuser   Azure
  opc         Oracle Linux on Oracle Cloud
  ecs-user    Alibaba Cloud, where it was chosen in place of root
  lighthouse  Tencent Cloud Lighthouse`

func (a *app) sessionCommand() *cobra.Command {
	var o sessionOptions
	cmd := &cobra.Command{
		Use:   "session NAME [USER@]HOST[:PORT] --key FILE",
		Short: "Save a session that logs in with a key, for PuTTY and others",
		Long:  sessionLong,
		Example: `  keyconv session ecs root@47.98.1.2 --key key.pem          # in PuTTY's list
  keyconv session ecs root@47.98.1.2 --key key.pem -o ecs.reg --key-path 'C:\keys\key.ppk'
  keyconv session ecs root@47.98.1.2 --key key.ppk --for openssh --add
  keyconv session ecs 'root@[2001:db8::1]:2222' --key key.pem --for filezilla --add`,
		Args: sessionArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.codePageChanged = cmd.Flags().Changed("code-page")
			return a.runSession(&o, args)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.key, "key", "k", "", "log in with the private key in `FILE`")
	f.StringVar(&o.keyPath, "key-path", "", "the `PATH` that the key has on the machine where the session is used, if that is another")
	f.StringVar(&o.program, "for", "putty", "the `PROGRAM` to log in with: putty, openssh, winscp, filezilla")
	f.StringVarP(&o.output, "output", "o", "", "write to `FILE` (for putty: FILE.reg); - is standard output")
	f.BoolVar(&o.registry, "registry", false, "write to the registry, where PuTTY on Windows has its sessions")
	f.BoolVar(&o.unix, "unix", false, "write to the folder where PuTTY on Linux and macOS has its sessions")
	f.BoolVar(&o.add, "add", false, "add to ~/.ssh/config, to FileZilla's list, or to the FILE of -o")
	f.BoolVarP(&o.force, "force", "f", false, "replace a session of that name, or an output that exists")
	f.IntVar(&o.codePage, "code-page", int(session.DefaultCodePage), "the ANSI code page `N` of the Windows that PuTTY runs on, for names outside of ASCII")
	f.Lookup("code-page").DefValue = "0" // help shows no default then: on Windows it is the system's
	a.addPassphraseFlags(cmd)
	a.addNewPassphraseFlags(cmd)
	a.addLimitFlags(cmd)
	a.addStrictFlag(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
	return cmd
}

func sessionArguments(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) < 2:
		return withHint(usagef("a session needs a name and a host"), "keyconv session ecs root@47.98.1.2 --key ecs.pem")
	case len(args) > 2:
		return withHint(usagef("a session has one name and one host, and there are %d arguments", len(args)), "a name with blanks goes in quotes")
	case !cmd.Flags().Changed("key"):
		return withHint(usagef("with which key?"), "--key FILE names it")
	}
	return nil
}

func (a *app) runSession(o *sessionOptions, args []string) error {
	target, err := session.ParseTarget(args[1])
	if err != nil {
		return err
	}
	o.session = session.Session{Name: args[0], Target: target}
	kind, err := o.kind()
	if err != nil {
		return err
	}
	if err := o.check(kind, a.flags.json); err != nil {
		return err
	}
	defer a.clearSecrets()
	a.eachInput([]string{o.key}, func(one *app, name string) error { return one.saveSession(name, o, kind) })
	return nil
}

// saveSession does all that can fail without a passphrase before it converts the key.
func (a *app) saveSession(name string, o *sessionOptions, kind sessionKind) error {
	key, err := a.sessionKey(name, kind)
	if err != nil {
		return err
	}
	if o.guard, o.planned = a.guard, key.file; key.convert == nil {
		a.guard.protect(key.file, "the key of the session")
	}
	s := o.session
	if s.KeyFile, err = o.pathThere(key.file, kind); err != nil {
		return err
	}
	p, err := kind.place(o, s)
	if err != nil {
		return err
	}
	if key.convert != nil {
		if err := a.convertFile(name, key.opened, *key.convert); err != nil {
			return err
		}
	}
	if err := a.put(p); err != nil {
		return err
	}
	a.reportSession(o, kind, key, s, p)
	return nil
}

// put writes the session, unless it is there already.
func (a *app) put(p place) error {
	if p.outcome == session.AlreadyThere {
		return nil
	}
	if p.shown == stdio {
		_, err := a.stdout.Write(p.data)
		return err
	}
	if p.file != "" { // by now the converted key is there too
		if err := a.guard.check(p.file, p.may); err != nil {
			return err
		}
	}
	if err := p.write(); err != nil {
		return fmt.Errorf("cannot save the session in %s: %w", displayName(p.shown), withoutPath(err))
	}
	return nil
}
