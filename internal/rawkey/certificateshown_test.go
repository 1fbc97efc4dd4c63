package rawkey_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

const compositeCertificate = "ssh-mldsa44-ed25519-cert-v01@openssh.com"

// certificateParts are the fields of a certificate (PROTOCOL.certkeys of OpenSSH).
type certificateParts struct {
	key, authority, signature              []byte
	principals, critical, extensions, rest []byte
}

func newCertificateParts(t *testing.T) certificateParts {
	t.Helper()
	private, err := rawkey.NewMLDSA44Ed25519(compositeNames[1], nil, compositeSeeds())
	require.NoError(t, err)
	return certificateParts{
		key:        private.Public,
		authority:  blob("ssh-ed25519", make([]byte, 32)),
		signature:  blob("ssh-ed25519", make([]byte, 64)),
		principals: blob("root", "someone"),
		critical:   blob("force-command", wire.AppendString(nil, "date")),
		extensions: blob("permit-pty", ""),
	}
}

func (p certificateParts) encode() []byte {
	b := blob(compositeCertificate, "nonce", p.key)
	b = binary.BigEndian.AppendUint64(b, 7)
	b = binary.BigEndian.AppendUint32(b, ssh.UserCert)
	b = wire.AppendString(wire.AppendString(b, "an id"), p.principals)
	b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, 100), 200)
	for _, field := range [][]byte{p.critical, p.extensions, nil, p.authority, p.signature} {
		b = wire.AppendString(b, field)
	}
	return append(b, p.rest...)
}

// TestShownCertificate: a certificate for a type that package ssh does not have is shown in
// full, and written as it is.
func TestShownCertificate(t *testing.T) {
	parts := newCertificateParts(t)
	pub, err := rawkey.ParsePublic(parts.encode())
	require.NoError(t, err)
	assert.Equal(t, compositeCertificate, pub.Type())
	assert.Equal(t, parts.encode(), pub.Marshal())
	cert := rawkey.CertificateOf(pub)
	require.NotNil(t, cert)
	assert.Equal(t, &ssh.Certificate{
		Nonce: []byte("nonce"), Key: rawkey.MLDSA44Ed25519PublicKey{Algorithm: compositeNames[1], Public: parts.key},
		Serial: 7, CertType: ssh.UserCert, KeyId: "an id", ValidPrincipals: []string{"root", "someone"},
		ValidAfter: 100, ValidBefore: 200, Reserved: []byte{},
		Permissions:  ssh.Permissions{CriticalOptions: map[string]string{"force-command": "date"}, Extensions: map[string]string{"permit-pty": ""}},
		SignatureKey: cert.SignatureKey, Signature: &ssh.Signature{Format: "ssh-ed25519", Blob: make([]byte, 64), Rest: []byte{}},
	}, cert)
	assert.Equal(t, "ssh-ed25519", cert.SignatureKey.Type())
	plain := rawkey.WithoutCertificate(pub)
	assert.Equal(t, compositeNames[1], plain.Type())
	assert.Equal(t, sshkey.FingerprintSHA256(plain), sshkey.FingerprintSHA256(pub))
	assert.Equal(t, 256, rawkey.Bits(pub))
	assert.Equal(t, []string{"mldsa44-experimental"}, codes(t, rawkey.PublicFindings(pub)))
	assert.Equal(t, []string{"cert-expired"}, codes(t, rawkey.CertificateFindings(pub, 200)))
	back, comment, err := rawkey.DecodeAuthorizedKey(sshkey.AuthorizedKey(pub, "c"))
	require.NoError(t, err)
	assert.Equal(t, pub, back)
	assert.Equal(t, "c", comment)
}

func TestShownCertificateRefuses(t *testing.T) {
	for name, change := range map[string]func(p *certificateParts){
		"short key":          func(p *certificateParts) { p.key = p.key[1:] },
		"more after it":      func(p *certificateParts) { p.rest = []byte{0} },
		"principals cut off": func(p *certificateParts) { p.principals = p.principals[:len(p.principals)-1] },
		"option twice":       func(p *certificateParts) { p.critical = append(p.critical, p.critical...) },
		"option cut off":     func(p *certificateParts) { p.extensions = p.extensions[:6] },
		"option with data around it": func(p *certificateParts) {
			p.critical = blob("force-command", append(wire.AppendString(nil, "date"), 0))
		},
		"no signature":               func(p *certificateParts) { p.signature = nil },
		"no authority":               func(p *certificateParts) { p.authority = nil },
		"authority with certificate": func(p *certificateParts) { p.authority = bytes.Clone(p.encode()) },
	} {
		parts := newCertificateParts(t)
		change(&parts)
		_, err := rawkey.ParsePublic(parts.encode())
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), name)
	}
	whole := newCertificateParts(t).encode()
	for size := range len(whole) - 1 {
		if size < 1300 && size%50 != 0 && size > 100 {
			continue // inside of the key
		}
		_, err := rawkey.ParsePublic(whole[:size])
		require.Error(t, err, size)
	}
}
