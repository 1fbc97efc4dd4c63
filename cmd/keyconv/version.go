package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by a release build; else the module's version is shown.
var version string

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

func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "keyconv " + version + "\n"
	}
	v := version
	if v == "" {
		v = info.Main.Version
	}
	text := fmt.Sprintf("keyconv %s\n", v)
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			text += fmt.Sprintf("commit %s\n", s.Value)
		}
	}
	text += fmt.Sprintf("built with %s\n", info.GoVersion)
	for _, dep := range info.Deps {
		text += fmt.Sprintf("%s %s\n", dep.Path, dep.Version)
	}
	return text
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("this command takes no arguments, but got %q", args[0])
	}
	return nil
}
