package ppk

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// encryptedFile is a cheap one of version 3, to be changed.
func encryptedFile(t testing.TB) *File {
	t.Helper()
	return decoded(t, shapes[3].write(t, keytest.Type(t, "ed25519").New(t)))
}

// TestOrderOfChecks: which error is reported first. No passphrase should be needed for a
// file that cannot be read anyway.
func TestOrderOfChecks(t *testing.T) {
	huge := func(f *File) { f.Argon2.Memory = 1 << 31 }
	unknownType := func(f *File) { f.Algorithm = "ssh-moon" }
	brokenPublic := func(f *File) { f.public = f.public[:20] }
	for _, tt := range []struct {
		name    string
		changes []func(*File)
		cut     bool // the last line is missing
		want    string
	}{
		{"all is well", nil, false, "missing"},
		{"broken public key", []func(*File){brokenPublic}, false, "invalid"},
		{"over a limit and broken public key", []func(*File){huge, brokenPublic}, false, "limit"},
		{"unknown type and over a limit", []func(*File){unknownType, huge}, false, "unsupported"},
		{"unknown type, broken text", []func(*File){unknownType, huge}, true, "syntax"},
		{"unknown derivation and over a limit", []func(*File){huge, func(f *File) { f.Argon2.Variant = "Argon3" }}, false, "unsupported"},
		{"too little memory", []func(*File){func(f *File) { f.Argon2.Memory = 7 }}, false, "unsupported"},
		{"too little memory for all lanes", []func(*File){func(f *File) { f.Argon2.Memory, f.Argon2.Parallelism = 8*16777216-1, 16777216 }}, false, "unsupported"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := encryptedFile(t)
			for _, change := range tt.changes {
				change(f)
			}
			data := f.encode()
			if tt.cut {
				data = data[:bytes.LastIndex(data, []byte("Private-MAC"))]
			}
			_, err := Parse(data)
			assert.Equal(t, tt.want, requireDocumented(t, err), "%v", err)
			_, err = ParseWithPassphrase(data, []byte("wrong"))
			if tt.want != "missing" {
				assert.Equal(t, tt.want, requireDocumented(t, err), "%v", err)
			}
		})
	}
}

// TestPassphraseBeforeHalves: the halves of an encrypted key can only be compared
// with the passphrase.
func TestPassphraseBeforeHalves(t *testing.T) {
	f := decoded(t, shapes[2].write(t, keytest.Type(t, "ed25519").New(t)))
	plain := decoded(t, shapes[0].write(t, keytest.Type(t, "ed25519").New(t))).private
	k := f.deriveKeys([]byte(keytest.Passphrase), noKDF(t))
	f.private = k.encrypt(pad(plain))
	f.mac = f.computeMAC(k.mac, pad(plain))
	_, err := ParseWithPassphrase(f.encode(), []byte("wrong"))
	assert.Equal(t, "incorrect", requireDocumented(t, err))
	_, err = ParseWithPassphrase(f.encode(), []byte(keytest.Passphrase))
	assert.Equal(t, "invalid", requireDocumented(t, err))
}

func TestUnsupported(t *testing.T) {
	good := string(encryptedFile(t).encode())
	for _, tt := range []struct{ from, to, err string }{
		{"File-3", "File-4", `version "4" of the PuTTY key format is not supported`},
		{"File-3", "File-0", `version "0" of the PuTTY key format is not supported`},
		{"File-3", "File-03", `version "03" of the PuTTY key format is not supported`},
		{"File-3", "File-10", `version "10" of the PuTTY key format is not supported`},
		{"File-3", "File-\x1b[2J", `version "\x1b[2J" of the PuTTY key format is not supported`},
		{"aes256-cbc", "aes256-ctr", `the encryption "aes256-ctr" in a PuTTY key file is not supported`},
		{"aes256-cbc", "none ", `the encryption "none " in a PuTTY key file is not supported`},
		{"ssh-ed25519", "sk-ssh-ed25519@openssh.com", `the key type "sk-ssh-ed25519@openssh.com" in a PuTTY key file is not supported`},
		{"ssh-ed25519", "ssh-ed448-cert-v01@openssh.com", `the key type "ssh-ed448-cert-v01@openssh.com" in a PuTTY key file is not supported`},
		{"ssh-ed25519", "", `the key type "" in a PuTTY key file is not supported`},
		{"Argon2id", "argon2id", `the key derivation "argon2id" is not supported`},
		{"Memory: 8", "Memory: 7", `Argon2 with 7 KiB for parallelism 1 (at least 8 KiB each) is not supported`},
	} {
		_, err := Decode(bytes.Replace([]byte(good), []byte(tt.from), []byte(tt.to), 1))
		require.EqualError(t, err, "ppk: "+tt.err)
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
}

// TestLongTextIsCut: a file cannot fill a screen with its own text.
func TestLongTextIsCut(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 5000)
	good := encryptedFile(t).encode()
	for _, from := range []string{"PuTTY-User", "3: ssh-ed25519", "3", "ssh-ed25519", "aes256-cbc", "Argon2id", "Memory: 8", "Comment:", "Public-Lines: 2", "AAAA"} {
		_, err := Decode(bytes.Replace(good, []byte(from), long, 1))
		require.Error(t, err, from)
		assert.Less(t, len(err.Error()), 200, from)
	}
}

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		memory, passes uint32
		limits         sshkey.Limits
		want           *sshkey.LimitError
	}{
		{1 << 20, 10, sshkey.Limits{}, nil},
		{1 << 20, 11, sshkey.Limits{}, &sshkey.LimitError{Kind: sshkey.LimitKDFWork, What: "Argon2 work in KiB times passes", Value: 11 << 20, Max: 10 << 20}},
		{8, 10 << 16, sshkey.Limits{}, nil},
		{8, 10<<16 + 1, sshkey.Limits{}, &sshkey.LimitError{Kind: sshkey.LimitKDFWork, What: "Argon2 work in KiB times passes", Value: 10<<20 + 16, Max: 10 << 20}},
		{1<<20 + 1, 1, sshkey.Limits{}, &sshkey.LimitError{Kind: sshkey.LimitKDFMemory, What: "Argon2 memory in KiB", Value: 1<<20 + 1, Max: 1 << 20}},
		{1<<32 - 1, 1<<32 - 1, sshkey.Limits{}, &sshkey.LimitError{Kind: sshkey.LimitKDFMemory, What: "Argon2 memory in KiB", Value: 1<<32 - 1, Max: 1 << 20}},
		{1<<20 + 1, 1, sshkey.Limits{KDFMemory: 1 << 21}, nil},
		{1 << 20, 17, sshkey.Limits{KDFWork: 17 << 20}, nil},
		{1<<32 - 1, 1<<32 - 1, sshkey.Limits{KDFMemory: 1 << 32, KDFWork: 1<<64 - 1}, nil},
		{8192, 21, sshkey.Limits{KDFMemory: 8191}, &sshkey.LimitError{Kind: sshkey.LimitKDFMemory, What: "Argon2 memory in KiB", Value: 8192, Max: 8191}},
		{8192, 21, sshkey.Limits{KDFWork: 8192*21 - 1}, &sshkey.LimitError{Kind: sshkey.LimitKDFWork, What: "Argon2 work in KiB times passes", Value: 8192 * 21, Max: 8192*21 - 1}},
	} {
		t.Run(fmt.Sprintf("%d times %d within %v", tt.memory, tt.passes, tt.limits), func(t *testing.T) {
			f := encryptedFile(t)
			f.Argon2.Memory, f.Argon2.Passes = tt.memory, tt.passes
			got, err := DecodeLimits(f.encode(), tt.limits)
			if tt.want != nil {
				assert.Nil(t, got)
				var limit *sshkey.LimitError
				require.ErrorAs(t, err, &limit)
				assert.Equal(t, tt.want, limit)
				requireDocumented(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, Argon2Params{Argon2id, tt.memory, tt.passes, 1}, *got.Argon2)
		})
	}
}

// TestRaisedLimitsReachTheDerivation, which is asked for what the file says.
func TestRaisedLimitsReachTheDerivation(t *testing.T) {
	f := encryptedFile(t)
	f.Argon2.Memory = 1 << 21
	got, err := DecodeLimits(f.encode(), sshkey.Limits{KDFMemory: 1 << 21})
	require.NoError(t, err)
	runs := 0
	_, err = got.decryptWith([]byte("p"), func(p Argon2Params, passphrase, salt []byte, size uint32) []byte {
		runs++
		assert.Equal(t, Argon2Params{Argon2id, 1 << 21, 1, 1}, p)
		assert.Equal(t, "p", string(passphrase))
		assert.Equal(t, f.salt, salt)
		assert.EqualValues(t, 80, size)
		return make([]byte, size)
	})
	require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	assert.Equal(t, 1, runs)
}

func TestFileSize(t *testing.T) {
	data := shapes[1].write(t, keytest.Type(t, "ed25519").New(t))
	full := append(bytes.Clone(data), bytes.Repeat([]byte("\n"), sshkey.MaxFileSize-len(data))...)
	_, err := Parse(full)
	require.NoError(t, err)
	_, err = Parse(append(full, '\n'))
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitFileSize, limit.Kind)
}

// TestParallelism: each lane is a goroutine, so that 2^17 of them took 1.4 GiB beside the
// memory that is limited, and four times as long.
func TestParallelism(t *testing.T) {
	f := encryptedFile(t)
	f.Argon2.Memory, f.Argon2.Passes, f.Argon2.Parallelism = 1<<20, 1, 1024
	_, err := Decode(f.encode())
	require.NoError(t, err)
	for _, lanes := range []uint32{1025, 1 << 17} {
		f.Argon2.Parallelism = lanes
		_, err = DecodeLimits(f.encode(), sshkey.Limits{KDFMemory: 1 << 30, KDFWork: 1 << 60})
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
		require.ErrorContains(t, err, fmt.Sprintf("Argon2 with parallelism %d (at most 1024)", lanes))
	}
	// 8 KiB a lane count for twice as much.
	f.Argon2.Memory, f.Argon2.Passes, f.Argon2.Parallelism = 64, 10<<13, 8
	_, err = Decode(f.encode())
	require.NoError(t, err)
	f.Argon2.Passes++
	_, err = Decode(f.encode())
	require.ErrorAs(t, err, new(*sshkey.LimitError))
}

// TestMemoryIsCollected: two tries with different passphrases take the memory of one.
func TestMemoryIsCollected(t *testing.T) {
	const memory = 128 << 10
	runArgon2(Argon2Params{Argon2id, memory, 1, 1}, []byte("p"), []byte("saltsalt"), 80)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	require.Less(t, stats.HeapAlloc, uint64(memory<<10))
}
