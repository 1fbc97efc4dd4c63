package faults

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// needles are the secrets of the failing folder in every form that a message could
// have them in: see leakNeedles.
type needles map[string]bool

// needleSize is how many characters of a secret in a row are a leak.
const needleSize = 12

func (n needles) add(text string) {
	for i := 0; i+needleSize <= len(text); i++ {
		n[text[i:i+needleSize]] = true
	}
}

// found returns a piece of a secret that is in the text.
func (n needles) found(text string) string {
	for i := 0; i+needleSize <= len(text); i++ {
		if n[text[i:i+needleSize]] {
			return text[i : i+needleSize]
		}
	}
	return ""
}

// leakNeedles takes all secrets: the private lines of the files, and the private
// numbers of the keys in base64, hex and decimal.
func leakNeedles(t *testing.T, dir string) needles {
	t.Helper()
	n := needles{}
	for _, file := range keytest.Snapshot(t, dir) {
		for _, line := range privateLines(file.Content) {
			n.add(line)
		}
		key, err := engine.Parse([]byte(file.Content), func(*engine.File) ([]byte, error) { return []byte(keytest.Passphrase), nil })
		if err != nil {
			continue
		}
		for _, number := range privateNumbers(t, key) {
			for _, text := range inAllForms(number) {
				n.add(text)
			}
		}
	}
	return n
}

// privateLines are the lines of a file that are base64 of something secret.
func privateLines(content string) []string {
	_, private, found := strings.Cut(content, "Private-Lines")
	switch {
	case strings.Contains(content, "BEGIN OPENSSH"):
		return nil // for the larger part it is the public half
	case !found && !strings.Contains(content, "PRIVATE KEY"):
		return nil
	case !found:
		private = content
	}
	var lines []string
	for line := range strings.Lines(private) {
		line = strings.TrimSpace(line)
		if _, err := base64.StdEncoding.DecodeString(padded(line)); err == nil {
			lines = append(lines, line)
		}
	}
	return lines
}

func privateNumbers(t *testing.T, key *sshkey.Key) [][]byte {
	t.Helper()
	switch k := key.Private.(type) {
	case *rsa.PrivateKey:
		return [][]byte{k.D.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes(), k.Precomputed.Dp.Bytes(), k.Precomputed.Dq.Bytes(), k.Precomputed.Qinv.Bytes()}
	case ed25519.PrivateKey:
		return [][]byte{k.Seed()}
	case *ecdsa.PrivateKey:
		scalar, err := k.Bytes()
		require.NoError(t, err)
		return [][]byte{scalar}
	}
	t.Fatalf("no private numbers known of %T", key.Private)
	return nil
}

// inAllForms is how %d, %x, %X, %v of a number or of bytes would print it, and how it
// looks in the base64 of something that it is a part of: wherever it begins there.
func inAllForms(number []byte) []string {
	n := new(big.Int).SetBytes(number)
	return []string{
		n.String(), n.Text(16), strings.ToUpper(n.Text(16)), hex.EncodeToString(number),
		inBase64(number), inBase64(number[1:]), inBase64(number[2:]),
		base64.RawURLEncoding.EncodeToString(number), strings.Trim(fmt.Sprint(number), "[]"), fmt.Sprintf("%q", number), string(number),
	}
}

// inBase64 leaves out what depends on the bytes behind.
func inBase64(data []byte) string {
	return base64.StdEncoding.EncodeToString(data[:len(data)/3*3])
}
