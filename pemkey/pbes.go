package pemkey

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"

	"github.com/keyconv/keyconv/sshkey"
)

// Encrypted PKCS#8 (RFC 5958 section 3) is a SEQUENCE of an algorithm, which has all
// parameters, and the encrypted PrivateKeyInfo.

// pbesFile is a decoded file. For PBES2 (RFC 8018 section 6.2) the derivation gives
// the key and the file has the IV; for PBES1 the derivation gives both.
type pbesFile struct {
	kdf       pbeKDF
	cipher    pbeCipher
	iv        []byte // nil for PBES1
	tagSize   int    // of AES-GCM alone
	encrypted []byte
}

// pbeKDF is a key derivation with its parameters.
type pbeKDF interface {
	describe() KDF
	check(limits Limits) error
	// derive returns keySize+ivSize bytes.
	derive(passphrase []byte, keySize, ivSize int) []byte
}

type pbeCipher struct {
	name               string
	keySize, blockSize int
	newBlock           blockMaker
	gcm                bool
}

func (c pbeCipher) ivSize() int { return c.blockSize }

// pbeCiphers by object identifier: NIST's for AES, RFC 8018 appendix B.2 for the rest.
var pbeCiphers = map[string]pbeCipher{
	"2.16.840.1.101.3.4.1.2":  {"aes128-cbc", 16, 16, aes.NewCipher, false},
	"2.16.840.1.101.3.4.1.22": {"aes192-cbc", 24, 16, aes.NewCipher, false},
	"2.16.840.1.101.3.4.1.42": {"aes256-cbc", 32, 16, aes.NewCipher, false},
	"2.16.840.1.101.3.4.1.6":  {"aes128-gcm", 16, 16, aes.NewCipher, true},
	"2.16.840.1.101.3.4.1.26": {"aes192-gcm", 24, 16, aes.NewCipher, true},
	"2.16.840.1.101.3.4.1.46": {"aes256-gcm", 32, 16, aes.NewCipher, true},
	"1.2.840.113549.3.7":      {"3des-cbc", 24, 8, des.NewTripleDESCipher, false},
	"1.3.14.3.2.7":            {"des-cbc", 8, 8, des.NewCipher, false},
}

// otherPBE are schemes and ciphers that are only named.
var otherPBE = map[string]string{
	"1.2.840.113549.3.2":        "RC2-CBC",
	"1.2.392.200011.61.1.1.1.2": "Camellia-128-CBC",
	"1.2.392.200011.61.1.1.1.3": "Camellia-192-CBC",
	"1.2.392.200011.61.1.1.1.4": "Camellia-256-CBC",
	"1.2.410.200046.1.1.2":      "ARIA-128-CBC",
	"1.2.410.200046.1.1.7":      "ARIA-192-CBC",
	"1.2.410.200046.1.1.12":     "ARIA-256-CBC",
	"1.2.840.113549.1.5.1":      "PBE-MD2-DES",
	"1.2.840.113549.1.5.4":      "PBE-MD2-RC2",
	"1.2.840.113549.1.5.6":      "PBE-MD5-RC2",
	"1.2.840.113549.1.5.11":     "PBE-SHA1-RC2",
	"1.2.840.113549.1.12.1.1":   "PBE-SHA1-RC4-128",
	"1.2.840.113549.1.12.1.2":   "PBE-SHA1-RC4-40",
	"1.2.840.113549.1.12.1.5":   "PBE-SHA1-RC2-128",
	"1.2.840.113549.1.12.1.6":   "PBE-SHA1-RC2-40",
}

func unsupportedPBE(oid string) error {
	if name, ok := otherPBE[oid]; ok {
		return unsupportedf("the encryption %s of a PKCS#8 file", name)
	}
	return unsupportedf("the encryption %s of a PKCS#8 file", oid)
}

const oidPBES2 = "1.2.840.113549.1.5.13"

func decodeEncryptedPKCS8(b block, _ string, limits Limits) (*File, error) {
	d := newDER(b.data).sequence("the encrypted private key")
	algorithm := d.sequence("the encryption")
	scheme := algorithm.oid("the encryption")
	f := &pbesFile{encrypted: d.element(tagOctets, "the encrypted data")}
	if err := firstError(d.err, algorithm.err); err != nil {
		return nil, err
	}
	read := f.readPBES1
	if scheme == oidPBES2 {
		read = f.readPBES2
	}
	if err := read(scheme, algorithm.sequence("the parameters")); err != nil {
		return nil, err
	}
	if err := f.check(limits); err != nil {
		return nil, err
	}
	kdf := f.kdf.describe()
	return &File{Format: FormatPKCS8, Encryption: f.cipher.name, KDF: &kdf, Keys: 1, sealed: f}, nil
}

// readPBES2 reads two algorithms: the key derivation and the cipher, whose
// parameter is the IV (for GCM a SEQUENCE of the nonce and the size of the tag).
func (f *pbesFile) readPBES2(_ string, d *der) error {
	kdf, encryption := d.sequence("the key derivation"), d.sequence("the cipher")
	if err := firstError(d.err, kdf.err, encryption.err); err != nil {
		return err
	}
	oid := encryption.oid("the cipher")
	c, ok := pbeCiphers[oid]
	switch {
	case encryption.err != nil:
		return encryption.err
	case !ok:
		return unsupportedPBE(oid)
	case c.gcm:
		encryption = encryption.sequence("the parameters of the cipher")
	}
	f.cipher, f.iv = c, encryption.element(tagOctets, "the IV")
	if c.gcm {
		f.tagSize = readTagSize(encryption)
	}
	if encryption.err != nil {
		return encryption.err
	}
	var err error
	f.kdf, err = readPBES2KDF(kdf)
	return err
}

// The sizes of the tag of AES-GCM (RFC 5084 section 3.2).
const (
	gcmTagDefault = 12 // where the file names none
	gcmTagMost    = 16
)

func readTagSize(d *der) int {
	if d.peek() != tagInteger {
		return gcmTagDefault
	}
	return d.small("the size of the authentication tag")
}

// check is what syntax is left, what is supported, then the limits.
func (f *pbesFile) check(limits Limits) error {
	switch c := f.cipher; {
	case c.gcm && (f.tagSize < gcmTagDefault || f.tagSize > gcmTagMost):
		return syntaxf("PKCS#8: the authentication tag has %d bytes", f.tagSize)
	case c.gcm && (len(f.iv) == 0 || len(f.encrypted) < f.tagSize):
		return syntaxf("PKCS#8: the nonce or the authentication tag is missing")
	case !c.gcm && f.iv != nil && len(f.iv) != c.blockSize:
		return syntaxf("PKCS#8: the IV has %d bytes, not %d", len(f.iv), c.blockSize)
	case !c.gcm && (len(f.encrypted) == 0 || len(f.encrypted)%c.blockSize != 0):
		return syntaxf("PKCS#8: the encrypted key has %d bytes, no multiple of %d", len(f.encrypted), c.blockSize)
	case c.gcm && f.tagSize != gcmTagMost && len(f.iv) != gcmNonceSize:
		return unsupportedf("AES-GCM with a nonce of %d bytes and a tag of %d", len(f.iv), f.tagSize)
	}
	return f.kdf.check(limits)
}

func (f *pbesFile) usable() error { return nil }

func (f *pbesFile) derive(passphrase []byte) []byte {
	if f.iv != nil {
		return f.kdf.derive(passphrase, f.cipher.keySize, 0)
	}
	return f.kdf.derive(passphrase, f.cipher.keySize, f.cipher.ivSize())
}

func (f *pbesFile) openWith(derived []byte) (*sshkey.Key, error) {
	key, iv := derived[:f.cipher.keySize], f.iv
	if iv == nil {
		iv = derived[f.cipher.keySize:]
	}
	decrypted, ok := f.decrypt(key, iv)
	if !ok {
		return nil, ErrIncorrectPassphrase
	}
	defer clear(decrypted)
	if f.cipher.gcm {
		return openDER(decrypted, "")
	}
	return openPadded(decrypted, f.cipher.blockSize, "")
}

// decrypt returns false where the authentication tag does not match.
func (f *pbesFile) decrypt(key, iv []byte) ([]byte, bool) {
	block := must(f.cipher.newBlock(key))
	if f.cipher.gcm {
		out, err := newGCM(block, len(iv), f.tagSize).Open(nil, iv, f.encrypted, nil)
		return out, err == nil
	}
	out := make([]byte, len(f.encrypted))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, f.encrypted)
	return out, true
}

const gcmNonceSize = 12

// newGCM is for sizes that check has allowed: Go has either a nonce or a tag of
// another size than usual.
func newGCM(block cipher.Block, nonceSize, tagSize int) cipher.AEAD {
	if tagSize == gcmTagMost {
		return must(cipher.NewGCMWithNonceSize(block, nonceSize))
	}
	return must(cipher.NewGCMWithTagSize(block, tagSize))
}
