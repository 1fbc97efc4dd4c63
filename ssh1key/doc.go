// Package ssh1key reads the RSA private key files of SSH-1, which old versions of
// OpenSSH, ssh.com and PuTTY have written ("SSH PRIVATE KEY FILE FORMAT 1.1").
//
//	key, err := ssh1key.ParseWithPassphrase(data, passphrase)
//
// The protocol is broken and no longer in use, and this package does not write the form. An
// RSA key is the same in SSH-2: written in another form, it works there.
//
// [Decode] shows what a file has in the clear, which is the public key and the
// comment; a [File] may then be decrypted, as often as it takes.
//
// Every error has the prefix "ssh1key: " and is one of the types of package sshkey. Checks
// come in this order: syntax, what is supported, limits, passphrase, halves of the
// key.
//
// Encrypted files are weak: the key is one MD5 of the passphrase, and only 16 bits show
// whether a passphrase is right.
package ssh1key
