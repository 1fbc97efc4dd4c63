package main

import (
	"errors"
	"fmt"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/safefile"
)

// hintFor is the command or click that helps, or "".
func hintFor(name string, err error) string {
	var h *hinted
	if errors.As(err, &h) {
		return h.hint
	}
	var usage *usageError
	if errors.As(err, &usage) {
		return usage.hint
	}
	for _, row := range hints {
		if row.is(err) {
			return row.hint(name, err)
		}
	}
	return ""
}

var hints = []struct {
	is   func(error) bool
	hint func(name string, err error) string
}{
	{is[*needsPassphrase], func(_ string, err error) string { return hintPassphrase("passphrase", err) }},
	{func(err error) bool { return errors.Is(err, passphrase.ErrMismatch) }, fixed("run the command again and type the same passphrase twice")},
	{is[*ownFile], hintOwnFile},
	{is[*keyThere], fixed("-o FILE writes elsewhere; if nobody needs that key, delete the file first")},
	{func(err error) bool { return errors.Is(err, safefile.ErrExists) }, fixed("--force replaces it; -o FILE or -d DIR writes elsewhere")},
	{func(err error) bool { return errors.Is(err, safefile.ErrSpecial) }, fixed("-o - writes to standard output, which can go anywhere")},
	{is[*agentconn.NotRunningError], hintNoAgent},
	{is[*keyconv.NotPrivateError], hintNotPrivate},
	{is[*keyconv.LimitError], hintLimit},
	{is[*keyconv.UnsupportedError], hintUnsupported},
	{is[*keyconv.InvalidKeyError], fixed("the key is damaged inside, or was put together wrongly: get it again from where it was made")},
	{is[*keyconv.SyntaxError], fixed("copy or download the whole file again, and do not change it in an editor")},
	{func(err error) bool { return errors.Is(err, keyconv.ErrIncorrectPassphrase) }, fixed("the passphrase is the one that was set when the key was made or last saved")},
}

func fixed(text string) func(string, error) string {
	return func(string, error) string { return text }
}

func hintOwnFile(_ string, err error) string {
	var e *ownFile
	if errors.As(err, &e) && e.what == theInput {
		return "name another file with -o; keyconv passwd changes a key in place"
	}
	return "name another file with -o"
}

// hintPassphrase names the flags that give a passphrase without a terminal.
func hintPassphrase(flag string, err error) string {
	hint := fmt.Sprintf("give it with --%[1]s-file FILE, --%[1]s-env NAME or --%[1]s-fd N", flag)
	if errors.Is(err, passphrase.ErrMSYS) {
		return "in Git Bash run it as winpty keyconv ..., which lets it ask; or " + hint
	}
	return hint
}

// hintsNotPrivate says what to do with a file that is no private key.
var hintsNotPrivate = map[keyconv.Format]string{
	keyconv.Empty:   "download or copy the key again",
	keyconv.Unknown: `a private key begins with a line like "-----BEGIN RSA PRIVATE KEY-----" or "PuTTY-User-Key-File-3: ssh-rsa"`,
	keyconv.Public:  "give the private key that belongs to it: the file without .pub",
	keyconv.RFC4716: "give the private key that belongs to it",
	keyconv.SPKI:    "give the private key that belongs to it",
	"x509":          "give the private key that belongs to it",
	"x509-request":  "give the private key that belongs to it",
	"pgp":           "SSH does not use PGP keys; gpg --export-ssh-key makes a public SSH key of one",
	"ssh1-public":   "SSH-1 is no longer in use: make a new key with ssh-keygen -t ed25519",
	"jwk":           "ask its issuer for the key in PEM",
}

func hintNotPrivate(name string, err error) string {
	var e *keyconv.NotPrivateError
	errors.As(err, &e)
	if e.Format == "der-other" {
		return fmt.Sprintf("openssl pkey -inform DER -in %s -out key.pem makes PEM of a binary key", shellName(name))
	}
	return hintsNotPrivate[e.Format]
}

var limitFlags = map[string]string{
	"kdf-memory": "--max-kdf-memory",
	"kdf-work":   "--max-kdf-work",
}

// hintLimit names the flag that raises the limit, with the value that is enough.
func hintLimit(_ string, err error) string {
	var e *keyconv.LimitError
	errors.As(err, &e)
	if flag := limitFlags[string(e.Kind)]; flag != "" {
		return fmt.Sprintf("if you trust the file, allow it with %s %d", flag, e.Value)
	}
	return ""
}
