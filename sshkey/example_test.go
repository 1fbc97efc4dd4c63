package sshkey_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// read returns a key file for an example.
func read(name string) []byte {
	data, err := os.ReadFile("../testdata/twins/" + name)
	if err != nil {
		log.Fatal(err)
	}
	return data
}

// What golang.org/x/crypto/ssh hands out goes in.
func ExampleNew() {
	private, err := ssh.ParseRawPrivateKey(read("ed25519.openssh")) // a pointer, for Ed25519
	if err != nil {
		log.Fatal(err)
	}
	key, err := sshkey.New(private)
	if err != nil {
		log.Fatal(err)
	}
	pub, err := key.Public()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%T %s\n", key.Private, pub.Type())
	// Output: ed25519.PrivateKey ssh-ed25519
}

// A signer is what an ssh.ClientConfig takes. That of RSA has no SHA-1.
func ExampleKey_Signer() {
	key, err := ppk.Parse(read("rsa2048.v3.ppk"))
	if err != nil {
		log.Fatal(err)
	}
	signer, err := key.Signer()
	if err != nil {
		log.Fatal(err)
	}
	config := ssh.ClientConfig{User: "ann", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}}
	fmt.Println(len(config.Auth), signer.PublicKey().Type(), signer.(ssh.MultiAlgorithmSigner).Algorithms())
	// Output: 1 ssh-rsa [rsa-sha2-512 rsa-sha2-256]
}

// An agent gets the key, and once more with its certificate.
func ExampleKey_AddedKeys() {
	key, err := pemkey.Parse(read("ed25519.openssh"))
	if err != nil {
		log.Fatal(err)
	}
	added, err := key.AddedKeys()
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range added {
		a.LifetimeSecs = 3600
		fmt.Println(a.Comment, a.Certificate != nil)
	}
	// Output: ed25519 twin false
}

// A damaged text has the line of the damage.
func ExampleSyntaxError() {
	_, err := ppk.Parse(read("ed25519.v3.ppk")[:100])
	if damaged, ok := errors.AsType[*sshkey.SyntaxError](err); ok {
		fmt.Println(damaged.Line > 0, err)
	}
	// Output: true ppk: line 5: a base64 line of 10 characters; PuTTY wants a multiple of 4, at most 64
}

// What is well made but beyond this module has a code.
func ExampleUnsupportedError() {
	text := strings.Replace(string(read("ed25519.v3.ppk")), "File-3", "File-4", 1)
	_, err := ppk.Parse([]byte(text))
	if unsupported, ok := errors.AsType[*sshkey.UnsupportedError](err); ok {
		fmt.Println(unsupported.Code, errors.Is(err, errors.ErrUnsupported))
	}
	// Output: ppk-version true
}

// A server takes less than a person's own machine does.
func ExampleLimitError() {
	_, err := ppk.DecodeLimits(read("ed25519.v3.enc.ppk"), sshkey.Limits{KDFMemory: 32}) // KiB
	if limit, ok := errors.AsType[*sshkey.LimitError](err); ok {
		fmt.Println(limit.Kind, limit.Value, limit.Max)
	}
	// Output: kdf-memory 64 32
}

// Halves of two keys are found before such a key is written.
func ExampleInvalidKeyError() {
	private := make(ed25519.PrivateKey, ed25519.PrivateKeySize)
	_, err := sshkey.New(private)
	if invalid, ok := errors.AsType[*sshkey.InvalidKeyError](err); ok {
		fmt.Println(invalid)
	}
	// Output: Ed25519: the private half does not match the public half
}

// The public half of an encrypted file may be in the clear, so that a prompt can name the key.
func ExamplePassphraseMissingError() {
	_, err := ppk.Parse(read("ed25519.v3.enc.ppk"))
	if missing, ok := errors.AsType[*sshkey.PassphraseMissingError](err); ok {
		fmt.Println("passphrase for the key of type", missing.PublicKey.Type())
	}
	// Output: passphrase for the key of type ssh-ed25519
}

// A wrong passphrase and a damaged file look alike where there is encryption.
func Example_errIncorrectPassphrase() {
	_, err := ppk.ParseWithPassphrase(read("ed25519.v2.enc.ppk"), []byte("wrong"))
	fmt.Println(errors.Is(err, sshkey.ErrIncorrectPassphrase), err)
	// Output: true ppk: wrong passphrase, or the file is damaged
}

// A server that takes keys from users looks at what is weak.
func ExampleKey_Findings() {
	key, err := ppk.Parse(read("dsa1024.v3.ppk"))
	if err != nil {
		log.Fatal(err)
	}
	for _, finding := range key.Findings() {
		fmt.Println(finding.Code, finding.Refuse)
	}
	// Output: dsa true
}
