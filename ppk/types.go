package ppk

import (
	"crypto"
	"crypto/ed25519"
	"strings"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// keyType says what the private blob of one key type consists of. Each is in a file of
// its own.
type keyType struct {
	// parse reads the private blob and puts it together with the public half.
	parse func(pub ssh.PublicKey, private *wire.Reader) (crypto.PrivateKey, error)
	// marshal writes the private blob.
	marshal func(private crypto.PrivateKey) []byte
}

// keyTypes are the types that PuTTY has, by the algorithm names of package sshkey.
var keyTypes = map[string]keyType{
	ssh.KeyAlgoRSA:      {parseRSA, marshalRSA},
	rawkey.KeyAlgoDSA:   {parseDSA, marshalDSA},
	ssh.KeyAlgoECDSA256: {parseECDSA, marshalECDSA},
	ssh.KeyAlgoECDSA384: {parseECDSA, marshalECDSA},
	ssh.KeyAlgoECDSA521: {parseECDSA, marshalECDSA},
	ssh.KeyAlgoED25519:  eddsa[ed25519.PublicKey](ed25519.SeedSize, rawkey.NewEd25519),
	rawkey.KeyAlgoED448: eddsa[ed448.PublicKey](ed448.SeedSize, rawkey.NewEd448),
}

const certSuffix = "-cert-v01@openssh.com"

// blobAlgorithm returns the name in the public blob where the first line has algorithm.
// PuTTY lets the first line name an RSA signature algorithm.
func blobAlgorithm(algorithm string) string {
	base, isCert := strings.CutSuffix(algorithm, certSuffix)
	if base == ssh.KeyAlgoRSASHA256 || base == ssh.KeyAlgoRSASHA512 {
		base = ssh.KeyAlgoRSA
	}
	if isCert {
		return base + certSuffix
	}
	return base
}

// typeOf returns the type of a key or of a certified key. Types for which OpenSSH has no
// certificates have none in PuTTY either.
func typeOf(algorithm string) (keyType, bool) {
	name := blobAlgorithm(algorithm)
	_, known := rawkey.TypeOf(name)
	t, ok := keyTypes[strings.TrimSuffix(name, certSuffix)]
	return t, ok && known
}

// cryptoPublic returns the public half as a value of type T of the crypto packages.
func cryptoPublic[T any](pub ssh.PublicKey) (T, error) {
	if c, ok := pub.(ssh.CryptoPublicKey); ok {
		if p, ok := c.CryptoPublicKey().(T); ok {
			return p, nil
		}
	}
	var none T
	return none, &sshkey.InvalidKeyError{Msg: "the public key is of another type than the first line says"}
}

func privateError(err error) error {
	return &sshkey.InvalidKeyError{Msg: "private part: " + err.Error()}
}
