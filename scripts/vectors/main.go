//go:build linux

// Command vectors runs the programs that are here over the files of package vectors, and
// writes the results into docs/vectors.md. It takes some minutes, and wants npm for the
// libraries of JavaScript.
package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/kayrus/putty"
	"golang.org/x/crypto/ssh"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/keyconv/keyconv/vectors"
)

func main() {
	in := flag.String("in", "", "read one file with a library of Go, and print its public key")
	document := flag.String("o", filepath.Join("docs", "vectors.md"), "the document to write into")
	flag.Parse()
	err := errors.New("usage: vectors [-o DOCUMENT]")
	switch {
	case *in != "" && flag.NArg() == 2:
		err = printPublic(*in, flag.Arg(0), flag.Arg(1))
	case flag.NArg() == 0:
		err = run(*document)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vectors:", err)
		os.Exit(1)
	}
}

// printPublic is a run of this program for one file, so that a limit of memory and time
// holds for a library too.
func printPublic(library, name, passphraseFile string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	passphrase, err := os.ReadFile(passphraseFile)
	if err != nil {
		return err
	}
	private, err := readWith(library, data, passphrase)
	if err != nil {
		return err
	}
	pub, err := (&sshkey.Key{Private: private}).Public()
	if err != nil {
		return err
	}
	_, err = fmt.Printf("%s\n", bytes.TrimSpace(ssh.MarshalAuthorizedKey(pub)))
	return err
}

func readWith(library string, data, passphrase []byte) (any, error) {
	switch library {
	case "keyconv":
		f, err := engine.Open(data, engine.Limits{})
		if err != nil {
			return nil, err
		}
		key, err := f.Decrypt(passphrase)
		if err != nil {
			return nil, err
		}
		return key.Private, nil
	case "kayrus":
		f, err := putty.New(data)
		if err != nil {
			return nil, err
		}
		return value(f.ParseRawPrivateKey(passphrase))
	}
	if len(passphrase) > 0 {
		return value(ssh.ParseRawPrivateKeyWithPassphrase(data, passphrase))
	}
	return value(ssh.ParseRawPrivateKey(data))
}

// value takes the pointer off a key of Ed25519.
func value(private any, err error) (any, error) {
	if key, ok := private.(*ed25519.PrivateKey); ok && key != nil {
		return *key, err
	}
	return private, err
}

// program is one that reads key files.
type program struct {
	name    string
	formats []string // prefixes of vectors.Vector.Format
	version []string // a command that prints the version, or the version itself
	read    func(b *bench, v vectors.Vector, file, passphraseFile string) (string, error)
}

// bench is what the programs share.
type bench struct {
	dir  string // for files of a moment
	self string // this program
}

var errLate = errors.New("it did not end")

// command runs a program with limits of time and memory.
func (b *bench) command(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	const limit = `ulimit -v 16000000; exec "$@"`
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", limit, "sh", name}, args...)...)
	cmd.Dir = b.dir
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", errLate
	}
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, complaint.String())
	}
	return firstTwoWords(out.String()), nil
}

func firstTwoWords(line string) string {
	words := strings.Fields(line)
	return strings.Join(words[:min(2, len(words))], " ")
}

func inGo(library string) func(*bench, vectors.Vector, string, string) (string, error) {
	return func(b *bench, _ vectors.Vector, file, passphraseFile string) (string, error) {
		return b.command(b.self, "-in", library, file, passphraseFile)
	}
}

func inNode(library string) func(*bench, vectors.Vector, string, string) (string, error) {
	return func(b *bench, _ vectors.Vector, file, passphraseFile string) (string, error) {
		return b.command("node", "read.mjs", library, file, passphraseFile)
	}
}

// puttygen writes the key in another form, since it looks at the private half for that
// alone.
func puttygen(b *bench, v vectors.Vector, file, passphraseFile string) (string, error) {
	target := "private"
	if strings.HasPrefix(v.Format, "ppk") {
		target = "private-openssh-new"
	}
	empty, out := filepath.Join(b.dir, "empty"), filepath.Join(b.dir, "out")
	if _, err := b.command("puttygen", file, "-O", target, "-o", out, "--old-passphrase", passphraseFile, "--new-passphrase", empty); err != nil {
		return "", err
	}
	return b.command(b.self, "-in", "keyconv", out, empty)
}

func openssl(b *bench, v vectors.Vector, file, _ string) (string, error) {
	out := filepath.Join(b.dir, "out")
	if _, err := b.command("openssl", "pkey", "-in", file, "-passin", "pass:"+string(v.PassphraseBytes()), "-pubout", "-out", out); err != nil {
		return "", err
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return "", err
	}
	f, err := engine.Open(data, engine.Limits{})
	if err != nil {
		return "", err
	}
	return firstTwoWords(string(ssh.MarshalAuthorizedKey(f.PublicKey))), nil
}

var pemFormats = []string{"pkcs1", "sec1", "dsa", "pkcs8"}

var programs = []program{
	{"keyconv", []string{""}, []string{"this version"}, inGo("keyconv")},
	{"puttygen", []string{"ppk", "pkcs1", "sec1", "dsa", "openssh"}, []string{"puttygen", "--version"}, puttygen},
	{"ssh-keygen", []string{"pkcs", "sec1", "dsa", "openssh"}, []string{"ssh", "-V"}, func(b *bench, v vectors.Vector, file, _ string) (string, error) {
		return b.command("ssh-keygen", "-y", "-P", string(v.PassphraseBytes()), "-f", file)
	}},
	{"openssl", pemFormats, []string{"openssl", "version"}, openssl},
	{"x/crypto/ssh", []string{"pkcs", "sec1", "dsa", "openssh"}, []string{"module", "golang.org/x/crypto"}, inGo("ssh")},
	{"kayrus/putty", []string{"ppk"}, []string{"module", "github.com/kayrus/putty"}, inGo("kayrus")},
	{"ssh2 (npm)", []string{"ppk", "pkcs1", "sec1", "dsa", "openssh"}, []string{"npm", "ssh2"}, inNode("ssh2")},
	{"sshpk (npm)", []string{"ppk", "pkcs", "sec1", "dsa", "openssh"}, []string{"npm", "sshpk"}, inNode("sshpk")},
	{"ppk-to-openssh (npm)", []string{"ppk"}, []string{"npm", "ppk-to-openssh"}, inNode("ppk-to-openssh")},
}

// npmVersions are pinned, so that the table can be made again.
var npmVersions = map[string]string{"ssh2": "1.17.0", "sshpk": "1.18.0", "ppk-to-openssh": "3.2.0"}

func (b *bench) prepare() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b.self = self
	script, err := os.ReadFile(filepath.Join("scripts", "vectors", "read.mjs"))
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"read.mjs": script, "empty": nil, "package.json": []byte("{}")} {
		if err := os.WriteFile(filepath.Join(b.dir, name), content, 0o600); err != nil {
			return err
		}
	}
	args := []string{"install", "--no-audit", "--no-fund", "--ignore-scripts"}
	for name, version := range npmVersions {
		args = append(args, name+"@"+version)
	}
	cmd := exec.Command("npm", args...)
	cmd.Dir = b.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}
