package ppk

import (
	"fmt"
	"runtime"

	"github.com/go-crypt/x/argon2"
	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// Argon2Variant is a flavour of Argon2, spelt as in a PuTTY key file.
type Argon2Variant string

// The flavours that PuTTY knows.
const (
	Argon2id Argon2Variant = "Argon2id"
	Argon2i  Argon2Variant = "Argon2i"
	Argon2d  Argon2Variant = "Argon2d"
)

// Argon2Params is the cost of guessing a passphrase. When writing, a zero field
// means its default.
type Argon2Params struct {
	Variant     Argon2Variant // default Argon2id
	Memory      uint32        // in KiB; default 8192, as puttygen
	Passes      uint32        // default 21: about 0.1 s
	Parallelism uint32        // default 1, as puttygen
}

// The cost of Argon2 that is written by default. puttygen chooses the passes by the
// clock, so its files differ from machine to machine; a fixed number makes ours the same
// everywhere. 21 is a value of its sequence (1, 2, 3, 5, 8, 13, 21, 34).
const (
	DefaultArgon2Memory      = 8192 // in KiB
	DefaultArgon2Passes      = 21
	DefaultArgon2Parallelism = 1
)

const saltSize = 16 // as puttygen writes; a reader takes any

// readKeyDerivation reads the headers that only an encrypted file of version 3 has.
func (f *File) readKeyDerivation(t *text) error {
	variant, err := t.header("Key-Derivation")
	if err != nil {
		return err
	}
	f.Argon2 = &Argon2Params{Variant: Argon2Variant(variant)}
	for _, number := range []struct {
		header string
		value  *uint32
	}{
		{"Argon2-Memory", &f.Argon2.Memory},
		{"Argon2-Passes", &f.Argon2.Passes},
		{"Argon2-Parallelism", &f.Argon2.Parallelism},
	} {
		if *number.value, err = t.number(number.header); err != nil {
			return err
		}
		if *number.value == 0 {
			return t.errorf("%s is 0", number.header)
		}
	}
	f.salt, err = readHex(t, "Argon2-Salt")
	return err
}

// deriver is Argon2, or the substitute of a test in which no KDF must run.
type deriver func(p Argon2Params, passphrase, salt []byte, size uint32) []byte

func runArgon2(p Argon2Params, passphrase, salt []byte, size uint32) []byte {
	out := argon2Flavours.Get()[p.Variant](passphrase, salt, p.Passes, p.Memory, p.Parallelism, size)
	if p.Memory >= collectFrom {
		runtime.GC()
	}
	return out
}

// collectFrom is the memory in KiB from which on it is collected as soon as it is no
// longer needed: otherwise the next derivation, for another passphrase, takes as much
// again.
const collectFrom = 64 << 10

var argon2Flavours = lazy.Map[Argon2Variant, argon2.KeyFunc]{Make: func() map[Argon2Variant]argon2.KeyFunc {
	return map[Argon2Variant]argon2.KeyFunc{
		Argon2id: argon2.IDKey,
		Argon2i:  argon2.IKey,
		Argon2d:  argon2.DKey,
	}
}}

// maxParallelism bounds the lanes, each of which is a goroutine with a stack that no
// memory limit counts. PuTTY writes 1, and on request takes up to 2^24-1.
const maxParallelism = 1024

// minLaneWork is what a lane costs in a pass, in KiB. The least memory of a lane is 8
// KiB, but then half of the work is making addresses (RFC 9106 section 3.4.1.2) and
// starting goroutines (measured).
const minLaneWork = 16

// check bounds the parameters before anything is derived. PuTTY itself does not:
// it crashes or never ends on some of what is refused here.
func (p Argon2Params) check(limits sshkey.Limits) error {
	if argon2Flavours.Get()[p.Variant] == nil {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedCipher, What: fmt.Sprintf("the key derivation %s", quote.Short(p.Variant))}
	}
	// RFC 9106 section 3.1. With less PuTTY computes something of its own, or crashes.
	if uint64(p.Memory) < 8*uint64(p.Parallelism) {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedArgon2, What: fmt.Sprintf("Argon2 with %d KiB for parallelism %d (at least 8 KiB each)", p.Memory, p.Parallelism)}
	}
	if p.Parallelism > maxParallelism {
		return &sshkey.UnsupportedError{Code: sshkey.UnsupportedArgon2, What: fmt.Sprintf("Argon2 with parallelism %d (at most %d)", p.Parallelism, maxParallelism)}
	}
	if err := budget.CheckMemory(limits, "Argon2 memory in KiB", uint64(p.Memory)); err != nil {
		return err
	}
	work := max(uint64(p.Memory), minLaneWork*uint64(p.Parallelism)) * uint64(p.Passes)
	return budget.CheckWork(limits, "Argon2 work in KiB times passes", work, sshkey.MaxArgon2Work)
}
