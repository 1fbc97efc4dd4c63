package hostile

import (
	"bytes"
	"crypto/rsa"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/dropbearkey"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/jkskey"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/mskey"
	"github.com/keyconv/keyconv/p12key"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/ssh1key"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ssh1File returns an unencrypted SSH-1 key, as PuTTY writes it (sshpubk.c).
func ssh1File(key *rsa.PrivateKey) []byte {
	number := func(b []byte, x *big.Int) []byte {
		return append(binary.BigEndian.AppendUint16(b, uint16(x.BitLen())), x.Bytes()...)
	}
	p, q := key.Primes[0], key.Primes[1]
	b := append([]byte("SSH PRIVATE KEY FILE FORMAT 1.1\n\x00"), 0, 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(key.N.BitLen()))
	b = number(number(b, key.N), big.NewInt(int64(key.E)))
	b = append(b, 0, 0, 0, 0) // no comment
	b = append(b, "abab"...)  // the check bytes
	for _, x := range []*big.Int{key.D, new(big.Int).ModInverse(q, p), q, p} {
		b = number(b, x)
	}
	return append(b, make([]byte, (8-len(b)%8)%8)...)
}

// p12File returns a key in PKCS#12, with a certificate, without encryption or MAC.
func p12File(t testing.TB, key *sshkey.Key) []byte {
	t.Helper()
	text, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.PKCS8})
	require.NoError(t, err)
	path := keytest.WriteFile(t, t.TempDir(), "key", text)
	certificate := keytest.Run(t, nil, "openssl", "req", "-x509", "-key", path, "-subj", "/CN=test", "-days", "1")
	return keytest.Run(t, append(text, certificate...), "openssl", "pkcs12", "-export", "-keypbe", "NONE", "-certpbe", "NONE", "-nomac", "-passout", "pass:")
}

// opened returns a file as each package of the module opens it, by the name of its type.
func opened(t testing.TB, f form, key *sshkey.Key) map[string]any {
	t.Helper()
	text, err := f.write(key)
	require.NoError(t, err)
	values := map[string]any{}
	file, err := engine.Open(content(text), limits)
	require.NoError(t, err)
	library, err := keyconv.Open(content(text), nil)
	require.NoError(t, err)
	values["keyconv.File"], values["*keyconv.File"] = *library, library
	mended := engine.Mend(text)
	candidates := mended.Candidates(0)
	require.NotEmpty(t, candidates)
	values["engine.File"], values["*engine.File"] = *file, file
	values["engine.Mended"], values["*engine.Mended"] = *mended, mended
	values["engine.Candidate"], values["[]engine.Candidate"] = candidates[0], candidates
	if !bytes.Equal(content(text), text) {
		return values
	}
	damaged := engine.Mend(quoted(text))
	values["mended engine.Mended"], values["mended engine.Candidate"] = *damaged, damaged.Candidates(0)
	if mendedFile, err := engine.OpenMended(damaged, 0, limits); assert.NoError(t, err) {
		values["mended engine.File"] = *mendedFile
	}
	if strings.HasPrefix(f.name, "ppk") {
		file, err := ppk.Decode(text)
		require.NoError(t, err)
		values["ppk.File"], values["*ppk.File"] = *file, file
	} else {
		file, err := pemkey.Decode(text)
		require.NoError(t, err)
		values["pemkey.File"], values["*pemkey.File"] = *file, file
	}
	return values
}

// verbs are all but %p and %w: go vet reports both for a value that is not a pointer or an
// error, and fmt calls none of its methods.
var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%b", "%o", "%O", "%c", "%U", "%e", "%f", "%g", "%t", "%T", "%z"}

// TestNothingPrintsAKey prints and logs a file of every form, with every verb, alone and in
// other values. The private half is never in the output.
func TestNothingPrintsAKey(t *testing.T) {
	for _, kt := range keytest.Some(3, keytest.Types()) {
		for _, f := range forms {
			isSealed := strings.Contains(f.name, " encrypted") || strings.Contains(f.name, " in aes")
			if !f.has(kt.Name) || isSealed && kt.Name != "ed25519" {
				continue
			}
			key := kt.New(t)
			for name, value := range opened(t, f, key) {
				assertNotPrinted(t, fmt.Sprintf("%s of %s %s", name, kt.Name, f.name), key, value)
			}
		}
	}
	key := keytest.Type(t, "rsa2048").New(t)
	one, err := ssh1key.Decode(ssh1File(key.Private.(*rsa.PrivateKey)))
	require.NoError(t, err)
	assertNotPrinted(t, "ssh1key.File", key, *one)
	assertNotPrinted(t, "*ssh1key.File", key, one)
	twelve, err := p12key.Decode(p12File(t, key))
	require.NoError(t, err)
	require.False(t, twelve.Encrypted())
	assertNotPrinted(t, "p12key.File", key, *twelve)
	assertNotPrinted(t, "*p12key.File", key, twelve)
}

// assertNotPrinted prints and logs a value, alone and in others.
func assertNotPrinted(t *testing.T, name string, key *sshkey.Key, value any) {
	t.Helper()
	leak := keytest.Watch(t, key)
	in := []any{value, struct{ F any }{value}, []any{value}, map[string]any{"f": value}, &struct{ F any }{value}}
	var out bytes.Buffer
	for _, v := range in {
		for _, verb := range verbs {
			text := fmt.Sprintf(verb, v)
			require.Empty(t, leak(text), "%s by %s in %T", name, verb, v)
			require.Empty(t, leak(asBytes(text)), "%s by %s in %T, as bytes", name, verb, v)
		}
		text, err := json.Marshal(v)
		require.NoError(t, err, name)
		out.Write(text)
		for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(handler).Info("message", "file", v, slog.Group("g", slog.Any("file", v)))
		}
	}
	require.Empty(t, leak(out.String()), "%s, logged", name)
	require.Empty(t, leak(asBytes(out.String())), "%s, logged, as bytes", name)
}

// asBytes turns the numbers that fmt prints for bytes back into text: the base64 of a key is
// secret as well.
func asBytes(printed string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(printed, func(r rune) bool { return strings.ContainsRune(" ,[]{}", r) }) {
		if n, err := strconv.ParseUint(word, 0, 8); err == nil {
			b.WriteByte(byte(n))
		}
	}
	return b.String()
}

// TestNilPointersAreLogged: what a failed call returned may be logged with its error.
func TestNilPointersAreLogged(t *testing.T) {
	for name, none := range map[string]any{
		"sshkey.Key": (*sshkey.Key)(nil), "keyconv.File": (*keyconv.File)(nil), "dropbearkey.File": (*dropbearkey.File)(nil),
		"jkskey.File": (*jkskey.File)(nil), "jwkkey.File": (*jwkkey.File)(nil), "mskey.File": (*mskey.File)(nil),
		"p12key.File": (*p12key.File)(nil), "pemkey.File": (*pemkey.File)(nil), "ppk.File": (*ppk.File)(nil), "ssh1key.File": (*ssh1key.File)(nil),
	} {
		var text, asJSON strings.Builder
		slog.New(slog.NewTextHandler(&text, nil)).Info("message", "file", none)
		assert.Contains(t, text.String(), "<nil>", name)
		slog.New(slog.NewJSONHandler(&asJSON, nil)).Info("message", "file", none)
		assert.Regexp(t, `"file":("`+name+`\(<nil>\)"|null)`, asJSON.String())
		assert.NotContains(t, text.String()+asJSON.String(), "panicked", name)
	}
}
