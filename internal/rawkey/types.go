package rawkey

import (
	"crypto"
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// Type is everything that this module knows of one type of key, apart from how the
// formats encode it. Each type has one value, in the file of its name. A capability that
// is left out is one that the type does not have, or that is not known.
type Type struct {
	// Name is what people and keyconv generate call it: "rsa", "ed25519".
	Name string
	// Title begins a sentence: "RSA", "Ed25519".
	Title string
	// Algorithms are the names of its public keys: "ssh-rsa".
	Algorithms []string
	// Token says that the secret is inside a security token (FIDO), and so in no file.
	Token bool

	// TraditionalPEM says that there is a form of it in PEM from before PKCS#8.
	TraditionalPEM bool
	// PKCS8 says that PKCS#8 has an algorithm for it that SSH uses.
	PKCS8 bool
	// SSHCom says that the form of ssh.com holds it.
	SSHCom bool
	// JWK says that RFC 7517 and those after it have a JSON Web Key of the type.
	JWK bool
	// Dropbear says that Dropbear has the type.
	Dropbear bool
	// Certificates says that OpenSSH issues certificates for it.
	Certificates bool
	// ConsolesHashDER says that consoles of clouds show fingerprints of its forms in DER.
	ConsolesHashDER bool
	// PuTTY and OpenSSH are the first versions of the programs, and so of their agents
	// and of the .ppk, that have the type.
	PuTTY, OpenSSH Since
	// OpenSSHUntil is the last version of OpenSSH that has the type, and OpenSSHDropped the
	// first without; "" where every later version has it.
	OpenSSHUntil, OpenSSHDropped string

	// Sizes are the sizes that Generate makes.
	Sizes Sizes
	// CommentName begins the comment that PuTTYgen gives a new key; "" means Name.
	CommentName string

	// shownCertificates says that golang.org/x/crypto/ssh does not read its certificates.
	shownCertificates bool

	size        int                                                           // in bits, of a type that has one size
	bits        func(public crypto.PublicKey) int                             // of any other type; 0 for a key that is not of it
	parsePublic func(algorithm string, r *wire.Reader) (ssh.PublicKey, error) // nil for what golang.org/x/crypto/ssh reads
	material    func(private crypto.PrivateKey) material                      // nil for a private key of another type
	findings    func(pub crypto.PublicKey, private crypto.PrivateKey) []Finding
	generate    func(bits int) (crypto.PrivateKey, error) // nil for a type that is not made
	// checkSteps and validateSteps are what the checks of a key of that size cost, as
	// measured; nil for MaxCheckSteps, and for no more than checkSteps.
	checkSteps, validateSteps func(bits uint64) uint64
	// rewrite returns the other ways in which programs write down a key that was checked; nil
	// for a type that has only one.
	rewrite func(private crypto.PrivateKey) []crypto.PrivateKey
	// publicParts and privateParts list what a key is made of; nil for a type without a list.
	publicParts, privateParts func(key any) []Part
}

// Since is the first version of a program that has something. The zero value means "not
// known", so that nothing is promised that was not looked up.
type Since string

const (
	// Never is for what a program does not have.
	Never Since = "never"
	// Always is for what every version in use has.
	Always Since = "always"
)

// Sizes are sizes of a key in bits: those of a list, or all from Min to Max.
type Sizes struct {
	Default  int
	Only     []int
	Min, Max int
}

// Has reports whether a size is one of them.
func (s Sizes) Has(bits int) bool {
	return slices.Contains(s.Only, bits) || s.Max > 0 && bits >= s.Min && bits <= s.Max
}

// String lists the sizes for a person: "256, 384 or 521", "2048 to 8192".
func (s Sizes) String() string {
	if s.Max > 0 {
		return fmt.Sprintf("%d to %d", s.Min, s.Max)
	}
	var all []string
	for _, size := range s.Only {
		all = append(all, fmt.Sprint(size))
	}
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

// types begins with the default type of a new key.
var types = []Type{
	ed25519Type, ed448Type, ecdsaType, rsaType, dsaType, mldsa44Ed25519Type,
	mldsa44Ed25519ExperimentalType, ed25519TokenType, ecdsaTokenType,
}

// Types returns all types: the default type of a new key first, and those that are not made
// last.
func Types() []Type { return slices.Clone(types) }

// CanGenerate reports whether [Type.Generate] makes such keys.
func (t Type) CanGenerate() bool { return t.generate != nil }

// Generate makes a new private key from the system's random numbers; 0 bits mean the
// default size. It returns an *sshkey.UnsupportedError for a size or a type that cannot be
// made.
func (t Type) Generate(bits int) (crypto.PrivateKey, error) {
	if bits == 0 {
		bits = t.Sizes.Default
	}
	if !t.CanGenerate() || !t.Sizes.Has(bits) {
		return nil, unsupported("option", fmt.Sprintf("the type %s with %d bits", t.Name, bits))
	}
	return t.generate(bits)
}

// Rewritten returns a key that passed [Check] in the other ways in which programs write
// down its numbers: with the primes of RSA in another order, or another d. nil for a type that
// has only one way.
func Rewritten(private crypto.PrivateKey) []crypto.PrivateKey {
	for _, t := range types {
		if t.rewrite != nil && t.material(private) != nil {
			return t.rewrite(private)
		}
	}
	return nil
}

// primalitySteps returns what the test of one number costs. It computes powers of the
// number, and their work grows with the cube of its length.
func primalitySteps(bits uint64) uint64 {
	return uint64(primalityRounds(int(bits))+3) * (bits * bits * bits / 2500)
}

// primalityRounds returns the number of Miller-Rabin rounds for a number of some bits.
// The Baillie-PSW test is always done as well, and no composite number is known to pass
// it. 20 is the number of crypto/rsa; a prime of 8192 bits would take 4 s with it.
func primalityRounds(bits int) int {
	switch {
	case bits <= 3072:
		return 20
	case bits <= 4096:
		return 5
	}
	return 0
}

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
