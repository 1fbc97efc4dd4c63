package main

import (
	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/dump"
	"github.com/spf13/cobra"
)

// dumpFlags are those that have a meaning with --dump alone.
var dumpFlags = []string{"passphrase-file", "passphrase-env", "passphrase-fd"}

func checkDumpFlags(cmd *cobra.Command, isDump bool) error {
	if given := changed(cmd, dumpFlags); !isDump && len(given) > 0 {
		return withHint(usagef("%s is for --dump", given[0]), "what inspect shows else needs no passphrase")
	}
	return nil
}

// dump prints the numbers of a key: of a private key all of them.
func (a *app) dump(name string) error {
	f, err := a.open(name)
	if err != nil {
		return err
	}
	text, err := a.dumped(name, f)
	if err != nil {
		return err
	}
	defer clear(text)
	_, err = a.stdout.Write(text)
	return err
}

func (a *app) dumped(name string, f *keyconv.File) ([]byte, error) {
	if !f.Private {
		return dump.Public(f.PublicKey)
	}
	key, _, err := a.unlock(name, f)
	if err != nil {
		return nil, err
	}
	return dump.Private(key)
}
