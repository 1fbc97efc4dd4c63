package rawkey

import (
	"crypto"

	"golang.org/x/crypto/ssh"
)

// Part is one of the values that a key is made of, with the name that "puttygen --dump"
// gives it.
type Part struct {
	Name string
	// Value is a string, a *big.Int or, where it is neither text nor a number, a []byte.
	Value any
}

// PublicParts returns the values of a public key, nil for a type that has no such list. For
// a certificate they are those of the certified key.
func PublicParts(pub ssh.PublicKey) []Part {
	pub = WithoutCertificate(pub)
	t, _ := TypeOf(pub.Type())
	c, ok := pub.(ssh.CryptoPublicKey)
	if !ok || t.publicParts == nil {
		return nil
	}
	return t.publicParts(c.CryptoPublicKey())
}

// PrivateParts returns the secret values of a key that passed [Check], nil for a type
// that has no such list.
func PrivateParts(private crypto.PrivateKey) []Part {
	for _, t := range types {
		if t.privateParts != nil && t.material(private) != nil {
			return t.privateParts(private)
		}
	}
	return nil
}

// partsOf returns a list for any key from one for a Go type, nil for other types.
func partsOf[K any](parts func(K) []Part) func(any) []Part {
	return func(key any) []Part {
		if key, ok := key.(K); ok {
			return parts(key)
		}
		return nil
	}
}
