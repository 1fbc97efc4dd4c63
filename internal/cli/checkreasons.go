package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// reservations returns why a key that is usable is not good: nil for one that is.
func reservations(name string, index int, f *engine.File, key *sshkey.Key, data []byte, findings []rawkey.Finding) []codeRecord {
	var all []codeRecord
	add := func(code, format string, args ...any) {
		all = append(all, codeRecord{code, fmt.Sprintf(format, args...)})
	}
	if f.Keys > 1 && convert.IsPPK(f.Format) { // which has room for one key
		index = max(index, 1)
	}
	clean, repairs := f.Clean()
	var refused, layout []string
	if f.Keys == 1 { // of several, programs take the first
		refused, layout = convert.RefusedAsIs(f, data, clean)
	}
	command, departs := repairCommand(name, index), len(convert.Writable(key.Deviations)) > 0
	if departs && f.Encrypted() { // which shows when it is open
		command += " --passphrase-file F"
	}
	hint := " (" + command + ")"
	switch {
	case len(repairs) > 0:
		add("damaged", "its text is damaged%s", hint)
		hint = "" // once is enough
	case len(refused) > 0:
		cause := ""
		if len(layout) > 0 {
			cause = ", with " + convert.And(layout)
		}
		add("layout", "%s would not open its text as it stands%s%s", convert.And(refused), cause, hint)
		hint = ""
	}
	switch {
	case departs:
		add("format", "its key departs from its format%s", hint)
	case len(key.Deviations) > 0:
		add("certificate", "its certificate departs from its format")
	}
	if len(f.Damaged)+len(f.Unreadable) > 0 {
		add("other-key", "another key in the file cannot be read")
	}
	if codes := findingCodes(findings, "cert-", false); codes != "" {
		add("weak", "weak (%s)", codes)
	}
	if codes := findingCodes(findings, "cert-", true); codes != "" {
		add("certificate", "servers refuse its certificate (%s)", codes)
	}
	if v := verdictOfOwn(f, clean); v.Answer == engine.Refuses {
		why := v.Name + " does not open it"
		switch command := conversionCommand(v.Advice, f.Format, name, index); {
		case v.Why != "":
			why += ": " + v.Why
		case command != "":
			why += " (" + command + ")"
		}
		add("refused", "%s", why)
	} else if v := verdictOfOwn(f, data); f.Keys > 1 && index <= 1 && v.Answer == engine.Refuses {
		add("layout", "%s does not take this key from the text as it stands", v.Name)
	}
	return all
}

// verdictOfOwn returns what the program of the form says of the clean text: PuTTY for a
// .ppk, and OpenSSH for any other.
func verdictOfOwn(f *engine.File, clean []byte) engine.Verdict {
	own := engine.ProgramOpenSSH
	if convert.IsPPK(f.Format) {
		own = engine.ProgramPuTTY
	}
	for _, v := range engine.InspectFile(f, clean).Programs {
		if v.ID == own {
			return v
		}
	}
	return engine.Verdict{}
}

// findingCodes returns the codes of the findings that have, or do not have, that prefix.
func findingCodes(findings []rawkey.Finding, prefix string, has bool) string {
	var codes []string
	for _, f := range findings {
		if strings.HasPrefix(f.Code, prefix) == has && !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return strings.Join(codes, ", ")
}

// repairCommand returns the command that mends a file, or one of its keys.
func repairCommand(name string, index int) string {
	switch {
	case name == stdio:
		return "keyconv repair - -o FILE"
	case index > 1:
		return fmt.Sprintf("keyconv repair --index %d %s -o FILE", index, shellName(name))
	case input.IsVariable(name):
		return "keyconv repair " + shellName(name) + " -o FILE"
	case index == 1:
		return "keyconv repair --index 1 " + shellName(name)
	}
	return "keyconv repair " + shellName(name)
}
