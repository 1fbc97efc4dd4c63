package engine

import (
	"bytes"
	"iter"
	"slices"

	"github.com/keyconv/keyconv/dropbearkey"
	"github.com/keyconv/keyconv/jkskey"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/mskey"
	"github.com/keyconv/keyconv/p12key"
	"github.com/keyconv/keyconv/ssh1key"
	"github.com/keyconv/keyconv/sshkey"
)

// The formats here are those of other programs than PuTTY and OpenSSH. Most are binary, and
// most are read but not written.

func openSSH1(data []byte, _ sshkey.Limits) (*File, error) {
	k, err := ssh1key.Decode(data)
	if err != nil {
		return nil, err
	}
	f := &File{
		Encryption: k.Encryption, Comment: k.Comment, HasComment: true,
		PublicKey: k.PublicKey, Keys: 1, decrypt: k.Decrypt,
	}
	if k.Encrypted() {
		f.KDF = &KDF{Name: "MD5", Rounds: 1}
	}
	return f, nil
}

// isPKCS12 recognises how a file of RFC 7292 section 4 begins: a SEQUENCE of the version,
// which is 3, and of a SEQUENCE with an identifier of PKCS#7. No other key has a version 3
// there.
func isPKCS12(s *sniff) bool {
	inner, ok := bytes.CutPrefix(afterLength(s.data), []byte{0x02, 0x01, 0x03})
	return ok && s.data[0] == 0x30 && bytes.HasPrefix(inner, []byte{0x30}) &&
		bytes.HasPrefix(afterLength(inner), []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07})
}

// afterLength returns what follows the tag and the length of an ASN.1 element (X.690
// section 8.1.3), which may be indefinite.
func afterLength(element []byte) []byte {
	if len(element) < 2 {
		return nil
	}
	size := 2
	if element[1] > 0x80 {
		size += int(element[1] & 0x7f)
	}
	return element[min(size, len(element)):]
}

func openPKCS12(data []byte, limits sshkey.Limits) (*File, error) {
	k, err := p12key.DecodeLimits(data, limits)
	if err != nil {
		return nil, err
	}
	return pkcs12File(k), nil
}

func allPKCS12(data []byte, limits sshkey.Limits) iter.Seq2[*File, error] {
	return filesOf(p12key.All(data, limits), pkcs12File)
}

func pkcs12File(k *p12key.File) *File {
	f := &File{Encryption: k.Encryption, PublicKey: k.PublicKey, Keys: k.Keys, decrypt: k.Decrypt}
	if k.KDF != nil {
		f.KDF = &KDF{Name: k.KDF.Name, Rounds: k.KDF.Rounds}
	}
	return f
}

func openJKS(data []byte, limits sshkey.Limits) (*File, error) {
	k, err := jkskey.DecodeLimits(data, limits)
	if err != nil {
		return nil, err
	}
	return jksFile(k), nil
}

func allJKS(data []byte, limits sshkey.Limits) iter.Seq2[*File, error] {
	return filesOf(jkskey.All(data, limits), jksFile)
}

func jksFile(k *jkskey.File) *File {
	return &File{
		Encryption: k.Encryption, KDF: &KDF{Name: k.KDF.Name, Rounds: k.KDF.Rounds}, PublicKey: k.PublicKey, Keys: k.Keys,
		decrypt: k.Decrypt,
	}
}

func openJWK(data []byte, _ sshkey.Limits) (*File, error) {
	k, err := jwkkey.Decode(data)
	if err != nil {
		return nil, err
	}
	return jwkFile(k), nil
}

func allJWK(data []byte, _ sshkey.Limits) iter.Seq2[*File, error] {
	return filesOf(jwkkey.All(data), jwkFile)
}

func jwkFile(k *jwkkey.File) *File {
	return &File{
		Encryption: "none", Comment: k.Comment, HasComment: true, PublicKey: k.PublicKey, Keys: k.Keys, decrypt: k.Decrypt,
	}
}

func openDropbear(data []byte, _ sshkey.Limits) (*File, error) {
	k, err := dropbearkey.Decode(data)
	if err != nil {
		return nil, err
	}
	return &File{Encryption: "none", PublicKey: k.PublicKey, Keys: 1, decrypt: k.Decrypt}, nil
}

// isMicrosoft recognises forms of package mskey.
func isMicrosoft(s *sniff, forms ...string) bool { return slices.Contains(forms, mskey.FormOf(s.data)) }

func openMicrosoft(data []byte, _ sshkey.Limits) (*File, error) {
	k, err := mskey.Decode(data)
	if err != nil {
		return nil, err
	}
	f := &File{Encryption: k.Encryption, PublicKey: k.PublicKey, Keys: 1, Extra: k.Extra, decrypt: k.Decrypt}
	if k.Encrypted() {
		f.KDF = &KDF{Name: "PVK-SHA1", Rounds: 1}
	}
	return f, nil
}

// marshalPlain is for a form without encryption and without choices.
func marshalPlain(key *sshkey.Key, passphrase []byte, o *Options, write func(*sshkey.Key) ([]byte, error)) ([]byte, error) {
	if len(passphrase) > 0 || *o != (Options{}) {
		return nil, prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedOption, What: "encryption in this form"})
	}
	return write(key)
}
