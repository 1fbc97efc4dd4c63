package cli

import (
	"fmt"
	"slices"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/lazy"
)

// mainPrograms are the five that matter most to a file: for a .ppk those that it was made
// for, for any other those that its owner is likely to meet.
var mainPrograms = lazy.Map[bool, []engine.ProgramID]{Make: func() map[bool][]engine.ProgramID {
	return map[bool][]engine.ProgramID{
		true:  {engine.ProgramPuTTY, engine.ProgramWinSCP, engine.ProgramFileZilla, engine.ProgramOpenSSH, engine.ProgramNode},
		false: {engine.ProgramPuTTY, engine.ProgramFileZilla, engine.ProgramOpenSSH, engine.ProgramGo, engine.ProgramNode},
	}
}}

// programs returns the lines about the programs.
func (s inspection) programs(i *engine.Info, name string, index int) []field {
	var fields []field
	left := 0
	for _, v := range i.Programs {
		if !s.all && !slices.Contains(mainPrograms.Get()[convert.IsPPK(i.File.Format)], v.ID) {
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

// programRecord is what a program makes of a file.
type programRecord struct {
	Program string `json:"program"`
	Name    string `json:"name"`
	Answer  string `json:"answer"`
	Why     string `json:"why,omitempty"`
	Tried   string `json:"tried,omitempty"`
	Source  string `json:"source"`
}

// inspected notes what inspect finds besides what was read: how the file departs from its
// format, its weaknesses, what consoles of clouds show of an RSA key, and the verdicts, or
// that of one program.
func (r *record) inspected(i *engine.Info, only string) {
	for _, d := range i.Deviations {
		r.Repairs = append(r.Repairs, codeRecord{d.Code, d.Message})
	}
	for _, f := range i.Findings {
		r.warning(f.Code, describeFinding(f, r.Input))
	}
	if r.Key != nil {
		r.Key.SPKIMD5, r.Key.PKCS8SHA1 = i.SPKIMD5, i.PKCS8SHA1
	}
	for _, v := range i.Programs {
		if only == "" || only == string(v.ID) {
			r.Programs = append(r.Programs, programRecord{string(v.ID), v.Program, v.Answer.String(), v.Why, v.Tried, v.Source})
		}
	}
}
