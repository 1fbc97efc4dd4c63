package keyconv_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// Any file that was uploaded or read can become a .ppk, or any other form.
func Example() {
	data, err := os.ReadFile("testdata/console-rsa2048.pem")
	if err != nil {
		log.Fatal(err)
	}
	key, err := keyconv.Parse(data, nil)
	if err != nil {
		log.Fatal(err)
	}
	out, err := keyconv.Marshal(key, keyconv.PPK, nil)
	if err != nil {
		log.Fatal(err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	fmt.Println(line)
	// Output: PuTTY-User-Key-File-3: ssh-rsa
}

// Generate, MarshalWithPassphrase and Parse need no file on a disk.
func ExampleMarshalWithPassphrase() {
	key, err := keyconv.Generate("ed25519", 0)
	if err != nil {
		log.Fatal(err)
	}
	key.Comment = "me@laptop"
	passphrase := []byte("correct horse")
	file, err := keyconv.MarshalWithPassphrase(key, passphrase, keyconv.OpenSSH, nil)
	if err != nil {
		log.Fatal(err)
	}
	back, err := keyconv.Parse(file, func(f *keyconv.File) ([]byte, error) {
		fmt.Println("asked for the passphrase of an", f.Title)
		return passphrase, nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(back.Equal(*key), back.Comment)
	// Output:
	// asked for the passphrase of an OpenSSH private key (openssh-key-v1)
	// true me@laptop
}

// A server converts what a person uploads. It never asks, and distinguishes a missing
// passphrase from a wrong one.
func ExampleParse_upload() {
	upload, err := os.ReadFile("testdata/twins/ed25519.enc.openssh")
	if err != nil {
		log.Fatal(err)
	}
	for _, form := range []string{"", "not it", "correct horse"} {
		var ask func(*keyconv.File) ([]byte, error)
		if form != "" {
			ask = func(*keyconv.File) ([]byte, error) { return []byte(form), nil }
		}
		key, err := keyconv.Parse(upload, ask)
		var missing *sshkey.PassphraseMissingError
		switch {
		case errors.As(err, &missing):
			fmt.Println("please type the passphrase of the", missing.PublicKey.Type(), "key")
		case errors.Is(err, sshkey.ErrIncorrectPassphrase):
			fmt.Println("that is not it, try again")
		case err != nil:
			fmt.Println("this is no key:", err)
		default:
			fmt.Println("opened", key.Comment)
		}
	}
	// Output:
	// please type the passphrase of the ssh-ed25519 key
	// that is not it, try again
	// opened ed25519 twin
}

// A .ppk shows its public key without the passphrase, and so does openssh-key-v1.
func ExampleOpen() {
	data, err := os.ReadFile("testdata/twins/ed25519.v3.enc.ppk")
	if err != nil {
		log.Fatal(err)
	}
	f, err := keyconv.Open(data, keyconv.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	line := sshkey.AuthorizedKey(f.PublicKey, f.Comment)
	want, err := os.ReadFile("testdata/twins/ed25519.pub")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Title, "encrypted:", f.Encrypted(), "as in the .pub file:", bytes.Equal(line, want))
	// Output: PuTTY private key, version 3 encrypted: true as in the .pub file: true
}

// A file is recognised by its content.
func ExampleDetect() {
	for _, text := range []string{"PuTTY-User-Key-File-2: ssh-rsa\n", "-----BEGIN CERTIFICATE-----\n", "hello"} {
		format := keyconv.Detect([]byte(text))
		fmt.Printf("%s %q\n", format, format.Title())
	}
	// Output:
	// ppk2 "PuTTY private key, version 2"
	// x509 "X.509 certificate (of TLS, not of SSH)"
	// unknown ""
}
