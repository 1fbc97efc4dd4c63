package ppk

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// requireRefused wants an error for a changed file, and one that fits: of a file
// that is not encrypted no error is about a passphrase.
func requireRefused(t *testing.T, what string, data []byte, s shape) {
	t.Helper()
	_, err := ParseWithPassphrase(data, s.passphrase())
	require.Error(t, err, what)
	requireDocumented(t, err)
	if !s.encrypted {
		require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase, what)
		require.NotContains(t, err.Error(), "passphrase", what)
	}
}

// TestEveryByteCounts changes every byte of the blobs, of the MAC and of the salt.
func TestEveryByteCounts(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		f := decoded(t, s.write(t, key))
		for name, part := range map[string][]byte{"public": f.public, "private": f.private, "mac": f.mac, "salt": f.salt} {
			for i := range part {
				change := byte(1) << (i % 8)
				part[i] ^= change
				requireRefused(t, name, f.encode(), s)
				part[i] ^= change
			}
		}
		_, err := ParseWithPassphrase(f.encode(), s.passphrase())
		require.NoError(t, err, "put together again it is as before")
	})
}

// TestBlobsOfOtherLengths: the MAC covers the lengths too.
func TestBlobsOfOtherLengths(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		f := decoded(t, s.write(t, key))
		for name, part := range map[string]*[]byte{"public": &f.public, "private": &f.private} {
			was := *part
			for _, changed := range [][]byte{nil, was[:len(was)-1], was[1:], was[:len(was)-16], was[16:],
				append(bytes.Clone(was), 0), append(bytes.Clone(was), make([]byte, 16)...)} {
				*part = changed
				requireRefused(t, name, f.encode(), s)
			}
			*part = was
		}
		_, err := ParseWithPassphrase(f.encode(), s.passphrase())
		require.NoError(t, err)
	})
}

// TestEveryHeaderCounts changes the value of every header.
func TestEveryHeaderCounts(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		f := decoded(t, s.write(t, key))
		for what, change := range headerChanges(f) {
			changed := *f
			if f.Argon2 != nil {
				params := *f.Argon2
				changed.Argon2 = &params
			}
			change(&changed)
			data := changed.encode()
			if what == "encryption added" { // now it is a file that wants a passphrase
				_, err := ParseWithPassphrase(data, nil)
				require.Error(t, err)
				continue
			}
			requireRefused(t, what, data, s)
		}
	})
}

func headerChanges(f *File) map[string]func(*File) {
	changes := map[string]func(*File){
		"version 1":             func(f *File) { f.Version = 1 },
		"the other version":     func(f *File) { f.Version = 5 - f.Version },
		"unknown type":          func(f *File) { f.Algorithm += "x" },
		"comment longer":        func(f *File) { f.Comment += " " },
		"comment shorter":       func(f *File) { f.Comment = f.Comment[1:] },
		"comment empty":         func(f *File) { f.Comment = "" },
		"comment in upper case": func(f *File) { f.Comment = strings.ToUpper(f.Comment) },
		"MAC short":             func(f *File) { f.mac = f.mac[:16] },
		"MAC long":              func(f *File) { f.mac = append(bytes.Clone(f.mac), 0) },
		"MAC empty":             func(f *File) { f.mac = nil },
	}
	for _, algorithm := range puttyAlgorithms() {
		if algorithm != f.Algorithm {
			changes["type "+algorithm] = func(f *File) { f.Algorithm = algorithm }
		}
	}
	if f.Encrypted() {
		changes["encryption taken away"] = func(f *File) { f.Encryption = encryptionNone }
	} else {
		changes["encryption added"] = func(f *File) {
			f.Encryption = encryptionAES
			if f.Version == 3 {
				f.Argon2 = &Argon2Params{Argon2id, 8, 1, 1}
			}
		}
	}
	if f.Argon2 != nil {
		changes["variant"] = func(f *File) { f.Argon2.Variant = Argon2i }
		changes["memory"] = func(f *File) { f.Argon2.Memory = 16 }
		changes["passes"] = func(f *File) { f.Argon2.Passes++ }
		changes["parallelism"] = func(f *File) { f.Argon2.Parallelism, f.Argon2.Memory = 2, 16 }
		changes["salt longer"] = func(f *File) { f.salt = append(bytes.Clone(f.salt), 0) }
		changes["salt shorter"] = func(f *File) { f.salt = f.salt[1:] }
		changes["salt empty"] = func(f *File) { f.salt = nil }
	}
	return changes
}

// TestEveryCharacter changes every character of the text. What still parses must be
// the same key: some changes say the same thing in other letters.
func TestEveryCharacter(t *testing.T) {
	for _, name := range []string{"ed25519", "ecdsa384"} {
		for _, s := range shapes {
			t.Run(name+" "+s.name, func(t *testing.T) {
				key := keytest.Type(t, name).New(t)
				data := s.write(t, key)
				for i, was := range data {
					for _, b := range []byte{'A', '=', ' ', '\n', '0'} {
						data[i] = b
						got, err := ParseWithPassphrase(data, s.passphrase())
						if err == nil {
							requireSameKey(t, key, got)
							continue
						}
						requireDocumented(t, err)
						if !s.encrypted {
							require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
						}
					}
					data[i] = was
				}
			})
		}
	}
}

// TestEveryLineMissingOrTwice: the lines have one order.
func TestEveryLineMissingOrTwice(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		lines := bytes.SplitAfter(s.write(t, key), []byte("\n"))
		for i := range lines[:len(lines)-1] {
			missing := bytes.Join(append(append([][]byte{}, lines[:i]...), lines[i+1:]...), nil)
			requireRefused(t, "missing", missing, s)
			cut := bytes.Join(lines[:i], nil)
			requireRefused(t, "cut", cut, s)
			if i == len(lines)-2 {
				continue // what follows the MAC does not count
			}
			twice := bytes.Join(append(append(append([][]byte{}, lines[:i+1]...), lines[i]), lines[i+1:]...), nil)
			requireRefused(t, "twice", twice, s)
		}
	})
}

// TestChangedPlainFileIsCalledDamaged, with the line of the MAC, as it is the MAC
// that says so.
func TestChangedPlainFileIsCalledDamaged(t *testing.T) {
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		for _, s := range shapes[:2] {
			f := decoded(t, s.write(t, key))
			f.Comment += "!"
			_, err := Parse(f.encode())
			var syntax *sshkey.SyntaxError
			require.ErrorAs(t, err, &syntax)
			assert.Equal(t, bytes.Count(f.encode(), []byte("\n")), syntax.Line)
			require.ErrorContains(t, err, "the MAC does not match")
		}
	})
}

// resealed gives the file a MAC that is right, so that only the meaning is wrong.
func resealed(f *File) []byte {
	f.mac = f.computeMAC(plainKeys(f.Version).mac, f.private)
	return f.encode()
}

// TestHalvesOfTwoKeys: a right MAC does not make a right key.
func TestHalvesOfTwoKeys(t *testing.T) {
	for _, kt := range keytest.Types() {
		for _, s := range shapes[:2] {
			f := decoded(t, s.write(t, kt.New(t)))
			f.private = decoded(t, s.write(t, kt.New(t))).private
			_, err := Parse(resealed(f))
			var invalid *sshkey.InvalidKeyError
			require.ErrorAs(t, err, &invalid, kt.Name)
			require.False(t, errors.Is(err, sshkey.ErrIncorrectPassphrase))
		}
	}
}
