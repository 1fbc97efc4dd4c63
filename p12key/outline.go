package p12key

import (
	"crypto/x509/pkix"
	"encoding/asn1"
)

// These are the structures of RFC 7292 section 4 and RFC 2315 (PKCS#7), as strict as
// the library is, which reads them with encoding/asn1 too.

type pfx struct {
	Version  int
	AuthSafe contentInfo
	MacData  macData `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"tag:0,explicit,optional"`
}

type macData struct {
	Mac struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	Salt       []byte
	Iterations int `asn1:"optional,default:1"`
}

type encryptedData struct {
	Version int
	Info    struct {
		Type      asn1.ObjectIdentifier
		Algorithm pkix.AlgorithmIdentifier
		Content   []byte `asn1:"tag:0,optional"`
	}
}

type safeBag struct {
	ID         asn1.ObjectIdentifier
	Value      asn1.RawValue `asn1:"tag:0,explicit"`
	Attributes asn1.RawValue `asn1:"optional"`
}

type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}

	oidKeyBag          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}
	oidEncryptedKeyBag = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
	oidCertificateBag  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}
)

// outline is what can be seen of a file without its passphrase.
type outline struct {
	mac          *scheme
	parts        []scheme // of the encrypted parts, whose bags are not seen
	key          *scheme  // of the key, if it is seen
	keys         int      // that are seen
	certificates int      // that are seen
}

func (o *outline) encrypted() bool { return o.mac != nil || len(o.parts) > 0 || o.key != nil }

// describe is the encryption of the key, or what comes nearest to it.
func (o *outline) describe() (string, *KDF) {
	switch {
	case o.key != nil:
		return o.key.cipher, &o.key.kdf
	case len(o.parts) > 0:
		return o.parts[0].cipher, &o.parts[0].kdf
	}
	return encryptionMAC, &o.mac.kdf
}

func readOutline(data []byte) (*outline, error) {
	// A SEQUENCE of indefinite length (X.690 section 8.1.3.6) is how BER begins.
	if len(data) > 1 && data[0] == 0x30 && data[1] == 0x80 {
		return nil, unsupportedf("a PKCS#12 file in BER")
	}
	var file pfx
	if err := unmarshal(data, &file, "the file"); err != nil {
		return nil, err
	}
	if file.Version != 3 || !file.AuthSafe.Type.Equal(oidData) {
		return nil, unsupportedf("a PKCS#12 file that is not sealed by a passphrase")
	}
	o := &outline{}
	if err := o.readMAC(&file.MacData); err != nil {
		return nil, err
	}
	parts, err := readParts(file.AuthSafe)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		if err := o.readPart(part); err != nil {
			return nil, err
		}
	}
	return o, o.check()
}

func readParts(safe contentInfo) ([]contentInfo, error) {
	var content []byte
	if err := unmarshal(safe.Content.Bytes, &content, "the content"); err != nil {
		return nil, err
	}
	var parts []contentInfo
	if err := unmarshal(content, &parts, "the content"); err != nil {
		return nil, err
	}
	// What the library takes, and what OpenSSL, Windows and Java write: one for
	// certificates, one for keys.
	if len(parts) < 1 || len(parts) > 2 {
		return nil, unsupportedf("a PKCS#12 file with %d parts", len(parts))
	}
	return parts, nil
}

func (o *outline) readPart(part contentInfo) error {
	switch {
	case part.Type.Equal(oidData):
		var content []byte
		if err := unmarshal(part.Content.Bytes, &content, "a part"); err != nil {
			return err
		}
		return o.readBags(content)
	case part.Type.Equal(oidEncryptedData):
		var content encryptedData
		if err := unmarshal(part.Content.Bytes, &content, "an encrypted part"); err != nil {
			return err
		}
		s, err := readScheme(content.Info.Algorithm)
		o.parts = append(o.parts, s)
		return err
	}
	return unsupportedf("a PKCS#12 file encrypted for a certificate")
}

func (o *outline) readBags(content []byte) error {
	var bags []safeBag
	if err := unmarshal(content, &bags, "a part"); err != nil {
		return err
	}
	for _, bag := range bags {
		switch {
		case bag.ID.Equal(oidCertificateBag):
			o.certificates++
		case bag.ID.Equal(oidKeyBag):
			o.keys++
		case bag.ID.Equal(oidEncryptedKeyBag):
			o.keys++
			if err := o.readEncryptedKey(bag.Value.Bytes); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *outline) readEncryptedKey(data []byte) error {
	var key encryptedKey
	if err := unmarshal(data, &key, "the encrypted key"); err != nil {
		return err
	}
	s, err := readScheme(key.Algorithm)
	if err != nil {
		return err
	}
	o.key = &s
	return checkEncryptedSize(len(key.Data))
}

// check refuses what the library would, before anybody types a passphrase.
func (o *outline) check() error {
	hidden := len(o.parts) > 0
	switch {
	case o.keys > 1:
		return unsupportedf("a PKCS#12 file with %d private keys", o.keys)
	case o.keys == 0 && !hidden:
		return &InvalidKeyError{Msg: "the file holds no private key"}
	case o.certificates == 0 && !hidden:
		return errNoCertificate
	case o.mac == nil && o.encrypted():
		return unsupportedf("an encrypted PKCS#12 file without a MAC")
	}
	return nil
}

var errNoCertificate = unsupportedf("a PKCS#12 file without a certificate")

// unmarshal reads what must be one element, whole.
func unmarshal(data []byte, value any, what string) error {
	rest, err := asn1.Unmarshal(data, value)
	if err != nil || len(rest) > 0 {
		return syntaxf("PKCS#12: %s is cut off, damaged, or of another type", what)
	}
	return nil
}
