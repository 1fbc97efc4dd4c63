package keytest

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// Secrets returns the secret numbers of a key as bytes.
func Secrets(t testing.TB, key *sshkey.Key) [][]byte {
	t.Helper()
	switch k := key.Private.(type) {
	case *rsa.PrivateKey:
		return [][]byte{
			k.D.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes(),
			k.Precomputed.Dp.Bytes(), k.Precomputed.Dq.Bytes(), k.Precomputed.Qinv.Bytes(),
		}
	case *dsa.PrivateKey:
		return [][]byte{k.X.Bytes()}
	case *ecdsa.PrivateKey:
		scalar, err := k.Bytes()
		require.NoError(t, err)
		return [][]byte{bytes.TrimLeft(scalar, "\x00")}
	case ed25519.PrivateKey:
		return [][]byte{k.Seed()}
	case ed448.PrivateKey:
		return [][]byte{k.Seed()}
	case *sshkey.MLDSA44Ed25519PrivateKey:
		return [][]byte{k.Seeds[:32], k.Seeds[32:]}
	}
	t.Fatalf("no secret known of a %T", key.Private)
	return nil
}

// traces returns what a piece of a secret would look like in text. Eight bytes are too
// many to appear by chance.
func traces(secret []byte) []string {
	n := new(big.Int).SetBytes(secret)
	found := []string{n.String(), n.Text(8), n.Text(2), string(secret[:8])}
	for _, word := range n.Bits() { // as fmt shows a big.Int that it does not know
		if uint64(word)>>32 != 0 { // the highest one may be so short that it appears by chance
			found = append(found, fmt.Sprint(uint64(word)), fmt.Sprintf("%x", uint64(word)))
		}
	}
	for i := 0; i+8 <= len(secret); i++ {
		piece := secret[i : i+8]
		found = append(found,
			hex.EncodeToString(piece),
			strings.Trim(fmt.Sprintf("%v", piece), "[]"),
			fmt.Sprintf("% x", piece),
			strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", piece), "[]byte{"), "}"),
			strings.Trim(fmt.Sprintf("%q", piece), `"`),
			fmt.Sprint(new(big.Int).SetBytes(piece)))
	}
	for start := range 3 {
		text := base64.RawStdEncoding.EncodeToString(secret[start:])
		for i := 0; i+10 <= len(text)-1; i += 4 {
			found = append(found, strings.ToLower(text[i:i+10]))
		}
	}
	return found
}

// lower makes capital letters of ASCII small. Other bytes stay: strings.ToLower changes those
// that are not UTF-8, as a secret hardly is, and has no way back for letters such as a micro sign.
func lower(text string) []byte {
	out := []byte(text)
	for i, b := range out {
		if 'A' <= b && b <= 'Z' {
			out[i] += 'a' - 'A'
		}
	}
	return out
}

// Watch returns a function that returns a trace of a secret of the key in an output, or
// "" if it has none.
func Watch(t testing.TB, key *sshkey.Key) (leak func(output string) string) {
	t.Helper()
	byStart := map[uint64][]string{} // by the first eight bytes: a key has a thousand traces
	for _, secret := range Secrets(t, key) {
		for _, trace := range traces(secret) {
			trace = string(lower(trace))
			if len(trace) < 8 {
				continue // of zeros, so short that it appears by chance
			}
			start := binary.LittleEndian.Uint64([]byte(trace))
			byStart[start] = append(byStart[start], trace)
		}
	}
	return func(output string) string {
		text := lower(output)
		for ; len(text) >= 8; text = text[1:] {
			for _, trace := range byStart[binary.LittleEndian.Uint64(text)] {
				if strings.HasPrefix(string(text[:min(len(text), len(trace))]), trace) {
					return trace
				}
			}
		}
		return ""
	}
}
