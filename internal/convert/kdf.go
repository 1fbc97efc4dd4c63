package convert

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
)

// KDF is the choice of a key derivation for encrypted outputs; the zero value is that of
// each format.
type KDF struct {
	Name                                string
	Memory, Passes, Parallelism, Rounds uint64 // costs; 0 for the default
}

// Options returns the choice as the engine takes it, or refuses one that does not fit
// the output.
func (k KDF) Options(format engine.Format, encrypted bool) (*engine.Options, error) {
	if k == (KDF{}) {
		return &engine.Options{}, nil
	}
	if !encrypted {
		return nil, fault.Coded(fault.Usage, fault.KDFUnencrypted, "a key derivation is for an encrypted output, and this one has no passphrase")
	}
	kdfs := format.KDFs()
	if len(kdfs) == 0 {
		return nil, fault.New(fault.Usage, "the format %s has no choice of key derivation", format)
	}
	i := slices.IndexFunc(kdfs, func(c engine.KDFChoice) bool { return k.Name == "" || c.Name == k.Name })
	if i < 0 {
		return nil, fault.New(fault.Usage, "the format %s has no key derivation %q (it has: %s)", format, k.Name, strings.Join(KDFNames(format), ", "))
	}
	c := kdfs[i]
	for _, cost := range []struct {
		name  string
		value uint64
		has   bool
	}{
		{"memory", k.Memory, c.Memory > 0},
		{"passes", k.Passes, c.RoundsAre == "passes"},
		{"parallelism", k.Parallelism, c.Parallelism > 0},
		{"rounds", k.Rounds, c.Rounds > 0 && c.RoundsAre != "passes"},
	} {
		if cost.value != 0 && !cost.has {
			return nil, fault.Coded(fault.Usage, fault.KDFParameter, "%s has no meaning for %s", cost.name, c.Name)
		}
	}
	return &engine.Options{KDF: k.Name, Memory: k.Memory, Rounds: k.Passes + k.Rounds, Parallelism: k.Parallelism}, nil
}

// KDFNames returns the names of the key derivations of a format, the default first.
func KDFNames(format engine.Format) []string {
	var names []string
	for _, k := range format.KDFs() {
		names = append(names, k.Name)
	}
	return names
}
