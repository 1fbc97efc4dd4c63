package sshkey_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// certified returns the key with a certificate for users.
func certified(t *testing.T, key *sshkey.Key) *sshkey.Key {
	t.Helper()
	pub, err := key.Public()
	require.NoError(t, err)
	authority, err := keytest.Type(t, "ed25519").New(t).Signer()
	require.NoError(t, err)
	cert := &ssh.Certificate{Key: pub, CertType: ssh.UserCert, ValidPrincipals: []string{"ann"}, ValidBefore: ssh.CertTimeInfinity}
	require.NoError(t, cert.SignCert(rand.Reader, authority))
	with := *key
	with.Certificate = cert
	return &with
}

// signing returns a key of the type. For DSA it is one whose q has 160 bits: package ssh signs with
// no other.
func signing(t *testing.T, kt keytest.KeyType) *sshkey.Key {
	t.Helper()
	if kt.Name != "dsa1024" {
		return kt.New(t)
	}
	dsa, _ := rawkey.TypeOf(rawkey.KeyAlgoDSA)
	private, err := dsa.Generate(1024)
	require.NoError(t, err)
	key, err := sshkey.New(private)
	require.NoError(t, err)
	return key
}

// certifiedEd448 is a key with a certificate that package ssh panics for when it is written.
func certifiedEd448(t *testing.T) sshkey.Key {
	t.Helper()
	key := keytest.Type(t, "ed448").New(t)
	pub, err := key.Public()
	require.NoError(t, err)
	key.Certificate = &ssh.Certificate{Key: pub, SignatureKey: pub}
	return *key
}

// TestSigner: what a signer signs its public half verifies, and RSA without SHA-1.
func TestSigner(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		t.Run(kt.Name, func(t *testing.T) {
			plain := signing(t, kt)
			pub, err := plain.Public()
			require.NoError(t, err)
			if kt.Name == "ed448" || kt.Name == "mldsa44-ed25519" {
				_, err := plain.Signer()
				unsupported, ok := errors.AsType[*sshkey.UnsupportedError](err)
				require.True(t, ok)
				assert.Equal(t, pub.Type(), unsupported.Algorithm)
				return
			}
			for _, key := range []*sshkey.Key{plain, certified(t, plain)} {
				signer, err := key.Signer()
				require.NoError(t, err)
				want, err := rawkey.CertifiedPublic(key.Private, key.Certificate)
				require.NoError(t, err)
				assert.Equal(t, want.Marshal(), signer.PublicKey().Marshal())
				signature, err := signer.Sign(rand.Reader, []byte("data"))
				require.NoError(t, err)
				require.NoError(t, pub.Verify([]byte("data"), signature))
				if pub.Type() == ssh.KeyAlgoRSA {
					assert.Equal(t, ssh.KeyAlgoRSASHA512, signature.Format)
					several := signer.(ssh.MultiAlgorithmSigner)
					assert.Equal(t, []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}, several.Algorithms())
					_, err = several.SignWithAlgorithm(rand.Reader, []byte("data"), ssh.KeyAlgoRSA)
					assert.Error(t, err, "SHA-1")
				}
			}
		})
	}
}

// TestSignerRefuses: an error comes before a login, and is one of those in the documents.
func TestSignerRefuses(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	other := certified(t, keytest.Type(t, "ed25519").New(t)).Certificate
	unsigned := certified(t, key).Certificate
	unsigned.SignatureKey = nil
	for name, tt := range map[string]struct {
		key         sshkey.Key
		unsupported bool
	}{
		"a zero key":                  {sshkey.Key{}, true},
		"a carried key":               {sshkey.Key{Private: &rawkey.CarriedKey{Public: rawkey.Ed448PublicKey(make([]byte, 57))}}, true},
		"another's certificate":       {sshkey.Key{Private: key.Private, Certificate: other}, false},
		"an empty certificate":        {sshkey.Key{Private: key.Private, Certificate: &ssh.Certificate{}}, false},
		"a certificate of nobody":     {sshkey.Key{Private: key.Private, Certificate: unsigned}, false},
		"a certificate of Ed448":      {certifiedEd448(t), true},
		"missing numbers":             {sshkey.Key{Private: &rsa.PrivateKey{}}, false},
		"a nil pointer":               {sshkey.Key{Private: (*ecdsa.PrivateKey)(nil)}, false},
		"half an Ed25519 key":         {sshkey.Key{Private: make(ed25519.PrivateKey, 32)}, false},
		"an Ed448 key without length": {sshkey.Key{Private: ed448.PrivateKey(nil)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.key.Signer()
			assertKind(t, tt.unsupported, err)
			_, err = tt.key.AddedKeys()
			assertKind(t, tt.unsupported, err)
		})
	}
	_, err := keytest.Type(t, "dsa1024").New(t).Signer() // q has 224 bits
	assertKind(t, true, err)
	small, err := rawkey.NewRSA(rawkey.RSANumbers{N: big.NewInt(35), E: big.NewInt(5), D: big.NewInt(5), P: big.NewInt(7), Q: big.NewInt(5)})
	require.NoError(t, err)
	_, err = (&sshkey.Key{Private: small}).Signer()
	assertKind(t, true, err)
}

func assertKind(t *testing.T, unsupported bool, err error) {
	t.Helper()
	_, invalid := errors.AsType[*sshkey.InvalidKeyError](err)
	assert.Equal(t, unsupported, errors.Is(err, errors.ErrUnsupported), "%v", err)
	assert.Equal(t, !unsupported, invalid, "%v", err)
}

// TestNew takes what other packages return, and checks it.
func TestNew(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		want := kt.New(t)
		got, err := sshkey.New(want.Private)
		require.NoError(t, err, kt.Name)
		assert.True(t, want.Equal(got), kt.Name)
	}
	private := keytest.Type(t, "ed25519").New(t).Private.(ed25519.PrivateKey)
	block, err := ssh.MarshalPrivateKey(private, "")
	require.NoError(t, err)
	raw, err := ssh.ParseRawPrivateKey(pem.EncodeToMemory(block))
	require.NoError(t, err)
	require.IsType(t, &private, raw, "this is what New is for")
	key, err := sshkey.New(raw)
	require.NoError(t, err)
	assert.Equal(t, private, key.Private)

	edwards := keytest.Type(t, "ed448").New(t).Private.(ed448.PrivateKey)
	key, err = sshkey.New(&edwards)
	require.NoError(t, err)
	assert.Equal(t, edwards, key.Private)

	spoiled := append(ed25519.PrivateKey{}, private...)
	spoiled[0] ^= 1
	for _, bad := range []any{nil, (*ed25519.PrivateKey)(nil), (*ed448.PrivateKey)(nil), "text", private.Public(), rsa.PrivateKey{}} {
		_, err := sshkey.New(bad)
		assertKind(t, true, err)
	}
	for _, bad := range []any{spoiled, &spoiled, (*rsa.PrivateKey)(nil), &ecdsa.PrivateKey{}} {
		_, err := sshkey.New(bad)
		assertKind(t, false, err)
	}
}

// TestAddedKeys gives keys to an agent, which signs with what it got.
func TestAddedKeys(t *testing.T) {
	here, there := net.Pipe()
	keyring := agent.NewKeyring()
	go func() { _ = agent.ServeAgent(keyring, there) }() // until the pipe is closed
	t.Cleanup(func() { _ = here.Close() })
	client := agent.NewClient(here)
	for _, kt := range keytest.Types() {
		if kt.Name == "ed448" {
			_, err := kt.New(t).AddedKeys()
			assertKind(t, true, err)
			continue
		}
		key := certified(t, signing(t, kt))
		added, err := key.AddedKeys()
		require.NoError(t, err, kt.Name)
		require.Len(t, added, 2)
		for _, a := range added {
			require.NoError(t, client.Add(a), kt.Name)
		}
		pub, err := key.Public()
		require.NoError(t, err)
		for _, as := range []ssh.PublicKey{pub, key.Certificate} {
			signature, err := client.Sign(as, []byte("data"))
			require.NoError(t, err, kt.Name)
			require.NoError(t, pub.Verify([]byte("data"), signature))
		}
	}
	keys, err := client.List()
	require.NoError(t, err)
	require.Len(t, keys, 12)
	assert.Equal(t, "rsa2048 random", keys[0].Comment)
	assert.Equal(t, ssh.CertAlgoRSAv01, keys[1].Type())
	assert.Equal(t, "rsa2048 random", keys[1].Comment)
}
