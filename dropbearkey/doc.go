// Package dropbearkey reads and writes the private key files of Dropbear, the SSH server of
// OpenWrt and other small systems: RSA, DSA, ECDSA and Ed25519.
//
//	key, err := dropbearkey.Parse(data)
//	out, err := dropbearkey.Marshal(key)
//
// The form is the public key of RFC 4253 section 6.6 with the private numbers after it. It
// has no encryption and no comment. The halves of a key are compared.
//
// Every error has the prefix "dropbearkey: " and is one of the types of package sshkey. Checks
// come in this order: syntax, what is supported, limits, halves of the key.
package dropbearkey
