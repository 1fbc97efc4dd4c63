// Package engine reads and writes every kind of SSH key file: PuTTY's .ppk, PEM,
// PKCS#8, openssh-key-v1, ssh.com and the public forms. The front ends use it, and package
// keyconv shows what other programs need of it.
//
// A file is recognised by its content, never by its name: [Detect]. [Open] returns what
// it has in the clear; [Inspect] adds what a person wants to know about it.
//
// One table (formattable.go) has a row for each format: how it is recognised, its
// reader, its writer, what it can hold, and which programs open it.
//
// Nothing here touches files, terminals or the environment: bytes go in, bytes come
// out.
package engine
