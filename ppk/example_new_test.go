package ppk_test

import (
	"crypto/ed25519"
	"fmt"
	"log"
	"strings"

	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
)

// newKey makes a key for a user of PuTTY, and the line for authorized_keys on the
// server. An RSA or ECDSA key of the standard library goes into New in the same way.
func newKey(comment string, passphrase []byte) (file, authorized []byte, err error) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, nil, err
	}
	key, err := sshkey.New(private)
	if err != nil {
		return nil, nil, err
	}
	key.Comment = comment
	public, err := key.Public()
	if err != nil {
		return nil, nil, err
	}
	file, err = ppk.MarshalWithPassphrase(key, passphrase, nil)
	return file, sshkey.AuthorizedKey(public, comment), err
}

// A new key becomes a .ppk that is encrypted.
func ExampleMarshalWithPassphrase_new() {
	file, authorized, err := newKey("ann@example.com", []byte("correct horse"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Join(strings.Split(string(file), "\n")[:3], "\n"))
	fmt.Println(strings.Fields(string(authorized))[0], strings.Fields(string(authorized))[2])
	// Output:
	// PuTTY-User-Key-File-3: ssh-ed25519
	// Encryption: aes256-cbc
	// Comment: ann@example.com
	// ssh-ed25519 ann@example.com
}
