package cli

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// agentWork is what the agent is asked to do.
type agentWork struct {
	agent    *agentconn.Agent
	lifetime string // as it was given
	seconds  uint32
	confirm  bool
}

var agentCmd = command{
	section: toLogIn,
	name:    "agent", takes: "FILE...",
	short: "Add keys to the running SSH agent",
	long: `Adds private keys, in any form that keyconv reads, to the running SSH agent. ssh, git
and PuTTY then log in with them, without asking for the passphrase again. No file is
written.

A certificate is added too, as ssh-add does: the one in the key, the one given with
--certificate, or otherwise FILE-cert.pub beside the key.

The agent is the one that SSH_AUTH_SOCK names. On Windows, if SSH_AUTH_SOCK is not set,
it is OpenSSH's, or Pageant if that one is not running or --pageant is given. The agent
of OpenSSH for Windows keeps a key until it is deleted, even after a reboot; it and
Pageant refuse --lifetime and --confirm.`,
	example: `  keyconv agent key.ppk
  keyconv agent --lifetime 8h --confirm key.pem
  keyconv agent --list
  keyconv agent --delete key.ppk`,
	args: cobra.ArbitraryArgs,
	build: func(p *program, cmd *cobra.Command) {
		var w agentWork
		var o agentconn.Options
		var list, remove bool
		job := p.register(cmd, inputFlags, jobsFlags, commentFlag, certificateFlags, keyFlags, strictFlag, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
			if err := checkAgentFlags(cmd, args, o, list); err != nil {
				return err
			}
			if w.seconds, err = parseLifetime(w.lifetime); err != nil {
				return err
			}
			if list {
				return p.listAgent(cmd.Context(), o)
			}
			s := &series{program: p, job: job(), done: "added"}
			wanted, do := convert.IsPrivate, w.add
			if remove {
				s.done, wanted, do = "deleted", isAnyKey, w.remove
			}
			if err := s.find(cmd.Context(), args, wanted); err != nil {
				return err
			}
			held, missing := dialAgent(cmd.Context(), o)
			if missing != nil && !s.json {
				return missing // once, not for each input
			}
			if missing == nil {
				defer held.Close()
			}
			w.agent = held
			s.each(cmd.Context(), func(ctx context.Context, t *convert.Task, o *one) error {
				if missing != nil {
					return missing
				}
				return do(ctx, t, o)
			})
			return nil
		}
		f := cmd.Flags()
		f.StringVarP(&w.lifetime, "lifetime", "t", "", "have the agent forget the key after `TIME`: seconds, or 30m, 8h, 1w2d")
		f.BoolVarP(&w.confirm, "confirm", "c", false, "have the agent ask before each use of the key")
		f.BoolVar(&remove, "delete", false, "take the key and its certificates out of the agent")
		f.BoolVar(&list, "list", false, "print the keys that the agent holds")
		f.BoolVar(&o.Pageant, "pageant", false, "use Pageant (Windows)")
		takeInputEnv(cmd)
	},
}

// onlyToAdd are flags that say how to add a key.
var onlyToAdd = []string{"lifetime", "confirm", "comment", "certificate", "remove-certificate"}

func checkAgentFlags(cmd *cobra.Command, args []string, o agentconn.Options, list bool) error {
	if o.Pageant && runtime.GOOS != "windows" {
		return usagef("--pageant is for Windows: on other systems Pageant is reached as any agent is").
			With(say("leave it out: SSH_AUTH_SOCK says where the agent is"))
	}
	other := append(changed(cmd, []string{"list"}), changed(cmd, []string{"delete"})...)
	if len(other) > 0 {
		if adding := changed(cmd, onlyToAdd); len(adding) > 0 {
			return usagef("%s has no use for %s", other[0], adding[0])
		}
	}
	if !list {
		return needFiles(cmd, args)
	}
	if len(args) > 0 || len(other) > 1 {
		return usagef("--list prints what the agent holds: it takes no file, and does not go with --delete")
	}
	return nil
}

func dialAgent(ctx context.Context, o agentconn.Options) (*agentconn.Agent, error) {
	held, err := batch.Interruptible(ctx, func() (*agentconn.Agent, error) { return agentconn.Dial(ctx, o) })
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return held, err
}

// listAgent prints a line for each key: type and bits, fingerprint, comment. A certificate
// has the fingerprint of its key, as ssh-add -l shows it.
func (p *program) listAgent(ctx context.Context, o agentconn.Options) error {
	held, err := dialAgent(ctx, o)
	if err != nil {
		return err
	}
	defer held.Close()
	keys, err := batch.Interruptible(ctx, held.List)
	if err != nil {
		return err
	}
	if p.json {
		return p.reportHeld(keys)
	}
	var b strings.Builder
	for _, key := range keys {
		pub, err := rawkey.ParsePublic(key.Blob)
		if err != nil { // a type that keyconv does not know
			fmt.Fprintf(&b, "%q %s %q\n", key.Format, ssh.FingerprintSHA256(key), key.Comment)
			continue
		}
		fmt.Fprintf(&b, "%s %d %s %q\n", pub.Type(), rawkey.Bits(pub), sshkey.FingerprintSHA256(pub), key.Comment)
	}
	if len(keys) == 0 {
		p.report("%s holds no keys", visible(held.Name))
	}
	_, err = fmt.Fprint(p.stdout, b.String())
	return err
}

// reportHeld prints an object for each key of the agent.
func (p *program) reportHeld(keys []*agent.Key) error {
	isHeld := true
	for _, key := range keys {
		r := newRecord("")
		r.List = &listRecord{Private: true, InAgent: &isHeld}
		if pub, err := rawkey.ParsePublic(key.Blob); err != nil {
			r.warning("", "the type of the key is one that keyconv does not know")
		} else {
			r.key(pub, key.Comment)
			r.List.Certificate = certificateRecordOf(rawkey.CertificateOf(pub), "")
		}
		if err := r.print(p.stdout, nil, p.hidden); err != nil {
			return err
		}
	}
	return nil
}

// remove takes a key out with all its certificates. The public half is enough.
func (w *agentWork) remove(ctx context.Context, t *convert.Task, o *one) error {
	f, _, err := t.Open(ctx)
	if err != nil {
		return err
	}
	pub, _, err := t.PublicHalf(ctx, f)
	if err != nil {
		return err
	}
	pub = rawkey.WithoutCertificate(pub)
	keys, err := batch.Interruptible(ctx, w.agent.List)
	if err != nil {
		return err
	}
	comment, found := "", false
	for _, key := range keys {
		// That key, or a certificate for it.
		if held, err := rawkey.ParsePublic(key.Blob); err != nil || !convert.SamePublicKey(held, pub) {
			continue
		}
		if _, err := batch.Interruptible(ctx, func() (any, error) { return nil, w.agent.Remove(key) }); err != nil {
			return err
		}
		comment, found = key.Comment, true
	}
	if !found {
		return fault.New(fault.Failed, "%s does not hold the key %s", w.agent.Name, sshkey.FingerprintSHA256(pub)).
			With(say("keyconv agent --list shows what it holds"))
	}
	o.record.key(pub, comment)
	o.report("deleted %s from %s (%s, %q)", input.Shown(o.name), visible(w.agent.Name), describeShort(pub), comment)
	return nil
}
