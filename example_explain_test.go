package keyconv_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// explain says what to do about an error of reading a key.
func explain(err error) string {
	var (
		missing     *sshkey.PassphraseMissingError
		damaged     *sshkey.SyntaxError
		invalid     *sshkey.InvalidKeyError
		notPrivate  *keyconv.NotPrivateError
		unsupported *sshkey.UnsupportedError
		limit       *sshkey.LimitError
	)
	switch {
	case err == nil:
		return "the key is open"
	case errors.As(err, &missing):
		return "please type the passphrase"
	case errors.Is(err, sshkey.ErrIncorrectPassphrase):
		// What is encrypted cannot be looked at, so that damage in there looks the same.
		return "wrong passphrase; if you are sure of it, the file is damaged"
	case errors.As(err, &damaged):
		return fmt.Sprintf("the file is damaged in line %d: copy it again", damaged.Line)
	case errors.As(err, &invalid):
		return "the file is whole, but what is in it is not a key"
	case errors.As(err, &notPrivate):
		return "this is another file: " + notPrivate.Format.Title()
	case errors.As(err, &unsupported), errors.As(err, &limit):
		return err.Error()
	}
	return "unexpected: " + err.Error()
}

// A wrong passphrase, a damaged file and the wrong file are different errors.
func Example_wrongOrDamaged() {
	file, err := os.ReadFile("testdata/twins/ed25519.v3.enc.ppk")
	if err != nil {
		log.Fatal(err)
	}
	public, err := os.ReadFile("testdata/twins/ed25519.pub")
	if err != nil {
		log.Fatal(err)
	}
	for _, test := range []struct {
		data       []byte
		passphrase string
	}{
		{file, ""},
		{file, "battery staple"},
		{file, "correct horse"},
		{file[:len(file)/2], "correct horse"},
		{bytes.Replace(file, []byte("Comment: "), []byte("Comment: my "), 1), "correct horse"},
		{public, ""},
	} {
		var ask func(*keyconv.File) ([]byte, error)
		if test.passphrase != "" {
			ask = func(*keyconv.File) ([]byte, error) { return []byte(test.passphrase), nil }
		}
		_, err := keyconv.Parse(test.data, ask)
		fmt.Println(explain(err))
	}
	// Output:
	// please type the passphrase
	// wrong passphrase; if you are sure of it, the file is damaged
	// the key is open
	// the file is damaged in line 10: copy it again
	// wrong passphrase; if you are sure of it, the file is damaged
	// this is another file: OpenSSH public key
}
