package main

import (
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
)

// envPrefix begins the name of an input that is an environment variable. No file can
// have a name with NUL, so that none is mistaken for one.
const envPrefix = "\x00env:"

// isStream tells whether an input has no place in the file system.
func isStream(input string) bool {
	_, isEnv := strings.CutPrefix(input, envPrefix)
	return isEnv || input == stdio
}

// plainName is the name of an input in the report: that of a file as it was given,
// "-", or the variable as OpenSSL writes it.
func plainName(input string) string {
	if variable, ok := strings.CutPrefix(input, envPrefix); ok {
		return "env:" + variable
	}
	return input
}

// takeInputEnv gives a command that works on files --input-env, for a key that is in
// an environment variable: a secret of a CI job need not become a file first.
func (a *app) takeInputEnv(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&a.flags.inputEnv, "input-env", "", "read the key from the environment variable `NAME`, in place of a FILE")
	checkArgs, work := cmd.Args, cmd.RunE
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed("input-env") {
			return a.checkInputEnv(args)
		}
		return checkArgs(cmd, args)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if a.flags.inputEnv != "" {
			args = []string{envPrefix + a.flags.inputEnv}
		}
		return work(cmd, args)
	}
	return cmd
}

// checkInputEnv refuses a second input, and a variable that would be two things: the
// first read unsets it.
func (a *app) checkInputEnv(args []string) error {
	name := a.flags.inputEnv
	if len(args) > 0 {
		return withHint(usagef("--input-env %s is the input, but there is also %s", name, displayName(args[0])), "one run for each")
	}
	for _, passphrase := range []struct{ flag, variable string }{
		{"--passphrase-env", a.flags.passphrase.env}, {"--new-passphrase-env", a.flags.newPassphrase.env},
	} {
		if name != "" && sameVariable(name, passphrase.variable) {
			return usagef("--input-env and %s name one variable; a key is not a passphrase", passphrase.flag)
		}
	}
	return nil
}

// sameVariable knows that names of variables on Windows have no case.
func sameVariable(a, b string) bool {
	return a == b || runtime.GOOS == "windows" && strings.EqualFold(a, b)
}

const envHint = "is the secret set, and given to this step as an environment variable? " +
	"In CI an unset secret can be an empty variable, and workflows of forks get no secrets"

// readEnv returns what the variable holds, and unsets it, so that no program that is
// started later inherits the key.
func readEnv(name string) ([]byte, error) {
	if strings.ContainsAny(name, "=\x00") { // Windows keeps internal variables under names with "="
		return nil, usagef("this is no name of a variable")
	}
	value, ok := os.LookupEnv(name)
	switch {
	case !ok:
		return nil, withHint(usagef("this environment variable is not set"), envHint)
	case strings.TrimSpace(value) == "":
		return nil, withHint(usagef("this environment variable is empty"), envHint)
	}
	if err := os.Unsetenv(name); err != nil {
		return nil, err
	}
	return readKey(strings.NewReader(value))
}
