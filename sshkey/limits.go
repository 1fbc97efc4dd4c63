package sshkey

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/meter"
)

// A key file is input from outside, and itself says how much work it takes. These are
// the limits unless the caller sets others.
const (
	// MaxFileSize is the size of the largest file that is read, in bytes.
	MaxFileSize = 1 << 20
	// MaxKDFMemory is the limit on the memory of a key derivation, in KiB.
	MaxKDFMemory = 1 << 20
	// MaxArgon2Work is the limit on the work of Argon2, in KiB times passes, where each
	// of its lanes counts for 16 KiB at least: about 10 s.
	MaxArgon2Work = 10 << 20
	// MaxBcryptRounds is the limit on the rounds of bcrypt_pbkdf: about 8 s.
	MaxBcryptRounds = 1024
	// MaxPBKDF2Iterations is the limit on the iterations of PBKDF2 and of the older
	// derivations of PKCS #5 and #12: 2 to 10 s, depending on the hash. For PKCS#12 it
	// limits the sum of all derivations of a file.
	MaxPBKDF2Iterations = 10_000_000
	// MaxScryptWork is the limit on the work of scrypt, in KiB (128*N*r/1024) times p:
	// about 10 s. Where r times p is large, N counts for 4 more.
	MaxScryptWork = 3 << 20
	// MaxRSABits is the size of the largest RSA modulus, which is the largest that
	// ssh-keygen makes.
	MaxRSABits = 16384
	// MaxDSABits and MaxDSAOrderBits are the largest p and q of DSA, which FIPS 186-4
	// section 4.2 allows.
	MaxDSABits      = 3072
	MaxDSAOrderBits = 256
	// MaxBlockKeys is how many keys one openssh-key-v1 block may hold. No program is
	// known to write more than one.
	MaxBlockKeys = 16
	// MaxTextKeys is how many keys a text may hold. Each of them is checked.
	MaxTextKeys = 100
	// MaxWork is the limit on what reading one file may cost before its passphrase, in steps
	// of about a nanosecond on a machine of 2024, which are counted and not timed: all readings
	// of a damaged text and all checks of keys together, about 2 s. A key that needs no mending
	// takes a thousandth of it.
	MaxWork = 2_000_000_000
	// MaxPassphraseWork is the limit on what the key derivations for one passphrase may
	// cost together, in the same steps, where a damaged file can be read in several ways. A
	// derivation at its own limit costs as much.
	MaxPassphraseWork = 10_000_000_000
)

// Limits is what a key file may ask for. The zero value means the defaults.
type Limits struct {
	// KDFMemory is in KiB; 0 means MaxKDFMemory.
	KDFMemory uint64
	// KDFWork is in the unit of the key derivation: KiB times passes for Argon2,
	// rounds for bcrypt, iterations for PBKDF2, KiB times p for scrypt. 0 means
	// the Max constant of each.
	KDFWork uint64
	// Work is what reading one file may cost before its passphrase, in steps of about a
	// nanosecond, which are counted and not timed; 0 means MaxWork.
	Work uint64
	// PassphraseWork is what the key derivations for one passphrase may cost together,
	// in the same steps, whatever their algorithm; 0 means MaxPassphraseWork, or more
	// where KDFWork allows more for one.
	PassphraseWork uint64

	// Meter adds up what several calls for one file cost. The packages of this module set it;
	// nil, for every other caller, counts each call by itself.
	Meter *meter.Meter
}

// LimitKind says which limit a file is over.
type LimitKind string

// The limits that a LimitError can be about.
const (
	LimitFileSize  LimitKind = "file-size"
	LimitKDFMemory LimitKind = "kdf-memory"
	LimitKDFWork   LimitKind = "kdf-work"
	LimitKeySize   LimitKind = "key-size"
	LimitKeys      LimitKind = "keys"
	LimitWork      LimitKind = "work"
	// LimitPassphraseWork is about the key derivations for one passphrase together.
	LimitPassphraseWork LimitKind = "passphrase-work"
)

// LimitError says that a file asks for more than the limits allow. The work has not been
// done.
type LimitError struct {
	Kind  LimitKind
	What  string // what is over the limit, with its unit: "Argon2 memory in KiB"
	Value uint64
	Max   uint64
}

func (e *LimitError) Error() string {
	if e.Kind == LimitFileSize {
		return fmt.Sprintf("the file is larger than %d bytes, too large for a key", e.Max)
	}
	return fmt.Sprintf("%s is %d, over the limit of %d", e.What, e.Value, e.Max)
}
