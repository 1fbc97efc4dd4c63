package pemkey

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5" // the whole key derivation of these files is one round of MD5
	"encoding/hex"
	"errors"
	"io"
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

type legacyFile struct {
	cipher    string
	iv        []byte
	encrypted []byte
	params    string // the curve of an EC PARAMETERS block, or ""
}

// legacyFormats are what the labels promise; only decryption shows the format.
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

// derive does what OpenSSL's EVP_BytesToKey does: it chains MD5 over itself, the passphrase
// and the first eight bytes of the IV as salt until the key is long enough.
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

// openWith checks the padding in full, and parseDER allows nothing between it and the
// key. If the file has no public half, as for Ed25519 in PKCS#8, nothing else proves that
// the passphrase is right and the file undamaged.
func (f *legacyFile) openWith(key []byte) (*sshkey.Key, error) {
	c := legacyCiphers[f.cipher]
	decrypted := make([]byte, len(f.encrypted))
	defer clear(decrypted)
	cipher.NewCBCDecrypter(must(c.newBlock(key)), f.iv).CryptBlocks(decrypted, f.encrypted)
	plain, ok := pbes.Unpad(decrypted, c.blockSize)
	if !ok {
		return nil, ErrIncorrectPassphrase
	}
	return openDER(plain, f.params)
}

// openDER reads what was decrypted. If that is not well formed the passphrase is wrong.
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

// legacyWriteCipher is what ssh-keygen -m PEM writes.
const legacyWriteCipher = "AES-128-CBC"

// encodeLegacy encrypts a traditional structure, for programs that read nothing else.
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
