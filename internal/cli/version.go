package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// Version and Commit are those of a release build. Without them what Go knows of the
// module and its repository is shown.
var Version, Commit string

func buildVersion(p *program, cmd *cobra.Command) {
	cmd.Args = noArguments
	cmd.RunE = func(*cobra.Command, []string) error { return p.printVersion() }
}

func (p *program) printVersion() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: runtime.Version()}
	}
	text := fmt.Sprintf("keyconv %s\n", cmp.Or(Version, info.Main.Version))
	commit := Commit
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && commit == "" {
			commit = s.Value
		}
	}
	if commit != "" {
		text += fmt.Sprintf("commit %s\n", commit)
	}
	text += fmt.Sprintf("built with %s for %s/%s\n", info.GoVersion, runtime.GOOS, runtime.GOARCH)
	for _, dep := range info.Deps {
		text += fmt.Sprintf("%s %s\n", dep.Path, dep.Version)
	}
	_, err := fmt.Fprint(p.stdout, text)
	return err
}
