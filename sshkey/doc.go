// Package sshkey is the SSH private key itself: the one value that the readers
// and writers of key files hand to each other.
//
// A [Key] is a private key of one of six types (RSA, DSA, ECDSA on P-256, P-384
// or P-521, Ed25519, Ed448, ML-DSA-44 with Ed25519) with what travels beside it in a key file: a comment
// and perhaps a certificate. Packages ppk and pemkey produce and consume it, so a
// conversion is one Parse and one Marshal.
//
// A Key never prints its secret: every verb of fmt, log/slog and encoding/json
// shows the type, the size and the fingerprint, and gob, xml and text encoding
// are refused. That holds for a Key and a *Key, also inside other values, but not
// where reflection reads an unexported struct field.
//
// [New] makes a Key of a private key of another package, [Key.Signer] logs in with it, and
// [Key.AddedKeys] gives it to an agent.
//
// Not for: generating keys, or reading files. Use crypto/rsa and the like, and the
// packages above this one.
package sshkey
