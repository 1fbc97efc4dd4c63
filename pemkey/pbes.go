package pemkey

import (
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/sshkey"
)

// pbesFile is encrypted PKCS#8 (RFC 5958 section 3): a SEQUENCE of an algorithm with its
// parameters, and the encrypted PrivateKeyInfo.
type pbesFile struct {
	scheme    *pbes.Scheme
	encrypted []byte
}

func decodeEncryptedPKCS8(b block, _ string, limits sshkey.Limits) (*File, error) {
	d := der.New(b.data).Sequence("the encrypted private key")
	algorithm := d.Sequence("the encryption")
	f := &pbesFile{encrypted: d.Element(der.TagOctets, "the encrypted data")}
	if err := d.End("the encrypted private key"); err != nil {
		return nil, err
	}
	var err error
	if f.scheme, err = pbes.Read(algorithm, "PKCS#8"); err != nil {
		return nil, err
	}
	if err := firstError(f.scheme.CheckSize(len(f.encrypted)), f.scheme.Check(limits)); err != nil {
		return nil, err
	}
	kdf := KDF(f.scheme.KDF())
	return &File{Format: FormatPKCS8, Encryption: f.scheme.Cipher, KDF: &kdf, Keys: 1, half: seal(f)}, nil
}

func (f *pbesFile) usable() error { return nil }

func (f *pbesFile) derive(passphrase []byte) []byte {
	p := pbes.NewPassphrase(passphrase)
	defer p.Clear()
	return f.scheme.Derive(p)
}

func (f *pbesFile) openWith(derived []byte) (*sshkey.Key, error) {
	decrypted, ok := f.scheme.Open(derived, f.encrypted)
	if !ok {
		return nil, sshkey.ErrIncorrectPassphrase
	}
	defer clear(decrypted)
	return openDER(decrypted, "", "")
}
