package dump

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// certificate prints the fields in the order of OpenSSH's PROTOCOL.certkeys; nothing
// for a plain key.
func (l *lines) certificate(pub ssh.PublicKey) error {
	c := rawkey.CertificateOf(pub)
	if c == nil {
		return nil
	}
	l.prefix = "cert_"
	l.binary("nonce", c.Nonce)
	l.number("serial", new(big.Int).SetUint64(c.Serial))
	l.certType(c.CertType)
	l.text("key_id", c.KeyId)
	for i, name := range c.ValidPrincipals {
		l.text(fmt.Sprintf("valid_principal_%d", i), name)
	}
	l.number("valid_after", new(big.Int).SetUint64(c.ValidAfter))
	l.number("valid_before", new(big.Int).SetUint64(c.ValidBefore))
	if c.ValidAfter != 0 { // dates for a reader, where the certificate is bounded
		l.text("valid_after_date", date(c.ValidAfter))
	}
	if c.ValidBefore != ssh.CertTimeInfinity {
		l.text("valid_before_date", date(c.ValidBefore))
	}
	l.options("critical_option", c.CriticalOptions)
	l.options("extension", c.Extensions)
	l.binary("ca_key", c.SignatureKey.Marshal())
	l.text("ca_key_algorithm_id", c.SignatureKey.Type())
	authority := lines{prefix: "cert_ca_key_"}
	if authority.key(c.SignatureKey) == nil { // a key on a token stays in base64 alone
		l.Write(authority.Bytes())
	}
	l.binary("ca_sig", ssh.Marshal(c.Signature))
	return nil
}

func (l *lines) certType(n uint32) {
	switch n {
	case ssh.UserCert:
		l.text("type", "user")
	case ssh.HostCert:
		l.text("type", "host")
	default:
		l.number("type", new(big.Int).SetUint64(uint64(n)))
	}
}

func date(seconds uint64) string {
	return time.Unix(int64(seconds), 0).UTC().Format("2006-01-02 15:04:05 UTC")
}

// options prints them in the order of their names, which is that of a certificate. A
// value is a string inside the data, which golang.org/x/crypto/ssh has unwrapped.
func (l *lines) options(what string, values map[string]string) {
	for i, name := range slices.Sorted(maps.Keys(values)) {
		var data []byte
		if v := values[name]; v != "" {
			data = wire.AppendString(nil, v)
		}
		l.text(fmt.Sprintf("%s_%d", what, i), name)
		l.text(fmt.Sprintf("%s_data_%d", what, i), string(data))
	}
}
