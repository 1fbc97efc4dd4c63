package keyconv_test

import (
	"bytes"
	"errors"
	"fmt"

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
		return "this is another file: " + notPrivate.Kind
	case errors.As(err, &unsupported), errors.As(err, &limit):
		return err.Error()
	}
	return "unexpected: " + err.Error()
}

// A wrong passphrase, a damaged file and the wrong file are different errors.
func ExampleParse() {
	file, public := mustRead("twins/ed25519.v3.enc.ppk"), mustRead("twins/ed25519.pub")
	for _, test := range []struct {
		data []byte
		ask  func(*keyconv.File) ([]byte, error)
	}{
		{file, nil},
		{file, answer("battery staple")},
		{file, answer("correct horse")},
		{file[:len(file)/2], answer("correct horse")},
		{bytes.Replace(file, []byte("Comment: "), []byte("Comment: my "), 1), answer("correct horse")},
		{bytes.Replace(file, []byte("File-3"), []byte("File-4"), 1), nil},
		{bytes.Replace(file, []byte("Memory: "), []byte("Memory: 99999"), 1), answer("correct horse")},
		{public, nil},
		{[]byte("<html>"), nil},
	} {
		_, err := keyconv.Parse(test.data, test.ask)
		fmt.Println(explain(err))
	}
	// Output:
	// please type the passphrase
	// wrong passphrase; if you are sure of it, the file is damaged
	// the key is open
	// the file is damaged in line 10: copy it again
	// wrong passphrase; if you are sure of it, the file is damaged
	// ppk: version "4" of the PuTTY key format is not supported
	// ppk: Argon2 memory in KiB is 9999964, over the limit of 1048576
	// this is another file: public
	// this is another file: html
}
