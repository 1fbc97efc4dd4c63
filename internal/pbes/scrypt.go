package pbes

import (
	"math"
	"math/bits"
	"runtime"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/scrypt"
)

// scryptKDF is RFC 7914. The numbers of a file have up to 31 bits.
type scryptKDF struct {
	form    string
	salt    []byte
	n, r, p int
}

func readScrypt(d *der.Reader, form string) (*scryptKDF, error) {
	k := &scryptKDF{form: form, salt: d.Element(der.TagOctets, "the salt")}
	k.n, k.r, k.p = d.Small("N"), d.Small("r"), d.Small("p")
	if d.Peek() == der.TagInteger {
		d.Small("the key length") // the cipher has it too
	}
	if err := d.End("the parameters of the key derivation"); err != nil {
		return nil, err
	}
	if k.n < 2 || k.n&(k.n-1) != 0 || k.r < 1 || k.p < 1 {
		return nil, k.outOfRange()
	}
	return k, nil
}

func (k *scryptKDF) outOfRange() error {
	return syntaxError("%s: the parameters of scrypt are out of range", k.form)
}

// memory returns what golang.org/x/crypto/scrypt takes, in KiB: the table of 128*N*r bytes
// (RFC 7914 section 5), and p blocks of 128*r bytes (section 6) with two more to work on.
// The blocks count in whole MiB, so that the usual parameters come to the table alone. It
// fits 64 bits.
func (k *scryptKDF) memory() uint64 {
	n, r, p := uint64(k.n), uint64(k.r), uint64(k.p)
	return (n*r+7)/8 + r*(p+2)/8&^1023
}

// scryptBlockCost is the cost of PBKDF2 to make a block, and to read it in the end, as a
// number of mixings (measured). It is nearly the whole cost of N = 2 with a large p.
const scryptBlockCost = 4

// work returns KiB of the table times p, plus the cost of the blocks in whole MiB. If that
// does not fit it returns the largest number.
func (k *scryptKDF) work() uint64 {
	n, r, p := uint64(k.n), uint64(k.r), uint64(k.p)
	high, low := bits.Mul64((n*r+7)/8, p)
	sum, carry := bits.Add64(low, scryptBlockCost*r*p/8&^1023, 0)
	if high+carry > 0 {
		return math.MaxUint64
	}
	return sum
}

func (k *scryptKDF) describe() KDF {
	return KDF{Name: "scrypt", Rounds: k.work(), Memory: k.memory(), Parallelism: uint64(k.p)}
}

func (k *scryptKDF) check(limits sshkey.Limits) error {
	if err := budget.CheckMemory(limits, "scrypt memory in KiB", k.memory()); err != nil {
		return err
	}
	if err := budget.CheckWork(limits, "scrypt work in KiB times p", k.work(), sshkey.MaxScryptWork); err != nil {
		return err
	}
	blocks := uint64(k.r) * uint64(k.p) // below 2^30 by the RFC; all sizes must fit an int
	if blocks >= 1<<30 || k.memory() >= math.MaxInt>>10-1024 {
		return k.outOfRange()
	}
	return nil
}

func (k *scryptKDF) derive(p Passphrase, keySize, _ int) []byte {
	out := must(scrypt.Key(p.Bytes, k.salt, k.n, k.r, k.p, keySize))
	if k.memory() >= collectFrom {
		runtime.GC()
	}
	return out
}

// collectFrom is the memory in KiB from which derive collects it at once: otherwise the
// next derivation, for another passphrase, would take as much again.
const collectFrom = 64 << 10
