package jwkkey

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSets: each private key of a set counts, in its order; public keys do not.
func TestSets(t *testing.T) {
	public := members(t, "rsa2048")
	delete(public, "d")
	set := []any{public}
	for _, name := range types {
		m := members(t, name)
		m["kid"] = name
		set = append(set, m, public)
	}
	data := marshalled(t, map[string]any{"keys": set})
	_, private := Is(data)
	require.True(t, private)
	f, err := Decode(data)
	require.NoError(t, err)
	require.Equal(t, len(types), f.Keys)
	for i, name := range types {
		picked, err := f.Pick(i)
		require.NoError(t, err)
		key, err := picked.Decrypt(nil)
		require.NoError(t, err)
		assert.True(t, twinKey(t, name).Equal(key))
		assert.Equal(t, name, key.Comment)
	}
	for _, index := range []int{-1, len(types)} {
		_, err := f.Pick(index)
		requireDocumented(t, err)
	}
	key, private := Is(marshalled(t, map[string]any{"keys": []any{public}}))
	assert.True(t, key)
	assert.False(t, private)
	many := make([]any, sshkey.MaxTextKeys+1)
	for i := range many {
		many[i] = members(t, "ed25519")
	}
	_, err = Decode(marshalled(t, map[string]any{"keys": many}))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.LimitError))
}

// TestOneDamagedKeyOfASet does not hide the others.
func TestOneDamagedKeyOfASet(t *testing.T) {
	damaged := members(t, "ed25519")
	damaged["x"] = members(t, "ecdsa256")["x"]
	f, err := Decode(marshalled(t, map[string]any{"keys": []any{members(t, "rsa2048"), damaged, members(t, "ed448")}}))
	require.NoError(t, err)
	_, err = f.Pick(1)
	requireDocumented(t, err)
	_, err = f.Pick(2)
	require.NoError(t, err)
}

// TestFirstKeyDamaged: the others are read, whatever is wrong with it.
func TestFirstKeyDamaged(t *testing.T) {
	public, good := members(t, "rsa2048"), string(marshalled(t, members(t, "ed25519")))
	delete(public, "d")
	halves := members(t, "ed448")
	halves["x"] = members(t, "ecdsa256")["x"]
	for name, damaged := range map[string]string{
		"halves":        string(marshalled(t, halves)),
		"base64":        strings.Replace(good, `"d":"`, `"d":"!`, 1),
		"a name twice":  strings.Replace(good, `"d":`, `"d":"AAAA","d":`, 1),
		"not an object": "7", "a text": `"` + strings.Repeat("A", 43) + `"`, "a list": "[]", "null": "null",
		"a kind that is not a text": strings.Replace(good, `"OKP"`, "5", 1),
		"symmetric":                 `{"kty":"oct","k":"AAAA"}`, "another kind": `{"kty":"AKP","d":"AAAA"}`,
		"another curve": strings.Replace(good, `"Ed25519"`, `"X25519"`, 1),
	} {
		data := []byte(`{"keys":[` + damaged + "," + string(marshalled(t, public)) + "," + good + "]}")
		_, private := Is(data)
		require.True(t, private, name)
		_, err := Decode(data)
		requireDocumented(t, err)
		var keys []*File
		for f, err := range All(data) {
			if len(keys) == 0 {
				requireDocumented(t, err)
			} else {
				require.NoError(t, err, name)
			}
			keys = append(keys, f)
		}
		require.Len(t, keys, 2, name)
		assert.Nil(t, keys[0], name)
		key, err := keys[1].Decrypt(nil)
		require.NoError(t, err)
		assert.True(t, twinKey(t, "ed25519").Equal(key), name)
	}
	for _, whole := range []string{"", "{", `{"keys":[`, `{"keys":[]}`, `{"keys":7}`} {
		n := 0
		for f, err := range All([]byte(whole)) {
			n++
			assert.Nil(t, f)
			requireDocumented(t, err)
		}
		assert.Equal(t, 1, n, whole)
	}
}
