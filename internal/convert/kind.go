package convert

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/rawkey"
	"golang.org/x/crypto/ssh"
)

// Kind is a kind of conversion.
type Kind struct {
	// Accept refuses what it is not for; nil accepts every private key.
	Accept func(name string, f *engine.File) error
	// Takes says which formats count in a folder.
	Takes func(engine.Format) bool
	// Extension is that of the output, where it is not named.
	Extension string
	// Format returns what to write.
	Format func(encrypted bool, algorithm string) engine.Format
	// Choose takes the place of Format where the form depends on a program that is to open
	// it; nil otherwise.
	Choose func(pub ssh.PublicKey, encrypted bool) (engine.Choice, error)
	Base64 bool // write one line of base64
}

// choose returns what to write; a nil public key is not known yet.
func (k Kind) choose(pub ssh.PublicKey, encrypted bool) (engine.Choice, error) {
	if k.Choose != nil {
		return k.Choose(pub, encrypted)
	}
	algorithm := ""
	if pub != nil {
		algorithm = rawkey.WithoutCertificate(pub).Type()
	}
	return engine.Choice{Format: k.Format(encrypted, algorithm)}, nil
}

// ForProgram returns the conversion to the form that a program opens, from a version of it
// on; "" is any in use.
func ForProgram(id engine.ProgramID, version string) (Kind, error) {
	c, err := engine.ChooseFormat(id, version, nil, false)
	return Kind{
		Takes: IsPrivate, Extension: c.Format.About().Extension, Base64: c.Base64,
		Choose: func(pub ssh.PublicKey, encrypted bool) (engine.Choice, error) {
			return engine.ChooseFormat(id, version, pub, encrypted)
		},
	}, err
}

// ToPPK returns the conversion to PuTTY's version 2, or to 3 for any other number.
func ToPPK(version int) Kind {
	format := engine.PPK
	if version == 2 {
		format = engine.PPK2
	}
	return Kind{
		Accept: func(name string, f *engine.File) error {
			if !IsPPK(f.Format) {
				return nil
			}
			advice := fault.Advice{Do: fault.ConvertPlainly, File: name, Format: engine.PEM}
			switch {
			case len(f.Repairs) > 0:
				advice.Do = fault.Repair
			case f.Format == engine.PPK2 && format == engine.PPK:
				advice.Do, advice.Format = fault.Upgrade, engine.PPK
			}
			return fault.New(fault.NotAKey, "this is already a PuTTY key").With(advice)
		},
		Takes:     func(format engine.Format) bool { return IsPrivate(format) && !IsPPK(format) },
		Extension: format.About().Extension,
		Format:    func(bool, string) engine.Format { return format },
	}
}

// ToPEM returns the conversion of PuTTY's keys to a format, or without one to the
// traditional form where that is safe.
func ToPEM(format engine.Format) Kind {
	return Kind{
		Accept: func(name string, f *engine.File) error {
			if IsPPK(f.Format) || !f.Private || IsTokenKey(f) {
				return nil
			}
			return fault.New(fault.NotAKey, "not a PuTTY key: this is %s", engine.WithArticle(f.Title)).
				With(fault.Advice{Do: fault.ConvertPlainly, File: name, Format: engine.PPK})
		},
		Takes:     IsPPK,
		Extension: engine.PEM.About().Extension,
		Format: func(encrypted bool, algorithm string) engine.Format {
			switch {
			case format != "":
				return format.Resolve(algorithm)
			case encrypted:
				return engine.OpenSSH
			}
			return engine.PEM.Resolve(algorithm)
		},
	}
}

// To returns the conversion of any key to a format.
func To(format engine.Format) Kind {
	return Kind{
		Takes:     IsPrivate,
		Extension: format.About().Extension,
		Format:    func(_ bool, algorithm string) engine.Format { return format.Resolve(algorithm) },
	}
}

// ToOther returns the conversion to the other kind: PuTTY's keys to PEM, all others to
// PuTTY's.
func ToOther(format engine.Format) Kind {
	if IsPPK(format) {
		return ToPEM("")
	}
	return ToPPK(3)
}

// IsPPK reports whether a format is one of PuTTY's.
func IsPPK(format engine.Format) bool { return format == engine.PPK || format == engine.PPK2 }

// IsPrivate reports whether a format has private keys.
func IsPrivate(format engine.Format) bool { return format.About().Private }

// IsTokenKey reports whether a key is on a security token, so that nothing can convert
// it.
func IsTokenKey(f *engine.File) bool {
	if f.PublicKey == nil {
		return false
	}
	t, _ := rawkey.TypeOf(f.PublicKey.Type())
	return t.Token
}

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
