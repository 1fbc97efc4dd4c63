package rawkey

import (
	"crypto"
	"crypto/elliptic"

	"golang.org/x/crypto/ssh"
)

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
	for _, t := range types {
		if t.findings != nil && t.material(private) != nil {
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

func findDSA() []Finding {
	return []Finding{{
		Code:    "dsa",
		Message: "DSA keys are obsolete, and OpenSSH 10.0 and later refuses them",
		Advice:  Advice{Action: ReplaceKey, Text: "make a new key, of type Ed25519 or RSA, and replace this one"},
		Source:  "https://www.openssh.com/txt/release-10.0",
		Refuse:  true,
	}}
}

// findECDSA reports CVE-2024-31497. The key itself is sound: its signatures leaked it,
// and the file does not show whether there were any. So it is not refused.
func findECDSA(curve elliptic.Curve) []Finding {
	if curve != elliptic.P521() {
		return nil
	}
	return []Finding{{
		Code:    "ecdsa-p521",
		Message: "P-521 keys that were used with PuTTY 0.68 to 0.80 are compromised (CVE-2024-31497), and the file does not show whether this one was",
		Advice:  Advice{Action: ReplaceKey, Text: "replace the key if that may be so, also with FileZilla, WinSCP, TortoiseGit or TortoiseSVN of before May 2024"},
		Source:  "https://nvd.nist.gov/vuln/detail/CVE-2024-31497",
	}}
}
