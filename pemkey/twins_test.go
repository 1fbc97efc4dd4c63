package pemkey

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// twinFormats are the formats of testdata/twins that this package reads.
var twinFormats = map[string]Format{
	"pkcs1":          FormatPKCS1,
	"sec1":           FormatSEC1,
	"sec1-params":    FormatSEC1,
	"dsa":            FormatDSA,
	"pkcs8":          FormatPKCS8,
	"openssh-key-v1": FormatOpenSSH,
	"sshcom":         FormatSSHCom,
}

func privateTwins(t testing.TB) []keytest.Twin {
	t.Helper()
	var formats []string
	for format := range twinFormats {
		formats = append(formats, format)
	}
	return keytest.Twins(t, formats...)
}

func TestTwins(t *testing.T) {
	seen := map[string]int{}
	for _, twin := range privateTwins(t) {
		seen[twin.Format]++
		if quick() && strings.HasSuffix(twin.Name, ".puttygen.enc.openssh") {
			continue // 16 rounds of bcrypt each
		}
		t.Run(twin.Name, func(t *testing.T) {
			t.Parallel()
			pass := ""
			if twin.Encrypted {
				pass = passphrase
			}
			f, err := Decode(twin.Data)
			require.NoError(t, err)
			assert.Equal(t, twinFormats[twin.Format], f.Format)
			assert.Equal(t, twin.Encrypted, f.Encrypted())
			assert.Equal(t, twin.Encrypted, f.KDF != nil)
			assert.Equal(t, 1, f.Keys)
			key := mustParse(t, twin.Data, pass)
			assertPublic(t, authorizedBlob(t, keytest.Read(t, "twins", twin.Type+".pub")), key)
			assertSame(t, twinKey(t, twin.Type), key)
		})
	}
	assert.Len(t, seen, len(twinFormats))
}

// TestDecodeShowsPublicKey reads the files that have it in the clear.
func TestDecodeShowsPublicKey(t *testing.T) {
	for _, twin := range privateTwins(t) {
		f, err := Decode(twin.Data)
		require.NoError(t, err, twin.Name)
		if twin.Encrypted && twin.Format != "openssh-key-v1" {
			assert.Nil(t, f.PublicKey, twin.Name)
			continue
		}
		want := authorizedBlob(t, keytest.Read(t, "twins", twin.Type+".pub"))
		require.NotNil(t, f.PublicKey, twin.Name)
		assert.Equal(t, want, f.PublicKey.Marshal(), twin.Name)
	}
}

// TestCanonicalTwins: Marshal writes the same plain files as openssl and ssh-keygen.
func TestCanonicalTwins(t *testing.T) {
	encodings := map[string]Encoding{
		"pkcs1": Traditional, "sec1": Traditional, "dsa": Traditional, "pkcs8": PKCS8, "openssh-key-v1": OpenSSH, "sshcom": SSHCom,
	}
	same := 0
	for _, twin := range privateTwins(t) {
		encoding, ok := encodings[twin.Format]
		if !ok || twin.Encrypted {
			continue
		}
		if twin.Format == "openssh-key-v1" && twin.MadeBy != "ssh-keygen" {
			continue // puttygen has shorter lines and pads to 16 bytes
		}
		key := mustParse(t, twin.Data, "")
		out, err := marshal(key, nil, &Options{Encoding: encoding}, checkintOf(t, twin.Data))
		require.NoError(t, err, twin.Name)
		assert.Equal(t, string(twin.Data), string(out), twin.Name)
		same++
	}
	assert.GreaterOrEqual(t, same, 20)
}

// checkintOf returns the four random bytes in a plain openssh-key-v1 file.
func checkintOf(t testing.TB, data []byte) *strings.Reader {
	t.Helper()
	f, err := Decode(data)
	require.NoError(t, err)
	if o, ok := f.sealed().(*opensshFile); ok {
		return strings.NewReader(string(o.private[:4]))
	}
	return strings.NewReader("")
}

func TestDefaultComment(t *testing.T) {
	for _, twin := range keytest.Twins(t, "pkcs1", "sec1", "dsa", "pkcs8") {
		pass := ""
		if twin.Encrypted {
			pass = passphrase
		}
		assert.Equal(t, rawkey.DefaultComment, mustParse(t, twin.Data, pass).Comment, twin.Name)
	}
}
