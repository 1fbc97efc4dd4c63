package jwkkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"unicode/utf8"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// Marshal writes a key, its comment as kid: a JSON object with a member on each line. The
// form has no DSA and no certificates. A comment that is not UTF-8 is left out. It returns
// an *sshkey.UnsupportedError for a type that the form lacks, or the errors of [sshkey.Key.Check].
func Marshal(key *sshkey.Key) ([]byte, error) {
	if key == nil {
		return nil, prefixed(&sshkey.InvalidKeyError{Msg: "there is no key to write"})
	}
	if _, err := key.Public(); err != nil { // numbers are missing
		return nil, prefixed(err)
	}
	members := membersOf(key.Private)
	if members == nil {
		return nil, prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedType, What: fmt.Sprintf("a private key of Go type %T in a JSON Web Key", key.Private)})
	}
	var b bytes.Buffer
	b.WriteString("{\n")
	for i, m := range members {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, "  %q: %q", m[0], m[1])
		if i == 0 && key.Comment != "" && utf8.ValidString(key.Comment) {
			kid, err := json.Marshal(key.Comment)
			if err != nil {
				return nil, prefixed(err)
			}
			fmt.Fprintf(&b, ",\n  \"kid\": %s", kid)
		}
	}
	b.WriteString("\n}\n")
	out := b.Bytes()
	back, err := Parse(out)
	if err == nil && !back.Equal(key) {
		err = prefixed(&sshkey.InvalidKeyError{Msg: "the written file holds another key"})
	}
	if err != nil {
		clear(out)
		if err := key.Check(); err != nil {
			return nil, prefixed(err) // the key was bad before it was written
		}
		return nil, err
	}
	return out, nil
}

// membersOf returns the names and values that belong to the type, or nil.
func membersOf(private any) [][2]string {
	text := base64.RawURLEncoding.EncodeToString
	number := func(x *big.Int) string { return text(x.Bytes()) }
	switch key := private.(type) {
	case *rsa.PrivateKey:
		n := rawkey.NumbersLargerFirst(key)
		return [][2]string{
			{"kty", "RSA"}, {"n", number(n.N)}, {"e", number(n.E)}, {"d", number(n.D)}, {"p", number(n.P)}, {"q", number(n.Q)},
			{"dp", number(n.DP)}, {"dq", number(n.DQ)}, {"qi", number(n.QInv)},
		}
	case *ecdsa.PrivateKey:
		scalar, err := rawkey.ECDSAScalar(key)
		point, err2 := key.PublicKey.Bytes() // 4, x and y (SEC 1 section 2.3.3)
		if err != nil || err2 != nil {
			return nil
		}
		defer clear(scalar)
		half := 1 + len(point)/2
		return [][2]string{{"kty", "EC"}, {"crv", key.Params().Name}, {"x", text(point[1:half])}, {"y", text(point[half:])}, {"d", text(scalar)}}
	case ed25519.PrivateKey:
		return [][2]string{{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", text(key[ed25519.SeedSize:])}, {"d", text(key.Seed())}}
	case ed448.PrivateKey:
		return [][2]string{{"kty", "OKP"}, {"crv", "Ed448"}, {"x", text(key[ed448.SeedSize:])}, {"d", text(key[:ed448.SeedSize])}}
	}
	return nil
}
