// Package pemkey reads and writes the private key files that are PEM, or look like
// it: PKCS#1, SEC 1, traditional DSA, PKCS#8, openssh-key-v1 and ssh.com.
//
// It reads more than crypto/x509 and golang.org/x/crypto/ssh do (every cipher of
// OpenSSH, encrypted PKCS#8, comments, RSA keys with unusual numbers) and checks
// more: the halves of every key must match.
//
// It is not for PuTTY's files (package ppk), X.509 certificates, damaged text or DER without
// PEM (package keyconv), except for that of [ParsePKCS8].
//
// # The three calls
//
//	key, err := pemkey.ParseWithPassphrase(data, passphrase)
//	out, err := pemkey.MarshalWithPassphrase(key, passphrase, &pemkey.Options{Encoding: pemkey.OpenSSH})
//	f, err := pemkey.Decode(data) // what a file has in the clear; f.Decrypt opens it
//
// Parse and Marshal are for files without encryption: no field that could be forgotten
// decides about that.
//
// # Errors
//
// Every error has the prefix "pemkey: " and is one of the types of package sshkey. Checks
// come in this order: syntax, what is supported, limits, passphrase, halves of the
// key. So a file that cannot be read is refused before its passphrase is needed, and an
// encrypted file without one is a [sshkey.PassphraseMissingError] before any key derivation
// has run. Options that do not fit the form are a [sshkey.UnsupportedError].
//
// # Limits
//
// bcrypt, PBKDF2 and scrypt take what the file names, at most the Max constants of package
// sshkey: 1 GiB, and 2 to 10 s. A server calls [DecodeLimits] with less.
//
// # Concurrency
//
// All functions may be called from several goroutines, and a [File] may be decrypted by
// several at a time: nothing changes it.
//
// # Compatibility
//
// What OpenSSL, OpenSSH, PuTTYgen and the libraries of many languages write is read, with the
// old ciphers of PEM and PKCS#8 too: DES, RC2, RC4, and keys derived with one MD5. They protect
// nothing today, and are read so that a key can be written in a better form; only the
// Traditional encoding still writes such a derivation, since older programs have no other.
// DSA is read and written, though OpenSSH 10.0 and later refuses it.
package pemkey
