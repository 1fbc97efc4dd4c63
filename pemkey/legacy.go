package pemkey

import (
	"crypto/md5" // the whole key derivation of these files is one round of MD5
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/internal/pemblock"
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

// maxLegacySize bounds what a passphrase is tried on: some modes encrypt a block for each
// bit. The largest RSA key has 10 KiB.
const maxLegacySize = 16 << 10

type legacyFile struct {
	cipher    ciphers.Cipher
	iv        []byte
	encrypted []byte
	params    string // the curve of an EC PARAMETERS block, or ""
	label     string
}

// labelFormat is what a label promises; only the content shows the format.
type labelFormat struct {
	label  string
	format Format
}

var labelFormats = []labelFormat{{labelRSA, FormatPKCS1}, {labelEC, FormatSEC1}, {labelDSA, FormatDSA}, {labelPKCS8, FormatPKCS8}}

func decodeLegacy(b block, params string) (*File, error) {
	name, ivHex, ok := strings.Cut(b.headers[headerDEKInfo], ",")
	if !ok {
		return nil, syntaxf("the header %q is missing or has no IV", headerDEKInfo)
	}
	name = strings.ToUpper(strings.TrimSpace(name))
	c, ok := ciphers.ByName(name)
	if !ok || c.IVSize == 0 {
		// OpenSSL has the key wrap of AES, too, for a key whose size happens to fit. Others, such as
		// all in ECB mode, no program reads.
		return nil, unsupportedf(sshkey.UnsupportedForm, "the cipher %s of a legacy PEM file", quote.Short(name))
	}
	iv, err := hex.DecodeString(strings.TrimSpace(ivHex))
	if err != nil || len(iv) != c.IVSize {
		return nil, syntaxf("the IV in the header %q is not %d bytes in hexadecimal", headerDEKInfo, c.IVSize)
	}
	if len(b.data) == 0 || len(b.data)%c.BlockSize != 0 {
		return nil, syntaxf("the encrypted key has %d bytes, not a multiple of %d", len(b.data), c.BlockSize)
	}
	if len(b.data) > maxLegacySize {
		return nil, syntaxf("the encrypted key has %d bytes, more than any key", len(b.data))
	}
	promised := slices.IndexFunc(labelFormats, func(l labelFormat) bool { return l.label == b.label })
	return &File{
		Format: labelFormats[promised].format, Encryption: name, KDF: &KDF{Name: "MD5", Rounds: 1}, Keys: 1,
		half: seal(&legacyFile{cipher: c, iv: iv, encrypted: b.data, params: params, label: b.label}),
	}, nil
}

func (f *legacyFile) usable() error { return nil }

// derive does what OpenSSL's EVP_BytesToKey does: it chains MD5 over itself, the passphrase
// and the first eight bytes of the IV as salt until the key is long enough.
func (f *legacyFile) derive(passphrase []byte) []byte {
	var key, last []byte
	for len(key) < f.cipher.KeySize {
		h := md5.New()
		h.Write(last)
		h.Write(passphrase)
		h.Write(f.iv[:8])
		last = h.Sum(nil)
		key = append(key, last...)
	}
	return key[:f.cipher.KeySize]
}

// openWith checks the padding in full, and parseDER allows nothing between it and the
// key. If the file has no public half, as for Ed25519 in PKCS#8, nothing else proves that
// the passphrase is right and the file undamaged.
func (f *legacyFile) openWith(key []byte) (*sshkey.Key, error) {
	decrypted := f.cipher.Open(key, f.iv, f.encrypted)
	defer clear(decrypted)
	plain, ok := pbes.Unpad(decrypted, f.cipher.BlockSize)
	if !ok {
		return nil, sshkey.ErrIncorrectPassphrase
	}
	return openDER(plain, f.params, f.label)
}

// openDER reads what was decrypted. If that is not well formed the passphrase is wrong.
func openDER(decrypted []byte, params, label string) (*sshkey.Key, error) {
	key, _, err := parseDER(decrypted, params, label)
	if syntax := (*sshkey.SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, sshkey.ErrIncorrectPassphrase
	}
	return key, err
}

// legacyWriteCipher is what ssh-keygen -m PEM writes.
const legacyWriteCipher = "AES-128-CBC"

// encodeLegacy encrypts a traditional structure, for programs that read nothing else.
func encodeLegacy(label string, data, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	if err := refuseOptions(o, "legacy PEM encryption"); err != nil {
		return nil, nil, err
	}
	f := &legacyFile{}
	f.cipher, _ = ciphers.ByName(legacyWriteCipher)
	if f.iv, err = randomBytes(random, f.cipher.IVSize); err != nil {
		return nil, nil, err
	}
	derived = f.derive(passphrase)
	padded := pbes.Pad(data, f.cipher.BlockSize)
	defer clear(padded)
	headers := []string{
		headerProcType + ": 4,ENCRYPTED",
		headerDEKInfo + ": " + f.cipher.Name + "," + strings.ToUpper(hex.EncodeToString(f.iv)),
	}
	return pemblock.Encode(label, headers, f.cipher.Seal(derived, f.iv, padded)), derived, nil
}
