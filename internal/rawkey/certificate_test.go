package rawkey_test

import (
	"crypto/rand"
	"encoding/binary"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// unsorted returns a certificate of a key whose options are in the order given, and signed
// in that order.
func unsorted(t *testing.T, pub ssh.PublicKey, critical, extensions []string) []byte {
	t.Helper()
	options := func(names []string) (b []byte) {
		for _, name := range names {
			b = wire.AppendString(wire.AppendString(b, name), wire.AppendString(nil, "value"))
		}
		return b
	}
	blob := pub.Marshal()
	r := wire.NewReader(blob)
	r.String("type")
	b := wire.AppendString(nil, pub.Type()+"-cert-v01@openssh.com")
	b = append(wire.AppendString(b, "nonce"), r.Rest()...)
	b = binary.BigEndian.AppendUint64(b, 7)
	b = binary.BigEndian.AppendUint32(b, ssh.UserCert)
	b = wire.AppendString(wire.AppendString(b, "the id"), wire.AppendString(nil, "root"))
	b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, 0), ssh.CertTimeInfinity)
	b = wire.AppendString(wire.AppendString(b, options(critical)), options(extensions))
	ca, err := ssh.NewSignerFromKey(keytest.Type(t, "ed25519").New(t).Private)
	require.NoError(t, err)
	b = wire.AppendString(wire.AppendString(b, ""), ca.PublicKey().Marshal())
	signature, err := ca.Sign(rand.Reader, b)
	require.NoError(t, err)
	return wire.AppendString(b, ssh.Marshal(signature))
}

// TestUnsortedCertificate: OpenSSH and PuTTY do not look at the order. What is written is
// what was signed.
func TestUnsortedCertificate(t *testing.T) {
	for _, kt := range keytest.Types() {
		if kt.Name == "ed448" || kt.Name == "dsa1024" { // no certificates, or not with this q
			continue
		}
		key := kt.New(t)
		pub, err := key.Public()
		require.NoError(t, err)
		blob := unsorted(t, pub, []string{"source-address", "force-command"}, []string{"permit-pty", "permit-agent-forwarding"})
		got, err := rawkey.ParsePublic(blob)
		require.NoError(t, err, kt.Name)
		cert := got.(*ssh.Certificate)
		assert.True(t, rawkey.HasUnsortedOptions(cert))
		assert.Equal(t, "the id", cert.KeyId)
		assert.Len(t, cert.Extensions, 2)
		assert.Len(t, cert.CriticalOptions, 2)
		assert.Equal(t, blob, rawkey.Blob(cert))
		key.Certificate = cert
		require.NoError(t, key.Check())

		for _, line := range [][]byte{sshkey.AuthorizedKey(cert, "c"), rawkey.RFC4716(cert, "c")} {
			decode := rawkey.DecodeAuthorizedKey
			if line[0] == '-' {
				decode = rawkey.DecodeRFC4716
			}
			back, _, err := decode(line)
			require.NoError(t, err)
			assert.Equal(t, blob, rawkey.Blob(back), "the bytes that were signed")
		}
	}
}

func TestUnsortedCertificateDamaged(t *testing.T) {
	pub, err := keytest.Type(t, "rsa2048").New(t).Public()
	require.NoError(t, err)
	twice := unsorted(t, pub, nil, []string{"b", "a", "b"})
	good := unsorted(t, pub, nil, []string{"b", "a"})
	for n := range good {
		_, err := rawkey.ParsePublic(good[:n])
		require.Error(t, err, n)
	}
	for _, blob := range [][]byte{twice, append(good, 0)} {
		_, err := rawkey.ParsePublic(blob)
		requireKnownError(t, err)
	}
	sorted, err := rawkey.ParsePublic(unsorted(t, pub, nil, []string{"a", "b"}))
	require.NoError(t, err)
	assert.False(t, rawkey.HasUnsortedOptions(sorted))
	assert.False(t, rawkey.HasUnsortedOptions(pub))
}
