// Package pemkey reads and writes the private key files that are PEM, or look like
// it: PKCS#1, SEC 1, traditional DSA, PKCS#8, openssh-key-v1 and ssh.com.
//
//	key, err := pemkey.ParseWithPassphrase(data, passphrase)
//	out, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.OpenSSH})
//
// [Decode] shows what a file has in the clear, without the passphrase; a [File]
// may then be decrypted, as often as it takes.
//
// It reads more than crypto/x509 and golang.org/x/crypto/ssh do (every cipher of
// OpenSSH, encrypted PKCS#8, comments, RSA keys with unusual numbers) and checks
// more: the halves of every key must match.
//
// Every error has the prefix "pemkey: " and is one of the types named here. Checks
// come in this order: syntax, what is supported, limits, passphrase, halves of the
// key. So a file that cannot be read is refused before its passphrase is needed.
//
// Not for: PuTTY's files (package ppk), X.509 certificates, or damaged text, which
// has to be mended first.
package pemkey
