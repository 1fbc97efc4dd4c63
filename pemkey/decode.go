package pemkey

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// decoder reads the content of a block with a label. params is the curve of an EC PARAMETERS
// block of the file, or "".
type decoder struct {
	label  string
	decode func(b block, params string, limits sshkey.Limits) (*File, error)
}

var decoders = []decoder{
	{labelRSA, decodeDER}, {labelEC, decodeDER}, {labelDSA, decodeDER}, {labelPKCS8, decodeDER},
	{labelEncryptedPKCS8, decodeEncryptedPKCS8},
	{opensshLabel, decodeOpenSSH},
	{sshcomLabel, decodeSSHCom},
}

// Labels of PEM blocks (RFC 7468, and OpenSSL's for those before PKCS#8).
const (
	labelRSA            = pemblock.RSA
	labelEC             = pemblock.EC
	labelDSA            = pemblock.DSA
	labelPKCS8          = pemblock.PKCS8
	labelEncryptedPKCS8 = pemblock.EncryptedPKCS8
	labelECParameters   = "EC PARAMETERS"
)

// Decode reads everything that can be read without the passphrase. It returns a
// *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or *sshkey.InvalidKeyError. A key on a
// token (sk-*) decodes, since its public half is there; Decrypt refuses it.
func Decode(data []byte) (*File, error) { return DecodeLimits(data, sshkey.Limits{}) }

// DecodeLimits does what Decode does, with other limits than the defaults. It passes over
// blocks other than those of private keys: the curve that openssl writes before an EC key,
// certificates, public keys. An error without a line gets that of the block.
func DecodeLimits(data []byte, limits sshkey.Limits) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, prefixed(err)
	}
	blocks, extra, err := readBlocks(data)
	if err != nil {
		return nil, prefixed(err)
	}
	if len(blocks) == 0 {
		return nil, prefixed(&sshkey.SyntaxError{Line: 1, Msg: `there is no line "-----BEGIN ... PRIVATE KEY-----"`})
	}
	first, how := -1, -1 // of blocks, and of decoders
	keys, params := 0, ""
	for i, b := range blocks {
		known := slices.IndexFunc(decoders, func(d decoder) bool { return d.label == b.label })
		switch {
		case known >= 0:
			if keys++; first < 0 {
				first, how = i, known
			}
		case b.label != labelECParameters:
			extra = true
		case params == "":
			if params, err = curveParameters(der.New(b.data)); err != nil {
				return nil, prefixed(err)
			}
		}
	}
	if first < 0 {
		return nil, prefixed(&sshkey.SyntaxError{Line: blocks[0].line, Msg: "this is not a private key, but " + quote.Short(blocks[0].label)})
	}
	b := &blocks[first]
	f, err := decoders[how].decode(*b, params, limits)
	if e := (*sshkey.SyntaxError)(nil); errors.As(err, &e) && e.Line == 0 {
		err = &sshkey.SyntaxError{Line: b.line, Msg: e.Msg}
	}
	if err != nil {
		return nil, prefixed(err)
	}
	f.Label, f.Line, f.Extra, f.digest = b.label, b.line, extra, b.digest
	f.Keys += keys - 1
	return f, nil
}

// Usable returns an *sshkey.UnsupportedError if no passphrase could open the key, as for a key on
// a token: a caller need not ask for one.
func (f *File) Usable() error {
	if f != nil && f.plain != nil {
		return nil
	}
	return prefixed(f.sealed().usable())
}

// Decrypt opens the private half, which takes as long as the file's key derivation
// does, and checks that the halves match. The passphrase is ignored if the file is not
// encrypted. Decrypt does not change f, so a caller can try the next passphrase. It
// returns sshkey.ErrIncorrectPassphrase, a *sshkey.PassphraseMissingError for a nil passphrase, a
// *sshkey.SyntaxError, an *sshkey.InvalidKeyError or an *sshkey.UnsupportedError.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	if f != nil && f.plain != nil {
		return f.plain(), nil
	}
	if err := f.sealed().usable(); err != nil {
		return nil, prefixed(err)
	}
	if f.Encrypted() && passphrase == nil {
		return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
	}
	derived := f.sealed().derive(passphrase)
	defer clear(derived)
	key, err := f.sealed().openWith(derived)
	return key, prefixed(err)
}

// Parse reads an unencrypted file. It returns a *sshkey.PassphraseMissingError for an encrypted
// one, and the errors of [Decode] and [File.Decrypt].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase reads a file, encrypted or not: the passphrase is ignored if there
// is nothing to decrypt. It returns the errors of [Decode] and [File.Decrypt]; an empty
// passphrase is a missing one, though Decrypt tries it, as openssl can encrypt PKCS#8 with it.
func ParseWithPassphrase(data, passphrase []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if len(passphrase) == 0 {
		passphrase = nil
	}
	return f.Decrypt(passphrase)
}

// decodeDER reads PKCS#1, SEC 1, DSA and plain PKCS#8. Any of them may be encrypted as a
// whole, as RFC 1421 does it.
func decodeDER(b block, params string, limits sshkey.Limits) (*File, error) {
	if strings.Contains(b.headers[headerProcType], "ENCRYPTED") || b.headers[headerDEKInfo] != "" {
		return decodeLegacy(b, params)
	}
	key, format, err := parseDER(b.data, params, b.label)
	if err != nil {
		return nil, err
	}
	pub, err := key.Public()
	if err != nil {
		return nil, err
	}
	return &File{Format: format, Encryption: encryptionNone, PublicKey: pub, Keys: 1, plain: func() *sshkey.Key { k := *key; return &k }}, nil
}

// parseDER reads a private key in DER of any of the four kinds by its bytes, which leave no
// doubt, and reports a label that does not belong to them; "" is none. All four are a SEQUENCE
// that begins with a version. params is the curve of an EC PARAMETERS block, or "".
func parseDER(data []byte, params, label string) (*sshkey.Key, Format, error) {
	whole := der.New(data)
	d, version, err := openKey(whole, "the private key")
	if err != nil {
		return nil, "", err
	}
	var private crypto.PrivateKey
	var format Format
	switch d.Peek() {
	case der.TagSequence:
		format = FormatPKCS8
		private, err = parsePKCS8(d, version)
	case der.TagOctets:
		format = FormatSEC1
		private, err = parseSEC1(d, version, params)
	case der.TagInteger:
		private, format, err = parseIntegers(d, version)
	default:
		err = syntaxf("ASN.1: this is not a private key of a known kind")
	}
	if err != nil {
		return nil, format, err
	}
	deviations := *whole.Notes
	fits := label == "" || slices.Contains(labelFormats, labelFormat{label, format})
	if format == FormatPKCS8 { // openssl and ssh-keygen take the label of the type of key around it too
		switch private.(type) {
		case *rsa.PrivateKey:
			fits = fits || label == labelRSA
		case *ecdsa.PrivateKey:
			fits = fits || label == labelEC
		}
	}
	if !fits {
		deviations = append(deviations, sshkey.DeviationLabel)
	}
	return &sshkey.Key{Private: private, Comment: rawkey.DefaultComment, Deviations: deviations}, format, nil
}

// openKey opens a SEQUENCE that begins with a version. Nothing may follow it.
func openKey(whole *der.Reader, what string) (d *der.Reader, version int, err error) {
	d = whole.Sequence(what)
	if err := whole.End(what); err != nil {
		return nil, 0, err
	}
	version = d.Small("the version")
	return d, version, d.Err()
}

// parseIntegers reads PKCS#1 (RFC 8017 appendix A.1.2: n, e, d, p, q, dP, dQ, qInv) or
// traditional DSA (p, q, g, y, x), which OpenSSL made up. The count of the numbers decides
// which, and so does n = p*q where dP, dQ and qInv are left out, as some programs do, or
// p and q as well. Like PuTTY it reads a NULL after them, which has no meaning.
func parseIntegers(d *der.Reader, version int) (crypto.PrivateKey, Format, error) {
	var x []*big.Int
	for d.Peek() == der.TagInteger {
		x = append(x, d.Integer("a number"))
	}
	if version == 1 && len(x) == 8 && d.Peek() == der.TagSequence { // otherPrimeInfos
		return nil, "", unsupportedf(sshkey.UnsupportedKey, "an RSA key with more than two primes")
	}
	if d.Peek() == der.TagNull {
		d.Null("what follows the numbers")
	}
	switch err := d.End("the private key"); {
	case err != nil:
		return nil, "", err
	case version != 0:
		return nil, "", syntaxf("ASN.1: the version is %d, not 0", version)
	case len(x) == 8 || len(x) == 5 && x[0].Cmp(new(big.Int).Mul(x[3], x[4])) == 0:
		key, err := rawkey.CompleteRSA(x[0], x[1], x[2], x[3], x[4])
		return key, FormatPKCS1, err
	case len(x) == 3:
		key, err := rawkey.CompleteRSA(x[0], x[1], x[2], nil, nil)
		return key, FormatPKCS1, err
	case len(x) == 5:
		key, err := rawkey.NewDSA(x[0], x[1], x[2], x[3], x[4])
		return key, FormatDSA, err
	}
	return nil, "", syntaxf("ASN.1: %d numbers are neither an RSA nor a DSA key", len(x))
}

func syntaxf(format string, args ...any) error {
	return &sshkey.SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

func unsupportedf(code sshkey.UnsupportedCode, format string, args ...any) error {
	return &sshkey.UnsupportedError{Code: code, What: fmt.Sprintf(format, args...)}
}

func invalidf(format string, args ...any) error {
	return &sshkey.InvalidKeyError{Msg: fmt.Sprintf(format, args...)}
}

// refused is the error of a choice for writing that a form does not have.
func refused(format string, args ...any) error {
	return unsupportedf(sshkey.UnsupportedOption, format, args...)
}

// prefixed adds the package's name to an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("pemkey", err) }
