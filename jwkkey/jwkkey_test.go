package jwkkey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// types are those that the form has, as testdata/twins names them.
var types = []string{"rsa2048", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519", "ed448"}

func twinKey(t testing.TB, keyType string) *sshkey.Key {
	t.Helper()
	key, err := pemkey.Parse(keytest.Read(t, "twins", keyType+".pkcs8.pem"))
	require.NoError(t, err)
	return key
}

func twin(t testing.TB, keyType string) []byte {
	t.Helper()
	data, err := Marshal(twinKey(t, keyType))
	require.NoError(t, err)
	return data
}

// members returns the members of a twin, to be changed.
func members(t testing.TB, keyType string) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal(twin(t, keyType), &m))
	return m
}

func marshalled(t testing.TB, value any) []byte {
	t.Helper()
	out, err := json.Marshal(value)
	require.NoError(t, err)
	return out
}

// requireDocumented makes sure that an error is of a type that the documentation names, has
// the prefix of the package, and no text of the key.
func requireDocumented(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "jwkkey: "), "%q", err)
	require.Less(t, len(err.Error()), 150)
	documented := errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError))
	require.True(t, documented, "%T %v", err, err)
}

const nodeKey = `const crypto = require("crypto"), input = require("fs").readFileSync(0);`

// TestJudge: node reads what is written here as the same key, and writes what is read here.
func TestJudge(t *testing.T) {
	keytest.Tool(t, "node")
	for _, name := range types {
		want := twinKey(t, name)
		pem := keytest.Run(t, twin(t, name), "node", "-e", nodeKey+`process.stdout.write(crypto.createPrivateKey(
			{key: JSON.parse(input), format: "jwk"}).export({format: "pem", type: "pkcs8"}))`)
		back, err := pemkey.Parse(pem)
		require.NoError(t, err)
		assert.True(t, want.Equal(back), name)
		theirs := keytest.Run(t, pem, "node", "-e", nodeKey+`process.stdout.write(JSON.stringify(crypto.createPrivateKey(input).export({format: "jwk"})))`)
		got, err := Parse(theirs)
		require.NoError(t, err)
		assert.True(t, want.Equal(got), name)
	}
}

// TestComments: the kid is the comment, whatever is in it.
func TestComments(t *testing.T) {
	for _, comment := range []string{"", "me@host", `a "b" \\c`, "äöü <&> \u2028 \U0001F511", "line\nbreak\x00", strings.Repeat("x", 5000)} {
		key := *twinKey(t, "ed25519")
		key.Comment = comment
		data, err := Marshal(&key)
		require.NoError(t, err)
		back, err := Parse(data)
		require.NoError(t, err)
		assert.Equal(t, comment, back.Comment)
	}
	key := *twinKey(t, "ed25519")
	key.Comment = "latin-1 \xe4"
	data, err := Marshal(&key)
	require.NoError(t, err)
	assert.NotContains(t, string(data), "kid")
}

// TestForms: what other programs write differently.
func TestForms(t *testing.T) {
	want := twinKey(t, "rsa2048")
	for name, change := range map[string]func(m map[string]any){
		"without CRT": func(m map[string]any) { delete(m, "dp"); delete(m, "dq"); delete(m, "qi") },
		"n, e and d alone": func(m map[string]any) {
			delete(m, "dp")
			delete(m, "dq")
			delete(m, "qi")
			delete(m, "p")
			delete(m, "q")
		},
		"padding":         func(m map[string]any) { m["n"] = m["n"].(string) + "==" },
		"plain base64":    func(m map[string]any) { m["d"] = strings.NewReplacer("-", "+", "_", "/").Replace(m["d"].(string)) },
		"a zero in front": func(m map[string]any) { m["e"] = "AAEAAQ" },
		"other members": func(m map[string]any) {
			m["alg"], m["use"], m["key_ops"], m["x5c"] = "RS256", "sig", []string{"sign"}, []string{"MII"}
		},
		"wrong CRT":         func(m map[string]any) { m["dp"] = m["dq"] },
		"a kid that is not": func(m map[string]any) { m["kid"] = 7 },
	} {
		m := members(t, "rsa2048")
		change(m)
		key, err := Parse(marshalled(t, m))
		require.NoError(t, err, name)
		assert.True(t, want.Equal(key), name)
	}
	for _, text := range []string{"\n\t" + string(twin(t, "ed25519")) + "\n", "\ufeff" + string(twin(t, "ed25519"))} {
		_, private := Is([]byte(text))
		require.True(t, private)
		_, err := Parse([]byte(text))
		require.NoError(t, err)
	}
}

func TestRefused(t *testing.T) {
	syntax, invalid, unsupported := new(*sshkey.SyntaxError), new(*sshkey.InvalidKeyError), new(*sshkey.UnsupportedError)
	with := func(keyType, name string, value any) string {
		m := members(t, keyType)
		if m[name] = value; value == nil {
			delete(m, name)
		}
		return string(marshalled(t, m))
	}
	huge := strings.Repeat("A", 1<<20*3/4)
	for name, test := range map[string]struct {
		text string
		as   any
	}{
		"nothing": {"", syntax}, "no object": {"[]", syntax}, "a number": {"7", syntax}, "cut off": {string(twin(t, "rsa2048")[:500]), syntax},
		"more after it": {string(twin(t, "rsa2048")) + "{}", syntax},
		"public":        {with("rsa2048", "d", nil), invalid}, "no kty": {with("rsa2048", "kty", nil), invalid},
		"kty that is not a text": {with("rsa2048", "kty", 5), syntax}, "another kty": {with("rsa2048", "kty", "AKP"), unsupported},
		"symmetric": {`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr"}`, unsupported},
		"X25519":    {with("ed25519", "crv", "X25519"), unsupported}, "secp256k1": {with("ecdsa256", "crv", "secp256k1"), unsupported},
		"another curve": {with("ecdsa256", "crv", "P-384"), invalid}, "no curve": {with("ecdsa256", "crv", nil), unsupported},
		"no x": {with("ecdsa256", "x", nil), syntax}, "no public half": {with("ed25519", "x", nil), syntax}, "no n": {with("rsa2048", "n", nil), syntax},
		"primes": {with("rsa2048", "oth", []any{}), unsupported}, "d is a number": {with("ed25519", "d", 5), syntax}, "d is not base64": {with("ed25519", "d", "!!"), syntax},
		"d is empty": {with("ed25519", "d", ""), invalid}, "d of another": {with("rsa2048", "d", members(t, "rsa2048")["p"]), invalid},
		"x of another": {with("ed25519", "x", members(t, "ecdsa256")["x"]), invalid}, "long x": {with("ecdsa256", "x", strings.Repeat("B", 100)), syntax},
		"huge n": {with("rsa2048", "n", strings.Repeat("_", 100_000)), new(*sshkey.LimitError)}, "huge d": {with("rsa2048", "d", strings.Repeat("_", 100_000)), invalid},
		"deep":         {`{"kty":"RSA","d":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + "}", syntax},
		"too large":    {`{"kty":"RSA","d":"` + huge + huge + `"}`, new(*sshkey.LimitError)},
		"member twice": {strings.Replace(string(twin(t, "ed25519")), `"d":`, `"d": "AAAA", "d":`, 1), syntax},
		"D for d":      {strings.Replace(string(twin(t, "ed25519")), `"d":`, `"D":`, 1), invalid},
	} {
		_, err := Decode([]byte(test.text))
		require.Error(t, err, name)
		requireDocumented(t, err)
		require.ErrorAs(t, err, test.as, name)
	}
}

// TestDamaged: no changed letter gives another key.
func TestDamaged(t *testing.T) {
	for _, name := range types {
		data, key := twin(t, name), twinKey(t, name)
		for i := range data {
			if i%3 > 0 && name == "rsa2048" {
				continue
			}
			damaged := bytes.Clone(data)
			damaged[i] ^= 1 << (i % 7)
			got, err := Parse(damaged)
			if err != nil {
				requireDocumented(t, err)
				continue
			}
			require.True(t, key.Equal(got), "%s: byte %d", name, i)
		}
	}
}

func TestMarshalRefuses(t *testing.T) {
	dsa, err := pemkey.Parse(keytest.Read(t, "twins", "dsa1024.pem"))
	require.NoError(t, err)
	_, err = Marshal(dsa)
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	_, err = Marshal(&sshkey.Key{})
	require.Error(t, err)
}

func TestRedacted(t *testing.T) {
	f, err := Decode(twin(t, "ed25519"))
	require.NoError(t, err)
	secret := members(t, "ed25519")["d"].(string)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		assert.NotContains(t, fmt.Sprintf(verb, f), secret)
		assert.Contains(t, fmt.Sprintf(verb, *f), "jwkkey.File(")
	}
}

func TestConcurrentUse(t *testing.T) {
	f, err := Decode(twin(t, "ecdsa256"))
	require.NoError(t, err)
	keytest.Concurrently(func() {
		got, err := f.Decrypt(nil)
		if assert.NoError(t, err) {
			assert.True(t, twinKey(t, "ecdsa256").Equal(got))
		}
	})
}

// FuzzParse: whatever the text, there is a good key, which is written and read back, or an
// error that the documentation names.
func FuzzParse(f *testing.F) {
	for _, name := range types {
		f.Add(twin(f, name))
	}
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"},{"kty":"RSA","n":"AQ","e":"AQAB"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		Is(data)
		key, err := Parse(data)
		require.Equal(t, before, data, "the input is changed")
		if err != nil {
			requireDocumented(t, err)
			return
		}
		out, err := Marshal(key)
		require.NoError(t, err)
		back, err := Parse(out)
		require.NoError(t, err)
		require.True(t, key.Equal(back))
	})
}
