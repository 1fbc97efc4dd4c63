package p12key

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/rand"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTruncated(t *testing.T) {
	for _, name := range []string{"ecdsa256.p12", "legacy.p12", "plain.p12"} {
		data := read(t, name)
		for i := range data {
			_, err := ParseWithPassphrase(data[:i], []byte(passphrase))
			requireDocumented(t, err)
			require.ErrorAs(t, err, new(*sshkey.SyntaxError), "%s: %d bytes", name, i)
		}
		_, err := ParseWithPassphrase(append(bytes.Clone(data), 0), []byte(passphrase))
		require.ErrorAs(t, err, new(*sshkey.SyntaxError), "a byte too many")
	}
}

func TestForms(t *testing.T) {
	good := read(t, "plain.p12")
	content := contentOf(t, good)
	part := contentInfo{Type: asnData, Content: asn1.RawValue{Class: 2, IsCompound: true, Bytes: []byte{4, 0}}}
	empty := contentInfo{Type: asnData, Content: asn1.RawValue{Class: 2, IsCompound: true, Bytes: []byte{4, 2, 0x30, 0}}}
	other := contentInfo{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3}, Content: part.Content}
	file := func(version int, kind asn1.ObjectIdentifier, content []byte) []byte {
		return mustMarshal(t, struct {
			Version  int
			AuthSafe contentInfo
		}{version, contentInfo{Type: kind, Content: asn1.RawValue{Class: 2, IsCompound: true, Bytes: mustMarshal(t, content)}}})
	}
	syntax, unsupported := new(*sshkey.SyntaxError), new(*sshkey.UnsupportedError)
	for name, test := range map[string]struct {
		file    []byte
		as      any
		message string
	}{
		"nothing":           {nil, syntax, "the file is missing"},
		"BER without end":   {append([]byte{0x30, 0x80}, good[4:]...), syntax, "the length of the file"},
		"version 1":         {file(1, asnData, content), unsupported, "not sealed by a passphrase"},
		"signed":            {file(3, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, content), unsupported, "not sealed by a passphrase"},
		"no content":        {file(3, asnData, nil), syntax, "the content is missing"},
		"no part":           {file(3, asnData, mustMarshal(t, []contentInfo{})), new(*sshkey.InvalidKeyError), "no private key"},
		"three parts":       {file(3, asnData, mustMarshal(t, []contentInfo{empty, empty, empty})), new(*sshkey.InvalidKeyError), "no private key"},
		"for a certificate": {file(3, asnData, mustMarshal(t, []contentInfo{other})), unsupported, "encrypted for a certificate"},
		"an empty part":     {file(3, asnData, mustMarshal(t, []contentInfo{part})), syntax, "a part is missing"},
	} {
		_, err := Decode(test.file)
		requireDocumented(t, err)
		require.ErrorAs(t, err, test.as, name)
		require.ErrorContains(t, err, test.message, name)
	}
}

// TestSchemes: schemes that are not supported are named.
func TestSchemes(t *testing.T) {
	null := asn1.RawValue{Tag: asn1.TagNull}
	scrypt := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
	pbes2 := func(kdf, cipher asn1.ObjectIdentifier, params any) pkix.AlgorithmIdentifier {
		return pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, Parameters: asn1.RawValue{FullBytes: mustMarshal(t, kdfAndMore{
			KDF:    pkix.AlgorithmIdentifier{Algorithm: kdf, Parameters: asn1.RawValue{FullBytes: mustMarshal(t, params)}},
			Second: pkix.AlgorithmIdentifier{Algorithm: cipher, Parameters: asn1.RawValue{FullBytes: mustMarshal(t, make([]byte, 16))}},
		})}}
	}
	aes := asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
	otherPRF := struct {
		Salt       []byte
		Iterations int
		PRF        pkix.AlgorithmIdentifier
	}{[]byte{1}, 1, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 99}}}
	for name, test := range map[string]struct {
		algorithm pkix.AlgorithmIdentifier
		message   string
	}{
		"MD2":         {pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 1}, Parameters: asn1.RawValue{FullBytes: mustMarshal(t, pbes1Params{[]byte{1}, 1})}}, "the encryption PBE-MD2-DES of a PKCS#12 file"},
		"scrypt":      {pbes2(scrypt, aes, scryptParams{[]byte{1}, 2, 1, 1}), "the key derivation scrypt of a PKCS#12 file"},
		"another":     {pbes2(asn1.ObjectIdentifier{1, 2, 3}, aes, pbes1Params{[]byte{1}, 1}), "the key derivation 1.2.3 of a PKCS#12 file"},
		"cipher":      {pbes2(oidsOfPBMAC1[1], scrypt, pbes1Params{[]byte{1}, 1}), "the encryption 1.3.6"},
		"PRF":         {pbes2(oidsOfPBMAC1[1], aes, otherPRF), "the function 1.2.840.113549.2.99 in a PKCS#12 file"},
		"no PRF":      {pbes2(oidsOfPBMAC1[1], aes, pbes1Params{[]byte{1}, 1}), ""},
		"bad PBES1":   {pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}, Parameters: null}, "the parameters of the encryption is missing"},
		"bad PBES2":   {pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, Parameters: null}, "the parameters of the encryption is missing"},
		"bad PBKDF2":  {pbes2(oidsOfPBMAC1[1], aes, "text"), "the parameters of the key derivation is missing"},
		"0 rounds":    {pbes2(oidsOfPBMAC1[1], aes, pbes1Params{[]byte{1}, 0}), "the iterations are 0"},
		"-1 of PBES1": {pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}, Parameters: asn1.RawValue{FullBytes: mustMarshal(t, pbes1Params{[]byte{1}, -1})}}, "out of range"},
	} {
		s, err := readScheme(der.New(mustMarshal(t, test.algorithm)).Sequence("the algorithm"))
		if test.message == "" {
			require.NoError(t, err, name)
			assert.Equal(t, "aes256-cbc", s.Cipher)
			assert.Equal(t, pbes.KDF{Name: "PBKDF2-HMAC-SHA1", Rounds: 1}, s.KDF())
			continue
		}
		require.ErrorContains(t, err, test.message, name)
	}
}

type scryptParams struct {
	Salt    []byte
	N, R, P int
}

// mutate changes up to three bytes.
func mutate(random *rand.Rand, data []byte) []byte {
	changed := bytes.Clone(data)
	for range 1 + random.Intn(3) {
		changed[random.Intn(len(changed))] = byte(random.Intn(256))
	}
	return changed
}

// requireBounded makes sure that no derivation above the limits has run.
func requireBounded(t testing.TB, w *work, err error) {
	t.Helper()
	if !errors.As(err, new(*sshkey.LimitError)) {
		require.LessOrEqual(t, w.iterations, w.limits.KDFWork)
	}
}

// requireKeyOrError makes sure that a changed file gives a good key or an error, not a bad
// key or a panic.
func requireKeyOrError(t testing.TB, data []byte, passphrase string) {
	t.Helper()
	f, err := DecodeLimits(data, sshkey.Limits{KDFWork: 20_000})
	if err != nil {
		requireDocumented(t, err)
		return
	}
	w := &work{limits: f.limits}
	key, err := f.open(w, []byte(passphrase))
	requireBounded(t, w, err)
	if err != nil {
		requireDocumented(t, prefixed(err))
		return
	}
	require.NoError(t, key.Check())
}

func TestMutated(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for _, r := range readable(t) {
		for range 100 {
			requireKeyOrError(t, mutate(random, r.data), r.passphrase)
		}
	}
}

// TestMutatedInside changes what the MAC covers, and seals it again: only the reader can
// notice the change then.
func TestMutatedInside(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	for _, r := range readable(t) {
		content := contentOf(t, r.data)
		requireKeyOrError(t, seal(t, content, r.passphrase, 1), r.passphrase)
		for range 60 {
			requireKeyOrError(t, seal(t, mutate(random, content), r.passphrase, 1), r.passphrase)
		}
	}
}
