package pemkey

import (
	"crypto"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5" // the whole key derivation of these files is MD5
	"fmt"
	"math/big"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
)

// The format of ssh.com (Tectia) has no public description; this is what PuTTY
// (import.c) reads and writes:
//
//	uint32   0x3f6ff9eb
//	uint32   length of the whole
//	string   key type: "if-modn{..." for RSA, "dl-modp{..." for DSA
//	string   cipher: "none" or "3des-cbc"
//	string   encrypted: uint32 length, numbers, padding
//
// Each number has its length in bits before it.
const (
	sshcomMagic   = pemblock.SSHComMagic
	sshcomLabel   = pemblock.SSHCom
	sshcomTypeRSA = "if-modn{sign{rsa-pkcs1-sha1},encrypt{rsa-pkcs1v2-oaep}}"
	sshcomTypeDSA = "dl-modp{sign{dsa-nist-sha1},dh{plain}}"
	sshcom3DES    = "3des-cbc"
	headerComment = "Comment"
)

type sshcomFile struct {
	keyType   string
	cipher    string
	comment   string
	encrypted []byte
	opened    *sshkey.Key // of an unencrypted file, which is read once
}

func decodeSSHCom(b block, _ string, _ sshkey.Limits) (*File, error) {
	r := wire.NewReader(b.data)
	magic := r.Uint32("magic number")
	length := r.Uint32("length")
	f := &sshcomFile{keyType: string(r.String("key type")), cipher: string(r.String("cipher name"))}
	f.encrypted = r.String("private section")
	if err := r.End(); err != nil {
		return nil, syntaxf("ssh.com: %v", err)
	}
	if magic != sshcomMagic {
		return nil, syntaxf("ssh.com: the magic number is wrong")
	}
	if uint64(length) != uint64(len(b.data)) {
		return nil, syntaxf("ssh.com: the length is %d, but there are %d bytes", length, len(b.data))
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	f.comment = b.headers[headerComment]
	if n := len(f.comment); n >= 2 && f.comment[0] == '"' && f.comment[n-1] == '"' {
		f.comment = f.comment[1 : n-1]
	}
	file := &File{Format: FormatSSHCom, Encryption: f.cipher, Comment: f.comment, HasComment: true, Keys: 1, half: seal(f)}
	if f.cipher != encryptionNone {
		file.KDF = &KDF{Name: "MD5", Rounds: 1}
		return file, nil
	}
	key, err := f.openWith(nil)
	if err != nil {
		return nil, err
	}
	f.opened = key
	if file.PublicKey, err = key.Public(); err != nil {
		return nil, err
	}
	return file, nil
}

func (f *sshcomFile) check() error {
	if !strings.HasPrefix(f.keyType, "if-modn{sign{rsa") && !strings.HasPrefix(f.keyType, "dl-modp{sign{dsa") {
		return unsupportedf(sshkey.UnsupportedKey, "the key type %s of an ssh.com file", quote.Short(f.keyType))
	}
	switch f.cipher {
	case encryptionNone:
		return nil
	case sshcom3DES:
		if len(f.encrypted) == 0 || len(f.encrypted)%des.BlockSize != 0 {
			return syntaxf("ssh.com: the private section has %d bytes, no multiple of %d", len(f.encrypted), des.BlockSize)
		}
		return nil
	}
	return unsupportedf(sshkey.UnsupportedCipher, "the cipher %s of an ssh.com file", quote.Short(f.cipher))
}

func (f *sshcomFile) usable() error { return nil }

// derive joins MD5(passphrase) and MD5(passphrase || the first MD5). Triple DES takes 24 of
// these 32 bytes.
func (f *sshcomFile) derive(passphrase []byte) []byte {
	if f.cipher == encryptionNone {
		return nil
	}
	first := md5.Sum(passphrase)
	second := md5.Sum(append(append([]byte(nil), passphrase...), first[:]...))
	return append(first[:], second[:]...)[:24]
}

func (f *sshcomFile) openWith(key []byte) (*sshkey.Key, error) {
	if f.opened != nil {
		opened := *f.opened
		return &opened, nil
	}
	plain := append([]byte(nil), f.encrypted...)
	defer clear(plain)
	if f.cipher == sshcom3DES {
		iv := make([]byte, des.BlockSize)
		cipher.NewCBCDecrypter(must(des.NewTripleDESCipher(key)), iv).CryptBlocks(plain, plain)
	}
	r := wire.NewReader(plain)
	section := wire.NewReader(r.String("private section"))
	if r.Err() != nil {
		return nil, f.noiseError(r.Err())
	}
	if n := len(r.Rest()); n >= des.BlockSize { // any bytes may fill up a block
		return nil, f.noiseError(fmt.Errorf("the padding has %d bytes", n))
	}
	parse := parseSSHComRSA
	if strings.HasPrefix(f.keyType, "dl-modp") {
		parse = parseSSHComDSA
	}
	private, err := parse(section)
	if section.End() != nil {
		return nil, f.noiseError(section.Err())
	}
	if err != nil {
		return nil, err
	}
	return &sshkey.Key{Private: private, Comment: f.comment}, nil
}

// noiseError returns the error for a private section that makes no sense: if it is
// encrypted the passphrase is wrong.
func (f *sshcomFile) noiseError(err error) error {
	if f.cipher != encryptionNone {
		return sshkey.ErrIncorrectPassphrase
	}
	return syntaxf("ssh.com: %v", err)
}

// parseSSHComRSA reads e, d, n, the inverse, p, q. The inverse is computed again.
func parseSSHComRSA(r *wire.Reader) (crypto.PrivateKey, error) {
	e, d, n := sshcomNumber(r, "e"), sshcomNumber(r, "d"), sshcomNumber(r, "n")
	sshcomNumber(r, "the inverse")
	p, q := sshcomNumber(r, "p"), sshcomNumber(r, "q")
	if r.Err() != nil {
		return nil, r.Err()
	}
	return rawkey.NewRSA(rawkey.RSANumbers{N: n, E: e, D: d, P: p, Q: q})
}

// parseSSHComDSA reads a 0, p, g, q, y, x. Anything but 0 means well-known parameters,
// which the file leaves out.
func parseSSHComDSA(r *wire.Reader) (crypto.PrivateKey, error) {
	predefined := r.Uint32("parameters")
	if r.Err() == nil && predefined != 0 {
		return nil, unsupportedf(sshkey.UnsupportedForm, "an ssh.com DSA key with predefined parameters")
	}
	p, g, q := sshcomNumber(r, "p"), sshcomNumber(r, "g"), sshcomNumber(r, "q")
	y, x := sshcomNumber(r, "y"), sshcomNumber(r, "x")
	if r.Err() != nil {
		return nil, r.Err()
	}
	return rawkey.NewDSA(p, q, g, y, x)
}

func sshcomNumber(r *wire.Reader, field string) *big.Int {
	bits := r.Uint32(field)
	return new(big.Int).SetBytes(r.Take(int((uint64(bits)+7)/8), field))
}
