package p12key

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/sshkey"
	"software.sslmate.com/src/go-pkcs12"
)

// openLibrary reads a file that has passed the checks of this package.
func openLibrary(data, passphrase []byte) (*sshkey.Key, error) {
	if !isBasic(passphrase) {
		return nil, unsupportedf("a passphrase of a PKCS#12 file with characters beyond U+FFFF")
	}
	private, _, _, err := pkcs12.DecodeChain(data, string(passphrase))
	if err != nil {
		return nil, libraryError(err)
	}
	if private, err = ownKey(private); err != nil {
		return nil, err
	}
	key := &sshkey.Key{Private: private, Comment: sshkey.DefaultComment}
	if err := key.Check(); err != nil {
		return nil, err
	}
	return key, nil
}

// isBasic reports whether the library can write a passphrase in UCS-2.
func isBasic(passphrase []byte) bool {
	for rest := passphrase; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r > 0xffff {
			return false
		}
		rest = rest[size:]
	}
	return true
}

// ownKey makes RSA keys anew; the other types are those of package sshkey already.
func ownKey(private crypto.PrivateKey) (crypto.PrivateKey, error) {
	key, ok := private.(*rsa.PrivateKey)
	if !ok || len(key.Primes) != 2 {
		return private, nil
	}
	return sshkey.NewRSA(key.N, big.NewInt(int64(key.E)), key.D, key.Primes[0], key.Primes[1])
}

// libraryErrors are found by their text: the library wraps most of what it meets as
// text alone. The first that fits counts.
var libraryErrors = []struct {
	text string
	err  error
}{
	{"decryption error, incorrect padding", ErrIncorrectPassphrase},
	{"error unmarshaling decrypted private key", ErrIncorrectPassphrase}, // the padding fit by chance
	{"certificate missing", errNoCertificate},
	{"private key missing", &InvalidKeyError{Msg: "the file holds no private key"}},
	{"expected exactly one key bag", unsupportedf("a PKCS#12 file with several private keys")},
	{"is not supported", unsupportedf("the encryption inside of this PKCS#12 file")},
	{"unknown", unsupportedf("the type of the key or certificate in this PKCS#12 file")}, // an algorithm or a curve
	{"x509: ", &InvalidKeyError{Msg: "the key or certificate in the file is not valid"}},
}

func libraryError(err error) error {
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return ErrIncorrectPassphrase
	}
	for _, row := range libraryErrors {
		if strings.Contains(err.Error(), row.text) {
			return row.err
		}
	}
	if errors.As(err, new(pkcs12.NotImplementedError)) {
		return unsupportedf("this form of PKCS#12")
	}
	return syntaxf("PKCS#12: the content of the file is damaged")
}
