package pemkey

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5" // the whole key derivation of these files is one round of MD5
	"encoding/hex"
	"errors"
	"strings"

	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// Legacy encryption is that of RFC 1421 section 4.6 as OpenSSL does it: a whole
// PKCS#1, SEC 1 or DSA structure under a cipher that the header DEK-Info names, with
// a key of one MD5. It is weak: a passphrase can be guessed billions of times a
// second.
const (
	headerProcType = "Proc-Type"
	headerDEKInfo  = "DEK-Info"
)

type legacyCipher struct {
	keySize, blockSize int
	newBlock           blockMaker
}

var legacyCiphers = map[string]legacyCipher{
	"DES-CBC":      {8, 8, des.NewCipher},
	"DES-EDE3-CBC": {24, 8, des.NewTripleDESCipher},
	"AES-128-CBC":  {16, 16, aes.NewCipher},
	"AES-192-CBC":  {24, 16, aes.NewCipher},
	"AES-256-CBC":  {32, 16, aes.NewCipher},
}

func isLegacyEncrypted(b block) bool {
	return strings.Contains(b.headers[headerProcType], "ENCRYPTED") || b.headers[headerDEKInfo] != ""
}

type legacyFile struct {
	cipher    string
	iv        []byte
	encrypted []byte
	params    string // the curve of an EC PARAMETERS block, or ""
}

// legacyFormats is what the label promises; only decryption can tell.
var legacyFormats = map[string]Format{
	labelRSA:   FormatPKCS1,
	labelEC:    FormatSEC1,
	labelDSA:   FormatDSA,
	labelPKCS8: FormatPKCS8,
}

func decodeLegacy(b block, params string) (*File, error) {
	name, ivHex, ok := strings.Cut(b.headers[headerDEKInfo], ",")
	if !ok {
		return nil, syntaxf("the header %q is missing or has no IV", headerDEKInfo)
	}
	name = strings.ToUpper(strings.TrimSpace(name))
	c, ok := legacyCiphers[name]
	if !ok {
		return nil, unsupportedf(sshkey.UnsupportedEncryption, "the cipher %s of a legacy PEM file", quote.Short(name))
	}
	iv, err := hex.DecodeString(strings.TrimSpace(ivHex))
	if err != nil || len(iv) != c.blockSize {
		return nil, syntaxf("the IV in the header %q is not %d bytes in hexadecimal", headerDEKInfo, c.blockSize)
	}
	if len(b.data) == 0 || len(b.data)%c.blockSize != 0 {
		return nil, syntaxf("the encrypted key has %d bytes, no multiple of %d", len(b.data), c.blockSize)
	}
	return &File{
		Format: legacyFormats[b.label], Encryption: name, KDF: &KDF{Name: "MD5", Rounds: 1}, Keys: 1,
		sealed: seal(&legacyFile{cipher: name, iv: iv, encrypted: b.data, params: params}),
	}, nil
}

func (f *legacyFile) usable() error { return nil }

// derive is OpenSSL's EVP_BytesToKey: MD5 chained over itself, the passphrase and
// the first eight bytes of the IV as salt, until there is enough.
func (f *legacyFile) derive(passphrase []byte) []byte {
	c := legacyCiphers[f.cipher]
	var key, last []byte
	for len(key) < c.keySize {
		h := md5.New()
		h.Write(last)
		h.Write(passphrase)
		h.Write(f.iv[:8])
		last = h.Sum(nil)
		key = append(key, last...)
	}
	return key[:c.keySize]
}

func (f *legacyFile) openWith(key []byte) (*sshkey.Key, error) {
	c := legacyCiphers[f.cipher]
	decrypted := make([]byte, len(f.encrypted))
	defer clear(decrypted)
	cipher.NewCBCDecrypter(must(c.newBlock(key)), f.iv).CryptBlocks(decrypted, f.encrypted)
	return openPadded(decrypted, c.blockSize, f.params)
}

// openPadded reads what was decrypted in CBC mode. The padding is checked in full, and
// nothing may stand between it and the key: for a key whose file has no public half, as
// Ed25519 in PKCS#8, it is the only proof that the passphrase is right and that the
// file is sound.
func openPadded(decrypted []byte, blockSize int, params string) (*sshkey.Key, error) {
	plain, ok := pbes.Unpad(decrypted, blockSize)
	if !ok {
		return nil, ErrIncorrectPassphrase
	}
	return openDER(plain, params)
}

// openDER reads what was decrypted. Noise is a wrong passphrase; whatever is well
// formed is not.
func openDER(decrypted []byte, params string) (*sshkey.Key, error) {
	private, _, err := parseDER(decrypted, params)
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, ErrIncorrectPassphrase
	}
	if err != nil {
		return nil, err
	}
	return &sshkey.Key{Private: private, Comment: sshkey.DefaultComment}, nil
}
