package engine

import (
	"slices"
	"testing"

	"github.com/keyconv/keyconv/sshkey"
)

// FakeFormat is a row of the table of formats that a test adds.
type FakeFormat struct {
	Format  Format
	Is      func(data []byte) bool
	Open    func(data []byte) (*File, error)
	Marshal func(key *sshkey.Key, passphrase []byte) ([]byte, error)
	Holds   Holds
}

// AddFormat puts the format first in the table until the end of the test.
func AddFormat(t *testing.T, fake FakeFormat) {
	before := formats
	t.Cleanup(func() { formats = before })
	formats = slices.Insert(slices.Clone(formats), 0, row{
		format: fake.Format, title: "fake private key", help: "a fake", extension: ".fake",
		is:   func(s *sniff) bool { return fake.Is(s.data) },
		open: func(data []byte, _ sshkey.Limits) (*File, error) { return fake.Open(data) },
		marshal: func(key *sshkey.Key, passphrase []byte, _ *Options) ([]byte, error) {
			return fake.Marshal(key, passphrase)
		},
		holds: fake.Holds, encrypts: true,
	})
}

// NewFile makes the File of a fake format.
func NewFile(f File, decrypt func(passphrase []byte) (*sshkey.Key, error)) *File {
	f.decrypt = decrypt
	return &f
}

// HasRule reports whether it is known how a program does with a format.
func HasRule(f Format, p ProgramID) bool {
	r, _ := findRow(f)
	_, ok := r.rule(p)
	return ok
}
