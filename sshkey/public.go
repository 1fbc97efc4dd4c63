package sshkey

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ed25519"
	"crypto/rsa"
	"strings"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// publicParsers reads the fields behind the algorithm name. What is not here
// (certificates, keys on tokens) is read by golang.org/x/crypto/ssh, which refuses
// Ed448, RSA exponents above 24 bits and DSA keys other than 1024 bits.
var publicParsers = map[string]func(string, *wire.Reader) (ssh.PublicKey, error){
	ssh.KeyAlgoRSA:      parsePublicRSA,
	KeyAlgoDSA:          parsePublicDSA,
	ssh.KeyAlgoECDSA256: parsePublicECDSA,
	ssh.KeyAlgoECDSA384: parsePublicECDSA,
	ssh.KeyAlgoECDSA521: parsePublicECDSA,
	ssh.KeyAlgoED25519:  parsePublicEd25519,
	KeyAlgoED448:        parsePublicEd448,
}

// ParsePublic reads an SSH public key blob (RFC 4253 section 6.6): a plain key, a
// certificate or a key on a token. Bytes after the last field are refused, as ssh-keygen
// does: with them the fingerprint would be another. It returns an *InvalidKeyError, an *UnsupportedError for an unknown
// key type, or a *LimitError.
func ParsePublic(blob []byte) (ssh.PublicKey, error) {
	r := wire.NewReader(blob)
	algorithm := string(r.String("key type"))
	if err := r.Err(); err != nil {
		return nil, invalid("public key: %v", err)
	}
	if parse, ok := publicParsers[algorithm]; ok {
		return parse(algorithm, r)
	}
	pub, err := ssh.ParsePublicKey(bytes.Clone(blob)) // a certificate would share its memory
	switch {
	case err == nil:
		return pub, nil
	case isKnownAlgorithm(algorithm):
		return nil, invalid("public key of type %s: %s", quote.Short(algorithm), quote.Foreign(err))
	}
	return nil, &UnsupportedError{What: "the key type " + quote.Short(algorithm)}
}

// isKnownAlgorithm is for what golang.org/x/crypto/ssh reads: certificates of the plain
// types, and keys on a token with their certificates.
func isKnownAlgorithm(algorithm string) bool {
	base, isCert := strings.CutSuffix(algorithm, "-cert-v01@openssh.com")
	return isCert && isPlainAlgorithm(base) || strings.HasPrefix(algorithm, "sk-")
}

func isPlainAlgorithm(algorithm string) bool {
	_, isCurve := CurveByAlgorithm(algorithm)
	return isCurve || algorithm == ssh.KeyAlgoRSA || algorithm == KeyAlgoDSA || algorithm == ssh.KeyAlgoED25519
}

func parsePublicRSA(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	e, n := r.Mpint("e"), r.Mpint("n")
	if err := r.End(); err != nil {
		return nil, invalid("RSA public key: %v", err)
	}
	if err := checkKeySize("RSA modulus in bits", n.BitLen(), MaxRSABits); err != nil {
		return nil, err
	}
	if e.BitLen() > 31 {
		return nil, &UnsupportedError{What: "an RSA public exponent above 2^31-1"}
	}
	if e.Int64() < 3 || n.Sign() == 0 {
		return nil, invalid("RSA public key: a number is out of range")
	}
	return ssh.NewPublicKey(&rsa.PublicKey{N: n, E: int(e.Int64())})
}

func parsePublicDSA(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	key := &dsa.PublicKey{}
	key.P, key.Q, key.G, key.Y = r.Mpint("p"), r.Mpint("q"), r.Mpint("g"), r.Mpint("y")
	if err := r.End(); err != nil {
		return nil, invalid("DSA public key: %v", err)
	}
	if err := checkDSASize(key.P, key.Q); err != nil {
		return nil, err
	}
	return ssh.NewPublicKey(key)
}

func parsePublicECDSA(algorithm string, r *wire.Reader) (ssh.PublicKey, error) {
	curve, _ := CurveByAlgorithm(algorithm)
	name, point := r.String("curve name"), r.String("point")
	if err := r.End(); err != nil {
		return nil, invalid("ECDSA public key: %v", err)
	}
	if string(name) != curve.Name {
		return nil, invalid("ECDSA public key: the curve is %s, but the key type says %q", quote.Short(name), curve.Name)
	}
	pub, err := curve.ParsePoint(point)
	if err != nil {
		return nil, err
	}
	return ssh.NewPublicKey(pub)
}

func parsePublicEd25519(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	key := r.String("public key")
	if err := r.End(); err != nil {
		return nil, invalid("Ed25519 public key: %v", err)
	}
	if len(key) != ed25519.PublicKeySize {
		return nil, invalid("Ed25519 public key: it has %d bytes, not %d", len(key), ed25519.PublicKeySize)
	}
	return ssh.NewPublicKey(ed25519.PublicKey(bytes.Clone(key)))
}

func parsePublicEd448(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	key := r.String("public key")
	if err := r.End(); err != nil {
		return nil, invalid("Ed448 public key: %v", err)
	}
	if len(key) != ed448.PublicKeySize {
		return nil, invalid("Ed448 public key: it has %d bytes, not %d", len(key), ed448.PublicKeySize)
	}
	return Ed448PublicKey(bytes.Clone(key)), nil
}
