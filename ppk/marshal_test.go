package ppk

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestRoundTrip(t *testing.T) {
	forEveryShape(t, func(t *testing.T, key *sshkey.Key, s shape) {
		for _, comment := range []string{"", " ", "plain", " two  spaces ", "Private-MAC: 00", "grüße 漢字", "gr\xfc\xdfe", "\x85\v\f\t\x1b[0m", strings.Repeat("long ", 10000)} {
			key.Comment = comment
			out := s.write(t, key)
			got, err := ParseWithPassphrase(out, s.passphrase())
			require.NoError(t, err, "%.20q", comment)
			requireSameKey(t, key, got)
			assert.True(t, bytes.HasSuffix(out, []byte("\n")))
			assert.NotContains(t, string(out), "\r")
		}
	})
}

// TestAnyCommentComesBack, or is refused because a line cannot hold it.
func TestAnyCommentComesBack(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	rapid.Check(t, func(t *rapid.T) {
		comment := string(rapid.SliceOf(rapid.Byte()).Draw(t, "comment"))
		out, err := Marshal(&sshkey.Key{Private: key.Private, Comment: comment}, nil)
		if strings.ContainsAny(comment, "\r\n\x00") {
			assert.Error(t, err)
			return
		}
		require.NoError(t, err)
		got, err := Parse(out)
		require.NoError(t, err)
		assert.Equal(t, comment, got.Comment)
	})
}

func TestDefaults(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	out, err := Marshal(key, nil)
	require.NoError(t, err)
	assert.Equal(t, string(mustMarshal(t, key, 3)), string(out))
	assert.Equal(t, 3, decoded(t, out).Version)

	salts := map[string]bool{}
	for _, opts := range []*Options{nil, {}, {Version: 3}, {Argon2: &Argon2Params{}}} {
		out, err := MarshalWithPassphrase(key, []byte("p"), opts)
		require.NoError(t, err)
		f := decoded(t, out)
		assert.Equal(t, Argon2Params{Variant: "Argon2id", Memory: 8192, Passes: 21, Parallelism: 1}, *f.Argon2)
		assert.Len(t, f.salt, 16)
		salts[string(f.salt)] = true
	}
	assert.Len(t, salts, 4, "every file has its own salt")

	out, err = MarshalWithPassphrase(key, []byte("p"), &Options{Argon2: &Argon2Params{Memory: 64, Passes: 1}})
	require.NoError(t, err)
	assert.Equal(t, Argon2Params{Argon2id, 64, 1, 1}, *decoded(t, out).Argon2)
}

// TestOneDerivation: verifying what was written does not derive the keys again.
func TestOneDerivation(t *testing.T) {
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		runs := 0
		_, err := marshal(key, []byte("p"), nil, rand.Reader, func(_ Argon2Params, _, _ []byte, size uint32) []byte {
			runs++
			return make([]byte, size)
		})
		require.NoError(t, err)
		assert.Equal(t, 1, runs)
		for _, version := range []int{2, 3} {
			_, err := marshal(key, nil, &Options{Version: version}, iotest.ErrReader(errors.New("no salt is needed")), noKDF(t))
			require.NoError(t, err)
		}
	})
}

// mismatched has the public half of one key and the private half of another.
func mismatched(t testing.TB) *sshkey.Key {
	a := keytest.Type(t, "ed25519").New(t).Private.(ed25519.PrivateKey)
	b := keytest.Type(t, "ed25519").New(t).Private.(ed25519.PrivateKey)
	return &sshkey.Key{Private: ed25519.PrivateKey(append(bytes.Clone(a[:32]), b[32:]...))}
}

func TestRefusals(t *testing.T) {
	good := keytest.Type(t, "ed25519").New(t)
	withComment := func(c string) *sshkey.Key { return &sshkey.Key{Private: good.Private, Comment: c} }
	primes := []*big.Int{big.NewInt(3), big.NewInt(5), big.NewInt(7)}
	multi := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: big.NewInt(105), E: 5}, D: big.NewInt(5), Primes: primes}
	square := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: big.NewInt(121), E: 3}, D: big.NewInt(67),
		Primes: []*big.Int{big.NewInt(11), big.NewInt(11)},
	}
	foreignCert := decoded(t, keytest.Read(t, "corpus", "generated", "ed25519.cert.v3.ppk"))
	certified, err := foreignCert.Decrypt(nil)
	require.NoError(t, err)
	for _, tt := range []struct {
		name       string
		key        *sshkey.Key
		passphrase string
		opts       *Options
		err        string
	}{
		{"comment with LF", withComment("a\nb"), "", nil, "a comment with a line end or a NUL byte in a PuTTY key file is not supported"},
		{"comment with CR", withComment("a\r"), "", nil, "a comment with a line end or a NUL byte in a PuTTY key file is not supported"},
		{"comment with NUL", withComment("\x00"), "", nil, "a comment with a line end or a NUL byte in a PuTTY key file is not supported"},
		{"version 1", good, "", &Options{Version: 1}, "writing version 1 of the PuTTY key format (only 2 and 3) is not supported"},
		{"version 4", good, "", &Options{Version: 4}, "writing version 4 of the PuTTY key format (only 2 and 3) is not supported"},
		{"version -1", good, "", &Options{Version: -1}, "writing version -1 of the PuTTY key format (only 2 and 3) is not supported"},
		{"version 2 with Argon2", good, "p", &Options{Version: 2, Argon2: &cheapArgon2}, "Argon2 in version 2 of the PuTTY key format is not supported"},
		{"version 2 with Argon2, plain", good, "", &Options{Version: 2, Argon2: &cheapArgon2}, "Argon2 in version 2 of the PuTTY key format is not supported"},
		{"Argon2, plain", good, "", &Options{Argon2: &cheapArgon2}, "Argon2 without encryption is not supported"},
		{"unknown Argon2", good, "p", &Options{Argon2: &Argon2Params{Variant: "Argon3"}}, `the key derivation "Argon3" is not supported`},
		{"Argon2 in lower case", good, "p", &Options{Argon2: &Argon2Params{Variant: "argon2id"}}, `the key derivation "argon2id" is not supported`},
		{"too little memory", good, "p", &Options{Argon2: &Argon2Params{Memory: 7}}, "Argon2 with 7 KiB for parallelism 1 (at least 8 KiB each) is not supported"},
		{"too many lanes", good, "p", &Options{Argon2: &Argon2Params{Parallelism: 1025}}, "Argon2 with 8192 KiB for parallelism 1025 (at least 8 KiB each) is not supported"},
		{"too much memory", good, "p", &Options{Argon2: &Argon2Params{Memory: 1<<20 + 1, Passes: 1}}, "Argon2 memory in KiB is 1048577, over the limit of 1048576"},
		{"too much work", good, "p", &Options{Argon2: &Argon2Params{Passes: 2049}}, "Argon2 work in KiB times passes is 16785408, over the limit of 10485760"},
		{"halves of two keys", mismatched(t), "", nil, "Ed25519: the private half does not match the public half"},
		{"halves of two keys, encrypted", mismatched(t), "p", nil, "Ed25519: the private half does not match the public half"},
		{"three primes", &sshkey.Key{Private: multi}, "", nil, "an RSA key with other than two primes is not supported"},
		{"one prime twice", &sshkey.Key{Private: square}, "", nil, "RSA: p and q have a common factor"},
		{"no key", &sshkey.Key{}, "", nil, "a private key of Go type <nil> is not supported"},
		{"a pointer", &sshkey.Key{Private: new(ed25519.PrivateKey)}, "", nil, "a private key of Go type *ed25519.PrivateKey is not supported"},
		{"certificate of another", &sshkey.Key{Private: good.Private, Certificate: certified.Certificate}, "", nil, "the certificate is for another key"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := marshal(tt.key, []byte(tt.passphrase), tt.opts, rand.Reader, noKDF(t))
			assert.Nil(t, out)
			require.ErrorContains(t, err, tt.err)
			if tt.passphrase == "" {
				out, err = Marshal(tt.key, tt.opts)
			} else {
				out, err = MarshalWithPassphrase(tt.key, []byte(tt.passphrase), tt.opts)
			}
			assert.Nil(t, out)
			require.ErrorContains(t, err, "ppk: "+tt.err)
		})
	}
}

func TestPassphrasesThatAreRefused(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, tt := range []struct{ passphrase, err string }{
		{"", "ppk: an empty passphrase is not supported"},
		{"\x00", "ppk: a passphrase with a NUL byte is not supported"},
		{"secret\x00", "ppk: a passphrase with a NUL byte is not supported"},
	} {
		for _, opts := range []*Options{nil, {Version: 2}} {
			out, err := MarshalWithPassphrase(key, []byte(tt.passphrase), opts)
			assert.Nil(t, out)
			require.EqualError(t, err, tt.err)
		}
	}
}

// TestNoSaltNoFile: a salt that is not random is never written.
func TestNoSaltNoFile(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	broken := errors.New("no random bytes")
	for _, random := range []*bytes.Reader{bytes.NewReader(nil), bytes.NewReader(make([]byte, 15))} {
		_, err := marshal(key, []byte("p"), nil, random, noKDF(t))
		require.Error(t, err)
	}
	_, err := marshal(key, []byte("p"), nil, iotest.ErrReader(broken), noKDF(t))
	require.ErrorIs(t, err, broken)
}

// TestWrongWritingIsNoticed: what was written is read again before it is returned.
func TestWrongWritingIsNoticed(t *testing.T) {
	a, b := keytest.Type(t, "ed25519").New(t), keytest.Type(t, "ed25519").New(t)
	b.Comment = a.Comment
	out, err := Marshal(a, nil)
	require.NoError(t, err)
	require.NoError(t, verify(out, a, plainKeys(3)))
	require.ErrorContains(t, verify(out, b, plainKeys(3)), "reads back as another key")
	b = &sshkey.Key{Private: a.Private, Comment: "another"}
	require.ErrorContains(t, verify(out, b, plainKeys(3)), "reads back as another key")
	out[len(out)-2] ^= 1
	require.ErrorContains(t, verify(out, a, plainKeys(3)), "does not read back")
	require.ErrorContains(t, verify(out[:60], a, plainKeys(3)), "does not read back")
}

// TestRSAOrder: p > q in the file whatever the key has, and d stays what it is.
func TestRSAOrder(t *testing.T) {
	for range 4 {
		key := keytest.Type(t, "rsa2048").New(t)
		private := key.Private.(*rsa.PrivateKey)
		p, q := private.Primes[0], private.Primes[1]
		phi := new(big.Int).Mul(new(big.Int).Sub(p, big.NewInt(1)), new(big.Int).Sub(q, big.NewInt(1)))
		longer, err := rawkey.NewRSA(rawkey.RSANumbers{N: private.N, E: big.NewInt(int64(private.E)), D: new(big.Int).Add(private.D, phi), P: q, Q: p})
		require.NoError(t, err)
		for _, k := range []*rsa.PrivateKey{private, longer} {
			back, err := Parse(mustMarshal(t, &sshkey.Key{Private: k}, 3))
			require.NoError(t, err)
			got := back.Private.(*rsa.PrivateKey)
			assert.Equal(t, 1, got.Primes[0].Cmp(got.Primes[1]))
			assert.Zero(t, got.D.Cmp(k.D))
		}
	}
}
