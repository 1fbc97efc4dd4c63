package sshkey_test

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// secrets returns the secret numbers of a key as bytes.
func secrets(t *testing.T, key *sshkey.Key) [][]byte {
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
	}
	t.Fatalf("no secret known of a %T", key.Private)
	return nil
}

// traces returns what some piece of a secret would look like in text. Eight bytes
// are too many to show up by chance.
func traces(secret []byte) []string {
	n := new(big.Int).SetBytes(secret)
	found := []string{n.String(), n.Text(8), n.Text(2), string(secret[:8])}
	for _, word := range n.Bits() { // as fmt shows a big.Int that it does not know
		if uint64(word)>>32 != 0 { // the highest one may be too short to tell anything
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

// watch returns a function that finds a trace of a secret of the key in an output,
// and returns nothing where there is none.
func watch(t *testing.T, key *sshkey.Key) (leak func(output string) string) {
	t.Helper()
	var all []string
	for _, secret := range secrets(t, key) {
		for _, trace := range traces(secret) {
			all = append(all, strings.ToLower(trace))
		}
	}
	return func(output string) string {
		output = strings.ToLower(output)
		for _, trace := range all {
			if strings.Contains(output, trace) {
				return trace
			}
		}
		return ""
	}
}

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%b", "%o", "%c", "%U", "%e", "%t", "%T"}

type embedding struct {
	sshkey.Key
	N int
}

type holding struct {
	K sshkey.Key
	P *sshkey.Key
	I any
}

// TestLeakIsSeen makes sure that the search below would find something.
func TestLeakIsSeen(t *testing.T) {
	type same sshkey.Key // without the methods
	for _, kt := range keytest.Types() {
		key := kt.New(t)
		leak := watch(t, key)
		assert.NotEmpty(t, leak(fmt.Sprintf("%+v", key.Private)), kt.Name)
		assert.NotEmpty(t, leak(fmt.Sprintf("%x", key.Private)), kt.Name)
		for _, secret := range secrets(t, key) {
			assert.NotEmpty(t, leak(base64.StdEncoding.EncodeToString(secret)), kt.Name)
			assert.NotEmpty(t, leak(fmt.Sprintf("%v", secret)), kt.Name)
			assert.NotEmpty(t, leak(fmt.Sprintf("%#v", secret)), kt.Name)
			assert.NotEmpty(t, leak(fmt.Sprintf("%q", secret)), kt.Name)
		}
	}
	key := keytest.Type(t, "ed25519").New(t)
	leak := watch(t, key)
	assert.NotEmpty(t, leak(fmt.Sprint(same(*key))))
}

func TestFormatShowsNoSecret(t *testing.T) {
	for _, kt := range keytest.Types() {
		key := kt.New(t)
		leak := watch(t, key)
		pub, err := key.Public()
		require.NoError(t, err)
		for name, value := range map[string]any{
			"Key": *key, "*Key": key,
			"embedded": embedding{*key, 1}, "*embedded": &embedding{*key, 1},
			"field": holding{*key, key, *key}, "*field": &holding{*key, key, key},
			"slice": []sshkey.Key{*key}, "pointers": []*sshkey.Key{key}, "any": []any{*key, key},
			"map": map[string]sshkey.Key{"k": *key}, "array": [1]sshkey.Key{*key},
		} {
			for _, verb := range verbs {
				out := fmt.Sprintf(verb, value)
				assert.Empty(t, leak(out), "%s %s of %s", verb, name, kt.Name)
				if verb != "%T" && name == "Key" {
					assert.Contains(t, out, sshkey.FingerprintSHA256(pub), verb)
				}
			}
			assert.Empty(t, leak(fmt.Sprint(value)), name)
			assert.Empty(t, leak(fmt.Errorf("%v", value).Error()), name)
		}
		assert.Empty(t, leak(key.GoString()))
	}
}

func TestStringOfABrokenKey(t *testing.T) {
	assert.Equal(t, "sshkey.Key(<nil>)", sshkey.Key{}.String())
	assert.Equal(t, "sshkey.Key(*rsa.PrivateKey)", sshkey.Key{Private: &rsa.PrivateKey{}}.String())
	assert.Equal(t, "sshkey.Key(ed25519.PrivateKey)", fmt.Sprintf("%d", sshkey.Key{Private: make(ed25519.PrivateKey, 64)}))
}

func TestLoggingShowsNoSecret(t *testing.T) {
	for _, kt := range keytest.Types() {
		key := kt.New(t)
		leak := watch(t, key)
		var out bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
			log := slog.New(handler)
			for _, value := range []any{*key, key, holding{*key, key, key}, []sshkey.Key{*key}, map[string]*sshkey.Key{"k": key}} {
				log.Info("message", "key", value, slog.Group("g", slog.Any("key", value)))
			}
		}
		assert.Equal(t, 10, strings.Count(out.String(), "\n"))
		assert.Empty(t, leak(out.String()), kt.Name)
		assert.Contains(t, out.String(), key.String())
	}
}

func TestJSONShowsNoSecret(t *testing.T) {
	for _, kt := range keytest.Types() {
		key := kt.New(t)
		leak := watch(t, key)
		for _, value := range []any{*key, key, embedding{*key, 1}, holding{*key, key, key}, []sshkey.Key{*key}, map[string]sshkey.Key{"k": *key}} {
			out, err := json.Marshal(value)
			require.NoError(t, err)
			assert.Empty(t, leak(string(out)), kt.Name)
			assert.Contains(t, string(out), key.String())
		}
	}
}

func TestOtherEncodingsAreRefused(t *testing.T) {
	for _, kt := range keytest.Types() {
		key := kt.New(t)
		leak := watch(t, key)
		for _, value := range []any{*key, key, holding{K: *key}, []sshkey.Key{*key}} {
			var out bytes.Buffer
			require.ErrorContains(t, gob.NewEncoder(&out).Encode(value), "not encoded this way", "%s: %T", kt.Name, value)
			assert.Empty(t, leak(out.String()))
			text, err := xml.Marshal(value)
			require.ErrorContains(t, err, "not encoded this way", "%s: %T", kt.Name, value)
			assert.Empty(t, leak(string(text)))
		}
		_, err := key.MarshalText()
		require.Error(t, err)
		_, err = key.MarshalBinary()
		require.Error(t, err)
	}
}
