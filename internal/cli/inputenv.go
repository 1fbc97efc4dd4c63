package cli

import (
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/input"
	"github.com/spf13/cobra"
)

// takeInputEnv gives a command that works on files --input-env, for a key that is in
// an environment variable: a secret of a CI job need not become a file first.
func takeInputEnv(cmd *cobra.Command) {
	var variable string
	cmd.Flags().StringVar(&variable, "input-env", "", "read the key from the environment variable `NAME`, in place of a FILE")
	checkArgs, work := cmd.Args, cmd.RunE
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed("input-env") {
			return checkInputEnv(cmd, variable, args)
		}
		return checkArgs(cmd, args)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if variable != "" {
			args = []string{input.Env(variable)}
		}
		return work(cmd, args)
	}
}

// checkInputEnv refuses a second input, and a variable that would be two things: the
// first read unsets it. Names of variables on Windows have no case.
func checkInputEnv(cmd *cobra.Command, name string, args []string) error {
	if len(args) > 0 {
		return usagef("--input-env %s is the input, but there is also %s", name, input.Shown(args[0])).With(say("one run for each"))
	}
	for _, flag := range []string{"passphrase-env", "new-passphrase-env"} {
		if f := cmd.Flags().Lookup(flag); f != nil && name != "" && (name == f.Value.String() || runtime.GOOS == "windows" && strings.EqualFold(name, f.Value.String())) {
			return usagef("--input-env and --%s name one variable; a key is not a passphrase", flag)
		}
	}
	return nil
}
