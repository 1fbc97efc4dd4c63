// Package sshkey is the SSH private key itself: the one value that the readers
// and writers of key files hand to each other, and their errors and limits.
//
// A [Key] is a private key of one of six types (RSA, DSA, ECDSA on P-256, P-384 or P-521,
// Ed25519, Ed448, ML-DSA-44 with Ed25519) with what travels beside it in a key file: a
// comment and perhaps a certificate. Packages ppk and pemkey produce and consume it, so a
// conversion is one Parse and one Marshal.
//
// It does not generate keys or read files: use crypto/rsa and the like, and the
// packages above this one.
//
// # The three calls
//
//	key, err := sshkey.New(private)  // from crypto/rsa, ssh.ParseRawPrivateKey, ...
//	signer, err := key.Signer()      // for an ssh.ClientConfig, with the certificate
//	keys, err := key.AddedKeys()     // for an agent
//
// [Key.Findings] has what is known to be weak about a key.
//
// # Errors
//
// The errors of all packages of this module are the five types here, always as pointers, and
// one value. [SyntaxError]: the file is damaged, or not a key. [UnsupportedError]: it is
// well made, but beyond this module. [LimitError]: it asks for more than the limits allow.
// [InvalidKeyError]: its numbers contradict each other. [PassphraseMissingError]: it is
// encrypted. [ErrIncorrectPassphrase]: the passphrase is wrong, or what is encrypted is
// damaged. errors.As and errors.Is find them; some are also errors of the standard library
// or of golang.org/x/crypto/ssh, as their documentation says. Text from a file is quoted in
// them, and too short to hold a key.
//
// # Limits
//
// A key file itself says how much memory and time its passphrase costs, and may come from a
// stranger. The Max constants are what a person's own machine can bear, up to 1 GiB and 10 s.
// A server takes less, with [Limits]. Nothing is computed before it has been compared with them.
//
// # Concurrency
//
// A Key may be used by several goroutines at a time as long as none changes it. A Key
// shares the numbers that it was made of; one from [New] shares those of its argument.
//
// # Secrets
//
// A Key never prints its secret: every verb of fmt, log/slog and encoding/json
// shows the type, the size and the fingerprint, and gob, xml and text encoding
// are refused. That holds for a Key and a *Key, also inside other values, but not
// where reflection reads an unexported struct field.
//
// # Compatibility
//
// It makes every check that OpenSSH and PuTTY make, and checks that the halves of a key match. DSA is
// obsolete: OpenSSH 10.0 and later refuses it. Such keys, and files with MD5, RC2 or RC4 in
// their encryption, are read so that people can replace them, which is not a
// recommendation. Until version 1.0 names of this package may change, and docs/api.txt shows
// each change.
package sshkey
