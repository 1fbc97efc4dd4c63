package engine

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// jwkSet returns a set of keys, each as JSON.
func jwkSet(keys ...[]byte) []byte {
	return fmt.Appendf(nil, `{"keys":[%s]}`, bytes.Join(keys, []byte(",")))
}

func jwkTwin(t *testing.T, name string) []byte {
	t.Helper()
	key, err := pemkey.Parse(keytest.Read(t, "twins", name+".pkcs8.pem"))
	require.NoError(t, err)
	data, err := jwkkey.Marshal(key)
	require.NoError(t, err)
	return data
}

// TestDamagedKeyAmongSeveral: in a form that is not text, too, a damaged key keeps its
// number, is an error where it is asked for, and does not hide the others.
func TestDamagedKeyAmongSeveral(t *testing.T) {
	ed25519, ed448 := jwkTwin(t, "ed25519"), jwkTwin(t, "ed448")
	damaged := bytes.Replace(ed25519, []byte(`"d": "`), []byte(`"d": "A`), 1)
	for i, set := range [][][]byte{{damaged, ed25519, ed448}, {ed25519, damaged, ed448}, {ed25519, ed448, damaged}} {
		data := jwkSet(set...)
		wrapped := base64.StdEncoding.AppendEncode(nil, data)
		secret := []byte("data:\n  keys: " + string(wrapped) + "\n")
		for _, text := range [][]byte{data, wrapped, secret} {
			for _, limits := range []sshkey.Limits{{}, {KDFWork: 100}} { // those of Mend, and others
				requireOneDamaged(t, text, limits, i)
			}
		}
	}
	// A keystore, whose keys are encrypted.
	data := keytest.Read(t, "jks", "several.jks")
	keys := Mend(data).Keys()
	require.Greater(t, keys, 1)
	at := bytes.Index(data, []byte{0x2b, 6, 1, 4, 1, 42, 2, 17, 1, 1}) // 1.3.6.1.4.1.42.2.17.1.1
	require.Positive(t, at)
	data[at] ^= 1
	m := Mend(data)
	require.Equal(t, keys, m.Keys())
	_, err := OpenMended(m, 0, sshkey.Limits{})
	require.Error(t, err)
	f, err := OpenMended(m, 1, sshkey.Limits{})
	require.NoError(t, err)
	assert.Equal(t, []int{1}, f.Unreadable)
}

func requireOneDamaged(t *testing.T, text []byte, limits sshkey.Limits, damaged int) {
	t.Helper()
	m := Mend(text)
	require.Equal(t, 3, m.Keys())
	for i := range 3 {
		f, err := OpenMended(m, i, limits)
		if i == damaged {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, JWK, f.Format)
		assert.Equal(t, 3, f.Keys)
		assert.Equal(t, []int{damaged + 1}, f.Unreadable)
		_, err = f.Decrypt(nil)
		require.NoError(t, err)
	}
}

// TestSeveralKeysCost: each key of a set costs its check.
func TestSeveralKeysCost(t *testing.T) {
	key := jwkTwin(t, "rsa2048")
	set := [][]byte{bytes.Replace(key, []byte(`"d": "`), []byte(`"d": "A`), 1)}
	for range 20 {
		set = append(set, key)
	}
	_, err := OpenMended(MendLimits(jwkSet(set...), sshkey.Limits{Work: 100_000}), 1, sshkey.Limits{})
	require.ErrorAs(t, err, new(*sshkey.LimitError))
	_, err = OpenMended(Mend(jwkSet(set...)), 1, sshkey.Limits{})
	require.NoError(t, err)
}
