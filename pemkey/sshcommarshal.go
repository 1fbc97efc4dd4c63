package pemkey

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/rsa"
	"encoding/binary"
	"io"
	"math/big"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
)

const (
	sshcomWidth = 70
	// sshcomCommentFirst is where PuTTY breaks the comment for the first time; after
	// that it fills whole lines.
	sshcomCommentFirst = 60
)

// encodeSSHCom writes the same as puttygen -O private-sshcom.
func encodeSSHCom(key *sshkey.Key, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	if err := refuseOptions(o, "the ssh.com form"); err != nil {
		return nil, nil, err
	}
	f := &sshcomFile{cipher: encryptionNone}
	section, err := f.section(key)
	if err != nil {
		return nil, nil, err
	}
	defer clear(section)
	f.encrypted = bytes.Clone(section)
	if len(passphrase) > 0 {
		f.cipher = sshcom3DES
		padding, err := randomBytes(random, -len(section)&(des.BlockSize-1))
		if err != nil {
			return nil, nil, err
		}
		f.encrypted = append(f.encrypted, padding...)
		derived = f.derive(passphrase)
		iv := make([]byte, des.BlockSize)
		cipher.NewCBCEncrypter(must(des.NewTripleDESCipher(derived)), iv).CryptBlocks(f.encrypted, f.encrypted)
	}
	inner := wire.AppendString(nil, f.keyType)
	inner = wire.AppendString(inner, f.cipher)
	inner = wire.AppendString(inner, f.encrypted)
	data := binary.BigEndian.AppendUint32(nil, sshcomMagic)
	data = binary.BigEndian.AppendUint32(data, uint32(len(inner)+8))
	data = append(data, inner...)
	return pemblock.Encode(sshcomLabel, sshcomHeader(rawkey.OneLine(key.Comment)), data), derived, nil
}

// section returns the private section before padding and encryption.
func (f *sshcomFile) section(key *sshkey.Key) ([]byte, error) {
	var numbers []byte
	switch private := key.Private.(type) {
	case *rsa.PrivateKey:
		f.keyType = sshcomTypeRSA
		// The format's p is the smaller prime, its inverse that of our q modulo our p.
		n := rawkey.NumbersLargerFirst(private)
		numbers = appendSSHComNumbers(nil, n.E, n.D, n.N, n.QInv, n.Q, n.P)
	case *dsa.PrivateKey:
		f.keyType = sshcomTypeDSA
		numbers = appendSSHComNumbers(make([]byte, 4), private.P, private.G, private.Q, private.Y, private.X)
	default:
		return nil, unsupportedf(sshkey.UnsupportedType, "a key that is neither RSA nor DSA in the ssh.com form")
	}
	defer clear(numbers)
	return wire.AppendString(nil, numbers), nil
}

func appendSSHComNumbers(b []byte, numbers ...*big.Int) []byte {
	for _, x := range numbers {
		b = binary.BigEndian.AppendUint32(b, uint32(x.BitLen()))
		b = append(b, x.Bytes()...)
	}
	return b
}

// sshcomHeader returns the header with the comment, on as many lines as it takes.
func sshcomHeader(comment string) []string {
	line := `Comment: "`
	var lines []string
	for width := sshcomCommentFirst; len(comment) > width; width = sshcomWidth {
		lines = append(lines, line+comment[:width]+`\`)
		line, comment = "", comment[width:]
	}
	return append(lines, line+comment+`"`)
}
