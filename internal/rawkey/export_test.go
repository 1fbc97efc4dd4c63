package rawkey

import (
	"crypto"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// CountProofs counts the proofs that two halves match from now on, until the end of the test.
func CountProofs(t *testing.T) *atomic.Int64 {
	var n atomic.Int64
	before := testOnlyProof
	t.Cleanup(func() { testOnlyProof = before })
	testOnlyProof = func() { n.Add(1) }
	return &n
}

// AddType adds a type of key until the end of the test.
func AddType(t *testing.T, added Type) {
	before := types
	t.Cleanup(func() { types = before })
	types = append(slices.Clone(types), added)
}

// NewFakeType makes a type whose public half is the length of its secret.
func NewFakeType(name, algorithm string, secret func(private any) []byte) Type {
	return Type{
		Name: name, Title: "Fake", Algorithms: []string{algorithm},
		Sizes: Sizes{Default: 77, Only: []int{77}},
		size:  77,
		parsePublic: func(algorithm string, r *wire.Reader) (ssh.PublicKey, error) {
			return fakePublic{algorithm, string(r.String("public key"))}, r.End()
		},
		material: func(private crypto.PrivateKey) material {
			if s := secret(private); s != nil {
				return fakeMaterial{algorithm, s}
			}
			return nil
		},
		generate: func(int) (crypto.PrivateKey, error) { return name, nil },
	}
}

type fakeMaterial struct {
	algorithm string
	bytes     []byte
}

func (fakeMaterial) complete() error  { return nil }
func (fakeMaterial) check() error     { return nil }
func (fakeMaterial) validate() error  { return nil }
func (m fakeMaterial) secret() []byte { return slices.Clone(m.bytes) }
func (m fakeMaterial) public() (ssh.PublicKey, error) {
	return fakePublic{m.algorithm, strconv.Itoa(len(m.bytes))}, nil
}

type fakePublic struct{ algorithm, public string }

func (k fakePublic) Type() string                        { return k.algorithm }
func (k fakePublic) Verify([]byte, *ssh.Signature) error { return nil }
func (k fakePublic) Marshal() []byte {
	return wire.AppendString(wire.AppendString(nil, k.algorithm), k.public)
}
