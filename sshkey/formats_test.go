package sshkey_test

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"math"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/dropbearkey"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/jkskey"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/mskey"
	"github.com/keyconv/keyconv/p12key"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/ssh1key"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// named reports whether an error is of one of the types that package sshkey has for them.
func named(err error) bool {
	if errors.Is(err, sshkey.ErrIncorrectPassphrase) {
		return true
	}
	_, syntax := errors.AsType[*sshkey.SyntaxError](err)
	_, unsupported := errors.AsType[*sshkey.UnsupportedError](err)
	_, limit := errors.AsType[*sshkey.LimitError](err)
	_, invalid := errors.AsType[*sshkey.InvalidKeyError](err)
	_, missing := errors.AsType[*sshkey.PassphraseMissingError](err)
	return syntax || unsupported || limit || invalid || missing
}

// unusableKeys are values that no reader makes.
func unusableKeys() []*sshkey.Key {
	return []*sshkey.Key{
		{}, {Private: "text"}, {Private: &rsa.PrivateKey{}}, {Private: (*rsa.PrivateKey)(nil)}, {Private: &dsa.PrivateKey{}},
		{Private: &ecdsa.PrivateKey{}}, {Private: ed25519.PrivateKey(nil)}, {Private: make(ed25519.PrivateKey, 64)},
		{Private: ed448.PrivateKey{}}, {Private: &rawkey.CarriedKey{}}, {Private: (*rawkey.CarriedKey)(nil)},
		{Private: &sshkey.MLDSA44Ed25519PrivateKey{}}, {Private: make(ed25519.PrivateKey, 64), Certificate: &ssh.Certificate{}},
	}
}

// decrypter is the File of a format.
type decrypter interface {
	Decrypt(passphrase []byte) (*sshkey.Key, error)
}

// TestFilesThatDidNotComeFromDecode: a zero File gives an error, and no panic.
func TestFilesThatDidNotComeFromDecode(t *testing.T) {
	for _, f := range []decrypter{
		&ppk.File{}, &pemkey.File{}, &ssh1key.File{}, &p12key.File{}, &jkskey.File{}, &jwkkey.File{}, &dropbearkey.File{}, &mskey.File{},
		(*ppk.File)(nil), (*pemkey.File)(nil), (*ssh1key.File)(nil), (*p12key.File)(nil), (*jkskey.File)(nil), (*jwkkey.File)(nil),
		(*dropbearkey.File)(nil), (*mskey.File)(nil),
		&ppk.File{Version: 3, Encryption: "aes256-cbc"}, &pemkey.File{Encryption: "none"}, &p12key.File{Keys: 5}, &mskey.File{Encryption: "none"},
	} {
		for _, passphrase := range [][]byte{nil, {}, []byte("x")} {
			key, err := f.Decrypt(passphrase)
			assert.Nil(t, key)
			assert.ErrorContains(t, err, "did not come from Decode", "%T", f)
			assert.True(t, named(err), "%T", f)
		}
		if f, ok := f.(interface{ Encrypted() bool }); ok {
			f.Encrypted()
		}
	}
	for _, index := range []int{-1, 0, 1, math.MaxInt} {
		_, err := (&p12key.File{Keys: 2}).Pick(index)
		assert.True(t, named(err))
		_, err = (&jkskey.File{Keys: 2}).Pick(index)
		assert.True(t, named(err))
		_, err = (&jwkkey.File{Keys: 2}).Pick(index)
		assert.True(t, named(err))
		_, err = (&pemkey.File{}).Pick(index)
		assert.True(t, named(err))
	}
	assert.Nil(t, (&pemkey.File{}).Carried())
	assert.Equal(t, 1, (&pemkey.File{}).BlockKeys())
	assert.True(t, named((&pemkey.File{}).Usable()))
	assert.False(t, (&pemkey.File{}).SameContent(nil))
	_, err := new(ppk.Decrypter).Decrypt(&ppk.File{})
	assert.True(t, named(err))
	assert.True(t, new(ppk.Decrypter).Has(nil))
}

// TestWritersRefuseWhatIsNoKey: no key, and keys that no reader made.
func TestWritersRefuseWhatIsNoKey(t *testing.T) {
	secret := []byte("secret")
	writers := map[string]func(*sshkey.Key) ([]byte, error){
		"ppk": func(k *sshkey.Key) ([]byte, error) { return ppk.Marshal(k, nil) },
		"ppk, enc": func(k *sshkey.Key) ([]byte, error) {
			return ppk.MarshalWithPassphrase(k, secret, &ppk.Options{Version: 2})
		},
		"jwk":      jwkkey.Marshal,
		"dropbear": dropbearkey.Marshal,
	}
	for name, encoding := range map[string]pemkey.Encoding{"pem": pemkey.Traditional, "pkcs8": pemkey.PKCS8, "openssh": pemkey.OpenSSH, "sshcom": pemkey.SSHCom, "17": 17, "-1": -1} {
		writers[name] = func(k *sshkey.Key) ([]byte, error) { return pemkey.Marshal(k, &pemkey.Options{Encoding: encoding}) }
		writers[name+", enc"] = func(k *sshkey.Key) ([]byte, error) {
			return pemkey.MarshalWithPassphrase(k, secret, &pemkey.Options{Encoding: encoding, Rounds: 1})
		}
	}
	for name, write := range writers {
		for _, key := range append(unusableKeys(), nil) {
			out, err := write(key)
			assert.Nil(t, out, name)
			assert.True(t, named(err), "%s: %v", name, err)
		}
	}
}

// TestOptionsThatDoNotFit are refused, also where nothing is encrypted.
func TestOptionsThatDoNotFit(t *testing.T) {
	for _, encoding := range []pemkey.Encoding{pemkey.Traditional, pemkey.PKCS8, pemkey.OpenSSH, pemkey.SSHCom} {
		for _, o := range []pemkey.Options{{Cipher: "nonsense"}, {KDF: "nonsense"}, {Rounds: 1 << 40}, {Memory: 1 << 40}, {Parallelism: 7}} {
			o.Encoding = encoding
			for _, passphrase := range []string{"", "secret"} {
				key := keytest.Type(t, "rsa2048").New(t)
				var out []byte
				var err error
				if passphrase == "" {
					out, err = pemkey.Marshal(key, &o)
				} else {
					out, err = pemkey.MarshalWithPassphrase(key, []byte(passphrase), &o)
				}
				assert.Nil(t, out)
				assert.True(t, named(err), "%+v, passphrase %q: %v", o, passphrase, err)
			}
		}
	}
}

// TestMissingPassphrase: none is not a wrong one. TestDecryptWithoutPassphrase of package ppk
// makes sure that nothing is derived.
func TestMissingPassphrase(t *testing.T) {
	parsers := map[string]func(data, passphrase []byte) (*sshkey.Key, error){
		"ed25519.v3.enc.ppk": ppk.ParseWithPassphrase, "ed25519.v2.enc.ppk": ppk.ParseWithPassphrase,
		"rsa2048.aes256.pem": pemkey.ParseWithPassphrase, "rsa2048.pkcs8.enc.pem": pemkey.ParseWithPassphrase,
		"ed25519.enc.openssh": pemkey.ParseWithPassphrase, "rsa2048.enc.sshcom": pemkey.ParseWithPassphrase,
	}
	for name, parse := range parsers {
		data := keytest.Read(t, "twins", name)
		for _, none := range [][]byte{nil, {}} {
			key, err := parse(data, none)
			assert.Nil(t, key)
			_, ok := errors.AsType[*sshkey.PassphraseMissingError](err)
			require.True(t, ok, "%s: %v", name, err)
			assert.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		}
	}
}
