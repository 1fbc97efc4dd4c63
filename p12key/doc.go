// Package p12key reads the private key out of PKCS#12 files (.p12, .pfx; RFC 7292),
// as Windows, browsers, Java and some clouds export them.
//
//	key, err := p12key.ParseWithPassphrase(data, passphrase)
//
// An empty passphrase is legal in such a file and is tried when it is given; a file
// that takes none at all is not [File.Encrypted].
//
// [Decode] shows what a file has in the clear, without the passphrase; a [File] may
// then be decrypted, as often as it takes. The certificates of the file are of TLS,
// which SSH has no use for: they are left out, and so is the name of the key.
//
// The reading is done by software.sslmate.com/src/go-pkcs12, which knows the ciphers
// of OpenSSL and Windows, wants a certificate beside the key, and sets no limits. So
// this package looks at all that is in the clear first: whether the file can be read
// at all, and how much work it asks for.
//
// Every error has the prefix "p12key: " and is one of the types named here. Checks
// come in this order: syntax, what is supported, limits, passphrase, halves of the
// key. This package does not write the form.
package p12key
