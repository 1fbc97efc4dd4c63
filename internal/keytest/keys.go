package keytest

import (
	"bytes"
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"io"
	"math/big"
	"sync"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// KeyType is a type of key that the module knows.
type KeyType struct {
	Name     string // as in testdata/twins: "ecdsa256"
	generate func(t testing.TB) crypto.PrivateKey
}

// AllTypes returns all types of key that can be made.
func AllTypes() []KeyType { return append(Types(), KeyType{"mldsa44-ed25519", newComposite}) }

// Types returns the types that PuTTY has, which are also those of every format.
func Types() []KeyType {
	return []KeyType{
		{"rsa2048", newRSA},
		{"dsa1024", newDSA},
		{"ecdsa256", newECDSA(elliptic.P256())},
		{"ecdsa384", newECDSA(elliptic.P384())},
		{"ecdsa521", newECDSA(elliptic.P521())},
		{"ed25519", newEdwards(ed25519.GenerateKey)},
		{"ed448", newEdwards(ed448.GenerateKey)},
	}
}

// Type returns the type with that name.
func Type(t testing.TB, name string) KeyType {
	t.Helper()
	for _, kt := range AllTypes() {
		if kt.Name == name {
			return kt
		}
	}
	t.Fatalf("there is no key type %q", name)
	return KeyType{}
}

// New makes a random key with a comment. A test may change what it gets.
func (kt KeyType) New(t testing.TB) *sshkey.Key {
	t.Helper()
	return &sshkey.Key{Private: kt.generate(t), Comment: kt.Name + " random"}
}

// rsaPool keeps tests quick: making an RSA key takes a tenth of a second.
var rsaPool = sync.OnceValues(func() ([]*rsa.PrivateKey, error) {
	var pool []*rsa.PrivateKey
	for range 2 {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		pool = append(pool, key)
	}
	return pool, nil
})

var rsaNext struct {
	sync.Mutex
	n int
}

// newRSA returns the keys of the pool in turn. Programs differ in which prime comes
// first, so the order of the primes alternates too.
func newRSA(t testing.TB) crypto.PrivateKey {
	t.Helper()
	pool, err := rsaPool()
	require.NoError(t, err)
	rsaNext.Lock()
	turn := rsaNext.n
	rsaNext.n++
	rsaNext.Unlock()
	key := pool[turn%len(pool)]
	p, q := key.Primes[0], key.Primes[1]
	if (p.Cmp(q) < 0) == (turn/len(pool)%2 == 0) {
		p, q = q, p
	}
	own, err := rawkey.NewRSA(rawkey.RSANumbers{N: clone(key.N), E: big.NewInt(int64(key.E)), D: clone(key.D), P: clone(p), Q: clone(q)})
	require.NoError(t, err)
	return own
}

func clone(x *big.Int) *big.Int { return new(big.Int).Set(x) }

// newDSA takes the parameters from a file, since making them takes seconds.
func newDSA(t testing.TB) crypto.PrivateKey {
	t.Helper()
	line := bytes.Fields(Read(t, "twins", "dsa1024.pub"))
	blob, err := base64.StdEncoding.DecodeString(string(line[1]))
	require.NoError(t, err)
	pub, err := rawkey.ParsePublic(blob)
	require.NoError(t, err)
	key := &dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: pub.(ssh.CryptoPublicKey).CryptoPublicKey().(*dsa.PublicKey).Parameters}}
	require.NoError(t, dsa.GenerateKey(key, rand.Reader))
	return key
}

func newECDSA(curve elliptic.Curve) func(testing.TB) crypto.PrivateKey {
	return func(t testing.TB) crypto.PrivateKey {
		t.Helper()
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		return key
	}
}

func newEdwards[Public, Private any](generate func(random io.Reader) (Public, Private, error)) func(testing.TB) crypto.PrivateKey {
	return func(t testing.TB) crypto.PrivateKey {
		t.Helper()
		_, key, err := generate(rand.Reader)
		require.NoError(t, err)
		return key
	}
}

func newComposite(t testing.TB) crypto.PrivateKey {
	t.Helper()
	seeds := make([]byte, 64)
	_, err := rand.Read(seeds)
	require.NoError(t, err)
	key, err := rawkey.NewMLDSA44Ed25519(rawkey.KeyAlgoMLDSA44Ed25519, nil, seeds)
	require.NoError(t, err)
	return key
}
