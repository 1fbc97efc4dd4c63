package keyfile_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/keyfile"
	"github.com/keyconv/keyconv/sshkey"
)

// rewrite makes a .ppk of version 2 of each key file in a folder, in its place and under its
// passphrase. What is not a key stays as it is.
func rewrite(folder string, passphrase []byte) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		var protect []byte
		key, err := keyfile.Parse(context.Background(), path, &keyconv.ParseOptions{Passphrase: func(*keyconv.File) ([]byte, error) {
			protect = passphrase
			return passphrase, nil
		}})
		if errors.As(err, new(*keyconv.NotPrivateError)) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		out, _, err := keyconv.Write(key, keyconv.PPK2, protect, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := keyfile.Write(path, out); err != nil {
			return err
		}
	}
	return nil
}

// All key files of a folder are rewritten, each whole or not at all.
func ExampleWrite() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	for _, name := range []string{"ed25519.v3.enc.ppk", "rsa2048.openssh", "rsa2048.pub"} {
		data, err := keyfile.Read("../testdata/twins/" + name)
		if err != nil {
			log.Fatal(err)
		}
		if err := keyfile.Create(filepath.Join(folder, name), data); err != nil {
			log.Fatal(err)
		}
	}
	if err := rewrite(folder, []byte("correct horse")); err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"ed25519.v3.enc.ppk", "rsa2048.openssh", "rsa2048.pub"} {
		data, err := keyfile.Read(filepath.Join(folder, name))
		if err != nil {
			log.Fatal(err)
		}
		f, err := keyconv.Open(data, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, f.Format, f.Encrypted())
	}
	_, err = keyfile.Read("../testdata")
	fmt.Println(errors.As(err, new(*sshkey.LimitError)), err)
	// Output:
	// ed25519.v3.enc.ppk ppk2 true
	// rsa2048.openssh ppk2 false
	// rsa2048.pub public false
	// false read ../testdata: not a regular file
}
