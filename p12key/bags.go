package p12key

import (
	"bytes"
	"crypto/x509"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// bags holds the keys and certificates of a file (RFC 7292 section 4.2). Other bags, such
// as revocation lists, are passed over.
type bags struct {
	keys         []keyBag
	certificates []certificateBag
}

// keyBag is a key in PKCS#8, encrypted if there is a scheme.
type keyBag struct {
	scheme *pbes.Scheme
	data   []byte
	id     []byte // localKeyID, or nil
	err    error  // why the key cannot be read, whatever the passphrase
}

type certificateBag struct{ data, id []byte }

// read adds the bags of a part, which is a SEQUENCE of them.
func (b *bags) read(part []byte) error {
	whole := der.New(part)
	d := whole.Sequence("a part")
	if err := whole.End("a part"); err != nil {
		return err
	}
	for d.More() {
		bag := d.Sequence("a bag")
		kind := bag.OID("the kind of a bag")
		value := bag.Inside(der.TagExplicit0, "the content of a bag")
		id := readLocalKeyID(bag)
		err := firstError(bag.End("a bag"), value.Err())
		switch {
		case err == nil:
			err = b.add(kind, value, id)
		case kind == "" || kind == oidKeyBag || kind == oidEncryptedKeyBag: // perhaps a key
			b.keys = append(b.keys, keyBag{err: err})
			continue
		}
		if err != nil {
			return err
		}
	}
	return d.Err()
}

func (b *bags) add(kind string, value *der.Reader, id []byte) error {
	switch kind {
	case oidKeyBag:
		b.keys = append(b.keys, keyBag{data: value.Rest(), id: id})
	case oidEncryptedKeyBag:
		key, err := readEncryptedKey(value)
		key.id, key.err = id, err
		b.keys = append(b.keys, key)
	case oidCertificateBag:
		d := value.Sequence("a certificate")
		if kind := d.OID("the kind of a certificate"); kind != oidX509 && d.Err() == nil {
			return nil // an SDSI certificate, which is not in use
		}
		data := d.Inside(der.TagExplicit0, "a certificate").Element(der.TagOctets, "a certificate")
		b.certificates = append(b.certificates, certificateBag{data, id})
		return firstError(value.End("a certificate"), d.End("a certificate"))
	}
	return nil
}

func readEncryptedKey(value *der.Reader) (keyBag, error) {
	d := value.Sequence("the encrypted key")
	algorithm := d.Sequence("the encryption")
	key := keyBag{data: d.Element(der.TagOctets, "the encrypted key")}
	if err := firstError(value.End("a bag"), d.End("the encrypted key")); err != nil {
		return keyBag{}, err
	}
	var err error
	if key.scheme, err = readScheme(algorithm); err != nil {
		return keyBag{}, err
	}
	return key, key.scheme.CheckSize(len(key.data))
}

// readLocalKeyID reads the attributes of a bag, a SET that may be left out. The ID ties
// a key to its certificate; the name of the key is of no use to SSH.
func readLocalKeyID(bag *der.Reader) (id []byte) {
	if bag.Peek() != der.TagSet {
		return nil
	}
	set := bag.Inside(der.TagSet, "the attributes")
	for set.More() {
		attribute := set.Sequence("an attribute")
		kind := attribute.OID("an attribute")
		values := attribute.Inside(der.TagSet, "an attribute")
		if kind == oidLocalKeyID {
			id = values.Element(der.TagOctets, "the ID of the key")
		}
		set.Fail(firstError(attribute.End("an attribute"), values.Err()))
	}
	bag.Fail(set.Err())
	return id
}

// checkCertificate compares a key with the certificate of its ID. If no MAC covers the file
// nothing else shows damage to an Ed25519 or ECDSA key. A certificate that Go cannot read
// is ignored.
func (b *bags) checkCertificate(id []byte, key *sshkey.Key) error {
	for _, bag := range b.certificates {
		certificate, err := x509.ParseCertificate(bag.data)
		if err != nil || id == nil || !bytes.Equal(bag.id, id) {
			continue
		}
		certified, err := ssh.NewPublicKey(certificate.PublicKey)
		if err != nil {
			continue
		}
		pub, err := key.Public()
		if err != nil {
			return err
		}
		if !bytes.Equal(pub.Marshal(), certified.Marshal()) {
			return &sshkey.InvalidKeyError{Msg: "the certificate of the key belongs to another private key"}
		}
	}
	return nil
}
