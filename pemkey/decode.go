package pemkey

import (
	"crypto"
	"errors"
	"slices"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// decoders says how the content of a block is read, by its label. params is the
// curve of an EC PARAMETERS block before it, or "".
var decoders = map[string]func(b block, params string, limits Limits) (*File, error){
	labelRSA:            decodeDER,
	labelEC:             decodeDER,
	labelDSA:            decodeDER,
	labelPKCS8:          decodeDER,
	labelEncryptedPKCS8: decodeEncryptedPKCS8,
	opensshLabel:        decodeOpenSSH,
	sshcomLabel:         decodeSSHCom,
}

// Labels of PEM blocks (RFC 7468, and OpenSSL's for those before PKCS#8).
const (
	labelRSA            = "RSA PRIVATE KEY"
	labelEC             = "EC PRIVATE KEY"
	labelDSA            = "DSA PRIVATE KEY"
	labelPKCS8          = "PRIVATE KEY"
	labelEncryptedPKCS8 = "ENCRYPTED PRIVATE KEY"
	labelECParameters   = "EC PARAMETERS"
)

// decode reads the first private key. Blocks that are none are passed over: the
// curve that openssl writes before an EC key, certificates, public keys.
func decode(data []byte, limits Limits) (*File, error) {
	if err := sshkey.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	blocks, text, err := readBlocks(data)
	if err != nil {
		return nil, err
	}
	params, err := findCurve(blocks)
	if err != nil {
		return nil, err
	}
	var first *File
	keys := 0
	for _, b := range blocks {
		if decoders[b.label] == nil {
			continue
		}
		if keys++; keys > 1 {
			continue
		}
		if first, err = decodeBlock(b, params, limits); err != nil {
			return nil, err
		}
	}
	if first == nil {
		return nil, noKey(blocks)
	}
	first.Keys += keys - 1
	first.Extra = text || hasOthers(blocks)
	return first, nil
}

// hasOthers reports whether there are blocks that a private key can do without.
func hasOthers(blocks []block) bool {
	return slices.ContainsFunc(blocks, func(b block) bool {
		return decoders[b.label] == nil && b.label != labelECParameters
	})
}

// decodeBlock adds where the block stands to an error that says no line.
func decodeBlock(b block, params string, limits Limits) (*File, error) {
	f, err := decoders[b.label](b, params, limits)
	if err == nil {
		f.Label, f.Line = b.label, b.line
		return f, nil
	}
	if e := (*SyntaxError)(nil); errors.As(err, &e) && e.Line == 0 {
		return nil, &SyntaxError{Line: b.line, Msg: e.Msg}
	}
	return nil, err
}

func noKey(blocks []block) error {
	if len(blocks) == 0 {
		return &SyntaxError{Line: 1, Msg: `there is no line "-----BEGIN ... PRIVATE KEY-----"`}
	}
	return &SyntaxError{Line: blocks[0].line, Msg: "this is no private key, but " + quote.Short(blocks[0].label)}
}

func findCurve(blocks []block) (string, error) {
	for _, b := range blocks {
		if b.label == labelECParameters {
			return curveParameters(der.New(b.data))
		}
	}
	return "", nil
}

// decodeDER reads PKCS#1, SEC 1, DSA and plain PKCS#8, which may be encrypted as a
// whole in the way of RFC 1421.
func decodeDER(b block, params string, limits Limits) (*File, error) {
	if isLegacyEncrypted(b) {
		return decodeLegacy(b, params)
	}
	key, format, err := parseDER(b.data, params)
	if err != nil {
		return nil, err
	}
	pub, err := sshkey.PublicOf(key)
	if err != nil {
		return nil, err
	}
	return &File{Format: format, Encryption: encryptionNone, PublicKey: pub, Keys: 1, sealed: seal(plain{key})}, nil
}

// plain is a key that was never encrypted: Decode has read it whole.
type plain struct{ private crypto.PrivateKey }

func (plain) usable() error { return nil }

func (plain) derive([]byte) []byte { return nil }

func (p plain) openWith([]byte) (*sshkey.Key, error) {
	return &sshkey.Key{Private: p.private, Comment: sshkey.DefaultComment}, nil
}
