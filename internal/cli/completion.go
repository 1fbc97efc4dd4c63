package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that completion is for, and what sets it up: each line short enough that
// the help does not wrap it, so that it can be pasted.
var shells = []struct {
	name, setUp string
	generate    func(root *cobra.Command, p *program) error
}{
	{"bash", "echo 'source <(keyconv completion bash)' >> ~/.bashrc", func(root *cobra.Command, p *program) error { return root.GenBashCompletionV2(p.stdout, true) }},
	{"zsh", "echo 'autoload -U compinit; compinit' >> ~/.zshrc\n  echo 'source <(keyconv completion zsh)' >> ~/.zshrc", func(root *cobra.Command, p *program) error { return root.GenZshCompletion(p.stdout) }},
	{"fish", "echo 'keyconv completion fish | source' >> ~/.config/fish/config.fish", func(root *cobra.Command, p *program) error { return root.GenFishCompletion(p.stdout, true) }},
	{"powershell", "'keyconv completion powershell | Out-String | iex' >> $PROFILE", func(root *cobra.Command, p *program) error {
		return root.GenPowerShellCompletionWithDesc(p.stdout)
	}},
}

var completionCmd = command{
	section: others,
	name:    "completion", takes: "SHELL",
	short: "Print what a shell completes commands and flags with",
	long: `Prints a program for a shell, which makes it complete the commands of keyconv, their
flags, and the values of flags. These lines set it up for new shells; bash also needs the
package bash-completion:

`,
	build: func(p *program, cmd *cobra.Command) {
		var names []string
		lines := ""
		for _, s := range shells {
			names = append(names, s.name)
			lines += "  " + s.setUp + "\n"
		}
		cmd.Long += lines
		cmd.ValidArgs = names
		cmd.Args = func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usagef("missing SHELL%s", choices(names))
			case len(args) > 1:
				return usagef("one shell at a time, not %d", len(args))
			case !slices.Contains(names, args[0]):
				return noSuch("there is no completion for the shell", "keyconv completion", strings.TrimSuffix(args[0], ".exe"), names)
			}
			return nil
		}
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			for _, s := range shells {
				if s.name == args[0] {
					return s.generate(cmd.Root(), p)
				}
			}
			return nil
		}
	},
}
