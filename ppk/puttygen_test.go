package ppk

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// The tests here hold random keys of every type against puttygen: what it writes of
// a key, and what it reads of ours.

// countOf is how many random keys of a type puttygen writes. Half of them have a number
// that begins or ends with a zero, where writers go wrong.
var countOf = map[string]int{
	"rsa2048": 8, "dsa1024": 8, "ecdsa256": 24, "ecdsa384": 24, "ecdsa521": 8, "ed25519": 48, "ed448": 16,
}

// readCount is how many keys of a type puttygen reads, of both versions: what it reads is byte
// for byte what it writes, except of Ed448, which it cannot import.
const readCount = 4

// times is how often a loop over a program goes round: n, and a tenth of it with -short, but
// twice where that is possible, since versions take turns.
func times(n int) int {
	if keytest.Sampled() {
		return min(n, max(n/10, 2))
	}
	return n
}

// zeros are the places of a number that may be zero, in the private half and in the last
// bytes of the public one.
var zeros = []func(private, public []byte) bool{
	func(private, _ []byte) bool { return private[0] == 0 },
	func(private, _ []byte) bool { return private[len(private)-1] == 0 },
	func(_, public []byte) bool { return public[0] == 0 },
	func(_, public []byte) bool { return public[len(public)-1] == 0 },
}

// newKey returns the key of a turn: two random ones, for version 2 and 3, then two with a zero
// in one of the places.
func newKey(t testing.TB, kt keytest.KeyType, turn int) *sshkey.Key {
	for key := kt.New(t); ; key = kt.New(t) {
		if turn%4 < 2 {
			return key
		}
		isZero := zeros[turn/4%len(zeros)]
		switch k := key.Private.(type) {
		case *ecdsa.PrivateKey:
			private, err := k.Bytes()
			assert.NoError(t, err)
			public, err := k.PublicKey.Bytes()
			assert.NoError(t, err)
			if len(private) == 66 || isZero(private, public[1:1+len(private)]) { // 521 bits begin with a zero as they are
				return key
			}
		case ed25519.PrivateKey:
			if isZero(k.Seed(), k[ed25519.SeedSize:]) {
				return key
			}
		default:
			return key
		}
	}
}

// throughPuttygen calls test with random keys of each type, on all processors, for
// version 2 and 3 in turn.
func throughPuttygen(t *testing.T, count func(keyType string) int, test func(dir string, key *sshkey.Key, version int)) {
	t.Helper()
	keytest.Tool(t, "puttygen")
	for _, kt := range keytest.Types() {
		t.Run(kt.Name, func(t *testing.T) {
			turns := make(chan int)
			var wg sync.WaitGroup
			for range runtime.GOMAXPROCS(0) {
				dir := t.TempDir()
				wg.Go(func() {
					for turn := range turns {
						test(dir, newKey(t, kt, turn), 2+turn%2)
					}
				})
			}
			require.Positive(t, count(kt.Name))
			for turn := range count(kt.Name) {
				turns <- turn
			}
			close(turns)
			wg.Wait()
		})
	}
}

// puttygen runs it on a file and returns what it wrote. It may be called from any
// goroutine.
func puttygen(t testing.TB, dir string, in []byte, args ...string) []byte {
	t.Helper()
	from, to := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if !assert.NoError(t, os.WriteFile(from, in, 0o600)) {
		return nil
	}
	_, err := keytest.RunError(t, nil, "puttygen", append([]string{from, "-o", to}, args...)...)
	assert.NoError(t, err)
	out, err := os.ReadFile(to)
	assert.NoError(t, err)
	assert.NoError(t, os.Remove(to))
	return out
}

// foreign is the key in a format that puttygen imports, written by other code than
// ours, and nil where there is none.
func foreign(t testing.TB, key *sshkey.Key) []byte {
	t.Helper()
	switch k := key.Private.(type) {
	case ed448.PrivateKey:
		return nil
	case *dsa.PrivateKey:
		der, err := asn1.Marshal([]*big.Int{new(big.Int), k.P, k.Q, k.G, k.Y, k.X})
		assert.NoError(t, err)
		return pem.EncodeToMemory(&pem.Block{Type: "DSA PRIVATE KEY", Bytes: der})
	}
	block, err := ssh.MarshalPrivateKey(key.Private, key.Comment)
	assert.NoError(t, err)
	return pem.EncodeToMemory(block)
}

// TestWeWriteWhatPuttygenWrites: puttygen imports the key from another format and
// writes the same bytes.
func TestWeWriteWhatPuttygenWrites(t *testing.T) {
	count := func(keyType string) int { return times(countOf[keyType]) }
	throughPuttygen(t, count, func(dir string, key *sshkey.Key, version int) {
		source := foreign(t, key)
		args := []string{"-O", "private", "-C", key.Comment, "--ppk-param", fmt.Sprint("version=", version)}
		if source == nil { // it can only be rewritten, from the other version
			source = mustMarshal(t, key, 5-version)
			args = append(args, "--reencrypt")
		}
		want := puttygen(t, dir, source, args...)
		assert.Equal(t, string(want), string(mustMarshal(t, key, version)))
	})
}

// TestPuttygenReadsWhatWeWrite: puttygen reads our file, which checks the MAC, and
// what it exports is the same key.
func TestPuttygenReadsWhatWeWrite(t *testing.T) {
	count := func(keyType string) int {
		if keyType == "ed448" {
			return times(countOf[keyType])
		}
		return times(readCount)
	}
	throughPuttygen(t, count, func(dir string, key *sshkey.Key, version int) {
		format := "private-openssh-new"
		if _, ok := key.Private.(*dsa.PrivateKey); ok { // of which the reader below knows PEM only
			format = "private-openssh"
		}
		assertExport(t, key, puttygen(t, dir, mustMarshal(t, key, version), "-O", format))
	})
}

// mustMarshal may be called from any goroutine.
func mustMarshal(t testing.TB, key *sshkey.Key, version int) []byte {
	t.Helper()
	out, err := Marshal(key, &Options{Version: version})
	assert.NoError(t, err)
	return out
}

// assertExport wants the same private key in a file of puttygen's.
func assertExport(t testing.TB, key *sshkey.Key, export []byte) {
	t.Helper()
	if want, ok := key.Private.(ed448.PrivateKey); ok { // which the library cannot read
		block, _ := pem.Decode(export)
		if assert.NotNil(t, block) {
			assert.True(t, bytes.Contains(block.Bytes, want))
		}
		return
	}
	private, err := ssh.ParseRawPrivateKey(export)
	assert.NoError(t, err)
	if p, ok := private.(*ed25519.PrivateKey); ok {
		private = *p
	}
	assert.True(t, key.Equal(&sshkey.Key{Private: private}), "%v", key)
}

// TestOddScalars: numbers with leading zeros or the top bit set are where writers go
// wrong.
func TestOddScalars(t *testing.T) {
	dir := t.TempDir()
	for _, c := range rawkey.Curves() {
		top := new(big.Int).Lsh(big.NewInt(1), uint(8*(c.Size()-1))) // the first byte is 1
		n := c.Elliptic.Params().N
		for _, d := range keytest.Some(3, []*big.Int{
			big.NewInt(1), big.NewInt(0x7f), big.NewInt(0x80), big.NewInt(0xff00), top,
			new(big.Int).Sub(top, big.NewInt(1)), new(big.Int).Rsh(top, 1), new(big.Int).Rsh(n, 1), new(big.Int).Sub(n, big.NewInt(1)),
		}) {
			private, err := rawkey.NewECDSA(c, nil, d)
			require.NoError(t, err)
			key := &sshkey.Key{Private: private, Comment: d.Text(16)}
			ours := mustMarshal(t, key, 3)
			assertExport(t, key, puttygen(t, dir, ours, "-O", "private-openssh-new"))
			assert.Equal(t, string(ours), string(puttygen(t, dir, foreign(t, key), "-O", "private")))
			back, err := Parse(ours)
			require.NoError(t, err)
			requireSameKey(t, key, back)
		}
	}
}

// TestEncryptedAsPuttygenWrites: version 2 has no salt, so the same passphrase
// always gives the same file; of version 3 we take the salt and parameters.
func TestEncryptedAsPuttygenWrites(t *testing.T) {
	passphrase := keytest.WriteFile(t, t.TempDir(), "pass", []byte(keytest.Passphrase+"\n"))
	for _, kt := range keytest.Some(3, keytest.Types()) {
		for _, params := range []string{
			"version=2",
			"version=3,kdf=argon2id,memory=64,passes=2,parallelism=1",
			"version=3,kdf=argon2i,memory=128,passes=1,parallelism=3",
			"version=3,kdf=argon2d,memory=64,passes=3,parallelism=2",
		} {
			t.Run(kt.Name+" "+params, func(t *testing.T) {
				for range times(3) {
					key := kt.New(t)
					theirs := puttygen(t, t.TempDir(), mustMarshal(t, key, 3),
						"-O", "private", "-P", "--new-passphrase", passphrase, "--ppk-param", params)
					f := decoded(t, theirs)
					require.True(t, f.Encrypted())
					assert.Equal(t, string(theirs), string(rewritten(t, f, key, keytest.Passphrase)))
					back, err := f.Decrypt([]byte(keytest.Passphrase))
					require.NoError(t, err)
					requireSameKey(t, key, back)
				}
			})
		}
	}
}

// TestPuttygenReadsOurEncryptedFiles: with our own salt, and a passphrase of many
// bytes.
func TestPuttygenReadsOurEncryptedFiles(t *testing.T) {
	passphrase := []byte("grüße \xe4 \x01\x7f " + string(bytes.Repeat([]byte("long"), 60)))
	file := keytest.WriteFile(t, t.TempDir(), "pass", append(bytes.Clone(passphrase), '\n'))
	empty := keytest.WriteFile(t, t.TempDir(), "empty", nil)
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		for _, opts := range []*Options{
			{Version: 2},
			{Version: 3, Argon2: &cheapArgon2},
			{Argon2: &Argon2Params{Variant: Argon2d, Memory: 2400, Passes: 1, Parallelism: 300}},
		} {
			ours, err := MarshalWithPassphrase(key, passphrase, opts)
			require.NoError(t, err)
			plain := puttygen(t, t.TempDir(), ours, "-O", "private", "-P",
				"--old-passphrase", file, "--new-passphrase", empty, "--ppk-param", "version=3")
			assert.Equal(t, string(mustMarshal(t, key, 3)), string(plain))
		}
	})
}
