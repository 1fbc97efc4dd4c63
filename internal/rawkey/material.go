package rawkey

import (
	"bytes"
	"crypto"
	"crypto/subtle"
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/crypto/ssh"
)

// material is a private key of one type. Each type is in a file of its own.
type material interface {
	// complete makes sure that all numbers are there and in range, which public and
	// secret need. It computes nothing with them: every use of a key calls it.
	complete() error
	// check makes sure that the halves match; complete has passed. Parsers call it once
	// for every key.
	check() error
	// validate does the rest of the thorough check; check has passed.
	validate() error
	// public returns the SSH public half.
	public() (ssh.PublicKey, error)
	// secret returns a canonical encoding of the whole private half.
	secret() []byte
}

// testOnlyProof lets a test count the proofs that two halves match, each of which takes longer
// than all the rest of reading a key: a scalar multiplication, an exponentiation of DSA, or the
// divisions of RSA.
var testOnlyProof = func() {}

// materialOf returns a key with the methods of its type, once it is complete.
func materialOf(private crypto.PrivateKey) (material, error) {
	if private, ok := private.(*CarriedKey); ok && private != nil {
		m := carried{private}
		return m, m.complete()
	}
	for i := range types {
		if types[i].material == nil {
			continue
		}
		if m := types[i].material(private); m != nil {
			return m, m.complete()
		}
	}
	return nil, unsupported("key", fmt.Sprintf("a private key of Go type %T", private))
}

// checked checks a key that was put together from numbers.
func checked(m material) error {
	if err := m.complete(); err != nil {
		return err
	}
	return m.check()
}

// Check makes sure that a key is complete and that its halves match.
func Check(private crypto.PrivateKey) error {
	m, err := materialOf(private)
	if err != nil {
		return err
	}
	return m.check()
}

// Validate does what [Check] does, and everything that takes longer.
func Validate(private crypto.PrivateKey) error {
	m, err := materialOf(private)
	if err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return err
	}
	return m.validate()
}

// Public returns the SSH public half of a key, which only has to be complete.
func Public(private crypto.PrivateKey) (ssh.PublicKey, error) {
	m, err := materialOf(private)
	if err != nil {
		return nil, err
	}
	return m.public()
}

// CheckPublic makes sure that a public key is that of a key that passed [Check].
func CheckPublic(private crypto.PrivateKey, pub ssh.PublicKey) error {
	type equaler interface{ Equal(crypto.PublicKey) bool }
	if isECDSAOf(private, pub) {
		return nil
	}
	if key, ok := private.(crypto.Signer); ok {
		mine, hasEqual := key.Public().(equaler)
		if theirs, ok := pub.(ssh.CryptoPublicKey); ok && hasEqual {
			if !mine.Equal(theirs.CryptoPublicKey()) {
				return errPublicHalves()
			}
			return nil
		}
	}
	mine, err := Public(private)
	if err == nil && !bytes.Equal(mine.Marshal(), pub.Marshal()) {
		err = errPublicHalves()
	}
	return err
}

func errPublicHalves() error {
	return invalid("the public key in the clear belongs to another private key")
}

// Equal reports in constant time whether two complete keys have the same numbers.
func Equal(a, b crypto.PrivateKey) bool {
	first, errA := materialOf(a)
	second, errB := materialOf(b)
	if errA != nil || errB != nil {
		return false
	}
	mine, theirs := first.secret(), second.secret()
	defer clear(mine)
	defer clear(theirs)
	return subtle.ConstantTimeCompare(mine, theirs) == 1
}

// CheckCertificate makes sure that a certificate, if there is one, is for the key. Its
// signature is not checked: only a server can say which authority it trusts.
func CheckCertificate(private crypto.PrivateKey, cert *ssh.Certificate) error {
	pub, err := Public(private)
	if err != nil || cert == nil {
		return err
	}
	if cert.Key == nil || !bytes.Equal(cert.Key.Marshal(), pub.Marshal()) {
		return invalid("the certificate is for another key")
	}
	if t, _ := TypeOf(pub.Type()); !t.Certificates || t.shownCertificates { // package ssh panics when it writes one
		return NewUnsupported("form", "a certificate for a key of the type "+quote.Short(pub.Type()), pub.Type())
	}
	if cert.SignatureKey == nil {
		return invalid("the certificate names no authority")
	}
	return nil
}

// CertifiedPublic returns the public half to show to a server: the certificate if there is
// one, otherwise the plain public key. It returns the errors of [Check] and [CheckCertificate].
func CertifiedPublic(private crypto.PrivateKey, cert *ssh.Certificate) (ssh.PublicKey, error) {
	if err := Check(private); err != nil {
		return nil, err
	}
	if err := CheckCertificate(private, cert); err != nil {
		return nil, err
	}
	if cert != nil {
		return cert, nil
	}
	return Public(private)
}

// The errors are those of package sshkey, which is above this one: it sets these functions
// when it is initialised, and every program that reads a key has it.
var (
	// NewInvalid makes an *sshkey.InvalidKeyError.
	NewInvalid func(msg string) error
	// NewSyntax makes an *sshkey.SyntaxError.
	NewSyntax func(line int, msg string) error
	// NewUnsupported makes an *sshkey.UnsupportedError.
	NewUnsupported func(code, what, algorithm string) error
	// NewKeySize makes an *sshkey.LimitError.
	NewKeySize func(what string, bits, max int) error
)

// The sizes that keys may have, which package sshkey has as constants too.
const (
	MaxRSABits      = 16384
	MaxDSABits      = 3072
	MaxDSAOrderBits = 256
)

func invalid(format string, args ...any) error { return NewInvalid(fmt.Sprintf(format, args...)) }

func unsupported(code, what string) error { return NewUnsupported(code, what, "") }

// Finding is one known weakness of a key, or of the file that it is in.
type Finding struct {
	Code    string // stable, for programs: "rsa-small", "dsa", ...
	Message string // one sentence, lower case, without a full stop
	Advice  Advice // what to do
	Source  string // where it is known from: a URL
	// Refuse says that the key should not be used at all, as one that can be broken or
	// that servers no longer take. It is false where only care is needed.
	Refuse bool
}

// Findings returns the known weaknesses of a private key, nil for none. They are those
// of [PublicFindings], and for RSA also primes of different lengths, primes too close
// together although the public half does not show it, primes in a simple fraction of
// each other, and primes with a pattern. It costs a few divisions and square roots of
// the modulus and tests no prime, so that every conversion can afford it. It never
// fails: a missing number is not a weakness; [Check] reports it.
func Findings(private crypto.PrivateKey) []Finding {
	for i := range types {
		if t := &types[i]; t.findings != nil && t.material(private) != nil {
			return t.findings(nil, private)
		}
	}
	return nil
}

// PublicFindings returns the weaknesses that the public half of a key shows, nil for
// none; for a certificate, those of the certified key. RSA: a modulus below 2048 bits or
// with a factor below 65536, a small or even exponent, ROCA, primes that are the same or
// so close that the modulus falls to Fermat's factorisation. DSA: always. ECDSA: the
// curve P-521.
func PublicFindings(pub ssh.PublicKey) []Finding {
	if pub == nil {
		return nil
	}
	c, ok := WithoutCertificate(pub).(ssh.CryptoPublicKey)
	if !ok {
		return nil
	}
	t, _ := TypeOf(WithoutCertificate(pub).Type())
	if t.findings == nil {
		return nil
	}
	return t.findings(c.CryptoPublicKey(), nil)
}
