// Package jwkkey reads and writes private keys as JSON Web Keys (RFC 7517): RSA and EC (RFC
// 7518 section 6), Ed25519 and Ed448 (RFC 8037 section 2). It reads a set of keys too.
//
//	key, err := jwkkey.Parse(data)
//	out, err := jwkkey.Marshal(key)
//
// The comment of a key is its kid. The form has no encryption. [Decode] reads the first
// private key of a set, and [File.Pick] gives the others; public keys of a set are passed
// over.
//
// Member names are compared letter for letter, and one that is there twice is refused, since
// programs differ in which they take. Both halves of a key are compared; of RSA, p, q and
// the CRT values may be left out.
//
// Every error has the prefix "jwkkey: " and is one of the types of package sshkey. Checks come
// in this order: syntax, what is supported, limits, halves of the key.
package jwkkey
