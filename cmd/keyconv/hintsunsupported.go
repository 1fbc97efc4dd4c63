package main

import (
	"errors"
	"regexp"
	"strings"

	"github.com/keyconv/keyconv"
)

// hintsUnsupported says what to do with a form that is beyond keyconv, by the words of
// the error; the first that fits counts. FILE stands for the input.
var hintsUnsupported = []struct{ words, hint string }{
	{`security token|"sk-`, "the secret cannot leave the token: use the file with ssh as it is; keyconv public FILE prints its public key"},
	{`ssh\.com form`, "--to openssh holds keys of every type"},
	{`version .* of the PuTTY key format`, "save it as version 3 with the PuTTYgen that wrote it: Key > Parameters for saving key files"},
	{`^Argon2 with`, "save it again with the parameters that PuTTYgen has by itself: puttygen FILE --reencrypt"},
	{`explicit parameters`, "openssl ec -in FILE -param_enc named_curve -out new.pem names the curve, if it has a name"},
	{`PKCS#12`, "openssl pkcs12 -legacy -in FILE -nocerts -out key.pem makes PEM of it"},
	{`of a (PKCS#8|legacy PEM) file|^PBKDF2 with|^AES-GCM with`, "openssl pkey -provider default -provider legacy -in FILE -aes256 -out new.pem encrypts it in a way that keyconv reads"},
	{`^the cipher|^the key derivation`, "the program that made the file may write another: ssh-keygen -p -Z aes256-ctr -f FILE, or PuTTYgen"},
	{`curve|primes|exponent|RSA-PSS|signing|key type|private key of type|of algorithm`, "SSH programs do not take such a key: keyconv generate -o FILE makes one that they do"},
}

// hintUnsupported is "" where nothing helps.
func hintUnsupported(name string, err error) string {
	var e *keyconv.UnsupportedError
	errors.As(err, &e)
	for _, row := range hintsUnsupported {
		if !regexp.MustCompile(row.words).MatchString(e.What) {
			continue
		}
		if strings.Contains(row.hint, "generate") {
			return row.hint
		}
		return strings.Replace(row.hint, "FILE", shellName(name), 1)
	}
	return ""
}
