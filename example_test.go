package keyconv_test

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// mustRead reads a file of the examples.
func mustRead(name string) []byte {
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		log.Fatal(err)
	}
	return data
}

// answer is how an example asks for a passphrase.
func answer(passphrase string) func(*keyconv.File) ([]byte, error) {
	return func(*keyconv.File) ([]byte, error) { return []byte(passphrase), nil }
}

// Any file that was uploaded or read can become a .ppk, or any other form.
func Example() {
	key, err := keyconv.Parse(mustRead("console-rsa2048.pem"), nil)
	if err != nil {
		log.Fatal(err)
	}
	out, dropped, err := keyconv.Write(key, keyconv.PPK, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	fmt.Println(line, "lost:", dropped.Comment)
	// Output: PuTTY-User-Key-File-3: ssh-rsa lost:
}

// Write says what the new form has no room for.
func ExampleWrite() {
	key, err := keyconv.Parse(mustRead("twins/ed25519.v3.enc.ppk"), answer("correct horse"))
	if err != nil {
		log.Fatal(err)
	}
	out, dropped, err := keyconv.Write(key, keyconv.PKCS8, []byte("correct horse"), &keyconv.Options{Cipher: "aes128-cbc"})
	if err != nil {
		log.Fatal(err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	fmt.Printf("%s\nlost: %q\n", line, dropped.Comment)
	// Output:
	// -----BEGIN ENCRYPTED PRIVATE KEY-----
	// lost: "ed25519 twin"
}

// A .ppk shows its public key without the passphrase, and so does openssh-key-v1.
func ExampleOpen() {
	f, err := keyconv.Open(mustRead("twins/ed25519.v3.enc.ppk"), nil)
	if err != nil {
		log.Fatal(err)
	}
	line, err := keyconv.WritePublic(f.PublicKey, f.Comment, keyconv.Public)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Format, f.Encryption, f.KDF.Name, "as in the .pub file:", bytes.Equal(line, mustRead("twins/ed25519.pub")))
	// Output: ppk aes256-cbc Argon2id as in the .pub file: true
}

// A file is recognised by its content.
func ExampleDetect() {
	for _, text := range []string{"PuTTY-User-Key-File-2: ssh-rsa\n", "-----BEGIN CERTIFICATE-----\n", "hello"} {
		fmt.Println(keyconv.Detect([]byte(text)))
	}
	// Output:
	// ppk2
	// x509
	// unknown
}

// The format that a person chooses is checked before anything else is.
func ExampleParseFormat() {
	for _, name := range []string{"ppk", "pkcs12", "PuTTY"} {
		format, err := keyconv.ParseFormat(name)
		fmt.Println(format.Extension(), format.Takes("ssh-ed25519"), err)
	}
	// Output:
	// .ppk true <nil>
	//  false keyconv: writing the format "pkcs12" is not supported
	//  false keyconv: writing the format "PuTTY" is not supported
}

// A new key in each form that has its type.
func ExampleGenerate() {
	key, err := keyconv.Generate("ed25519", 0)
	if err != nil {
		log.Fatal(err)
	}
	key.Comment = "ann@example.com"
	pub, err := key.Public()
	if err != nil {
		log.Fatal(err)
	}
	for _, format := range keyconv.Formats() {
		if !format.Takes(pub.Type()) {
			fmt.Println(format, "does not have the type")
			continue
		}
		out, dropped, err := keyconv.Write(key, format, nil, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(format, "recognised as", keyconv.Detect(out), "without comment:", dropped.Comment != "")
	}
	// Output:
	// ppk recognised as ppk without comment: false
	// ppk2 recognised as ppk2 without comment: false
	// openssh recognised as openssh without comment: false
	// pkcs8 recognised as pkcs8 without comment: true
	// pem recognised as openssh without comment: false
	// sshcom does not have the type
	// jwk recognised as jwk without comment: false
	// dropbear recognised as dropbear without comment: true
	// public recognised as public without comment: false
	// rfc4716 recognised as rfc4716 without comment: false
	// spki recognised as spki without comment: true
}

// A .ppk holds a certificate beside the key. OpenSSH has it in a file of its own.
func ExampleAddCertificate() {
	key, err := keyconv.Parse(mustRead("corpus/generated/ed25519.cert.v3.ppk"), nil)
	if err != nil {
		log.Fatal(err)
	}
	_, dropped, err := keyconv.Write(key, keyconv.OpenSSH, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	line := sshkey.AuthorizedKey(dropped.Certificate, key.Comment) // for id_ed25519-cert.pub
	key.Certificate = nil
	if err := keyconv.AddCertificate(key, line); err != nil {
		log.Fatal(err)
	}
	_, dropped, err = keyconv.Write(key, keyconv.PPK, nil, nil)
	fmt.Println(dropped.Certificate == nil, err)
	// Output: true <nil>
}
