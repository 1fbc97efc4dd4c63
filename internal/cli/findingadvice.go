package cli

import (
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
)

// The library says what to do as a value; here it becomes a command line.

// adviceOn returns what to do about a weakness of a file.
func adviceOn(f rawkey.Finding, name string) string {
	if f.Advice.Text != "" {
		return f.Advice.Text
	}
	switch f.Advice.Action {
	case rawkey.ConvertTo:
		what := "one that is safe"
		if len(f.Advice.Formats) == 1 && f.Advice.Formats[0] == string(engine.PPK) {
			what = "version 3"
			if strings.HasPrefix(f.Code, "encryption-") {
				what += ", which is safe"
			}
		}
		command := "keyconv convert --in-place --to "
		if f.Code == "encryption-pbes1" || f.Code == "encryption-jks" { // a keystore would lose its certificates
			command = "keyconv convert --to "
		}
		command += f.Advice.Formats[0] + " " + fileOf(name) + " writes " + what
		for _, other := range f.Advice.Formats[1:] {
			command += ", and so does --to " + other
		}
		return command
	case rawkey.SetPassphrase:
		return "keyconv passwd " + fileOf(name) + " makes it harder to guess, and so does a conversion"
	}
	return string(f.Advice.Action)
}

// fileOf returns a file in a command that changes it in place; FILE for what is not one.
func fileOf(name string) string {
	if name == "" || input.IsStream(name) {
		return "FILE"
	}
	return shellName(name)
}

// describeVerdict returns what a program makes of a file of that format, or of one of its
// keys; index 0 is the first.
func describeVerdict(v engine.Verdict, from engine.Format, name string, index int) string {
	command := conversionCommand(v.Advice, from, name, index)
	switch {
	case v.Answer == engine.Opens && v.Program == v.Name && v.Tried != "":
		return v.Program + " opens it (tried with " + v.Tried + ")"
	case v.Answer == engine.Opens && v.Program == v.Name:
		return v.Program + " opens it (" + v.Source + ")"
	case v.Answer == engine.Opens:
		return v.Program + " opens it"
	case v.Advice.Action == rawkey.Repair:
		return v.Program + " does not, " + v.Why + ": repair it with: " + repairCommand(name, index)
	case v.Answer != engine.Refuses:
		return v.Program + ": not known"
	case command == "":
		return v.Program + " does not: " + v.Why
	case v.Why == "":
		return v.Program + " does not: convert it with: " + command
	case v.Advice.Action == rawkey.RemoveCertificate:
		return v.Program + " does not: " + v.Why + ": " + command
	}
	return v.Program + " does not: " + v.Why + ", or " + command
}

// conversionCommand returns the shortest command for the conversion of a file, or of one of its
// keys; "" for no such advice.
func conversionCommand(advice rawkey.Advice, from engine.Format, name string, index int) string {
	if len(advice.Formats) == 0 {
		return ""
	}
	file := shellName(name)
	switch {
	case name == stdio:
		file = name
	case input.IsVariable(name):
		file += " -o FILE"
	}
	if index > 1 {
		file = fmt.Sprintf("--index %d %s", index, file)
	}
	to := engine.Format(advice.Formats[0])
	switch {
	case advice.Action == rawkey.RemoveCertificate:
		return "keyconv convert --to " + string(to) + " --remove-certificate " + file
	case to == engine.PPK:
		return "keyconv pem2ppk " + file
	case to == engine.PEM && convert.IsPPK(from):
		return "keyconv ppk2pem " + file
	}
	return "keyconv convert --to " + string(to) + " " + file
}
