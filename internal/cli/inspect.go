package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/dump"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/list"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
)

// dumpFlags are those that have a meaning with --dump alone.
var dumpFlags = []string{"passphrase-file", "passphrase-env", "passphrase-fd"}

var inspectCmd = command{
	section: toLook,
	name:    "inspect", takes: "FILE...",
	short: "Show what a key file is, without its passphrase",
	long: `Shows all that a key file has in the clear: its form, the type and size of
the key, the comment, how it is encrypted and how much work it takes to guess its
passphrase, the fingerprints, the public key, the certificate, and which programs open
it. For authorized_keys and known_hosts it lists all keys, one per line.

No passphrase is asked for. What is encrypted is marked as such.

--short prints the line of "keyconv list" for each key.

It shows the five programs that matter most for the file. --all shows the others too, and
--for answers for one, in one line.

--dump prints the numbers that make up the key instead, one per line, as "puttygen
--dump" does. For a private key these include the secret ones, so it asks for the
passphrase.`,
	example: `  keyconv inspect key.ppk
  keyconv inspect ~/.ssh/id_*
  keyconv inspect --dump key.pub`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		var numbers, short bool
		var show inspection
		job := p.register(cmd, inputFlags, jobsFlags, keyFlags, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if given := changed(cmd, dumpFlags); !numbers && len(given) > 0 {
				return usagef("%s is for --dump", given[0]).With(say("without --dump inspect needs no passphrase"))
			}
			if err := checkProgram(show.program); err != nil {
				return err
			}
			s := &series{program: p, job: job(), done: "inspected", secret: numbers}
			if err := s.find(cmd.Context(), args, isAnyKey); err != nil {
				return err
			}
			switch {
			case short: // what is not a key is an error, other than for keyconv list
				j := list.Job{Files: s.job.Place.(*disk.Place).Files, Input: s.job.Input, Now: s.job.Now, Jobs: int(p.jobs), Strict: true}
				if _, err := p.list(cmd.Context(), j, s.inputs); err != nil {
					return err
				}
				if s.inputs.Others > 0 {
					s.noteOthers()
				}
			case numbers:
				s.each(cmd.Context(), dumpNumbers)
			default:
				s.each(cmd.Context(), show.inspect)
			}
			return nil
		}
		cmd.Flags().BoolVar(&numbers, "dump", false, "print the numbers of the key, the secret ones too")
		cmd.Flags().BoolVar(&short, "short", false, "show a line for each key, as keyconv list does")
		cmd.Flags().BoolVar(&show.all, "all", false, "show what all programs make of the file")
		cmd.Flags().StringVar(&show.program, "for", "", "say whether `PROGRAM` opens the file")
		takeInputEnv(cmd)
	},
}

// inspection says what is shown of the programs.
type inspection struct {
	all     bool
	program string
}

// isAnyKey reports what inspect wants of a folder.
func isAnyKey(format engine.Format) bool {
	return slices.Contains(engine.KnownFormats(), format)
}

// dumpNumbers prints the numbers of a key: of a private key all of them.
func dumpNumbers(ctx context.Context, t *convert.Task, o *one) error {
	f, _, err := t.Open(ctx)
	if err != nil {
		return err
	}
	var text []byte
	if !f.Private {
		text, err = dump.Public(f.PublicKey)
	} else if key, _, openErr := t.Unlock(ctx, f); openErr != nil {
		err = openErr
	} else {
		text, err = dump.Private(key)
	}
	if err != nil {
		return err
	}
	defer clear(text)
	_, err = o.stdout.Write(text)
	return err
}

func (s inspection) inspect(ctx context.Context, t *convert.Task, o *one) error {
	f, data, err := t.Open(ctx)
	if err != nil {
		return err
	}
	t.NoteDamagedKeys(f)
	if f.Private {
		t.NoteCommentBytes(o.name, f.Comment)
	}
	if f.Lines != nil && t.Input.Index == 0 {
		return o.listPublic(f)
	}
	info := engine.InspectFile(f, data)
	info.Findings = append(info.Findings, rawkey.CertificateFindings(f.PublicKey, t.Now)...)
	if o.json {
		o.record.inspected(info, s.program)
		return nil
	}
	if o.quiet {
		return nil // the exit code says whether it is a key file
	}
	for _, v := range info.Programs { // --for answers in a line
		if string(v.ID) == s.program {
			_, err := fmt.Fprintf(o.stdout, "%s: %s\n", input.Shown(o.name), describeVerdict(v, f.Format, o.name, t.Input.Index))
			return err
		}
	}
	if s.program != "" {
		return convert.NotPrivate(f)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", input.Shown(o.name))
	for _, line := range append(describe(info, o.name), s.programs(info, o.name, t.Input.Index)...) {
		fmt.Fprintf(&b, "  %-12s %s\n", line.label, quote.Inert(line.value))
	}
	_, err = io.WriteString(o.stdout, b.String())
	return err
}

// field is a line of the description; an empty label continues the one before.
type field struct{ label, value string }

func describe(i *engine.Info, name string) []field {
	f := i.File
	fields := []field{{"format:", f.Title}}
	switch {
	case i.Type == "":
	case rawkey.IsOpaque(rawkey.WithoutCertificate(f.PublicKey)):
		fields = append(fields, field{"type:", i.Type + ", a type that keyconv does not know"})
	default:
		fields = append(fields, field{"type:", fmt.Sprintf("%s, %d bits", i.Type, i.Bits)})
	}
	if f.Token != nil {
		fields = append(fields, field{"token:", describeToken(f)})
	}
	if f.Keys > 1 {
		fields = append(fields, field{"keys:", fmt.Sprintf("%d; this is one, --index N shows another", f.Keys)})
	}
	damage := slices.Clone(f.Repairs)
	for _, d := range i.Deviations {
		damage = append(damage, engine.Repair(d))
	}
	for n, repair := range damage {
		fields = append(fields, field{pickLabel(n, "damage:"), repair.Message})
	}
	fields = append(fields, field{"comment:", describeComment(f)})
	if f.Private {
		fields = append(fields, field{"encryption:", describeEncryption(f)})
	}
	if i.SHA256 == "" {
		fields = append(fields, field{"public key:", "encrypted too; keyconv public " + shellName(name) + " asks for the passphrase and shows it"})
	} else {
		pub := f.PublicKey
		if i.Certificate != nil {
			pub = i.Certificate.Key
		}
		line := strings.TrimSpace(string(sshkey.AuthorizedKey(pub, "")))
		fields = append(fields, field{"fingerprint:", i.SHA256}, field{"", "MD5:" + i.MD5})
		fields = append(fields, consoleFingerprints(i)...)
		fields = append(fields, field{"public key:", line})
	}
	fields = append(fields, describeCertificate(i)...)
	for n, finding := range i.Findings {
		fields = append(fields, field{pickLabel(n, "weakness:"), describeFinding(finding, name)})
	}
	return fields
}

// consoleFingerprints shows those of consoles that are not of the SSH key.
func consoleFingerprints(i *engine.Info) []field {
	if i.SPKIMD5 == "" {
		return nil
	}
	fields := []field{{"", i.SPKIMD5 + " (as AWS shows it if it was imported, and Oracle Cloud)"}}
	switch {
	case i.PKCS8SHA1 != "":
		fields = append(fields, field{"", i.PKCS8SHA1 + " (as AWS shows it if AWS made the key)"})
	case i.File.Encrypted():
		fields = append(fields, field{"", "that of a key which AWS made is of the private half; keyconv check --public FINGERPRINT compares it"})
	}
	return fields
}

func pickLabel(n int, label string) string {
	if n == 0 {
		return label
	}
	return ""
}

// describeToken says what using a key on a security token takes.
func describeToken(f *engine.File) string {
	text := fmt.Sprintf("application %q", f.Token.Application)
	switch flags := f.Token.Flags; {
	case f.Token.HasFlags:
		for _, flag := range []struct {
			bit  byte
			text string
		}{{sshkey.TokenTouch, "touch required"}, {sshkey.TokenVerify, "PIN required"}, {sshkey.TokenResident, "resident"}} {
			if flags&flag.bit != 0 {
				text += ", " + flag.text
			}
		}
	case f.Encrypted():
		text += ", its flags are encrypted"
	}
	return text + "; the secret is in the token, not in a file"
}

func describeComment(f *engine.File) string {
	switch {
	case f.HasComment:
		return quote.Comment(f.Comment)
	case f.Format == engine.OpenSSH && f.Encrypted():
		return "encrypted"
	case f.Format == engine.OpenSSH:
		return "not known; the type does not show where it begins"
	}
	return "none; this form has no room for one"
}

func describeEncryption(f *engine.File) string {
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
