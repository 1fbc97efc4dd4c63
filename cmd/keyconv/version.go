package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version and commit are set by a release build. Else what Go knows of the module and
// its repository is shown.
var version, commit string

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Tell the version of keyconv and of what it is made of",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.stdout, versionText())
			return err
		},
	}
}

// addVersionFlag is for who knows --version from other programs.
func addVersionFlag(root *cobra.Command) {
	root.Version = versionText()
	root.SetVersionTemplate("{{.Version}}")
	root.Flags().Bool("version", false, "tell the version")
}

func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: runtime.Version()}
	}
	text := fmt.Sprintf("keyconv %s\n", cmp.Or(version, info.Main.Version))
	if c := cmp.Or(commit, setting(info, "vcs.revision")); c != "" {
		text += fmt.Sprintf("commit %s\n", c)
	}
	text += fmt.Sprintf("built with %s for %s/%s\n", info.GoVersion, runtime.GOOS, runtime.GOARCH)
	for _, dep := range info.Deps {
		text += fmt.Sprintf("%s %s\n", dep.Path, dep.Version)
	}
	return text
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("this command takes no arguments, but got %q", args[0])
	}
	return nil
}
