// Package budget compares what a file asks for with sshkey.Limits, and counts what it has cost.
package budget

import (
	"math"
	"math/bits"

	"github.com/keyconv/keyconv/internal/meter"
	"github.com/keyconv/keyconv/sshkey"
)

// CheckMemory returns a *sshkey.LimitError if a key derivation wants more than the
// allowed memory; what and kib describe it.
func CheckMemory(l sshkey.Limits, what string, kib uint64) error {
	return check(sshkey.LimitKDFMemory, what, kib, l.KDFMemory, sshkey.MaxKDFMemory)
}

// CheckWork returns a *sshkey.LimitError if a key derivation wants more than the allowed
// work. byDefault is the default limit in its unit.
func CheckWork(l sshkey.Limits, what string, work, byDefault uint64) error {
	if err := check(sshkey.LimitKDFWork, what, work, l.KDFWork, byDefault); err != nil {
		return err
	}
	return check(sshkey.LimitPassphraseWork, "the work (in steps) of the key derivation", DerivationSteps(work, byDefault), l.PassphraseWork, math.MaxUint64)
}

// CheckFileSize returns a *sshkey.LimitError for a file of more than sshkey.MaxFileSize bytes.
func CheckFileSize(size int) error {
	if size <= sshkey.MaxFileSize {
		return nil
	}
	return check(sshkey.LimitFileSize, "file size in bytes", uint64(size), 0, sshkey.MaxFileSize)
}

// CheckBlockKeys returns a *sshkey.LimitError for a block of more than sshkey.MaxBlockKeys keys.
func CheckBlockKeys(n uint64) error {
	return check(sshkey.LimitKeys, "the number of keys in one block", n, 0, sshkey.MaxBlockKeys)
}

// CheckTextKeys returns a *sshkey.LimitError for a text of more than sshkey.MaxTextKeys keys.
func CheckTextKeys(n int) error {
	return check(sshkey.LimitKeys, "the number of keys in one text", uint64(n), 0, sshkey.MaxTextKeys)
}

// check compares with limit, or with byDefault where limit is 0.
func check(kind sshkey.LimitKind, what string, value, limit, byDefault uint64) error {
	if limit == 0 {
		limit = byDefault
	}
	if value <= limit {
		return nil
	}
	return &sshkey.LimitError{Kind: kind, What: what, Value: value, Max: limit}
}

// Metered returns the limits with a meter of their own, for one file. All copies of them
// share it. Limits that have one are returned as they are.
func Metered(l sshkey.Limits) sshkey.Limits {
	if l.Meter == nil {
		l.Meter = &meter.Meter{}
	}
	return l
}

// Spend counts steps of reading, before or right after they are done. It returns a
// *sshkey.LimitError once there are more than Work allows.
func Spend(l sshkey.Limits, steps uint64) error {
	if l.Meter != nil {
		steps = l.Meter.Reading.Add(steps)
	}
	if l.Work == 0 && steps <= sshkey.MaxWork {
		return nil
	}
	return check(sshkey.LimitWork, "the work (in steps) of reading the file", steps, l.Work, sshkey.MaxWork)
}

// SpendDerivation counts the steps of a key derivation, which CheckWork has bounded.
func SpendDerivation(l sshkey.Limits, steps uint64) {
	if l.Meter != nil {
		l.Meter.Deriving.Add(steps)
	}
}

// Spent returns the steps counted so far, of reading and of key derivations; 0 for
// limits without a meter.
func Spent(l sshkey.Limits) (reading, deriving uint64) {
	if l.Meter == nil {
		return 0, 0
	}
	return l.Meter.Reading.Load(), l.Meter.Deriving.Load()
}

// DerivationSteps returns what a key derivation costs. byDefault is its limit by
// default, at which all key derivations cost the same.
func DerivationSteps(work, byDefault uint64) uint64 {
	high, low := bits.Mul64(work, sshkey.MaxPassphraseWork)
	if high >= byDefault {
		return math.MaxUint64
	}
	steps, _ := bits.Div64(high, low, byDefault)
	return steps
}
