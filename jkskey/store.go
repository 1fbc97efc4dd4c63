package jkskey

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"

	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
)

// The form has no standard; this is what Java's JavaKeyStore and JceKeyStore write, whose
// numbers are big-endian, and whose texts have their length as two bytes:
//
//	uint32 magic, version, count of entries
//	each: uint32 kind, text alias, 8 bytes of time
//	  a key: the key in PKCS#8, encrypted; uint32 count of certificates; certificates
//	  a trusted certificate: the certificate
//	SHA-1 of the passphrase and all before
//
// A certificate is its kind as a text (from version 2 on), and its bytes with their length.
const (
	magicJKS   = 0xfeedfeed
	magicJCEKS = 0xcececece
)

// The kinds of entries.
const (
	kindKey         = 1
	kindCertificate = 2
	kindSecret      = 3 // of JCEKS alone: an object as Java writes it
)

// IsKeystore reports whether data begins as a keystore does.
func IsKeystore(data []byte) bool {
	if len(data) < 12 {
		return false
	}
	magic := binary.BigEndian.Uint32(data)
	return magic == magicJKS || magic == magicJCEKS
}

// entry is a private key of a keystore.
type entry struct {
	encrypted   []byte // EncryptedPrivateKeyInfo (RFC 5208 section 6)
	certificate []byte // of the key; nil for none
}

// isPassphraseOfStore reports whether the digest at the end of a keystore matches.
func isPassphraseOfStore(data, passphrase []byte) bool {
	password := utf16Of(passphrase)
	defer clear(password)
	at := len(data) - sha1.Size
	// Java has put this text in to whiten the digest.
	return subtle.ConstantTimeCompare(sha1Of(password, []byte("Mighty Aphrodite"), data[:at]), data[at:]) == 1
}

func readStore(data []byte) ([]entry, error) {
	r := wire.NewReader(data)
	magic, version, count := r.Uint32("magic"), r.Uint32("version"), r.Uint32("count")
	switch {
	case r.Err() != nil || magic != magicJKS && magic != magicJCEKS:
		return nil, syntaxf("this is not a Java keystore")
	case version != 1 && version != 2:
		return nil, &sshkey.UnsupportedError{Code: sshkey.UnsupportedForm, What: fmt.Sprintf("version %d of a Java keystore", version)}
	}
	var keys []entry
	for i := uint32(0); i < count && r.Err() == nil; i++ { // an entry takes 14 bytes or more
		kind := r.Uint32("kind of an entry")
		readText(r, "alias")
		r.Take(8, "time")
		switch {
		case r.Err() != nil:
		case kind == kindKey:
			keys = append(keys, readKey(r, version))
		case kind == kindCertificate:
			readCertificate(r, version)
		case kind == kindSecret && magic == magicJCEKS:
			return nil, &sshkey.UnsupportedError{Code: sshkey.UnsupportedKeystore, What: "a Java keystore with a secret key beside the private ones"}
		default:
			return nil, syntaxf("entry %d is of an unknown kind", i+1)
		}
	}
	r.Take(sha1.Size, "digest")
	if err := r.End(); err != nil {
		return nil, syntaxf("%v", err)
	}
	return keys, nil
}

func readKey(r *wire.Reader, version uint32) entry {
	e := entry{encrypted: r.String("private key")}
	certificates := r.Uint32("count of certificates")
	for i := uint32(0); i < certificates && r.Err() == nil; i++ {
		certificate := readCertificate(r, version)
		if i == 0 {
			e.certificate = certificate
		}
	}
	return e
}

func readCertificate(r *wire.Reader, version uint32) []byte {
	if version == 2 {
		readText(r, "kind of a certificate")
	}
	return r.String("certificate")
}

func readText(r *wire.Reader, field string) {
	if size := r.Take(2, field); size != nil {
		r.Take(int(binary.BigEndian.Uint16(size)), field)
	}
}
