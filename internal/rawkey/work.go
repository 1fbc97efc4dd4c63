package rawkey

import "golang.org/x/crypto/ssh"

// MaxCheckSteps is the cost of the slowest check of a key: DSA with 3072 bits.
const MaxCheckSteps = 1_200_000

// fixedSteps returns the cost of a type of one size.
func fixedSteps(steps uint64) func(bits uint64) uint64 { return func(uint64) uint64 { return steps } }

// CheckSteps returns what [Check] costs for the private key that belongs to a public
// one: MaxCheckSteps for an unknown type.
func CheckSteps(pub ssh.PublicKey) uint64 {
	t, _ := TypeOf(WithoutCertificate(pub).Type())
	if t.checkSteps == nil {
		return MaxCheckSteps
	}
	return t.checkSteps(uint64(Bits(pub)))
}

// ValidateSteps returns what [Validate] costs.
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
