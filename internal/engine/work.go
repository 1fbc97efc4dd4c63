package engine

import (
	"cmp"
	"errors"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// The costs of reading, in the steps of [sshkey.Limits]: measured, and rounded up. [Open]
// counts them for every format, so that no reader can forget to.
const (
	// stepsPerByte is for recognising the format of a text and decoding it.
	stepsPerByte = 60
	// mendStepsPerByte is for finding the keys in a damaged text.
	mendStepsPerByte = 60
	// minKeyBytes is less than a key takes in a block whose check costs much.
	minKeyBytes = 300
)

// checkSteps returns what it cost to check the keys of a file that was opened.
func (f *File) checkSteps() uint64 {
	return uint64(max(f.Keys, 1)) * f.keySteps()
}

// keySteps returns what it cost to check the key of a file that was opened.
func (f *File) keySteps() uint64 {
	if !f.Private || f.Encrypted() || f.PublicKey == nil {
		return 0
	}
	return rawkey.CheckSteps(f.PublicKey)
}

// failedSteps returns what it cost, at most, to find out that a file of that size does not
// hold a usable key. Only numbers that contradict each other have cost any arithmetic, and
// only a block of OpenSSH has several keys.
func failedSteps(format Format, size int, err error) uint64 {
	var invalid *sshkey.InvalidKeyError
	if !errors.As(err, &invalid) {
		return 0
	}
	keys := 1
	if format == OpenSSH {
		keys = min(1+size/minKeyBytes, sshkey.MaxBlockKeys)
	}
	return uint64(keys) * rawkey.MaxCheckSteps
}

// Attempts returns how many passphrases may be tried on the file for the work that the key
// derivations of one passphrase may cost; at least 1. It bounds how many spellings of a
// passphrase a caller tries.
func (f *File) Attempts() uint64 { return max(1, f.passphraseWork()/max(1, f.KDF.steps())) }

// passphraseWork returns the limit on the key derivations of one passphrase, in steps.
func (f *File) passphraseWork() uint64 {
	return cmp.Or(f.limits.PassphraseWork, sshkey.MaxPassphraseWork)
}

// steps returns what a key derivation costs, in proportion to what it may cost by default.
// An unknown one counts as the most expensive.
func (k *KDF) steps() uint64 {
	if k == nil {
		return 0
	}
	switch {
	case k.Name == "MD5" || k.Name == "SHA-1" || k.Name == "JKS-SHA1" || k.Name == "PVK-SHA1":
		return 10_000
	case strings.HasPrefix(k.Name, "Argon2"):
		return budget.DerivationSteps(k.Memory*k.Rounds, sshkey.MaxArgon2Work)
	case k.Name == "bcrypt":
		return budget.DerivationSteps(k.Rounds, sshkey.MaxBcryptRounds)
	case strings.HasPrefix(k.Name, "PBKDF2"), strings.HasPrefix(k.Name, "PBE-"):
		return budget.DerivationSteps(k.Rounds, sshkey.MaxPBKDF2Iterations)
	case k.Name == "scrypt":
		return budget.DerivationSteps(k.Rounds, sshkey.MaxScryptWork)
	}
	return sshkey.MaxPassphraseWork
}
