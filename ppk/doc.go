// Package ppk reads and writes PuTTY private key files (.ppk).
//
// It writes versions 2 and 3, byte for byte as puttygen does, and reads versions
// 1, 2 and 3: plain or encrypted with AES-256-CBC, every Argon2 flavour, every key
// type that PuTTY has, and OpenSSH certificates inside the file (PuTTY 0.78).
//
// Not for: files of OpenSSH and PEM files (package pemkey), or damaged text, which
// package keyconv mends.
//
// # The three calls
//
//	key, err := ppk.ParseWithPassphrase(data, passphrase)
//	out, err := ppk.MarshalWithPassphrase(key, passphrase, nil)
//	f, err := ppk.Decode(data) // what a file has in the clear; f.Decrypt opens it
//
// Parse and Marshal are for files without encryption: no field that could be forgotten
// decides about that.
//
// # Errors
//
// Every error has the prefix "ppk: " and is one of the types of package sshkey. Checks
// come in this order: syntax, what is supported, limits, passphrase, MAC, halves
// of the key. So no passphrase is needed to learn that a file cannot be read, and an
// encrypted file without one is a [sshkey.PassphraseMissingError] before any key derivation
// has run.
//
// # Limits
//
// Argon2 takes the memory and the passes that the file names: 8 MiB and 0.1 s as puttygen
// writes it, and at most [sshkey.MaxKDFMemory] and [sshkey.MaxArgon2Work], 1 GiB and 10 s. A
// server calls [DecodeLimits] with less. Versions 1 and 2 have no key derivation that costs
// anything, so that their passphrases are quick to guess: write version 3.
//
// # Concurrency
//
// All functions may be called from several goroutines, and a [File] may be decrypted by
// several at a time: nothing changes it. A [Decrypter] is for one goroutine.
//
// # Compatibility
//
// The format has no published standard: it is described in the PuTTY manual,
// appendix C, and where the manual and the programs differ (the private half of
// Ed25519, the padding), the programs are followed. Version 3 is that of PuTTY
// 0.75 and later; [Options] has version 2 for older programs.
package ppk
