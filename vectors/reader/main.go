// Command reader prints the public key of a private key file, as one line, and ends with 1
// if it cannot read the file. It is what the runners in vectors/runner call: replace it
// with the program that you want to test.
package main

import (
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"

	"github.com/keyconv/keyconv/internal/engine"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: reader FILE PASSPHRASE-FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name, passphraseFile string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	passphrase, err := os.ReadFile(passphraseFile)
	if err != nil {
		return err
	}
	f, err := engine.Open(data, engine.Limits{})
	if err != nil {
		return err
	}
	key, err := f.Decrypt(passphrase)
	if err != nil {
		return err
	}
	pub, err := key.Public()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(ssh.MarshalAuthorizedKey(pub))
	return err
}
