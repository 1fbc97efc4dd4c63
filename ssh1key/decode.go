package ssh1key

import (
	"bytes"
	"crypto/des"
	"fmt"
	"math/big"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// The form has no standard; this is what PuTTY (sshpubk.c) reads and writes:
//
//	signature, byte cipher, uint32 0
//	uint32 bits of n, mp n, mp e
//	string comment
//	private part, which may be encrypted: see private.go
//
// An mp is its length in bits as a uint16, and then the number.
const signature = "SSH PRIVATE KEY FILE FORMAT 1.1\n\x00"

// The numbers of ciphers, as the protocol has them (draft-ylonen-ssh-protocol-00).
const (
	cipherNone = 0
	cipher3DES = 3
)

var otherCiphers = lazy.Map[byte, string]{Make: func() map[byte]string {
	return map[byte]string{1: "IDEA", 2: "DES", 4: "TSS", 5: "RC4", 6: "Blowfish"}
}}

// File is what a key file has in the clear, and its private half still closed.
type File struct {
	Comment    string
	Encryption string        // "none" or "3des"
	PublicKey  ssh.PublicKey // of type ssh-rsa

	n, e    *big.Int
	private []byte // as the file has it
}

const (
	encryptionNone = "none"
	encryption3DES = "3des"
)

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f != nil && f.Encryption == encryption3DES }

// Decode reads everything that can be read without the passphrase. It returns a
// *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or *sshkey.InvalidKeyError.
func Decode(data []byte) (*File, error) {
	f, err := decode(data)
	return f, prefixed(err)
}

func decode(data []byte) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(data, []byte(signature))
	if !ok {
		return nil, syntaxf("this is not a private key of SSH-1")
	}
	r := wire.NewReader(rest)
	cipher := r.Take(1, "cipher")
	reserved := r.Uint32("reserved field")
	r.Uint32("size") // n has it too; PuTTY does not look at it
	n, e := readNumber(r, "n"), readNumber(r, "e")
	comment := r.String("comment")
	private := r.Rest()
	switch {
	case r.Err() != nil:
		return nil, syntaxf("%v", r.Err())
	case reserved != 0:
		return nil, syntaxf("the reserved field is not 0")
	}
	f := &File{Comment: string(comment), n: n, e: e, private: bytes.Clone(private)}
	if err := f.setCipher(cipher[0]); err != nil {
		return nil, err
	}
	// Through the SSH-2 form, so that the same limits hold.
	blob := wire.AppendString(nil, ssh.KeyAlgoRSA)
	pub, err := rawkey.ParsePublic(wire.AppendMpint(wire.AppendMpint(blob, e), n))
	if err != nil {
		return nil, err
	}
	f.PublicKey = pub
	return f, nil
}

func (f *File) setCipher(number byte) error {
	switch number {
	case cipherNone:
		f.Encryption = encryptionNone
		return nil
	case cipher3DES:
		f.Encryption = encryption3DES
		if len(f.private) == 0 || len(f.private)%des.BlockSize != 0 {
			return syntaxf("the private part has %d bytes, no multiple of %d", len(f.private), des.BlockSize)
		}
		return nil
	}
	name, ok := otherCiphers.Get()[number]
	if !ok {
		name = fmt.Sprintf("number %d", number)
	}
	return &sshkey.UnsupportedError{Code: sshkey.UnsupportedCipher, What: "the cipher " + name + " of an SSH-1 key"}
}

// readNumber reads whole bytes: a length with fewer bits than the number has does not
// change the number. It returns 0 on failure, never nil.
func readNumber(r *wire.Reader, field string) *big.Int {
	length := r.Take(2, field)
	if length == nil {
		return new(big.Int)
	}
	bits := int(length[0])<<8 | int(length[1])
	return new(big.Int).SetBytes(r.Take((bits+7)/8, field))
}
