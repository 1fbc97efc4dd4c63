package cli

import (
	"fmt"
	"slices"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
)

// mainPrograms are the five that matter most to a file: for a .ppk those that it was made
// for, for any other those that its owner is likely to meet.
func mainPrograms(format engine.Format) []engine.ProgramID {
	if convert.IsPPK(format) {
		return []engine.ProgramID{engine.ProgramPuTTY, engine.ProgramWinSCP, engine.ProgramFileZilla, engine.ProgramOpenSSH, engine.ProgramNode}
	}
	return []engine.ProgramID{engine.ProgramPuTTY, engine.ProgramFileZilla, engine.ProgramOpenSSH, engine.ProgramGo, engine.ProgramNode}
}

// programs returns the lines about the programs.
func (s inspection) programs(i *engine.Info, name string, index int) []field {
	var fields []field
	left := 0
	for _, v := range i.Programs {
		if !s.all && !slices.Contains(mainPrograms(i.File.Format), v.ID) {
			left++
			continue
		}
		fields = append(fields, field{pickLabel(len(fields), "programs:"), describeVerdict(v, i.File.Format, name, index)})
	}
	if left > 0 {
		fields = append(fields, field{"", fmt.Sprintf("--all shows %d more", left)})
	}
	return fields
}

// answerFor says in a line what one program makes of the file.
func (o *one) answerFor(program string, i *engine.Info, index int) error {
	for _, v := range i.Programs {
		if string(v.ID) == program {
			_, err := fmt.Fprintf(o.stdout, "%s: %s\n", input.Shown(o.name), describeVerdict(v, i.File.Format, o.name, index))
			return err
		}
	}
	return convert.NotPrivate(i.File)
}

// programRecord is what a program makes of a file.
type programRecord struct {
	Program string `json:"program"`
	Name    string `json:"name"`
	Answer  string `json:"answer"`
	Why     string `json:"why,omitempty"`
	Tried   string `json:"tried,omitempty"`
	Source  string `json:"source"`
}

// programs adds the verdicts, or that of one program.
func (r *record) programs(i *engine.Info, only string) {
	for _, v := range i.Programs {
		if only == "" || only == string(v.ID) {
			r.Programs = append(r.Programs, programRecord{string(v.ID), v.Program, v.Answer.String(), v.Why, v.Tried, v.Source})
		}
	}
}
