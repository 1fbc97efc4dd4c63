// Package jkskey reads the private keys of Java keystores: JKS, the form of keytool before
// Java 9, and JCEKS. Newer keystores are PKCS#12 files, which package p12key reads.
//
//	key, err := jkskey.ParseWithPassphrase(data, passphrase)
//
// A keystore holds any number of keys, each with its certificates, whose public key is in
// the clear. [Decode] reads the first key, and [File.Pick] gives the others; a [File] may
// then be decrypted, as often as it takes. The passphrase is that of the key, which in most
// keystores is that of the store too.
//
// Every error has the prefix "jkskey: " and is one of the types of package sshkey. Checks
// come in this order: syntax, what is supported, limits, passphrase, halves of the
// key. This package does not write the form, whose encryption is weak: a passphrase costs
// one SHA-1.
package jkskey
