package cli

import (
	"github.com/spf13/cobra"
)

// menuTitle is what the menu of Explorer shows.
const menuTitle = "Convert with keyconv"

// classes is where the menus of this user are, below HKEY_CURRENT_USER.
const classes = `Software\Classes`

// menu is a kind of file whose menu in Explorer has keyconv.
type menu struct {
	class string // below classes
	// appliesTo is the condition that a file has to meet, in Explorer's own language; "" for
	// none.
	appliesTo string
}

// menus are the files that may be keys. A name such as id_ed25519 has no extension, so
// that the menu of all files has to ask for the name.
var menus = []menu{
	{class: `SystemFileAssociations\.pem`},
	{class: `SystemFileAssociations\.ppk`},
	{class: `SystemFileAssociations\.key`},
	{class: `*`, appliesTo: `System.FileName:~<"id_" AND NOT System.FileExtension:=".pub"`},
}

// key returns where the menu is, below HKEY_CURRENT_USER.
func (m menu) key() string { return classes + `\` + m.class + `\shell\keyconv` }

// menuCommand returns what Explorer runs. The name of a file has no quotes on Windows.
func menuCommand(program string) string { return `"` + program + `" gui "%1"` }

var explorerCmd = command{
	section: others,
	name:    "explorer", takes: "--add|--remove",
	short: "Put keyconv into the menus of Explorer (Windows)",
	long: `Adds "Convert with keyconv" to the menu that Explorer shows for a right-click on a
.pem, .ppk or .key file, or on one whose name begins with id_, and keyconv to "Send
to". It is for your account only, and needs no administrator. --remove undoes all of it.`,
	example: `  keyconv explorer --add
  keyconv explorer --remove`,
	args: noArguments,
	build: func(p *program, cmd *cobra.Command) {
		p.register(cmd)
		add := cmd.Flags().Bool("add", false, "add keyconv to the menus")
		remove := cmd.Flags().Bool("remove", false, "take keyconv away from the menus")
		cmd.RunE = func(*cobra.Command, []string) error {
			if *add == *remove {
				return usagef("add keyconv to the menus of Explorer, or remove it?").With(say("keyconv explorer --add, or keyconv explorer --remove"))
			}
			if err := changeMenus(*add); err != nil {
				return err
			}
			if *add {
				p.report("a right-click on a key shows %q (Windows 11: below \"Show more options\"), and keyconv is in Send to", menuTitle)
			} else {
				p.report("keyconv is no longer in the menus of Explorer")
			}
			return nil
		}
	},
}
