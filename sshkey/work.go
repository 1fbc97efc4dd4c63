package sshkey

import (
	"math"
	"math/bits"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
)

// Work is counted in steps, so that a file costs the same everywhere. A step is about a
// nanosecond on a machine of 2024.
const (
	// MaxWork is the limit on what reading one file may cost before its passphrase: all
	// readings of a damaged text and all checks of keys together, about 2 s. A key that
	// needs no mending takes a thousandth of it.
	MaxWork = 2_000_000_000
	// MaxPassphraseWork is the limit on what the key derivations for one passphrase may
	// cost together, where a damaged file can be read in several ways. A derivation at
	// its own limit costs as much.
	MaxPassphraseWork = 10_000_000_000
	// MaxTextKeys is how many keys a text may hold. Each of them is checked.
	MaxTextKeys = 100
)

// CheckTextKeys returns a *LimitError for a text of more than MaxTextKeys keys.
func CheckTextKeys(n int) error {
	return checkLimit(LimitKeys, "the number of keys in one text", uint64(n), 0, MaxTextKeys)
}

// meter is the work that one file has cost so far.
type meter struct {
	reading, deriving atomic.Uint64
}

// Metered returns the limits with a meter of their own, for one file. All copies of them
// share it. Limits that have one are returned as they are.
func (l Limits) Metered() Limits {
	if l.meter == nil {
		l.meter = &meter{}
	}
	return l
}

// MeteredAs returns the limits with the meter of other, for more work on its file.
func (l Limits) MeteredAs(other Limits) Limits {
	l.meter = other.meter
	return l.Metered()
}

// Spend counts steps of reading, before or right after they are done. It returns a
// *LimitError once there are more than Work allows.
func (l Limits) Spend(steps uint64) error {
	total := steps
	if l.meter != nil {
		total = l.meter.reading.Add(steps)
	}
	return checkLimit(LimitWork, "the work (in steps) of reading the file", total, l.Work, MaxWork)
}

// SpendDerivation counts the steps of a key derivation, which CheckWork has bounded.
func (l Limits) SpendDerivation(steps uint64) {
	if l.meter != nil {
		l.meter.deriving.Add(steps)
	}
}

// DerivationSteps returns what a key derivation costs. byDefault is its limit by
// default, at which all key derivations cost the same.
func DerivationSteps(work, byDefault uint64) uint64 {
	high, low := bits.Mul64(work, MaxPassphraseWork)
	if high >= byDefault {
		return math.MaxUint64
	}
	steps, _ := bits.Div64(high, low, byDefault)
	return steps
}

// Spent returns the steps counted so far, of reading and of key derivations; 0 for
// limits without a meter.
func (l Limits) Spent() (reading, deriving uint64) {
	if l.meter == nil {
		return 0, 0
	}
	return l.meter.reading.Load(), l.meter.deriving.Load()
}

// MaxCheckSteps is the cost of the slowest check of a key: DSA with 3072 bits.
const MaxCheckSteps = 1_200_000

// fixedSteps returns the cost of a type of one size.
func fixedSteps(steps uint64) func(bits uint64) uint64 { return func(uint64) uint64 { return steps } }

// CheckSteps returns what [Key.Check] costs for the private key that belongs to a public
// one: MaxCheckSteps for an unknown type.
func CheckSteps(pub ssh.PublicKey) uint64 {
	t, _ := TypeOf(WithoutCertificate(pub).Type())
	if t.checkSteps == nil {
		return MaxCheckSteps
	}
	return t.checkSteps(uint64(Bits(pub)))
}

// ValidateSteps returns what [Key.Validate] costs.
func ValidateSteps(pub ssh.PublicKey) uint64 {
	t, _ := TypeOf(WithoutCertificate(pub).Type())
	if t.validateSteps == nil {
		return CheckSteps(pub)
	}
	return CheckSteps(pub) + t.validateSteps(uint64(Bits(pub)))
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
