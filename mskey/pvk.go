package mskey

import (
	"bytes"
	"crypto/sha1"

	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// A PVK file is what OpenSSL (pvkfmt.c) and Microsoft's tools write:
//
//	uint32 magic, 0, kind of key, whether it is encrypted, size of the salt, size of the key
//	salt, header of the blob, the rest of the blob, which may be encrypted
//
// The key of RC4 is SHA-1 of the salt and the passphrase, of which 128 bits are used, or of
// files from before 2000 40 bits and zeros.
var pvkMagic = []byte{0x1e, 0xf1, 0xb5, 0xb0}

const (
	pvkHeader  = 24
	maxPVKSalt = 10240 // as OpenSSL has it
	weakKey    = 5
)

func isPVK(data []byte) bool { return len(data) >= pvkHeader && bytes.HasPrefix(data, pvkMagic) }

func readPVK(data []byte) (*File, error) {
	r := &reader{rest: data[4:]}
	r.uint32()
	r.uint32()
	encrypted, saltSize, size := r.uint32(), r.uint32(), r.uint32()
	if saltSize > maxPVKSalt || encrypted != 0 && saltSize == 0 {
		return nil, syntaxf("the salt has %d bytes", saltSize)
	}
	salt, blob := r.take(int(saltSize)), r.take(int(size))
	if err := r.end(); err != nil {
		return nil, err
	}
	if len(blob) < blobHeader+8 || !bytes.HasPrefix(blob, blobBegins) {
		return nil, syntaxf("the key in the file is not a PRIVATEKEYBLOB")
	}
	if encrypted == 0 {
		key, err := blobKey(blob[blobHeader:])
		return plain(FormPVK, key, err)
	}
	return &File{Form: FormPVK, Encryption: "rc4", open: func(passphrase []byte) (*sshkey.Key, error) {
		return openPVK(salt, blob[blobHeader:], passphrase)
	}}, nil
}

// openPVK tries both sizes of the key. The magic of the blob shows which is right.
func openPVK(salt, encrypted, passphrase []byte) (*sshkey.Key, error) {
	h := sha1.New()
	h.Write(salt)
	h.Write(passphrase)
	digest := h.Sum(nil)
	defer clear(digest)
	cipher, _ := ciphers.ByName("RC4")
	strong := digest[:cipher.KeySize]
	weak := append(bytes.Clone(strong[:weakKey]), make([]byte, cipher.KeySize-weakKey)...)
	defer clear(weak)
	for _, key := range [][]byte{strong, weak} {
		decrypted := cipher.Open(key, nil, encrypted)
		defer clear(decrypted)
		if magic := string(decrypted[:4]); magic != magicRSA && magic != magicDSS {
			continue
		}
		private, err := blobKey(decrypted)
		if err != nil {
			return nil, err
		}
		return &sshkey.Key{Private: private, Comment: rawkey.DefaultComment}, nil
	}
	return nil, sshkey.ErrIncorrectPassphrase
}
