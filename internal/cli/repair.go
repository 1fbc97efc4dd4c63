package cli

import (
	"context"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/spf13/cobra"
)

var repairCmd = command{
	section: toConvert,
	name:    "repair", takes: "FILE...",
	short: "Write the clean text of a damaged key file",
	long: `Writes the clean text of a damaged key file, such as one that was pasted on one line
or saved with a byte order mark: key.repaired.pem beside key.pem. Its form, the key, the
encryption, passphrase and comment stay the same. It asks for the passphrase only if
nothing else shows what the text was.

With --in-place the clean text replaces the FILE in one step, and the damaged text is
kept as key.pem.damaged, or key.pem.damaged.2 if that is taken. A file that needs no
repair stays as it is.`,
	example: `  keyconv repair key.pem                       # writes key.repaired.pem
  keyconv repair key.ppk -o clean.ppk
  keyconv repair --in-place key.ppk            # keeps the damaged text as key.ppk.damaged
  keyconv repair - -o clean.pem < key.pem`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		var inPlace bool
		outputs := []flagRow{
			{"output-dir", "d", "write into the folder `DIR`, under the same name", func(_ *program, j *convert.Job) any { return &j.Output.Folder }},
			{"in-place", "", "replace the FILE, and keep the damaged text as FILE.damaged", func(*program, *convert.Job) any { return &inPlace }},
			{"dry-run", "", "say what would be written, and write nothing", func(_ *program, j *convert.Job) any { return &j.DryRun }},
		}
		job := p.register(cmd, oneOutput("write to `FILE`; - is standard output"), &group{rows: outputs}, inputFlags, allFlag, jobsFlags, keyFlags, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			ctx, j := cmd.Context(), job()
			s := &series{program: p, job: j, done: "repaired"}
			if inPlace {
				return s.inPlace(ctx, args, convert.IsPrivate, usagef("--in-place replaces a file, and standard input is not one"),
					func(ctx context.Context, t *convert.Task) error { return t.RepairInPlace(ctx) })
			}
			if err := p.checkPlaces(j, args, "", convert.IsPrivate); err != nil {
				return err
			}
			if err := s.find(ctx, args, convert.IsPrivate); err != nil {
				return err
			}
			names := s.inputs.Names
			if p.json {
				if err := checkJSON(j, names); err != nil {
					return err
				}
			}
			if err := p.keepOffStdout(j, names); err != nil {
				return err
			}
			if err := disk.CheckInputs(j.Output, names, j.Output.RepairedName, false); err != nil {
				return err
			}
			s.each(ctx, func(ctx context.Context, t *convert.Task, _ *one) error { return t.Repair(ctx) })
			return nil
		}
		takeInputEnv(cmd)
	},
}
