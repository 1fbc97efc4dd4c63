package cli

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// Version and Commit are those of a release build. Without them what Go knows of the
// module and its repository is shown.
var Version, Commit string

var versionCmd = command{
	section: others,
	name:    "version",
	short:   "Print the versions of keyconv and its libraries",
	args:    noArguments,
	build: func(p *program, cmd *cobra.Command) {
		cmd.RunE = func(*cobra.Command, []string) error { return p.printVersion(true) }
	},
}

// printVersion prints the version on a line, as --version does, and where it is asked for
// what keyconv is made of.
func (p *program) printVersion(isLong bool) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: runtime.Version()}
	}
	commit := Commit
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && commit == "" {
			commit = s.Value
		}
	}
	var text strings.Builder
	text.WriteString("keyconv " + cmp.Or(Version, info.Main.Version))
	if !isLong {
		fmt.Fprintf(&text, " (%s/%s)", runtime.GOOS, runtime.GOARCH)
	}
	text.WriteString("\n")
	if isLong && commit != "" {
		text.WriteString("commit " + commit + "\n")
	}
	if isLong {
		fmt.Fprintf(&text, "built with %s for %s/%s\n", info.GoVersion, runtime.GOOS, runtime.GOARCH)
		for _, dep := range info.Deps {
			text.WriteString(dep.Path + " " + dep.Version + "\n")
		}
	}
	_, err := io.WriteString(p.stdout, text.String())
	return err
}
