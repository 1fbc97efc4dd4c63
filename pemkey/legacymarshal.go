package pemkey

import (
	"crypto/cipher"
	"encoding/hex"
	"io"
	"strings"

	"github.com/keyconv/keyconv/internal/pbes"
)

// legacyWriteCipher is what ssh-keygen -m PEM writes.
const legacyWriteCipher = "AES-128-CBC"

// encodeLegacy encrypts a traditional structure. It is here because some programs
// read nothing else; the key derivation is one MD5.
func encodeLegacy(label string, data, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	if err := refuseOptions(o, "legacy PEM encryption"); err != nil {
		return nil, nil, err
	}
	c := legacyCiphers[legacyWriteCipher]
	f := &legacyFile{cipher: legacyWriteCipher}
	if f.iv, err = randomBytes(random, c.blockSize); err != nil {
		return nil, nil, err
	}
	derived = f.derive(passphrase)
	encrypted := pbes.Pad(data, c.blockSize)
	cipher.NewCBCEncrypter(must(c.newBlock(derived)), f.iv).CryptBlocks(encrypted, encrypted)
	headers := []string{
		headerProcType + ": 4,ENCRYPTED",
		headerDEKInfo + ": " + f.cipher + "," + strings.ToUpper(hex.EncodeToString(f.iv)),
	}
	return EncodeBlock(label, headers, encrypted), derived, nil
}
