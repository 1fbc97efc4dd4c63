package cli

import (
	"errors"
	"fmt"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/safefile"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/internal/clipboard"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

const (
	givePrivate = "give the private key that belongs to it"
	otherKey    = "it is not a key for SSH: keyconv generate -o FILE makes one"
	unpack      = "unpack it, and give the key file that is in it"
	copyText    = "open it in its program, copy the key from -----BEGIN to -----END into a text file, and give that"
	askPEM      = "ask its issuer for the key in PEM"
	exportP12   = "export the key from it as PKCS#12 (.p12), for example with KeyStore Explorer"
)

// hintsNotPrivate says what to do with a file that is not a private key. INPUT stands for
// the file.
var hintsNotPrivate = lazy.Map[engine.Format, string]{Make: func() map[engine.Format]string {
	return map[engine.Format]string{
		engine.Empty:    "download or copy the key again",
		engine.Unknown:  `a private key begins with a line like "-----BEGIN RSA PRIVATE KEY-----" or "PuTTY-User-Key-File-3: ssh-rsa"`,
		"text":          `a private key begins with a line like "-----BEGIN RSA PRIVATE KEY-----" or "PuTTY-User-Key-File-3: ssh-rsa"`,
		engine.Public:   givePrivate + ": the file without .pub",
		engine.RFC4716:  givePrivate,
		engine.SPKI:     givePrivate,
		"known_hosts":   "it has no key of yours: give the key that you log in with, such as ~/.ssh/id_ed25519",
		"x509":          givePrivate,
		"x509-request":  givePrivate,
		"x509-crl":      givePrivate,
		"pkcs7":         "there are only certificates in it; " + givePrivate,
		"ssh-signature": "give the private key that signed it",
		"pgp":           "ssh uses PGP keys only through gpg-agent; for anything else make a key with keyconv generate -o FILE",
		"pgp-message":   "decrypt it with gpg, and give the result",
		"ssh1-public":   "SSH-1 is no longer in use: make a new key with ssh-keygen -t ed25519",
		"jwk-public":    "give the private key that belongs to it: a JSON Web Key with a d",
		"der-other":     "no known private key begins like this: if a program wrote it, export the key from there as PEM",
		"parameters":    "the key itself is in another block or file: give that",
		"pem-other":     "if a program wrote it, export the key from there as PKCS#8 or for OpenSSH",
		"tpm":           "the secret cannot leave the TPM, so nothing can convert it: use it through the TPM, or make another key with keyconv generate -o FILE",
		"cosign":        otherKey,
		"sm2":           otherKey,
		"age":           otherKey,
		"minisign":      otherKey,
		"openvpn":       otherKey,
		"dnssec":        otherKey,
		"nkey":          otherKey,
		"raw-key":       otherKey,
		"uuencoded":     "uudecode -o /dev/stdout INPUT prints what is in it",
		"wireguard":     otherKey,
		"age-encrypted": "decrypt it with age, and give the result",
		"ansible-vault": "ansible-vault view INPUT prints what is in it",
		"sops":          "decrypt it with sops, and give the result",
		"openssl-enc":   "decrypt it with OpenSSL and the options that it was encrypted with, and give the result",
		"git-lfs":       "fetch the file itself, in its repository with Git LFS installed",
		"git-annex":     "fetch the file itself, in its repository with git-annex",
		"bks":           exportP12,
		"keepass":       "open it with KeePass, and save the key from the attachments of its entry",
		"sqlite":        "open it with the program that it belongs to, and export the key there",
		"word":          copyText,
		"pdf":           copyText,
		"rtf":           "open it in its program and save it as plain text, or copy the key into a text file",
		"picture":       "a picture has no text in it: get the key as a file, or as text",
		"program":       "this is a program, not a key: give the key file",
		"zip":           unpack,
		"7z":            unpack,
		"rar":           unpack,
		"tar":           "tar -xf INPUT unpacks it: give the key file that was in it",
		"gzip":          "gunzip -c INPUT prints what is in it",
		"bzip2":         "bunzip2 -c INPUT prints what is in it",
		"xz":            "xz -dc INPUT prints what is in it",
		"zstd":          "zstd -dc INPUT prints what is in it",
		"gzip-base64":   "decode the part that begins with H4sI from base64, unpack it with gunzip, and give the result",
		"html":          "the address led to a web page, perhaps a login page: download the key itself",
		"xml":           "if it has a key, export the key as PEM from the program that wrote it",
		"xml-rsa":       "give the private key: its text has a <D> (RSA.ToXmlString(true))",
		"shortcut":      "give the file that it leads to",
		"putty-session": "give the key file that its PublicKeyFile names",
		"ssh-config":    "give the key file that its IdentityFile names",
		"json":          "give the file, or the value of one, that has the private key; a service account gets a new one where it was made",
	}
}}

var flagOfLimit = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"kdf-memory": "--max-kdf-memory",
		"kdf-work":   "--max-kdf-work",
	}
}}

// hintsUnsupported says what to do with what is beyond keyconv; "" where nothing is known to
// help. INPUT stands for the file.
var hintsUnsupported = lazy.Map[sshkey.UnsupportedCode, string]{Make: func() map[sshkey.UnsupportedCode]string {
	return map[sshkey.UnsupportedCode]string{
		sshkey.UnsupportedToken:      "the secret cannot leave the token: use the file with ssh as it is; keyconv public INPUT prints its public key",
		sshkey.UnsupportedType:       "--to openssh holds keys of every type",
		sshkey.UnsupportedPPK:        "save it as version 3 with the PuTTYgen that wrote it: Key > Parameters for saving key files",
		sshkey.UnsupportedArgon2:     "", // PuTTY breaks off
		sshkey.UnsupportedPKCS12:     "openssl pkcs12 -legacy -in INPUT -nocerts -out key.pem makes PEM of it",
		sshkey.UnsupportedEncryption: "openssl pkey -provider default -provider legacy -in INPUT -aes256 -out new.pem encrypts it in a way that keyconv reads",
		sshkey.UnsupportedCipher:     "", // OpenSSH and PuTTY have no other
		sshkey.UnsupportedKeyType:    "use it with the program that made it; of a key in openssh-key-v1 the passphrase can be changed, and the public key printed",
		sshkey.UnsupportedRSA:        "OpenSSH takes such a key as it is: ssh-keygen -y -f INPUT prints its public key",
		sshkey.UnsupportedKey:        "SSH programs do not take such a key: keyconv generate -o FILE makes one that they do",
		sshkey.UnsupportedKeystore:   "keytool -importkeystore -srckeystore INPUT -destkeystore new.p12 -deststoretype PKCS12 makes a PKCS#12 file of it",
		sshkey.UnsupportedForm:       "",
		sshkey.UnsupportedWriting:    "",
		sshkey.UnsupportedOption:     "",
	}
}}

// hintFor returns the command or click that helps, or "".
func hintFor(name string, err error) string {
	if a := fault.AdviceOf(err); a != (fault.Advice{}) {
		if errors.Is(err, passphrase.ErrMSYS) {
			return "in Git Bash run it as winpty keyconv ..., which lets it ask; or " + advice(a)
		}
		return advice(a)
	}
	for _, row := range hints {
		switch {
		case !row.is(err):
		case row.hint != nil:
			return strings.Replace(row.hint(err), "INPUT", shellName(name), 1)
		default:
			return row.text
		}
	}
	return ""
}

// hints are for errors of packages that give no advice. INPUT stands for the file.
var hints = []struct {
	is   func(error) bool
	hint func(error) string // nil where text is the hint
	text string
}{
	{is: func(err error) bool { return errors.Is(err, passphrase.ErrMismatch) }, text: "run the command again and type the same passphrase twice"},
	{is: func(err error) bool { return errors.Is(err, safefile.ErrExists) }, hint: func(error) string { return advice(fault.Advice{Do: fault.Replace}) }},
	{is: fault.Is[*clipboard.NoneError], hint: func(err error) string {
		e, _ := errors.AsType[*clipboard.NoneError](err)
		hint := "keyconv public INPUT prints the key, to be copied from the terminal"
		if len(e.Programs) > 0 {
			hint = "install " + strings.Join(e.Programs, " or ") + "; or " + hint
		}
		return hint
	}},
	{is: fault.Is[*agentconn.NotRunningError], hint: func(err error) string { return hintNoAgentOn(runtime.GOOS, err) }},
	{is: fault.Is[*engine.NotPrivateError], hint: func(err error) string {
		e, _ := errors.AsType[*engine.NotPrivateError](err)
		return hintsNotPrivate.Get()[e.Format]
	}},
	{is: fault.Is[*sshkey.LimitError], hint: func(err error) string { // with the value that is enough
		e, _ := errors.AsType[*sshkey.LimitError](err)
		if flag := flagOfLimit.Get()[string(e.Kind)]; flag != "" {
			return fmt.Sprintf("if you trust the file, allow it with %s %d", flag, e.Value)
		}
		return ""
	}},
	{is: fault.Is[*sshkey.UnsupportedError], hint: func(err error) string {
		e, _ := errors.AsType[*sshkey.UnsupportedError](err)
		hint := hintsUnsupported.Get()[e.Code]
		if t, ok := rawkey.TypeOf(e.Algorithm); ok && t.PuTTY == rawkey.Never && e.Code == sshkey.UnsupportedType {
			until := "later logs"
			if t.OpenSSHUntil != "" {
				until = t.OpenSSHUntil + " log"
			}
			hint += fmt.Sprintf("; PuTTY does not have this type of key yet, OpenSSH %s and %s in with it", t.OpenSSH, until)
		}
		return hint
	}},
	{is: fault.Is[*sshkey.InvalidKeyError], text: "the key is damaged inside, or was put together wrongly: get it again from where it was made"},
	{is: fault.Is[*sshkey.SyntaxError], text: "copy or download the whole file again, and do not change it in an editor"},
	{is: func(err error) bool { return errors.Is(err, sshkey.ErrIncorrectPassphrase) }, text: "give the passphrase that was set for this key; a forgotten one cannot be recovered"},
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
