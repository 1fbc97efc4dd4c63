// Package ppk reads and writes PuTTY private key files (.ppk).
//
// It writes versions 2 and 3, byte for byte as puttygen does, and reads versions
// 1, 2 and 3: plain or encrypted with AES-256-CBC, every Argon2 flavour, every key
// type of package sshkey, and OpenSSH certificates inside the file (PuTTY 0.78).
//
//	key, err := ppk.ParseWithPassphrase(data, passphrase)
//	out, err := ppk.Marshal(key, nil)
//
// [Decode] shows what a file has in the clear, without the passphrase; a [File]
// may then be decrypted, as often as it takes.
//
// Every error has the prefix "ppk: " and is one of the types named here. Checks
// come in this order: syntax, what is supported, limits, passphrase, MAC, halves
// of the key. So no passphrase is needed to learn that a file cannot be read.
//
// The format has no published standard: it is described in the PuTTY manual,
// appendix C, and where the manual and the programs differ (the private half of
// Ed25519, the padding), the programs are followed.
//
// Not for: files of OpenSSH and PEM files (package pemkey), or damaged text, which
// has to be mended first.
package ppk
