package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/readers"
	"github.com/keyconv/keyconv/sshkey"
)

// ProgramID names a program, for other programs.
type ProgramID string

// The programs that there are verdicts about.
const (
	ProgramPuTTY     ProgramID = "putty"
	ProgramWinSCP    ProgramID = "winscp"
	ProgramFileZilla ProgramID = "filezilla"
	ProgramOpenSSH   ProgramID = "openssh"
	ProgramGo        ProgramID = "go"
	ProgramNode      ProgramID = "node"
)

// Answer is what a verdict says.
type Answer int

// The answers. The zero value is that of a format or a type of key that has not
// been tried with the program.
const (
	NotKnown Answer = iota
	Opens
	Refuses
)

// String returns "not known", "opens" or "refuses".
func (a Answer) String() string { return [...]string{"not known", "opens", "refuses"}[a] }

// Verdict says whether a program opens a key file: the text as it stands, with its line
// ends and whatever is around the key.
type Verdict struct {
	ID      ProgramID
	Name    string // "PuTTY"
	Program string // with the version from which on it opens the file, where that is known: "PuTTY 0.75 or later"
	// Since and Until are the first and the last version of the program that open the file;
	// "" where there is no such limit, or it is not known.
	Since, Until string
	Answer       Answer
	Why          string // where it refuses: what it lacks, in a few words; empty for a form that it does not have
	// Layout has what it does not accept in the layout of the text, such as "a byte order
	// mark", where that alone keeps it from opening the file.
	Layout []string
	Advice Advice // what to do where it refuses
	Tried  string // the version that was tried, "" where Source is all that is known
	Source string // how we know
}

// Opens reports whether the program is known to open the file.
func (v Verdict) Opens() bool { return v.Answer == Opens }

// program is a row of what is known about one program, apart from the formats: their rows
// say which of them it opens, and those of package sshkey which types PuTTY and OpenSSH
// have.
type program struct {
	id     ProgramID
	as     ProgramID // the program whose rules it has; "" for its own
	with   string    // the program whose versions the tables have: "with OpenSSH"; "" for its own
	name   string
	base64 bool   // whether it wants the file as one line of base64
	tried  string // the version that was asked about files of each form, or ""
	source string
	// reads takes a text apart as the program does.
	reads readers.Reader
	// formats has the rules of the formats whose rows do not have them.
	formats map[Format]rule
	// instead are the formats that it opens, the best first.
	instead []Format
	// types says from which version on it has a type of key.
	types func(t rawkey.Type) rawkey.Since
	// without says that it does not have a type; "" for the usual words.
	without string
	// certificates says from which version on it has keys with a certificate. It
	// replaces all other versions.
	certificates rawkey.Since
	// certificatesWith is what with is, for certificates.
	certificatesWith string
	// until is the last version that has a type; nil for none.
	until func(t rawkey.Type) string
	// besides refuses what the tables would open; nil for nothing.
	besides func(i *Info) *refusal
	// deviations says what it makes of files that depart from their format.
	deviations map[sshkey.Deviation]Answer
	// labels reports whether it takes the content of a block, unencrypted, under its label.
	labels func(f *File) bool
}

// rule says how a program does with the files of one format.
type rule struct {
	program ProgramID // "" in the rules of one program
	refuses bool
	why     string
	instead []Format // what to convert to where it refuses; nil means as the program says
	since   string   // the first version that opens it, where its source is known; otherwise ""
	// types has the types for which it is another version.
	types []typeSince
	// only are the types that the program opens in this format; nil for all of its types.
	only []string
	// about are the types that the rule is known to hold for; nil for all.
	about []string
	// ciphers are those that the program opens in this format; nil for all.
	ciphers []string
}

// typeSince is a type of key, and the first version of a program that opens it.
type typeSince struct{ name, since string }

// sinceOf returns the version of a type that has another; "" for any other type.
func (r rule) sinceOf(t rawkey.Type) string {
	for _, row := range r.types {
		if row.name == t.Name {
			return row.since
		}
	}
	return ""
}

// refusal is why a program does not open a file, and what it would open.
type refusal struct {
	why    string
	advice Advice
}

// verdicts returns what the programs make of a text in which the key of i was found.
func verdicts(i *Info, text []byte) []Verdict {
	r := &readings{text: text, opened: map[string]*File{}}
	var list []Verdict
	for _, p := range allPrograms() {
		v := p.judge(i)
		switch {
		case !v.Opens():
		case p.base64 && !r.inBase64():
			v.Answer, v.Why = Refuses, "it wants the file as one line of base64"
		case p.base64:
		case p.reads != nil:
			v = p.judgeText(v, i, r)
		case len(i.File.Repairs) > 0 || !r.usual(i.File):
			v.Answer = NotKnown // its ways with other layouts have not been tried
		}
		list = append(list, v)
	}
	return list
}

// rules returns the program whose rules this one has.
func (p program) rules() ProgramID { return cmp.Or(p.as, p.id) }

func allPrograms() []program {
	return slices.Concat(programs.Get(), otherPrograms.Get())
}

// Programs returns the programs that there are verdicts about, those that were tried with
// every layout first.
func Programs() []ProgramID {
	var ids []ProgramID
	for _, p := range allPrograms() {
		ids = append(ids, p.id)
	}
	return ids
}

// judge returns what the program makes of the key in a text as the program itself would
// write it.
func (p program) judge(i *Info) Verdict {
	v := Verdict{ID: p.id, Name: p.name, Program: p.name, Tried: p.tried, Source: p.source}
	r, _ := findRow(i.File.Format)
	rule, known := r.rule(p.rules())
	if !known {
		rule, known = p.formats[i.File.Format]
	}
	t, typeKnown := rawkey.TypeOf(i.Type)
	hidden := i.Type == "" // encrypted, so that only the rest can be judged
	since := p.types(t)
	switch no := p.refuses(i, rule, t); {
	case !hidden && since == rawkey.Never:
		v.Answer, v.Why = Refuses, p.withoutType(t)
	case !known || !hidden && (!typeKnown || since == "" || rule.about != nil && !slices.Contains(rule.about, t.Name)):
		v.Answer = NotKnown
	case no != nil:
		v.Answer, v.Why, v.Advice = Refuses, no.why, no.advice
	case i.Certificate != nil && p.certificates == "":
		v.Answer = NotKnown
	default:
		v.Answer = p.departed(i)
		p.setVersions(&v, i, rule, t)
	}
	return v
}

// departed returns the answer about a file that departs from its format, as it would open
// one that does not. What a program makes of a label is a matter of its rules.
func (p program) departed(i *Info) Answer {
	answer := Opens
	for _, d := range i.Deviations {
		if d != sshkey.DeviationLabel && p.deviations[d] != Opens {
			answer = p.deviations[d]
		}
	}
	return answer
}

// judgeText changes a verdict on the key into one on the text that it is in.
func (p program) judgeText(v Verdict, i *Info, r *readings) Verdict {
	found := r.of(p.reads) // what the program finds there
	switch {
	case found == nil && i.File.badMAC():
		v.Why = "the MAC does not match"
	case found == nil && i.File.Encrypted() && i.File.hasWrongCount():
		v.Why = "there are fewer lines of base64 than the file says"
	case found == nil:
		v.Why, v.Advice = "as the text stands", Advice{Action: rawkey.Repair}
		if v.Layout = r.layoutOf(p.reads, i.File); v.Layout != nil {
			v.Why += ", with " + strings.Join(v.Layout, " and ")
		}
	case i.File.isGuessed() || i.File.isCandidate(found) || i.File.hasDoubtfulLabel(r.text):
		v.Answer = NotKnown
		return v
	case !found.isSame(i.File):
		v.Why = "it takes another key of this text"
	case found.pem != nil && !found.Encrypted() && p.labels != nil && !p.labels(found):
		v.Why, v.Advice = "the label of the block is that of another form", convertTo(p.instead...)
	default:
		return v
	}
	v.Program, v.Since, v.Until, v.Answer = p.name, "", "", Refuses
	return v
}

func (p program) withoutType(t rawkey.Type) string {
	switch {
	case p.without != "":
		return p.without
	case t.Token:
		return "it has no keys on security tokens"
	}
	return "it has no " + t.Title
}

// refuses returns why the program does not open the file, or nil if it does.
func (p program) refuses(i *Info, r rule, t rawkey.Type) *refusal {
	f := i.File
	instead := convertTo(p.instead...)
	switch {
	case i.Certificate != nil && p.certificates == rawkey.Never:
		instead.Action = rawkey.RemoveCertificate
		return &refusal{"it has no certificates", instead}
	case r.refuses && r.instead != nil:
		return &refusal{r.why, convertTo(r.instead...)}
	case r.refuses,
		r.ciphers != nil && !slices.Contains(r.ciphers, f.Encryption),
		r.only != nil && i.Type != "" && !slices.Contains(r.only, t.Name):
		return &refusal{r.why, instead}
	case p.besides != nil:
		return p.besides(i)
	}
	return nil
}
