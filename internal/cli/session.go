package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/spf13/cobra"
)

// sessionOptions is what the command line says about a session. The flags of the
// conversion on the way are those of its job. --force is not one of them: it replaces a
// session, and never a key.
type sessionOptions struct {
	session         session.Session
	key, keyPath    string
	program         string
	output          string
	registry, unix  bool
	add, force      bool
	saver           login.Saver
	codePage        int
	codePageChanged bool
}

var sessionCmd = command{
	section: toLogIn,
	name:    "session", takes: "NAME [USER@]HOST[:PORT] --key FILE",
	short: "Save a session that logs in with a key",
	long: `Makes a saved session with a key, so that one click or one word logs in:

%s
Without --for it is for PuTTY on Windows, and for OpenSSH elsewhere.

A key that the program does not open is converted, as pem2ppk and ppk2pem do, or
repaired, as repair does; the new file is beside it. An existing file is used if it
holds the same key, and is never replaced if it holds another.

A session of that name is not replaced without --force, which changes its host, port,
user and key and keeps its other settings. The same session is not added twice.

The usual user of cloud images, unless you chose another:

  root        Alibaba Cloud, DigitalOcean, Hetzner, Huawei Cloud, Linode, Vultr
  ec2-user    Amazon Linux, RHEL and SUSE on AWS
  ubuntu      Ubuntu on AWS, Oracle Cloud, Tencent Cloud
  admin       Debian on AWS
  azureuser   Azure
  opc         Oracle Linux on Oracle Cloud
  ecs-user    Alibaba Cloud, where it was chosen in place of root
  lighthouse  Tencent Cloud Lighthouse`,
	example: `  keyconv session ecs root@47.98.1.2 --key key.pem   # then: ssh ecs; on Windows in PuTTY's list
  keyconv session ecs root@47.98.1.2 --key key.ppk --for putty
  keyconv session db root@10.0.0.2 -k key.pem -o db.reg --key-path 'C:\key.ppk'
  keyconv session ecs 'root@[2001:db8::1]:2222' -k key.pem --for filezilla --add`,
	build: func(p *program, cmd *cobra.Command) {
		var o sessionOptions
		programs, extensions, lists := sessionHelp()
		cmd.Long = fmt.Sprintf(cmd.Long, programs)
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) < 2:
				return usagef("a session needs a name and a host").With(say("keyconv session ecs root@47.98.1.2 --key ecs.pem"))
			case len(args) > 2:
				return usagef("a session has one name and one host, and there are %d arguments", len(args)).With(say("a name with blanks goes in quotes"))
			case !cmd.Flags().Changed("key"):
				return usagef("missing key: use --key FILE")
			}
			return nil
		}
		job := p.register(cmd, keyFlags, newPassphraseFlags, strictFlag, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			o.codePageChanged = cmd.Flags().Changed("code-page")
			return p.runSession(cmd.Context(), &o, job(), args)
		}
		f := cmd.Flags()
		f.StringVarP(&o.key, "key", "k", "", "log in with the private key in `FILE`")
		f.StringVar(&o.keyPath, "key-path", "", "the `PATH` that the key has on the machine where the session is used, if that is another")
		names := session.Names(nil)
		f.StringVar(&o.program, "for", "", "the `PROGRAM` to log in with: "+strings.Join(names, ", ")+"; if not given, putty on Windows and openssh elsewhere")
		f.StringVarP(&o.output, "output", "o", "", "write to `FILE`"+extensions+"; - is standard output")
		f.BoolVar(&o.registry, "registry", false, "write to the registry, where PuTTY on Windows has its sessions")
		f.BoolVar(&o.unix, "unix", false, "write to the folder where PuTTY on Linux and macOS has its sessions")
		f.BoolVar(&o.add, "add", false, "add to "+lists+", or to the FILE of -o")
		f.BoolVarP(&o.force, "force", "f", false, "replace a session of that name, or an output that exists")
		f.IntVar(&o.codePage, "code-page", int(session.DefaultCodePage), "the ANSI code page `N` of the Windows that PuTTY runs on, for names outside of ASCII")
		f.Lookup("code-page").DefValue = "0" // help shows no default then: on Windows it is the system's
	},
}

// sessionHelp returns what the help says of the programs: each on a line, for which the
// name of an output counts, and the lists to which sessions are added.
func sessionHelp() (programs, extensions, lists string) {
	var files, added []string
	for _, p := range session.Programs {
		programs += fmt.Sprintf("  %-10s %s\n", p.Name, strings.ReplaceAll(p.Help, "\n", "\n             "))
		if p.File != nil && p.File.Extension != "" {
			files = append(files, "for "+p.Name+": FILE"+p.File.Extension)
		}
		if p.List != nil {
			added = append(added, p.List.Name)
		}
	}
	if len(files) > 0 {
		extensions = " (" + strings.Join(files, ", ") + ")"
	}
	return programs, extensions, strings.Join(added, ", to ")
}

func (p *program) runSession(ctx context.Context, o *sessionOptions, j *convert.Job, args []string) error {
	target, err := session.ParseTarget(args[1])
	if err != nil {
		return invalidSession(err)
	}
	o.session = session.Session{Name: args[0], Target: target}
	form, err := o.form()
	if err != nil {
		return err
	}
	if err := o.check(form, p.json); err != nil {
		return err
	}
	o.program = form.program.Name
	o.saver = login.Saver{Guard: p.guard, Replace: o.force}
	run := &series{program: p, job: j, inputs: &input.Set{Names: []string{o.key}}}
	run.each(ctx, func(ctx context.Context, t *convert.Task, one *one) error { return saveSession(ctx, t, one, o, form) })
	return nil
}

// invalidSession makes an error of usage of a value that no program could read back.
func invalidSession(err error) error {
	if fault.Is[*session.InvalidError](err) {
		return &fault.Error{Exit: fault.Usage, Err: err}
	}
	return err
}

// saveSession does everything that can fail without a passphrase before it converts the key.
func saveSession(ctx context.Context, t *convert.Task, one *one, o *sessionOptions, form sessionForm) error {
	key, err := login.FindKey(ctx, t, form.program)
	if err != nil {
		return err
	}
	if o.saver.Planned = key.File; key.IsThere() {
		o.saver.Guard.Protect(key.File, "the key of the session")
	}
	s := o.session
	if s.KeyFile, err = o.pathThere(key.File, form); err != nil {
		return err
	}
	p, err := form.place(s)
	if err != nil {
		return invalidSession(err)
	}
	if err := key.Make(ctx, t); err != nil {
		return err
	}
	if p.Shown == stdio {
		_, err = one.stdout.Write(p.Data)
	} else {
		err = o.saver.Put(p)
	}
	if err != nil {
		return err
	}
	one.reportSession(o, form, key, s, p)
	return nil
}
