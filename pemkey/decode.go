package pemkey

import (
	"errors"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// decoders read the content of a block, by its label. params is the curve of an EC
// PARAMETERS block of the file, or "".
var decoders = map[string]func(b block, params string, limits sshkey.Limits) (*File, error){
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
	labelRSA            = pemblock.RSA
	labelEC             = pemblock.EC
	labelDSA            = pemblock.DSA
	labelPKCS8          = pemblock.PKCS8
	labelEncryptedPKCS8 = pemblock.EncryptedPKCS8
	labelECParameters   = "EC PARAMETERS"
)

// decode reads the first private key. It passes over other blocks: the curve that
// openssl writes before an EC key, certificates, public keys. An error without a line gets
// that of the block.
func decode(data []byte, limits sshkey.Limits) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	blocks, extra, err := readBlocks(data)
	if err != nil {
		return nil, err
	}
	if len(blocks) == 0 {
		return nil, &sshkey.SyntaxError{Line: 1, Msg: `there is no line "-----BEGIN ... PRIVATE KEY-----"`}
	}
	var keys []block
	params := ""
	for _, b := range blocks {
		switch {
		case decoders[b.label] != nil:
			keys = append(keys, b)
		case b.label != labelECParameters:
			extra = true
		case params == "":
			if params, err = curveParameters(der.New(b.data)); err != nil {
				return nil, err
			}
		}
	}
	if len(keys) == 0 {
		return nil, &sshkey.SyntaxError{Line: blocks[0].line, Msg: "this is not a private key, but " + quote.Short(blocks[0].label)}
	}
	first := keys[0]
	f, err := decoders[first.label](first, params, limits)
	if e := (*sshkey.SyntaxError)(nil); errors.As(err, &e) && e.Line == 0 {
		return nil, &sshkey.SyntaxError{Line: first.line, Msg: e.Msg}
	}
	if err != nil {
		return nil, err
	}
	f.Label, f.Line, f.Extra = first.label, first.line, extra
	f.digest = first.digest()
	f.Keys += len(keys) - 1
	return f, nil
}

// decodeDER reads PKCS#1, SEC 1, DSA and plain PKCS#8. Any of them may be encrypted as a
// whole, as RFC 1421 does it.
func decodeDER(b block, params string, limits sshkey.Limits) (*File, error) {
	if strings.Contains(b.headers[headerProcType], "ENCRYPTED") || b.headers[headerDEKInfo] != "" {
		return decodeLegacy(b, params)
	}
	key, format, err := parseDER(b.data, params)
	if err != nil {
		return nil, err
	}
	pub, err := key.Public()
	if err != nil {
		return nil, err
	}
	return &File{Format: format, Encryption: encryptionNone, PublicKey: pub, Keys: 1, half: seal(plain{*key})}, nil
}

// plain is a key that was not encrypted: Decode has read all of it.
type plain struct{ key sshkey.Key }

func (plain) usable() error { return nil }

func (plain) derive([]byte) []byte { return nil }

func (p plain) openWith([]byte) (*sshkey.Key, error) {
	return &p.key, nil
}
