package cli

import (
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/sshkey"
)

// The library says what to do as a value; here it becomes a command line.

// adviceOn is what to do about a weakness.
func adviceOn(f sshkey.Finding) string {
	if f.Advice.Text != "" {
		return f.Advice.Text
	}
	switch f.Advice.Action {
	case sshkey.ConvertTo:
		what := "one that is safe"
		if len(f.Advice.Formats) == 1 && f.Advice.Formats[0] == string(keyconv.PPK) {
			what = "version 3"
			if strings.HasPrefix(f.Code, "encryption-") {
				what += ", which is safe"
			}
		}
		command := "keyconv convert --in-place --to "
		if f.Code == "encryption-pbes1" || f.Code == "encryption-jks" { // a keystore would lose its certificates
			command = "keyconv convert --to "
		}
		return command + strings.Join(f.Advice.Formats, " or --to ") + " writes " + what
	case sshkey.SetPassphrase:
		return "keyconv convert, or keyconv passwd for a form that can be written, makes it harder to guess"
	}
	return string(f.Advice.Action)
}

// describeVerdict returns what a program makes of a file of that format.
func describeVerdict(v keyconv.Verdict, from keyconv.Format) string {
	command := conversionCommand(v.Advice, from)
	switch {
	case v.Answer == keyconv.Opens && v.Program == v.Name && v.Tried != "":
		return v.Program + " opens it (tried with " + v.Tried + ")"
	case v.Answer == keyconv.Opens && v.Program == v.Name:
		return v.Program + " opens it (" + v.Source + ")"
	case v.Answer == keyconv.Opens:
		return v.Program + " opens it"
	case v.Advice.Action == sshkey.Repair:
		return v.Program + " does not, " + v.Why + ": mend it with: keyconv repair"
	case v.Answer != keyconv.Refuses:
		return v.Program + ": not known"
	case command == "":
		return v.Program + " does not: " + v.Why
	case v.Why == "":
		return v.Program + " does not: convert it with: " + command
	case v.Advice.Action == sshkey.RemoveCertificate:
		return v.Program + " does not: " + v.Why + ": " + command
	}
	return v.Program + " does not: " + v.Why + ", or " + command
}

// conversionCommand is the shortest command for a conversion, "" for no such advice.
func conversionCommand(advice sshkey.Advice, from keyconv.Format) string {
	if len(advice.Formats) == 0 {
		return ""
	}
	to := keyconv.Format(advice.Formats[0])
	switch {
	case advice.Action == sshkey.RemoveCertificate:
		return "keyconv convert --to " + string(to) + " --remove-certificate"
	case to == keyconv.PPK:
		return "keyconv pem2ppk"
	case to == keyconv.PEM && convert.IsPPK(from):
		return "keyconv ppk2pem"
	}
	return "keyconv convert --to " + string(to)
}
