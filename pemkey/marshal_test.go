package pemkey

import (
	"crypto/rsa"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMarshalForms writes each type in each encoding, plain and encrypted. The default
// cost of openssh-key-v1 is too high to do that for all types.
func TestMarshalForms(t *testing.T) {
	type form struct {
		label, cipher, kdf string
		rounds, memory     uint64
	}
	openssh := form{"OPENSSH PRIVATE KEY", "aes256-ctr", "bcrypt", 24, 0}
	pkcs8 := form{"PRIVATE KEY", "aes256-cbc", "PBKDF2-HMAC-SHA256", 600_000, 0}
	legacy := func(kind string) form { return form{kind + " PRIVATE KEY", "AES-128-CBC", "MD5", 1, 0} }
	sshcom := form{"SSH2 ENCRYPTED PRIVATE KEY", "3des-cbc", "MD5", 1, 0}
	for name, forms := range map[string]map[Encoding]form{
		"rsa2048":  {Traditional: legacy("RSA"), PKCS8: pkcs8, SSHCom: sshcom},
		"dsa1024":  {Traditional: legacy("DSA"), PKCS8: pkcs8, SSHCom: sshcom},
		"ecdsa256": {Traditional: legacy("EC"), OpenSSH: openssh},
		"ecdsa384": {Traditional: legacy("EC"), PKCS8: pkcs8},
		"ecdsa521": {Traditional: legacy("EC")},
		"ed25519":  {Traditional: openssh},
		"ed448":    {PKCS8: pkcs8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := randomKey(t, name)
			for encoding, form := range forms {
				out, err := Marshal(key, &Options{Encoding: encoding})
				require.NoError(t, err)
				f, err := Decode(out)
				require.NoError(t, err)
				assert.Equal(t, form.label, f.Label)
				assert.False(t, f.Encrypted())
				assertSame(t, key, mustParse(t, out, ""))

				out, err = MarshalWithPassphrase(key, []byte("p"), &Options{Encoding: encoding})
				require.NoError(t, err)
				f, err = Decode(out)
				require.NoError(t, err)
				if encoding == PKCS8 {
					form.label = "ENCRYPTED PRIVATE KEY"
				}
				assert.Equal(t, form.label, f.Label)
				assert.Equal(t, form.cipher, f.Encryption)
				assert.Equal(t, &KDF{Name: form.kdf, Rounds: form.rounds, Memory: form.memory}, f.KDF)
				_, err = Parse(out)
				require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError))
			}
		})
	}
}

// TestMarshalDoesNotChange: Marshal does not change the key.
func TestMarshalDoesNotChange(t *testing.T) {
	for _, kt := range keytest.Types() {
		key := kt.New(t)
		before, err := Marshal(key, &Options{Encoding: PKCS8})
		require.NoError(t, err)
		for _, c := range []writeCase{cheap(OpenSSH, ""), cheap(PKCS8, ""), {"traditional", Options{Rounds: 1}}, {"ssh.com", Options{Encoding: SSHCom}}} {
			_, _ = Marshal(key, &c.opts) // not every type has every form
			_, _ = MarshalWithPassphrase(key, []byte("x"), &c.opts)
		}
		after, err := Marshal(key, &Options{Encoding: PKCS8})
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after))
	}
}

func TestMarshalComment(t *testing.T) {
	for _, comment := range []string{"", "user@host", "a\nb\r\x00c", "\xff", strings.Repeat("x", 5000)} {
		key := randomKey(t, "ed25519")
		key.Comment = comment
		out, err := Marshal(key, nil)
		require.NoError(t, err)
		assert.Equal(t, comment, mustParse(t, out, "").Comment)
	}
}

func TestMarshalRefuses(t *testing.T) {
	rsaKey, ed := randomKey(t, "rsa2048"), randomKey(t, "ed25519")
	unsupported, limit := new(*sshkey.UnsupportedError), new(*sshkey.LimitError)
	for name, test := range map[string]struct {
		key     *sshkey.Key
		opts    Options
		as      any
		message string
	}{
		"unknown encoding":            {rsaKey, Options{Encoding: 17}, unsupported, "the encoding 17"},
		"negative encoding":           {rsaKey, Options{Encoding: -1}, unsupported, "the encoding -1"},
		"ssh.com, Ed25519":            {ed, Options{Encoding: SSHCom}, unsupported, "neither RSA nor DSA"},
		"ssh.com, ECDSA":              {randomKey(t, "ecdsa256"), Options{Encoding: SSHCom}, unsupported, "neither RSA nor DSA"},
		"ssh.com, Ed448":              {randomKey(t, "ed448"), Options{Encoding: SSHCom}, unsupported, "neither RSA nor DSA"},
		"ssh.com, a cipher":           {rsaKey, Options{Encoding: SSHCom, Cipher: "aes256-cbc"}, unsupported, "a choice of cipher and key derivation"},
		"ssh.com, rounds":             {rsaKey, Options{Encoding: SSHCom, Rounds: 2}, unsupported, "a choice of cipher and key derivation"},
		"legacy, a cipher":            {rsaKey, Options{Cipher: "aes256-cbc"}, unsupported, "a choice of cipher and key derivation"},
		"legacy, a KDF":               {rsaKey, Options{KDF: "bcrypt"}, unsupported, "a choice of cipher and key derivation"},
		"legacy, rounds":              {rsaKey, Options{Rounds: 100}, unsupported, "a choice of cipher and key derivation"},
		"legacy, memory":              {rsaKey, Options{Memory: 100}, unsupported, "a choice of cipher and key derivation"},
		"PKCS#8, unknown cipher":      {rsaKey, Options{Encoding: PKCS8, Cipher: "rot13"}, unsupported, `the cipher "rot13" in PKCS#8`},
		"PKCS#8, single DES":          {rsaKey, Options{Encoding: PKCS8, Cipher: "des-cbc"}, unsupported, `"des-cbc"`},
		"PKCS#8, GCM":                 {rsaKey, Options{Encoding: PKCS8, Cipher: "aes256-gcm"}, unsupported, `"aes256-gcm"`},
		"PKCS#8, cipher of OpenSSH":   {rsaKey, Options{Encoding: PKCS8, Cipher: "aes256-ctr"}, unsupported, `"aes256-ctr"`},
		"PKCS#8, bcrypt":              {rsaKey, Options{Encoding: PKCS8, KDF: "bcrypt"}, unsupported, `"bcrypt" in PKCS#8`},
		"PKCS#8, memory of PBKDF2":    {rsaKey, Options{Encoding: PKCS8, Memory: 1024}, unsupported, "a choice of memory or parallelism"},
		"PKCS#8, rounds of scrypt":    {rsaKey, Options{Encoding: PKCS8, KDF: "scrypt", Rounds: 5}, unsupported, "a choice of rounds for scrypt"},
		"PKCS#8, memory of 1000":      {rsaKey, Options{Encoding: PKCS8, KDF: "scrypt", Memory: 1000}, unsupported, "power of two"},
		"PKCS#8, memory of 1":         {rsaKey, Options{Encoding: PKCS8, KDF: "scrypt", Memory: 1}, unsupported, "power of two"},
		"PKCS#8, memory of 2 GiB":     {rsaKey, Options{Encoding: PKCS8, KDF: "scrypt", Memory: 1 << 21}, limit, "over the limit"},
		"PKCS#8, memory of 2^63":      {rsaKey, Options{Encoding: PKCS8, KDF: "scrypt", Memory: 1 << 63}, limit, "over the limit"},
		"PKCS#8, iterations":          {rsaKey, Options{Encoding: PKCS8, Rounds: 10_000_001}, limit, "over the limit"},
		"PKCS#8, iterations of 2^64":  {rsaKey, Options{Encoding: PKCS8, Rounds: 1<<64 - 1}, limit, "over the limit"},
		"OpenSSH, unknown cipher":     {ed, Options{Encoding: OpenSSH, Cipher: "rot13"}, unsupported, `"rot13"`},
		"OpenSSH, no cipher":          {ed, Options{Encoding: OpenSSH, Cipher: "none"}, new(*sshkey.SyntaxError), "the cipher is"},
		"OpenSSH, scrypt":             {ed, Options{Encoding: OpenSSH, KDF: "scrypt"}, unsupported, `"scrypt" in openssh-key-v1`},
		"OpenSSH, no KDF":             {ed, Options{Encoding: OpenSSH, KDF: "none"}, unsupported, `"none"`},
		"OpenSSH, memory":             {ed, Options{Encoding: OpenSSH, Memory: 1024}, unsupported, "a choice of memory or parallelism"},
		"OpenSSH, rounds":             {ed, Options{Encoding: OpenSSH, Rounds: 2049}, limit, "over the limit"},
		"OpenSSH, rounds of 2^32+1":   {ed, Options{Encoding: OpenSSH, Rounds: 1<<32 + 1}, limit, "over the limit"},
		"Ed25519, traditional, 2^32":  {ed, Options{Rounds: 1 << 32}, limit, "over the limit"},
		"a key that is none":          {&sshkey.Key{Private: "x"}, Options{}, unsupported, "a private key of Go type string"},
		"no key":                      {&sshkey.Key{}, Options{}, unsupported, "a private key of Go type <nil>"},
		"an RSA key without numbers":  {&sshkey.Key{Private: &rsa.PrivateKey{}}, Options{}, new(*sshkey.InvalidKeyError), "missing"},
		"encoding before the options": {ed, Options{Encoding: 4, Cipher: "x"}, unsupported, "the encoding 4"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := MarshalWithPassphrase(test.key, []byte("x"), &test.opts)
			assert.Nil(t, out)
			require.ErrorContains(t, err, test.message)
			assert.True(t, strings.HasPrefix(err.Error(), "pemkey: "), "%v", err)
			require.ErrorAs(t, err, test.as)
		})
	}
}

func TestMarshalEmptyPassphrase(t *testing.T) {
	for _, encoding := range []Encoding{Traditional, PKCS8, OpenSSH, SSHCom} {
		for _, pass := range [][]byte{nil, {}} {
			out, err := MarshalWithPassphrase(randomKey(t, "rsa2048"), pass, &Options{Encoding: encoding})
			assert.Nil(t, out)
			require.EqualError(t, err, "pemkey: an empty passphrase is not supported")
		}
	}
}

// TestMarshalWithoutRandomness: nothing is written if randomness fails.
func TestMarshalWithoutRandomness(t *testing.T) {
	broken := errors.New("no randomness")
	key := randomKey(t, "rsa2048")
	for _, c := range []writeCase{cheap(OpenSSH, ""), cheap(PKCS8, ""), {"legacy", Options{}}, {"ssh.com", Options{Encoding: SSHCom}}} {
		random := io.Reader(iotest.ErrReader(broken))
		for _, size := range []int64{0, 4, 17} {
			out, err := marshal(key, []byte("x"), &c.opts, io.MultiReader(io.LimitReader(zeros{}, size), random))
			if err == nil {
				assert.Contains(t, []string{"legacy", "ssh.com"}, c.name, "these need fewer than 17 bytes")
				continue
			}
			assert.Nil(t, out, c.name)
			require.ErrorIs(t, err, broken)
		}
	}
}

// TestMarshalVerifies: Marshal reads its output, which must be the same key.
func TestMarshalVerifies(t *testing.T) {
	key := randomKey(t, "ed25519")
	other := randomKey(t, "ed25519")
	out, err := Marshal(key, nil)
	require.NoError(t, err)
	require.NoError(t, verify(out, nil, key))
	require.ErrorContains(t, verify(out, nil, other), "another key")
	renamed := *key
	renamed.Comment = "another"
	require.ErrorContains(t, verify(out, nil, &renamed), "another key")
	require.ErrorContains(t, verify(out[:len(out)-20], nil, key), "does not read back")
	require.ErrorContains(t, verify(pemOf("PRIVATE KEY", nil), nil, key), "does not read back")
}
