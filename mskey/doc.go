// Package mskey reads the private keys of Microsoft's programs:
//
//   - RSAKeyValue, the XML text of .NET (RSA.ToXmlString; XML Signature section 4.5.2.2)
//   - PVK files, plain and encrypted, of old tools for signing
//   - PRIVATEKEYBLOB of CryptoAPI, RSA and DSA
//   - BCRYPT_RSAPRIVATE_BLOB, BCRYPT_RSAFULLPRIVATE_BLOB and BCRYPT_ECCPRIVATE_BLOB of CNG
//
// Use it so:
//
//	key, err := mskey.ParseWithPassphrase(data, passphrase)
//
// Where a form has a public half, or numbers that belong together, they are compared. A DSA
// key of CryptoAPI has only the private number: nothing but the order of its group shows
// damage.
//
// Every error has the prefix "mskey: " and is one of the types of package sshkey. Checks come in
// this order: syntax, what is supported, limits, passphrase, halves of the key. This package
// does not write these forms. The encryption of a PVK file is weak: a passphrase costs one
// SHA-1, and some files use only 40 bits of it.
package mskey
