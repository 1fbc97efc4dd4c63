package ppk_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
)

// A key that a Go program made, as a file for PuTTY.
func ExampleMarshal() {
	key := &sshkey.Key{
		Private: ed25519.NewKeyFromSeed([]byte("only an example, 32 bytes long..")),
		Comment: "me@laptop",
	}
	out, err := ppk.Marshal(key, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.Join(strings.SplitAfter(string(out), "\n")[:3], ""))
	// Output:
	// PuTTY-User-Key-File-3: ssh-ed25519
	// Encryption: none
	// Comment: me@laptop
}

// An encrypted file of PuTTY 0.75 or later becomes one for older programs, under
// the same passphrase.
func ExampleMarshalWithPassphrase() {
	data, err := os.ReadFile("../testdata/corpus/generated/rsa2048.v3.enc-argon2id.ppk")
	if err != nil {
		fmt.Println(err)
		return
	}
	passphrase := []byte("correct horse")
	key, err := ppk.ParseWithPassphrase(data, passphrase)
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := ppk.MarshalWithPassphrase(key, passphrase, &ppk.Options{Version: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, _, _ := strings.Cut(string(out), "\n")
	fmt.Println(line)
	fmt.Println(key) // which never prints the secret
	// Output:
	// PuTTY-User-Key-File-2: ssh-rsa
	// ssh-rsa 2048 SHA256:7oN9HZFy+dkwlCKSgnxTm1QbJVmsIBU/+2yQTdpWVqQ
}

// A missing passphrase and a wrong one are two errors.
func ExampleParse() {
	data, err := os.ReadFile("../testdata/corpus/generated/ed25519.v3.enc-argon2id.ppk")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = ppk.Parse(data)
	var missing *sshkey.PassphraseMissingError
	if errors.As(err, &missing) {
		fmt.Println("ask for the passphrase of", sshkey.FingerprintSHA256(missing.PublicKey))
	}
	_, err = ppk.ParseWithPassphrase(data, []byte("battery staple"))
	if errors.Is(err, sshkey.ErrIncorrectPassphrase) {
		fmt.Println("ask again")
	}
	fmt.Println(err)
	// Output:
	// ask for the passphrase of SHA256:/vL378qHWZu3uWoyH5muC0L1L70AgiSgJMCxdH89jN0
	// ask again
	// ppk: wrong passphrase, or the file is damaged
}

// The public half and the cost of a guess are in the clear.
func ExampleDecode() {
	data, err := os.ReadFile("../testdata/corpus/generated/ed25519.v3.enc-argon2id.ppk")
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := ppk.Decode(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(sshkey.AuthorizedKey(f.PublicKey, f.Comment)))
	fmt.Printf("%s: %s, %d KiB\n", f.Encryption, f.Argon2.Variant, f.Argon2.Memory)
	// Output:
	// ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGGoxmFqGF1WfwF20bvCj2LvaZBOxIuZKAZDZQ7vD/TF test ed25519
	// aes256-cbc: Argon2id, 1024 KiB
}
