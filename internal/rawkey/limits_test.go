package rawkey_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// spkiOf is the PEM block of a public key, however large it is.
func spkiOf(t *testing.T, key any) []byte {
	t.Helper()
	pub, err := ssh.NewPublicKey(key)
	require.NoError(t, err)
	out, err := rawkey.SPKI(pub)
	require.NoError(t, err)
	return out
}

// certificateOf is a certificate for a key that an authority has signed, unsigned.
func certificateOf(t *testing.T, key, authority *rsa.PublicKey) []byte {
	t.Helper()
	cert := &ssh.Certificate{Nonce: []byte("nonce"), CertType: ssh.UserCert, Signature: &ssh.Signature{Format: ssh.KeyAlgoRSA}}
	var err error
	cert.Key, err = ssh.NewPublicKey(key)
	require.NoError(t, err)
	cert.SignatureKey, err = ssh.NewPublicKey(authority)
	require.NoError(t, err)
	return cert.Marshal()
}

// TestRSAModulusInEveryForm: a modulus above the limit is refused in each form of a
// public key, and one at the limit is taken.
func TestRSAModulusInEveryForm(t *testing.T) {
	rsaOf := func(bits uint) *rsa.PublicKey {
		return &rsa.PublicKey{N: add(new(big.Int).Lsh(one, bits-1), 1), E: 65537}
	}
	small := rsaOf(2048)
	parse := func(blob []byte) error { _, err := rawkey.ParsePublic(blob); return err }
	line := func(name string, blob []byte) []byte {
		return []byte(name + " " + base64.StdEncoding.EncodeToString(blob) + "\n")
	}
	rsaBlob := func(k *rsa.PublicKey) []byte { return blob(ssh.KeyAlgoRSA, k.E, k.N) }
	forms := map[string]func(k *rsa.PublicKey) error{
		"blob":        func(k *rsa.PublicKey) error { return parse(rsaBlob(k)) },
		"certificate": func(k *rsa.PublicKey) error { return parse(certificateOf(t, k, small)) },
		"authority":   func(k *rsa.PublicKey) error { return parse(certificateOf(t, small, k)) },
		"authorized_keys": func(k *rsa.PublicKey) error {
			_, _, err := rawkey.DecodeAuthorizedKey(line(ssh.KeyAlgoRSA, rsaBlob(k)))
			return err
		},
		"certificate line": func(k *rsa.PublicKey) error {
			_, _, err := rawkey.DecodeAuthorizedKey(line(ssh.CertAlgoRSAv01, certificateOf(t, k, small)))
			return err
		},
		"RFC 4716": func(k *rsa.PublicKey) error {
			pub, err := ssh.NewPublicKey(k)
			require.NoError(t, err)
			_, _, err = rawkey.DecodeRFC4716(rawkey.RFC4716(pub, ""))
			return err
		},
		"SPKI": func(k *rsa.PublicKey) error { _, err := rawkey.DecodeSPKI(spkiOf(t, k)); return err },
		"PKCS#1": func(k *rsa.PublicKey) error {
			_, err := rawkey.DecodeSPKI(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(k)}))
			return err
		},
	}
	for name, read := range forms {
		require.NoError(t, read(rsaOf(sshkey.MaxRSABits)), name)
		for _, bits := range []uint{sshkey.MaxRSABits + 1, 4_000_000} {
			err := read(rsaOf(bits))
			if invalid := (*sshkey.InvalidKeyError)(nil); strings.HasPrefix(name, "certificate") || name == "authority" {
				require.ErrorAs(t, err, &invalid, name) // golang.org/x/crypto/ssh has the same limit
				continue
			}
			var limit *sshkey.LimitError
			require.ErrorAs(t, err, &limit, name)
			assert.Equal(t, &sshkey.LimitError{Kind: sshkey.LimitKeySize, What: "RSA modulus in bits", Value: uint64(bits), Max: sshkey.MaxRSABits}, limit, name)
		}
	}
}

// TestContinuedHeader: a header of RFC 4716 that goes over very many lines is read in
// memory that grows with its length.
func TestContinuedHeader(t *testing.T) {
	read := func(n int) uint64 {
		data := []byte("---- BEGIN SSH2 PUBLIC KEY ----\nComment: a\\\n" + strings.Repeat("xx\\\n", n) + "\nAAAA\n---- END SSH2 PUBLIC KEY ----\n")
		return keytest.Allocated(func() {
			_, _, err := rawkey.DecodeRFC4716(data)
			require.Error(t, err)
		})
	}
	assert.Less(t, read(40_000), 3*read(20_000))
}
