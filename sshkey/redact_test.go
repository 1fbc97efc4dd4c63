package sshkey_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
	for _, kt := range keytest.AllTypes() {
		key := kt.New(t)
		leak := keytest.Watch(t, key)
		assert.NotEmpty(t, leak(fmt.Sprintf("%+v", key.Private)), kt.Name)
		assert.NotEmpty(t, leak(fmt.Sprintf("%x", key.Private)), kt.Name)
		for _, secret := range keytest.Secrets(t, key) {
			assert.NotEmpty(t, leak(base64.StdEncoding.EncodeToString(secret)), kt.Name)
			assert.NotEmpty(t, leak(fmt.Sprintf("%v", secret)), kt.Name)
			assert.NotEmpty(t, leak(fmt.Sprintf("%#v", secret)), kt.Name)
			assert.NotEmpty(t, leak(fmt.Sprintf("%q", secret)), kt.Name)
		}
	}
	key := keytest.Type(t, "ed25519").New(t)
	leak := keytest.Watch(t, key)
	assert.NotEmpty(t, leak(fmt.Sprint(same(*key))))
}

func TestFormatShowsNoSecret(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		key := kt.New(t)
		leak := keytest.Watch(t, key)
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
	}
}

func TestStringOfABrokenKey(t *testing.T) {
	assert.Equal(t, "sshkey.Key(<nil>)", (&sshkey.Key{}).String())
	assert.Equal(t, "sshkey.Key(*rsa.PrivateKey)", (&sshkey.Key{Private: &rsa.PrivateKey{}}).String())
	assert.Equal(t, "sshkey.Key(ed25519.PrivateKey)", fmt.Sprintf("%d", sshkey.Key{Private: make(ed25519.PrivateKey, 63)}))
}

func TestLoggingShowsNoSecret(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		key := kt.New(t)
		leak := keytest.Watch(t, key)
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
	for _, kt := range keytest.AllTypes() {
		key := kt.New(t)
		leak := keytest.Watch(t, key)
		for _, value := range []any{*key, key, embedding{*key, 1}, holding{*key, key, key}, []sshkey.Key{*key}, map[string]sshkey.Key{"k": *key}} {
			out, err := json.Marshal(value)
			require.NoError(t, err)
			assert.Empty(t, leak(string(out)), kt.Name)
			assert.Contains(t, string(out), key.String())
		}
	}
}

func TestOtherEncodingsAreRefused(t *testing.T) {
	for _, kt := range keytest.AllTypes() {
		key := kt.New(t)
		leak := keytest.Watch(t, key)
		for _, value := range []any{*key, key, holding{K: *key}, []sshkey.Key{*key}} {
			var out bytes.Buffer
			require.ErrorContains(t, gob.NewEncoder(&out).Encode(value), "is not supported", "%s: %T", kt.Name, value)
			assert.Empty(t, leak(out.String()))
			text, err := xml.Marshal(value)
			require.ErrorContains(t, err, "is not supported", "%s: %T", kt.Name, value)
			assert.Empty(t, leak(string(text)))
		}
		_, err := key.MarshalText()
		require.Error(t, err)
		_, err = key.MarshalBinary()
		require.Error(t, err)
	}
}

// TestNilKey calls every method of a nil key, and has the packages print it that call the
// methods of values: those answer for a nil pointer themselves.
func TestNilKey(t *testing.T) {
	var none *sshkey.Key
	key := keytest.Type(t, "ed25519").New(t)
	_, public := none.Public()
	_, signer := none.Signer()
	_, added := none.AddedKeys()
	for _, err := range []error{none.Check(), none.Validate(), public, signer, added} {
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
		require.EqualError(t, err, "there is no key")
	}
	assert.False(t, none.Equal(none))
	assert.False(t, none.Equal(key))
	assert.False(t, key.Equal(none))
	assert.Empty(t, none.Findings())
	assert.Equal(t, "sshkey.Key(<nil>)", none.String())
	for _, verb := range verbs[:len(verbs)-1] {
		assert.Equal(t, "<nil>", fmt.Sprintf(verb, none), verb)
	}
	out, err := json.Marshal(holding{})
	require.NoError(t, err)
	assert.JSONEq(t, `{"K": "sshkey.Key(<nil>)", "P": null, "I": null}`, string(out))
}
