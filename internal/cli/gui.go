package cli

import (
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/process"
	"github.com/keyconv/keyconv/internal/window"
	"github.com/spf13/cobra"
)

var guiCmd = command{
	section: others,
	name:    "gui", takes: "[FILE...]",
	short: "Open the window of keyconv (Windows)",
	long: `Opens the window of keyconv, as double-clicking keyconv.exe or dropping files on it
does. It ends when the window is closed.`,
	example: `  keyconv gui
  keyconv gui key.pem`,
	build: func(p *program, cmd *cobra.Command) {
		p.register(cmd)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if !window.Available() {
				return fault.New(fault.Failed, "keyconv has no window on this system: it is for Windows with a desktop").
					With(say("keyconv FILE converts a key here; keyconv help lists the commands"))
			}
			if process.OwnConsole() != nil { // from a menu of Explorer, which opens one
				process.LeaveConsole()
			}
			return window.Run(cmd.Context(), args)
		}
	},
}
