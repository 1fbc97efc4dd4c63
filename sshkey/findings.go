package sshkey

import "github.com/keyconv/keyconv/internal/rawkey"

// Finding is one known weakness of a key, as data. docs/findings.md has words for each code,
// and what to do.
type Finding struct {
	Code   string // stable: "rsa-small", "dsa", ...
	Source string // where it is known from: a URL
	// Refuse says that the key should not be used at all, as one that can be broken or
	// that servers no longer take. It is false where only care is needed.
	Refuse bool
}

// Findings returns the known weaknesses of the key, nil for none: a small or guessable RSA
// modulus, primes that are close, related or patterned, ROCA, DSA, the curve P-521 as PuTTY
// used it. It tests no prime and costs less than reading the key, so that every program can
// afford it. It never fails: a missing number is not a weakness, nor is a nil key,
// and [Key.Check] reports both.
func (k *Key) Findings() []Finding {
	if k == nil {
		return nil
	}
	var found []Finding
	for _, f := range rawkey.Findings(k.Private) {
		found = append(found, Finding{Code: f.Code, Source: f.Source, Refuse: f.Refuse})
	}
	return found
}
