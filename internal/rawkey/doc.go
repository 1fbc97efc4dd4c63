// Package rawkey is what package sshkey, the formats and the engine know of private keys of Go's
// crypto packages and of public keys of golang.org/x/crypto/ssh: how they are made of the numbers
// in a file and checked, what their types can do, their public forms, and what is weak.
package rawkey
