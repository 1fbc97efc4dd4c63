// Package p12key reads the private key out of PKCS#12 files (.p12, .pfx; RFC 7292),
// as Windows, browsers, Java and some clouds export them.
//
//	key, err := p12key.ParseWithPassphrase(data, passphrase)
//
// An empty passphrase is legal in such a file, and is tried if it is given. A file that
// does not take any is not [File.Encrypted].
//
// [Decode] shows what a file has in the clear, without the passphrase; a [File] may
// then be decrypted, as often as it takes. The certificates of the file are for TLS and
// of no use to SSH: they are left out, and so is the name of the key. If no MAC covers
// the file, the key is compared with its certificate. Of several keys the first is read;
// [File.Pick] gives the others.
//
// An encrypted part may ask for work that cannot be seen without the passphrase. So the
// iterations of all derivations count together, each before it runs, and those of an
// empty passphrase count twice if both of its spellings are tried.
//
// Old files are encrypted with RC2 of 40 bits, 3DES and one hash of the passphrase, which
// protect nothing today: they are read so that the key can be written in a better form.
//
// Every error has the prefix "p12key: " and is one of the types of package sshkey. Checks
// come in this order: syntax, what is supported, limits, passphrase, halves of the
// key. This package does not write the form.
package p12key
