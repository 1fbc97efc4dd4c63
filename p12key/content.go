package p12key

import (
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
)

// The parts of a file, by object identifier: RFC 7292 section 4, and RFC 2315 (PKCS
// #7) for the first two.
const (
	oidData          = "1.2.840.113549.1.7.1"
	oidEncryptedData = "1.2.840.113549.1.7.6"

	oidKeyBag          = "1.2.840.113549.1.12.10.1.1"
	oidEncryptedKeyBag = "1.2.840.113549.1.12.10.1.2"
	oidCertificateBag  = "1.2.840.113549.1.12.10.1.3"

	oidX509       = "1.2.840.113549.1.9.22.1" // RFC 2985 appendix A
	oidLocalKeyID = "1.2.840.113549.1.9.21"
)

// form is the name of the format in messages.
const form = "PKCS#12"

// tagContent is [0] IMPLICIT of an OCTET STRING, tagPieces of one in pieces, tagUnprotected
// [1] IMPLICIT of a SET.
const (
	tagContent     = 0x80
	tagPieces      = 0xa0
	tagUnprotected = 0xa1
)

// readFile reads the outermost SEQUENCE: a version, what the MAC covers, and the MAC.
func (f *File) readFile(data []byte) error {
	whole := der.New(data)
	d := whole.Sequence("the file")
	version := d.Small("the version")
	kind, safe := readContentInfo(d)
	if err := firstError(whole.End("the file"), d.Err(), safe.Err()); err != nil {
		return err
	}
	if version != 3 || kind != oidData {
		return unsupportedf("a %s file that is not sealed by a passphrase", form)
	}
	f.content = safe.Element(der.TagOctets, "the content")
	if err := safe.End("the content"); err != nil {
		return err
	}
	if d.More() {
		return f.readMAC(d)
	}
	return nil
}

// readContentInfo returns the kind of the content, and a reader of it.
func readContentInfo(d *der.Reader) (kind string, content *der.Reader) {
	info := d.Sequence("the content")
	kind = info.OID("the kind of the content")
	content = info.Inside(der.TagExplicit0, "the content")
	content.Fail(info.End("the content"))
	return kind, content
}

// readMAC reads MacData, the last part of a file: a digest, a salt, and iterations, which
// are 1 by default.
func (f *File) readMAC(file *der.Reader) error {
	d := file.Sequence("the MAC")
	digest := d.Sequence("the digest")
	algorithm := digest.Sequence("the algorithm of the MAC")
	f.digest = digest.Element(der.TagOctets, "the digest")
	salt, iterations := d.Element(der.TagOctets, "the salt"), uint64(1)
	if d.More() {
		iterations = d.Count("the iterations")
	}
	if err := firstError(file.End("the file"), digest.End("the digest"), d.End("the MAC")); err != nil {
		return err
	}
	var err error
	f.mac, err = pbes.ReadMAC(algorithm, salt, iterations, form)
	return err
}

// part is a part that is encrypted as a whole.
type part struct {
	scheme *pbes.Scheme
	data   []byte
}

// readParts reads what the MAC covers: parts in the clear, whose bags it reads too, and
// encrypted ones.
func (f *File) readParts() error {
	whole := der.New(f.content)
	parts := whole.Sequence("the content")
	if err := whole.End("the content"); err != nil {
		return err
	}
	for parts.More() {
		kind, content := readContentInfo(parts)
		if err := content.Err(); err != nil {
			return err
		}
		if err := f.readPart(kind, content); err != nil {
			return err
		}
	}
	return parts.Err()
}

func (f *File) readPart(kind string, content *der.Reader) error {
	switch kind {
	case oidData:
		bags := content.Element(der.TagOctets, "a part")
		if err := content.End("a part"); err != nil {
			return err
		}
		return f.bags.read(bags)
	case oidEncryptedData:
		p, err := readEncryptedData(content)
		if err != nil {
			return err
		}
		f.parts = append(f.parts, p)
		return p.scheme.CheckSize(len(p.data))
	}
	return unsupportedf("a %s file encrypted for a certificate", form)
}

func readEncryptedData(content *der.Reader) (part, error) {
	d := content.Sequence("an encrypted part")
	d.Small("the version")
	info := d.Sequence("an encrypted part")
	if d.Peek() == tagUnprotected { // attributes (RFC 5652 section 8)
		d.Element(tagUnprotected, "an attribute")
	}
	info.OID("the kind of the content")
	algorithm := info.Sequence("the encryption")
	var p part
	if info.Peek() == tagPieces { // in BER
		p.data = info.Pieces(info.Element(tagPieces, "the encrypted data"), "the encrypted data")
	} else {
		p.data = info.Element(tagContent, "the encrypted data")
	}
	err := firstError(content.End("a part"), d.End("an encrypted part"), info.End("an encrypted part"))
	if err != nil {
		return part{}, err
	}
	p.scheme, err = readScheme(algorithm)
	return p, err
}

// readScheme refuses key derivations that take memory: no program is known to write them
// here, and how much an encrypted part asks for cannot be seen before the passphrase.
func readScheme(algorithm *der.Reader) (*pbes.Scheme, error) {
	s, err := pbes.Read(algorithm, form)
	if err == nil && s.KDF().Memory > 0 {
		return nil, unsupportedf("the key derivation %s of a %s file", s.KDF().Name, form)
	}
	return s, err
}

// firstError returns the first error that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
