package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func (a *app) generateCommand() *cobra.Command {
	types := keyconv.KeyTypes()
	var keyType string
	var bits int
	cmd := &cobra.Command{
		Use:   "generate -o FILE",
		Short: "Make a new key",
		Long: `Makes a new private key, in any form, and prints the public key as one line for
~/.ssh/authorized_keys on a server (not with --quiet).

The form is that of --to; without it, that of the extension of FILE (.ppk: PuTTY;
.pem: the traditional form), else OpenSSH's.`,
		Example: `  keyconv generate -o key.ppk --new-passphrase
  keyconv generate --type rsa --bits 4096 -o key.pem
  keyconv generate -o ~/.ssh/id_ed25519 -C me@laptop`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if !slices.Contains(types, keyType) {
				return usagef("there is no key type %q%s", keyType, choices(types))
			}
			defer a.clearSecrets()
			return a.generate(keyType, bits)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&keyType, "type", "t", types[0], "`TYPE` of the key: "+strings.Join(types, ", "))
	f.IntVarP(&bits, "bits", "b", 0, "size `N` of the key: "+sizes())
	f.StringVar(&a.flags.to, "to", "", "`FORMAT` to write: "+strings.Join(privateFormats(), ", "))
	f.StringVarP(&a.flags.output, "output", "o", "", "write to `FILE`; - is standard output")
	f.BoolVarP(&a.flags.force, "force", "f", false, "replace an output that exists")
	a.addCommentFlag(cmd)
	a.addNewPassphraseFlags(cmd)
	a.addKDFFlags(cmd)
	a.addQuietFlags(cmd)
	return cmd
}

// sizes lists those of the types that have a choice.
func sizes() string {
	var all []string
	for _, t := range sshkey.Types() {
		if t.CanGenerate() && len(t.Sizes.Only) != 1 {
			all = append(all, fmt.Sprintf("%s %s (%d)", t.Name, t.Sizes, t.Sizes.Default))
		}
	}
	return strings.Join(all, ", ")
}

func privateFormats() []string {
	return slices.DeleteFunc(formatNames(), func(name string) bool { return !keyconv.Format(name).Holds().Private })
}

func (a *app) generate(keyType string, bits int) error {
	output := a.flags.output
	if output == "" {
		return withHint(usagef("where to?"), "keyconv generate -o key.ppk")
	}
	format, err := a.generateFormat(output)
	if err != nil {
		return err
	}
	if err := a.checkOutput(output, true); err != nil {
		return err
	}
	passphrase, err := a.outputPassphrase(&keyconv.File{}, nil)
	if err != nil {
		return err
	}
	key, err := a.makeKey(keyType, bits)
	if err != nil {
		return err
	}
	pub, err := sshkey.PublicOf(key.Private)
	if err != nil {
		return err
	}
	r := result{input: output, output: output, file: &keyconv.File{Keys: 1}, key: key, passphrase: passphrase, format: format.Resolve(pub.Type())}
	if err := a.writeKey(r); err != nil || output == stdio || a.flags.quiet {
		return err
	}
	_, err = a.stdout.Write(sshkey.AuthorizedKey(pub, a.showable(output, key.Comment)))
	return err
}

func (a *app) generateFormat(output string) (keyconv.Format, error) {
	if a.flags.to != "" {
		if !slices.Contains(privateFormats(), a.flags.to) {
			return "", usagef("there is no private form %q%s", a.flags.to, choices(privateFormats()))
		}
		return keyconv.Format(a.flags.to), nil
	}
	switch strings.ToLower(filepath.Ext(output)) {
	case ".ppk":
		return keyconv.PPK, nil
	case ".pem":
		return keyconv.PEM, nil
	}
	return keyconv.OpenSSH, nil
}

// makeKey gives the key puttygen's comment: its type and the local date.
func (a *app) makeKey(keyType string, bits int) (*sshkey.Key, error) {
	stop := a.showProgress(fmt.Sprintf("making the %s key ", keyType))
	defer stop()
	key, err := interruptible(a.ctx, func() (*sshkey.Key, error) { return keyconv.Generate(keyType, bits) })
	if is[*keyconv.UnsupportedError](err) {
		return nil, withHint(&usageError{msg: message(err)}, "keyconv generate --help lists the sizes")
	}
	if err != nil {
		return nil, err
	}
	pub, err := sshkey.PublicOf(key.Private)
	if err != nil {
		return nil, err
	}
	t, _ := sshkey.TypeOf(pub.Type())
	key.Comment = cmp.Or(t.CommentName, t.Name) + "-key-" + time.Now().Format("20060102")
	return key, nil
}

// showProgress prints a dot a second on a terminal, from the first second on, for
// work whose end nobody can tell.
func (a *app) showProgress(text string) (stop func()) {
	f, ok := a.stderr.(*os.File)
	if a.flags.quiet || !ok || !term.IsTerminal(int(f.Fd())) {
		return func() {}
	}
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for text := text; ; text = "" {
			select {
			case <-tick.C:
				fmt.Fprint(a.stderr, text+".")
			case <-done:
				if text == "" {
					fmt.Fprintln(a.stderr)
				}
				return
			}
		}
	}()
	return func() {
		close(done)
		<-stopped
	}
}
