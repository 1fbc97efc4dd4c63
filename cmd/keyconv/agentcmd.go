package main

import (
	"errors"
	"runtime"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/spf13/cobra"
)

const agentLong = `Adds private keys, in any form that keyconv reads, to the SSH agent that runs: ssh,
git and PuTTY then log in with them, and nobody types their passphrase again. No file
is written.

A certificate in the key, one given with --certificate, or else one that stands beside
it as FILE-cert.pub is added too, as ssh-add does.

The agent is the one of SSH_AUTH_SOCK. On Windows it is that of OpenSSH where
SSH_AUTH_SOCK is not set, and Pageant where that one does not run or --pageant is given.
The agent of OpenSSH for Windows keeps a key until it is deleted, also when Windows
starts anew; it and Pageant refuse --lifetime and --confirm.`

// agentWork is what the agent is asked to do.
type agentWork struct {
	agent    *agentconn.Agent
	lifetime string // as it was given
	seconds  uint32
	confirm  bool
}

func (a *app) agentCommand() *cobra.Command {
	var w agentWork
	var o agentconn.Options
	var list, remove bool
	cmd := &cobra.Command{
		Use:   "agent FILE...",
		Short: "Add keys to the running SSH agent",
		Long:  agentLong,
		Example: `  keyconv agent key.ppk
  keyconv agent --lifetime 8h --confirm key.pem
  keyconv agent --list
  keyconv agent --delete key.ppk`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkAgentFlags(cmd, args, o, list); err != nil {
				return err
			}
			var err error
			if w.seconds, err = parseLifetime(w.lifetime); err != nil {
				return err
			}
			defer a.clearSecrets()
			switch {
			case list:
				return a.listAgent(o)
			case remove:
				a.inputs.done = "deleted"
				return a.withAgent(args, o, isAnyKey, (*app).deleteFromAgent)
			}
			a.inputs.done = "added"
			return a.withAgent(args, o, isPrivate, func(one *app, name string, agent *agentconn.Agent) error {
				return one.addToAgent(name, agentWork{agent, w.lifetime, w.seconds, w.confirm})
			})
		},
	}
	f := cmd.Flags()
	f.StringVarP(&w.lifetime, "lifetime", "t", "", "have the agent forget the key after `TIME`: seconds, or 30m, 8h, 1w2d")
	f.BoolVarP(&w.confirm, "confirm", "c", false, "have the agent ask before each use of the key")
	f.BoolVar(&remove, "delete", false, "take the key and its certificates out of the agent")
	f.BoolVar(&list, "list", false, "print the keys that the agent holds")
	f.BoolVar(&o.Pageant, "pageant", false, "use Pageant (Windows)")
	a.addInputFlags(cmd)
	a.addJobsFlags(cmd)
	a.addCommentFlag(cmd)
	a.addCertificateFlags(cmd)
	a.addPassphraseFlags(cmd)
	a.addLimitFlags(cmd)
	a.addStrictFlag(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
	return a.takeInputEnv(cmd)
}

// onlyToAdd are flags that say how to add a key.
var onlyToAdd = []string{"lifetime", "confirm", "comment", "certificate", "remove-certificate"}

func checkAgentFlags(cmd *cobra.Command, args []string, o agentconn.Options, list bool) error {
	if o.Pageant && runtime.GOOS != "windows" {
		return withHint(usagef("--pageant is for Windows: on other systems Pageant is reached as any agent is"),
			"leave it out: SSH_AUTH_SOCK says where the agent is")
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
	if len(args) > 0 || len(other) > 1 || cmd.Flags().Changed("json") {
		return usagef("--list prints what the agent holds: it takes no file, and goes with neither --delete nor --json")
	}
	return nil
}

// withAgent does the work for each input, with one connection.
func (a *app) withAgent(args []string, o agentconn.Options, wanted func(keyconv.Format) bool, work func(one *app, name string, agent *agentconn.Agent) error) error {
	names, err := a.expand(args, wanted)
	if err != nil {
		return err
	}
	agent, missing := a.dialAgent(o)
	if missing != nil && !a.flags.json {
		return missing // once, not for each input
	}
	if missing == nil {
		defer agent.Close()
	}
	a.eachInput(names, func(one *app, name string) error {
		if missing != nil {
			return missing
		}
		return work(one, name, agent)
	})
	return nil
}

func (a *app) dialAgent(o agentconn.Options) (*agentconn.Agent, error) {
	agent, err := interruptible(a.ctx, func() (*agentconn.Agent, error) { return agentconn.Dial(a.ctx, o) })
	if a.ctx.Err() != nil {
		return nil, interruption(a.ctx)
	}
	return agent, err
}

// hintNoAgent says how to start one.
func hintNoAgent(_ string, err error) string { return hintNoAgentOn(runtime.GOOS, err) }

func hintNoAgentOn(system string, err error) string {
	switch {
	case errors.Is(err, agentconn.ErrNotAPipe):
		return `with SSH_AUTH_SOCK unset keyconv takes the agent of OpenSSH for Windows, or Pageant; ssh-add of Git Bash or Cygwin adds to its own`
	case system == "windows":
		return `as administrator, "Set-Service ssh-agent -StartupType Automatic; Start-Service ssh-agent" in PowerShell starts that of OpenSSH; or start Pageant`
	}
	return `eval "$(ssh-agent)" starts one for this shell`
}
