package engine_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func base64Of(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// folded breaks a text into lines of some width, each after a prefix.
func folded(text string, width int, prefix string) string {
	var b strings.Builder
	for ; text != ""; text = text[min(width, len(text)):] {
		b.WriteString(prefix + text[:min(width, len(text))] + "\n")
	}
	return b.String()
}

// wrappedTexts returns texts of other programs with the value in base64, and other values
// that are longer.
func wrappedTexts(value []byte) map[string]string {
	encoded, long := base64Of(value), base64Of([]byte(strings.Repeat("github.com ssh-rsa known host ", 200)))
	return map[string]string{
		"Kubernetes Secret": "apiVersion: v1\ndata:\n  identity: " + encoded + "\n  known_hosts: " + long + "\nkind: Secret\n",
		"as JSON":           fmt.Sprintf(`{"data":{"known_hosts":%q,"identity":%q},"kind":"Secret"}`, long, encoded),
		"Terraform state":   fmt.Sprintf(`{"resources":[{"attributes":{"content_base64":%q,"ca":%q}}]}`, encoded, long),
		"YAML block":        "key: |\n" + folded(encoded, 76, "  ") + "ca: |\n" + folded(long, 76, "  "),
		"variables":         "export CA=" + long + "\nexport KEY=" + encoded + "\n",
		"JSON with breaks":  `{"ca":"` + long + `","key":"` + strings.ReplaceAll(folded(encoded, 64, ""), "\n", `\n`) + `"}`,
		"for URLs":          "ca: " + long + "\nkey: " + base64.URLEncoding.EncodeToString(value) + "\n",
		"twice":             "ca: " + long + "\nkey: " + base64Of([]byte(encoded)) + "\n",
		"alone":             encoded,
		"alone in lines":    folded(encoded, 64, ""),
		"with armour":       "-----BEGIN PKCS12-----\n" + folded(encoded, 64, "") + "-----END PKCS12-----\n",
	}
}

// TestWrappedKeys: the key is found in whichever value it is, in text and in binary, and the
// note says so.
func TestWrappedKeys(t *testing.T) {
	for _, twin := range keytest.Some(3, []struct{ dir, name string }{
		{"twins", "ed25519.openssh"}, {"twins", "rsa2048.pkcs8.pem"}, {"twins", "ecdsa256.v3.ppk"}, {"twins", "ed25519.v2.enc.ppk"},
		{"p12", "ecdsa256.p12"}, {"p12", "plain-ed25519.p12"}, {"p12", "chain.p12"},
	}) {
		data := keytest.Read(t, twin.dir, twin.name)
		f, err := engine.Open(data, engine.Limits{})
		require.NoError(t, err)
		want, err := f.Decrypt([]byte(keytest.Passphrase))
		require.NoError(t, err)
		for name, text := range wrappedTexts(data) {
			m := engine.Mend([]byte(text))
			assert.Equal(t, 1, m.Keys(), "%s: %s", twin.name, name)
			f, err := engine.OpenMended(m, 0, engine.Limits{})
			require.NoError(t, err, "%s: %s", twin.name, name)
			key, repairs, err := f.DecryptMended([]byte(keytest.Passphrase))
			require.NoError(t, err, "%s: %s", twin.name, name)
			assert.True(t, want.Equal(key), "%s: %s", twin.name, name)
			require.NotEmpty(t, repairs)
			assert.Contains(t, repairs[0].Code, "base64")
		}
	}
}

// TestSeveralWrappedKeys: each counts, in the order of the text.
func TestSeveralWrappedKeys(t *testing.T) {
	names := []string{"ed25519.openssh", "rsa2048.pem", "ecdsa384.pkcs8.pem"}
	var text strings.Builder
	for _, name := range names {
		fmt.Fprintf(&text, "%s: %s\n", name, base64Of(keytest.Read(t, "twins", name)))
	}
	m := engine.Mend([]byte(text.String()))
	require.Equal(t, len(names), m.Keys())
	for i, name := range names {
		f, err := engine.OpenMended(m, i, engine.Limits{})
		require.NoError(t, err)
		want, err := engine.Parse(keytest.Read(t, "twins", name), nil)
		require.NoError(t, err)
		key, err := f.Decrypt(nil)
		require.NoError(t, err)
		assert.True(t, want.Equal(key), name)
	}
}

// TestOtherValuesAreNoKeys: public keys, other texts and what is cut off stay what they are.
func TestOtherValuesAreNoKeys(t *testing.T) {
	for _, inner := range [][]byte{
		keytest.Read(t, "twins", "rsa2048.pub"), keytest.Read(t, "twins", "rsa2048.spki.pem"), keytest.Read(t, "p12", "manifest.tsv"),
		keytest.Read(t, "p12", "ecdsa256.p12")[:300],
	} {
		m := engine.Mend([]byte("a: b\nvalue: " + base64Of(inner) + "\n"))
		_, err := engine.OpenMended(m, 0, engine.Limits{})
		require.Error(t, err)
	}
}

// TestPublicUnderAPrivateLabel: it is named for what it is, not called damaged.
func TestPublicUnderAPrivateLabel(t *testing.T) {
	pkcs1 := keytest.Run(t, keytest.Read(t, "twins", "rsa2048.pem"), "openssl", "rsa", "-RSAPublicKey_out")
	for name, text := range map[string][]byte{
		"PKCS#1": pkcs1, "SPKI": keytest.Read(t, "twins", "ecdsa256.spki.pem"), "Ed25519": keytest.Read(t, "twins", "ed25519.spki.pem"),
	} {
		for _, label := range []string{"RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"} {
			wrong := strings.NewReplacer("RSA PUBLIC KEY", label, "PUBLIC KEY", label).Replace(string(text))
			_, err := engine.OpenMended(engine.Mend([]byte(wrong)), 0, engine.Limits{})
			var none *engine.NotPrivateError
			require.ErrorAs(t, err, &none, "%s under %s", name, label)
			assert.Equal(t, engine.SPKI, none.Format)
		}
	}
}
