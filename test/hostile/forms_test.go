package hostile

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	stdpem "encoding/pem"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/dropbearkey"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// form is a form of a private key file, with a cheap key derivation.
type form struct {
	name  string
	types string // the beginning of the names of the types that it has, or "" for all
	write func(key *sshkey.Key) ([]byte, error)
	// unproved are the types of which the form holds only the private half, so that a
	// reader cannot notice a wrong number.
	unproved string
}

// forms are those that are written, and SEC 1 without the public half, which is legal.
var forms = []form{
	{"PKCS#1", "rsa", pem(pemkey.Traditional, ""), ""},
	{"PKCS#1 encrypted", "rsa", sealedPEM(pemkey.Traditional, "", 0), ""},
	{"DSA", "dsa", pem(pemkey.Traditional, ""), ""},
	{"DSA encrypted", "dsa", sealedPEM(pemkey.Traditional, "", 0), ""},
	{"SEC 1", "ecdsa", pem(pemkey.Traditional, ""), ""},
	{"SEC 1 encrypted", "ecdsa", sealedPEM(pemkey.Traditional, "", 0), ""},
	{"SEC 1 without a public half", "ecdsa", halfSEC1, "ecdsa"},
	{"PKCS#8", "", pem(pemkey.PKCS8, ""), "ed dsa"},
	{"PKCS#8 encrypted", "", sealedPEM(pemkey.PKCS8, "", 1), "ed dsa"},
	{"openssh-key-v1", "", pem(pemkey.OpenSSH, ""), ""},
	{"openssh-key-v1 in aes256-ctr", "", sealedPEM(pemkey.OpenSSH, "aes256-ctr", 1), ""},
	{"openssh-key-v1 in aes256-cbc", "", sealedPEM(pemkey.OpenSSH, "aes256-cbc", 1), ""},
	{"ssh.com", "rsa dsa", pem(pemkey.SSHCom, ""), ""},
	{"ssh.com encrypted", "rsa dsa", sealedPEM(pemkey.SSHCom, "", 0), ""},
	{"ppk 2", "", puttyKey(2), ""},
	{"ppk 2 encrypted", "", sealedPuttyKey(2), ""},
	{"ppk 3", "", puttyKey(3), ""},
	{"ppk 3 encrypted", "", sealedPuttyKey(3), ""},
	{"JSON Web Key", "rsa ecdsa ed", inBase64(jwkkey.Marshal), ""},
	{"Dropbear", "rsa ecdsa ed25519", inBase64(dropbearkey.Marshal), ""},
	{"PKCS#8 in binary", "rsa ecdsa", inBase64(binaryPKCS8), ""},
}

// has reports whether the form can hold a type. proves reports whether its file has
// something to compare the private half with.
func (f form) has(keyType string) bool    { return f.types == "" || beginsWithOne(keyType, f.types) }
func (f form) proves(keyType string) bool { return !beginsWithOne(keyType, f.unproved) }

func beginsWithOne(name, beginnings string) bool {
	for _, beginning := range strings.Fields(beginnings) {
		if strings.HasPrefix(name, beginning) {
			return true
		}
	}
	return false
}

func pem(encoding pemkey.Encoding, cipher string) func(*sshkey.Key) ([]byte, error) {
	return func(key *sshkey.Key) ([]byte, error) {
		return pemkey.Marshal(key, &pemkey.Options{Encoding: encoding, Cipher: cipher})
	}
}

func sealedPEM(encoding pemkey.Encoding, cipher string, rounds uint64) func(*sshkey.Key) ([]byte, error) {
	return func(key *sshkey.Key) ([]byte, error) {
		return pemkey.MarshalWithPassphrase(key, []byte(passphrase), &pemkey.Options{Encoding: encoding, Cipher: cipher, Rounds: rounds})
	}
}

func puttyKey(version int) func(*sshkey.Key) ([]byte, error) {
	return func(key *sshkey.Key) ([]byte, error) { return ppk.Marshal(key, &ppk.Options{Version: version}) }
}

func sealedPuttyKey(version int) func(*sshkey.Key) ([]byte, error) {
	return func(key *sshkey.Key) ([]byte, error) {
		o := &ppk.Options{Version: version}
		if version == 3 {
			o.Argon2 = &ppk.Argon2Params{Memory: 8, Passes: 1}
		}
		return ppk.MarshalWithPassphrase(key, []byte(passphrase), o)
	}
}

// inBase64 writes what is not text in lines of base64, which read decodes.
func inBase64(write func(*sshkey.Key) ([]byte, error)) func(*sshkey.Key) ([]byte, error) {
	return func(key *sshkey.Key) ([]byte, error) {
		data, err := write(key)
		text := pemblock.Encode("X", nil, data)
		text = text[bytes.IndexByte(text, '\n')+1:]
		return text[:bytes.Index(text, []byte("-----END"))], err
	}
}

func binaryPKCS8(key *sshkey.Key) ([]byte, error) {
	text, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.PKCS8})
	if err != nil {
		return nil, err
	}
	block, _ := stdpem.Decode(text)
	return block.Bytes, nil
}

var curves = map[string]asn1.ObjectIdentifier{
	"P-256": {1, 2, 840, 10045, 3, 1, 7}, "P-384": {1, 3, 132, 0, 34}, "P-521": {1, 3, 132, 0, 35},
}

// halfSEC1 writes the form of RFC 5915 without its optional public key.
func halfSEC1(key *sshkey.Key) ([]byte, error) {
	private := key.Private.(*ecdsa.PrivateKey)
	scalar, err := rawkey.ECDSAScalar(private)
	if err != nil {
		return nil, err
	}
	der, err := asn1.Marshal(struct {
		Version int
		Private []byte
		Curve   asn1.ObjectIdentifier `asn1:"explicit,tag:0"`
	}{1, scalar, curves[private.Params().Name]})
	return pemblock.Encode("EC PRIVATE KEY", nil, der), err
}

// fresh makes a key. RSA keys take long, so only the long run makes them: otherwise they
// come from a small pool.
func fresh(t testing.TB, kt keytest.KeyType) *sshkey.Key {
	t.Helper()
	if kt.Name != "rsa2048" || size(0, 1) == 0 {
		return kt.New(t)
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return &sshkey.Key{Private: private, Comment: "fresh"}
}
