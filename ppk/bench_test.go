package ppk

import (
	"testing"
	"time"

	"github.com/kayrus/putty"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// BenchmarkParse reads unencrypted files, beside github.com/kayrus/putty where that
// reads the type.
func BenchmarkParse(b *testing.B) {
	for _, kt := range keytest.Types() {
		data := keytest.Read(b, "twins", kt.Name+".v3.ppk")
		b.Run(kt.Name+"/keyconv", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := Parse(data)
				require.NoError(b, err)
			}
		})
		if kt.Name == "ed448" {
			continue // which the other reader does not have
		}
		b.Run(kt.Name+"/kayrus", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				benchmarkKayrus(b, data, "")
			}
		})
	}
}

func benchmarkKayrus(b *testing.B, data []byte, passphrase string) {
	file, err := putty.New(data)
	require.NoError(b, err)
	_, err = file.ParseRawPrivateKey([]byte(passphrase))
	require.NoError(b, err)
}

// BenchmarkMarshal writes unencrypted files, and reads each again to verify it.
func BenchmarkMarshal(b *testing.B) {
	for _, kt := range keytest.Types() {
		key := kt.New(b)
		b.Run(kt.Name+"/keyconv", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := Marshal(key, nil)
				require.NoError(b, err)
			}
		})
	}
}

// argon2Clock is Argon2 with a clock, to report its share.
type argon2Clock struct{ spent time.Duration }

func (c *argon2Clock) derive(p Argon2Params, passphrase, salt []byte, size uint32) []byte {
	start := time.Now()
	defer func() { c.spent += time.Since(start) }()
	return runArgon2(p, passphrase, salt, size)
}

func (c *argon2Clock) report(b *testing.B) {
	b.ReportMetric(100*(1-c.spent.Seconds()/b.Elapsed().Seconds()), "outside-argon2-%")
}

// encryptedForBenchmark is a file with the default parameters.
func encryptedForBenchmark(b *testing.B) (*sshkey.Key, []byte) {
	key := keytest.Type(b, "rsa2048").New(b)
	data, err := MarshalWithPassphrase(key, []byte(keytest.Passphrase), nil)
	require.NoError(b, err)
	return key, data
}

// BenchmarkParseEncrypted reports what share of the time is not Argon2.
func BenchmarkParseEncrypted(b *testing.B) {
	_, data := encryptedForBenchmark(b)
	b.Run("rsa2048/keyconv", func(b *testing.B) {
		var clock argon2Clock
		for b.Loop() {
			f, err := Decode(data)
			require.NoError(b, err)
			_, err = f.decryptWith([]byte(keytest.Passphrase), clock.derive)
			require.NoError(b, err)
		}
		clock.report(b)
	})
	b.Run("rsa2048/kayrus", func(b *testing.B) {
		for b.Loop() {
			benchmarkKayrus(b, data, keytest.Passphrase)
		}
	})
}

// BenchmarkMarshalEncrypted reports what share of the time is not Argon2.
func BenchmarkMarshalEncrypted(b *testing.B) {
	key, _ := encryptedForBenchmark(b)
	b.Run("rsa2048/keyconv", func(b *testing.B) {
		var clock argon2Clock
		for b.Loop() {
			_, err := marshal(key, []byte(keytest.Passphrase), nil, zeroes{}, clock.derive)
			require.NoError(b, err)
		}
		clock.report(b)
	})
}

// zeroes is a source of a salt that is good enough to measure with.
type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
