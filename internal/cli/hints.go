package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/sshkey"
)

// hintsNotPrivate says what to do with a file that is not a private key.
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

var flagOfLimit = map[string]string{
	"kdf-memory": "--max-kdf-memory",
	"kdf-work":   "--max-kdf-work",
}

// hintLimit names the flag that raises the limit, with the value that is enough.
func hintLimit(_ string, err error) string {
	var e *keyconv.LimitError
	errors.As(err, &e)
	if flag := flagOfLimit[string(e.Kind)]; flag != "" {
		return fmt.Sprintf("if you trust the file, allow it with %s %d", flag, e.Value)
	}
	return ""
}

// hintsUnsupported says what to do with what is beyond keyconv. FILE stands for the
// input.
var hintsUnsupported = map[sshkey.UnsupportedCode]string{
	sshkey.UnsupportedToken:      "the secret cannot leave the token: use the file with ssh as it is; keyconv public FILE prints its public key",
	sshkey.UnsupportedType:       "--to openssh holds keys of every type",
	sshkey.UnsupportedPPK:        "save it as version 3 with the PuTTYgen that wrote it: Key > Parameters for saving key files",
	sshkey.UnsupportedArgon2:     "save it again with the parameters that PuTTYgen has by itself: puttygen FILE --reencrypt",
	sshkey.UnsupportedPKCS12:     "openssl pkcs12 -legacy -in FILE -nocerts -out key.pem makes PEM of it",
	sshkey.UnsupportedEncryption: "openssl pkey -provider default -provider legacy -in FILE -aes256 -out new.pem encrypts it in a way that keyconv reads",
	sshkey.UnsupportedCipher:     "the program that made the file may write another: ssh-keygen -p -Z aes256-ctr -f FILE, or PuTTYgen",
	sshkey.UnsupportedKeyType:    "use it with the program that made it; keyconv public FILE prints its public key",
	sshkey.UnsupportedRSA:        "OpenSSH and PuTTY take such a key; puttygen FILE -O private -o key.ppk converts it",
	sshkey.UnsupportedKey:        "SSH programs do not take such a key: keyconv generate -o FILE makes one that they do",
	sshkey.UnsupportedForm:       "",
	sshkey.UnsupportedWriting:    "",
	sshkey.UnsupportedOption:     "",
}

// hintUnsupported returns "" where nothing helps.
func hintUnsupported(name string, err error) string {
	var e *keyconv.UnsupportedError
	errors.As(err, &e)
	hint := hintsUnsupported[e.Code]
	if t, ok := sshkey.TypeOf(e.Algorithm); ok && t.PuTTY == sshkey.Never && e.Code == sshkey.UnsupportedType {
		hint += "; PuTTY does not have this type of key yet, " + openSSHHas(t)
	}
	if e.Code == sshkey.UnsupportedKey { // whose FILE is a new one
		return hint
	}
	return strings.Replace(hint, "FILE", shellName(name), 1)
}

// openSSHHas says which versions of OpenSSH log in with a type of key.
func openSSHHas(t sshkey.Type) string {
	if t.OpenSSHUntil != "" {
		return fmt.Sprintf("OpenSSH %s and %s log in with it", t.OpenSSH, t.OpenSSHUntil)
	}
	return fmt.Sprintf("OpenSSH %s and later logs in with it", t.OpenSSH)
}

// hintNoAgentOn says how to start one.
func hintNoAgentOn(system string, err error) string {
	switch {
	case errors.Is(err, agentconn.ErrNotAPipe):
		return `with SSH_AUTH_SOCK unset keyconv takes the agent of OpenSSH for Windows, or Pageant; ssh-add of Git Bash or Cygwin adds to its own`
	case system == "windows":
		return `as administrator, "Set-Service ssh-agent -StartupType Automatic; Start-Service ssh-agent" in PowerShell starts that of OpenSSH; or start Pageant`
	}
	if fault.Is[*agentconn.ForeignError](err) {
		return `to add to that agent run keyconv as its user, without sudo; eval "$(ssh-agent)" starts one of your own for this shell`
	}
	return `eval "$(ssh-agent)" starts one for this shell`
}
