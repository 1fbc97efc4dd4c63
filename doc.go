// Package keyconv reads SSH keys from files of any form and writes them in any other:
// PuTTY's .ppk, PEM, PKCS#8, openssh-key-v1, ssh.com, the public forms and more, with
// their comments and certificates. It is for programs that take key files from people, and
// for those that have to hand out a .ppk.
//
// It is not for making TLS certificates, for talking to agents or servers (see
// golang.org/x/crypto/ssh, which takes what [sshkey.Key.Signer] returns), or for secrets
// that are not SSH keys. A program that needs only one form needs less code with package ppk or
// pemkey. Files on a disk are the business of package keyfile: nothing here touches files,
// terminals, the network or the environment. Bytes go in, and bytes come out.
//
// # The three calls
//
//	key, err := keyconv.Parse(data, askPassphrase)
//	signer, err := key.Signer()
//	out, dropped, err := keyconv.Write(key, keyconv.PPK, passphrase, nil)
//
// [ParseContext] is Parse with choices: limits, mending of text that was damaged on the
// way, which of several keys, and a context. [Open] returns what a file has in the clear,
// such as the public key, before there is a passphrase. A file is recognised by its content,
// never by its name: [Detect].
//
// # Errors
//
// Every error is one of these, for errors.As and errors.Is, or the one that the caller's own
// function or context returned:
//
//   - [sshkey.PassphraseMissingError]: the file is encrypted, and the passphrase is nil
//   - [sshkey.ErrIncorrectPassphrase]: decryption did not give a key
//   - [sshkey.SyntaxError]: the file is damaged, or not of the form that it says
//   - [sshkey.InvalidKeyError]: the numbers in the file are not a key
//   - [sshkey.UnsupportedError]: a form, an option or an index that does not exist; it is
//     errors.Is(err, errors.ErrUnsupported)
//   - [sshkey.LimitError]: the file asks for more than the limits allow
//   - [NotPrivateError]: a file of another kind, or a public key
//
// No argument makes a function panic.
//
// # Limits
//
// A key file itself says how much work its passphrase costs. By default it may ask for 1 GiB
// and about 10 seconds, which suits files that people chose on their own machine. A program that
// takes files from strangers sets [ServerLimits].
//
// # Concurrency
//
// All functions may be called from several goroutines at a time, and so may the methods of
// one [File]: many passphrases may be tried on it at once. A [sshkey.Key] is a plain value:
// several goroutines may read it, but only one may change it.
//
// # Compatibility
//
// The exported names are listed in docs/api.txt, and change only with a line in CHANGELOG.md.
// What Write writes by default may change with the defaults of the programs that read it:
// a program that needs a cost of its own sets [Options]. Keys of DSA and SSH-1 and ciphers
// such as RC2 are read so that they can be replaced: do not make new ones.
package keyconv
