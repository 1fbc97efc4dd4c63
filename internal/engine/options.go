package engine

import (
	"cmp"
	"math/bits"
)

// KeepOptions returns o with the cipher and key derivation of the file where o does not
// choose, each cost at least the default: for writing the file again with another
// passphrase. It does not change o itself.
func (f *File) KeepOptions(o Options) *Options {
	r, _ := findRow(f.Format)
	if r.choosesCipher && o.Cipher == "" {
		o.Cipher = f.Encryption
	}
	if f.KDF == nil || o.KDF != "" {
		return &o
	}
	for _, k := range r.kdfs {
		if k.InFile != f.KDF.Name {
			continue
		}
		o.KDF = k.Name
		o.Memory = keep(o.Memory, f.KDF.Memory, k.Memory)
		o.Rounds = keep(o.Rounds, f.KDF.Rounds, k.Rounds)
		if k.Name != "scrypt" {
			o.Parallelism = keep(o.Parallelism, f.KDF.Parallelism, k.Parallelism)
			continue
		}
		if o.Memory&(o.Memory-1) != 0 { // the file can only say a power of two
			o.Memory = 1 << bits.Len64(o.Memory)
		}
		if o.Parallelism == 0 && o.Memory*f.KDF.Parallelism >= minScryptWork {
			o.Parallelism = f.KDF.Parallelism
		}
	}
	return &o
}

// keep returns what was chosen, or what the file has, but not less than the default. A
// cost that the key derivation lacks has the default 0.
func keep(chosen, has, byDefault uint64) uint64 {
	if chosen != 0 || byDefault == 0 {
		return chosen
	}
	return max(has, byDefault)
}

// KDFMemory returns the memory that the key derivation of an encrypted file will take, in
// KiB; 0 where it is negligible. A nil o means the defaults of the format.
func (o *Options) KDFMemory(format Format) uint64 {
	var chosen Options
	if o != nil {
		chosen = *o
	}
	for _, k := range format.KDFs() {
		if chosen.KDF != "" && k.Name != chosen.KDF {
			continue
		}
		switch memory := cmp.Or(chosen.Memory, k.Memory); {
		case k.Memory == 0:
			return 0
		case k.Name == "scrypt":
			return memory + chosen.Parallelism // a block of 128*r bytes each, where r is 8
		default:
			return memory
		}
	}
	return 0
}
