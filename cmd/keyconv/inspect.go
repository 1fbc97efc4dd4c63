package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
)

func (a *app) inspectCommand() *cobra.Command {
	var numbers bool
	cmd := &cobra.Command{
		Use:   "inspect FILE...",
		Short: "Tell what a key file is, without its passphrase",
		Long: `Tells all that a key file has in the clear: its form, the type and size of the key,
the comment, how it is encrypted and how much work its passphrase is to guess, the
fingerprints, the public key, the certificate, and which programs open it.

No passphrase is asked for. What a file has only encrypted is said to be so.

With --dump it prints the numbers that make up the key instead, one a line as
"puttygen --dump" does. Of a private key these are the secret ones too, and so the
passphrase is asked for.`,
		Example: `  keyconv inspect key.ppk
  keyconv inspect ~/.ssh/id_*
  keyconv inspect --dump key.pub`,
		Args: needFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkDumpFlags(cmd, numbers); err != nil {
				return err
			}
			work := (*app).inspect
			if numbers {
				defer a.clearSecrets()
				work = (*app).dump
				a.inputs.oneByOne = true
			}
			names, err := a.expand(args, isAnyKey)
			if err != nil {
				return err
			}
			a.inputs.done = "inspected"
			a.eachInput(names, work)
			return nil
		},
	}
	cmd.Flags().BoolVar(&numbers, "dump", false, "print the numbers of the key, the secret ones too")
	a.addInputFlags(cmd)
	a.addJobsFlags(cmd)
	a.addPassphraseFlags(cmd)
	a.addLimitFlags(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
	return a.takeInputEnv(cmd)
}

func (a *app) inspect(name string) error {
	f, data, err := a.openData(name)
	if err != nil {
		return err
	}
	info := keyconv.InspectFile(f, data)
	if a.flags.json {
		for _, finding := range info.Findings {
			a.record.warning(finding.Code, describeFinding(finding))
		}
		return nil
	}
	if a.flags.quiet {
		return nil // the exit code tells whether it is a key file
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", displayName(name))
	for _, line := range describe(info) {
		fmt.Fprintf(&b, "  %-12s %s\n", line.label, quote.Inert(line.value))
	}
	_, err = io.WriteString(a.stdout, b.String())
	return err
}

// field is a line of the description; an empty label continues the one before.
type field struct{ label, value string }

func describe(i *keyconv.Info) []field {
	f := i.File
	fields := []field{{"format:", f.Title}}
	if i.Type != "" {
		fields = append(fields, field{"type:", fmt.Sprintf("%s, %d bits", i.Type, i.Bits)})
	}
	if f.Keys > 1 {
		fields = append(fields, field{"keys:", fmt.Sprintf("%d; this is one, --index N shows another", f.Keys)})
	}
	for n, repair := range f.Repairs {
		fields = append(fields, field{pickLabel(n, "damage:"), repair.Message})
	}
	fields = append(fields, field{"comment:", describeComment(f)})
	if f.Private {
		fields = append(fields, field{"encryption:", describeEncryption(f)})
	}
	if i.SHA256 == "" {
		fields = append(fields, field{"public key:", "encrypted too; keyconv public FILE asks for the passphrase and shows it"})
	} else {
		fields = append(fields, field{"fingerprint:", i.SHA256}, field{"", "MD5:" + i.MD5}, field{"public key:", publicLine(i)})
	}
	fields = append(fields, describeCertificate(i.Certificate)...)
	for n, finding := range i.Findings {
		fields = append(fields, field{pickLabel(n, "weakness:"), describeFinding(finding)})
	}
	for n, v := range i.Programs {
		fields = append(fields, field{pickLabel(n, "programs:"), describeVerdict(v)})
	}
	return fields
}

func pickLabel(n int, label string) string {
	if n == 0 {
		return label
	}
	return ""
}

func describeComment(f *keyconv.File) string {
	switch {
	case f.HasComment:
		return fmt.Sprintf("%q", f.Comment)
	case f.Format == keyconv.OpenSSH && f.Encrypted():
		return "encrypted"
	}
	return "none; this form has no room for one"
}

func describeEncryption(f *keyconv.File) string {
	if !f.Encrypted() {
		return "none"
	}
	text := f.Encryption
	k := f.KDF
	if k == nil {
		return text
	}
	switch {
	case k.Name == "scrypt":
		return fmt.Sprintf("%s, %s (%d KiB, p %d)", text, k.Name, k.Memory, k.Parallelism)
	case k.Parallelism > 0:
		return fmt.Sprintf("%s, %s (%d KiB, %d passes, parallelism %d)", text, k.Name, k.Memory, k.Rounds, k.Parallelism)
	case k.Rounds > 1:
		return fmt.Sprintf("%s, %s (%d rounds)", text, k.Name, k.Rounds)
	}
	return fmt.Sprintf("%s, %s (a single round: weak)", text, k.Name)
}

func publicLine(i *keyconv.Info) string {
	pub := i.File.PublicKey
	if i.Certificate != nil {
		pub = i.Certificate.Key
	}
	return strings.TrimSpace(string(sshkey.AuthorizedKey(pub, "")))
}

func describeVerdict(v keyconv.Verdict) string {
	if v.Opens {
		return v.Program + " opens it"
	}
	return v.Program + " does not: " + v.Why
}
