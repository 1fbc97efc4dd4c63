package cli

import (
	"slices"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/spf13/cobra"
)

// programTarget is a program that is to open a key, as --for and --min name it.
type programTarget struct{ name, min string }

// registerProgram registers --for.
func registerProgram(cmd *cobra.Command, name *string, usage string) {
	cmd.Flags().StringVar(name, "for", "", usage)
}

func programNames() []string {
	var names []string
	for _, id := range engine.Programs() {
		names = append(names, string(id))
	}
	return names
}

// checkProgram refuses a name that is not one of a program.
func checkProgram(name string) error {
	if name == "" || slices.Contains(programNames(), name) {
		return nil
	}
	return noSuch("there are no verdicts about a program", "--for", name, programNames())
}

// kind returns the conversion that --to or --for asks for, and a format that represents it.
func (t *programTarget) kind(to string, version int, names []string) (convert.Kind, engine.Format, error) {
	switch {
	case t.name != "" && to != "":
		return convert.Kind{}, "", usagef("--for chooses the form, and --to names one")
	case t.name != "" && version != 0:
		return convert.Kind{}, "", usagef("--for chooses the form, and --ppk-version names one")
	case t.name == "" && t.min != "":
		return convert.Kind{}, "", usagef("--min is for --for")
	case t.name == "":
		format, err := convertFormat(to, version, names)
		if err != nil {
			return convert.Kind{}, "", err
		}
		return convert.To(format), format, nil
	}
	if err := checkProgram(t.name); err != nil {
		return convert.Kind{}, "", err
	}
	kind, err := convert.ForProgram(engine.ProgramID(t.name), t.min)
	return kind, engine.PKCS8, err // any private one: the real one depends on the key
}
