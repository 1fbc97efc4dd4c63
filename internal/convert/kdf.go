package convert

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/fault"
)

// KDF is the choice of a key derivation for encrypted outputs; the zero value is that of
// each format.
type KDF struct {
	Name                                string
	Memory, Passes, Parallelism, Rounds uint64 // costs; 0 for the default
}

// derivations has the key derivations of each format, the default first.
var derivations = map[keyconv.Format][]string{
	keyconv.PPK:     {"argon2id", "argon2i", "argon2d"},
	keyconv.OpenSSH: {"bcrypt"},
	keyconv.PKCS8:   {"pbkdf2", "scrypt"},
}

// costs has the costs that each key derivation can have.
var costs = map[string][]string{
	"argon2id": {"memory", "passes", "parallelism"},
	"argon2i":  {"memory", "passes", "parallelism"},
	"argon2d":  {"memory", "passes", "parallelism"},
	"bcrypt":   {"rounds"},
	"pbkdf2":   {"rounds"},
	"scrypt":   {"memory", "parallelism"},
}

// Options returns the choice as the engine takes it, or refuses one that does not fit
// the output.
func (k KDF) Options(format keyconv.Format, encrypted bool) (*keyconv.Options, error) {
	if k == (KDF{}) {
		return &keyconv.Options{}, nil
	}
	if !encrypted {
		return nil, fault.Coded(fault.Usage, fault.KDFUnencrypted, "a key derivation is for an encrypted output, and this one has no passphrase")
	}
	names := derivations[format]
	if len(names) == 0 {
		return nil, fault.New(fault.Usage, "the format %s has no choice of key derivation", format)
	}
	name := k.Name
	if name == "" {
		name = names[0]
	}
	if !slices.Contains(names, name) {
		return nil, fault.New(fault.Usage, "the format %s has no key derivation %q (it has: %s)", format, name, strings.Join(names, ", "))
	}
	for _, cost := range []struct {
		name  string
		value uint64
	}{{"memory", k.Memory}, {"passes", k.Passes}, {"parallelism", k.Parallelism}, {"rounds", k.Rounds}} {
		if cost.value != 0 && !slices.Contains(costs[name], cost.name) {
			return nil, fault.Coded(fault.Usage, fault.KDFParameter, "%s has no meaning for %s", cost.name, name)
		}
	}
	return &keyconv.Options{KDF: k.Name, Memory: k.Memory, Rounds: k.Passes + k.Rounds, Parallelism: k.Parallelism}, nil
}
