package engine_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// twinFormats has the format of each kind of file in testdata/twins.
var twinFormats = map[string]engine.Format{
	"pkcs1": engine.PEM, "dsa": engine.PEM, "sec1": engine.PEM, "sec1-params": engine.PEM,
	"pkcs8": engine.PKCS8, "openssh-key-v1": engine.OpenSSH, "sshcom": engine.SSHCom,
	"ppk2": engine.PPK2, "ppk3": engine.PPK,
	"public": engine.Public, "rfc4716": engine.RFC4716, "spki": engine.SPKI,
	"fingerprints": engine.Unknown,
}

// TestDetectTwins also changes what must not matter, such as the line ends.
func TestDetectTwins(t *testing.T) {
	for _, twin := range keytest.Twins(t) {
		want, ok := twinFormats[twin.Format]
		require.True(t, ok, twin.Format)
		assert.Equal(t, want, engine.Detect(twin.Data), twin.Name)
		crlf := strings.ReplaceAll(string(twin.Data), "\n", "\r\n")
		assert.Equal(t, want, engine.Detect([]byte(crlf)), "%s with CRLF", twin.Name)
	}
}

// generatedFormats has the format by the end of a file's name in the corpus, the longest
// first. Detect does not see the name.
var generatedFormats = []struct {
	part   string
	format engine.Format
}{
	{".rfc4716.pub", engine.RFC4716}, {".pub", engine.Public}, {".txt", engine.Unknown},
	{".v2.", engine.PPK2}, {".v3.", engine.PPK}, {".sshcom", engine.SSHCom}, {".openssh-new", engine.OpenSSH},
	{"ed25519.openssh", engine.OpenSSH}, {"ed448.openssh", engine.OpenSSH}, {".openssh", engine.PEM},
}

func TestDetectCorpus(t *testing.T) {
	for _, f := range keytest.Corpus(t, "generated") {
		found := false
		for _, row := range generatedFormats {
			if strings.Contains(f.Name, row.part) {
				assert.Equal(t, row.format, engine.Detect(f.Data), f.Name)
				found = true
				break
			}
		}
		assert.True(t, found, f.Name)
	}
	// Damaged text before the first line is for Mend.
	for _, f := range keytest.Corpus(t, "edge") {
		if f.What == "leading blank line" || f.What == "UTF-16LE" {
			continue
		}
		want := engine.PPK
		if strings.HasPrefix(string(f.Data), "PuTTY-User-Key-File-2") {
			want = engine.PPK2
		}
		assert.Equal(t, want, engine.Detect(f.Data), f.Name)
	}
}

func TestDetectImports(t *testing.T) {
	byLabel := map[string]engine.Format{
		"OPENSSH PRIVATE KEY": engine.OpenSSH, "SSH2 ENCRYPTED PRIVATE KEY": engine.SSHCom,
		"BEGIN PRIVATE KEY": engine.PKCS8, "ENCRYPTED PRIVATE KEY--": engine.PKCS8,
		"RSA PRIVATE KEY": engine.PEM, "EC PRIVATE KEY": engine.PEM, "DSA PRIVATE KEY": engine.PEM,
		"SSH2 PUBLIC KEY": engine.RFC4716, "RSA PUBLIC KEY": engine.SPKI,
	}
	seen := map[engine.Format]int{}
	for _, f := range keytest.Corpus(t, "import-edge") {
		if strings.Contains(f.What, "BOM") || f.What == "no newlines at all" {
			continue
		}
		got := engine.Detect(f.Data)
		seen[got]++
		if got == engine.Empty {
			assert.Empty(t, f.Data, f.Name)
			continue
		}
		matches := false
		for label, format := range byLabel {
			matches = matches || (strings.Contains(string(f.Data), label) && format == got)
		}
		assert.True(t, matches, "%s is no %s", f.Name, got)
	}
	assert.Len(t, seen, 7, "%v", seen)
}

// TestDetectOthers is about files that people take for SSH keys.
func TestDetectOthers(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "key.pem")
	in := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(key, keytest.Read(t, "twins", "rsa2048.pem"), 0o600))
	x509 := keytest.Run(t, nil, "openssl", "req", "-x509", "-key", key, "-subj", "/CN=a")
	crt := keytest.WriteFile(t, dir, "crt", x509)
	keytest.Run(t, nil, "puttygen", "-q", "-t", "rsa1", "-b", "1024", "-o", in("rsa1"), "-C", "old", "--new-passphrase", "/dev/null")
	ssh1, err := os.ReadFile(in("rsa1"))
	require.NoError(t, err)
	noise := make([]byte, 4096)
	_, err = rand.NewChaCha8([32]byte{1}).Read(noise)
	require.NoError(t, err)
	p12 := keytest.Run(t, nil, "openssl", "pkcs12", "-export", "-inkey", key, "-in", crt, "-passout", "pass:x")

	for name, want := range map[string]struct {
		format engine.Format
		data   []byte
	}{
		"X.509":             {"x509", x509},
		"X.509 and its key": {engine.PEM, append(x509, keytest.Read(t, "twins", "rsa2048.pem")...)},
		"request":           {"x509-request", keytest.Run(t, nil, "openssl", "req", "-new", "-key", key, "-subj", "/CN=a")},
		"short DER":         {"der-other", []byte{0x30, 2, 5, 0}},
		"middle DER":        {"der-other", append([]byte{0x30, 0x81, 200}, make([]byte, 200)...)},
		"PKCS#12":           {engine.PKCS12, p12},
		"JWK":               {"jwk-public", []byte(` {"kty":"RSA","n":"AQAB","e":"AQAB"}`)},
		"PGP":               {"pgp", []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxx\n-----END PGP PRIVATE KEY BLOCK-----\n")},
		"SSH-1":             {engine.SSH1, ssh1},
		"SSH-1 public":      {"ssh1-public", keytest.Run(t, nil, "puttygen", in("rsa1"), "-L")},
		"certificate":       {engine.Public, certify(t, keytest.Type(t, "ed25519").New(t), "-I", "id")},
		"options":           {engine.Public, append([]byte("# mine\n\ncommand=\"a b\",no-pty "), keytest.Read(t, "twins", "ed25519.pub")...)},
		"empty":             {engine.Empty, nil},
		"blanks":            {engine.Empty, []byte(" \r\n\t\n")},
		"noise":             {engine.Unknown, noise},
		"text":              {engine.Unknown, []byte("Dear Sir,\nmy key is ssh-rsa and secret.\n")},
		"BEGIN in a text":   {engine.Unknown, []byte("a line -----BEGIN RSA PRIVATE KEY----- in a text\n")},
		"future PPK":        {engine.PPK, []byte("PuTTY-User-Key-File-4: ssh-rsa\n")},
		"version 1":         {engine.PPK, []byte("PuTTY-User-Key-File-1: ssh-rsa\n")},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, want.format, engine.Detect(want.data))
			requireWhatItIs(t, want.data, want.format)
		})
	}
}

// requireWhatItIs makes sure that Open names a file without a key that we read.
func requireWhatItIs(t *testing.T, data []byte, format engine.Format) {
	t.Helper()
	_, err := engine.Open(data, engine.Limits{})
	var notPrivate *engine.NotPrivateError
	switch {
	case format == engine.Empty:
		require.EqualError(t, err, "keyconv: the file is empty")
	case format == engine.Unknown:
		require.EqualError(t, err, map[bool]string{false: "keyconv: this is not a key file of a known kind", true: "keyconv: this is text, and there is no key in it"}[utf8.Valid(data)])
	case format == engine.PPK:
		require.Error(t, err)
		require.NotErrorAs(t, err, &notPrivate)
	case !strings.Contains("public pem ssh1 pkcs12", string(format)):
		require.ErrorAs(t, err, &notPrivate)
		require.Equal(t, format, notPrivate.Format)
		require.ErrorContains(t, err, format.About().Title)
	default:
		require.NoError(t, err)
	}
}

// TestDetectAgreesWithTheReader: both look at the first block whose BEGIN line is whole, and
// at the first of two keys.
func TestDetectAgreesWithTheReader(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"rsa2048.pem", "ecdsa256.pkcs8.pem", "ed25519.openssh", "rsa2048.sshcom", "ecdsa256.pem", "rsa2048.spki.pem"} {
		files[name] = string(keytest.Read(t, "twins", name))
	}
	var fakes []string
	for _, label := range []string{"OPENSSH PRIVATE KEY", "PRIVATE KEY", "RSA PRIVATE KEY", "SSH2 ENCRYPTED PRIVATE KEY", "UNHEARD OF PRIVATE KEY"} {
		fakes = append(fakes, "-----BEGIN "+label+"----\n", "-----BEGIN "+label+"------\n", "---- BEGIN "+label+"-----\n",
			"----- BEGIN "+label+" -----\n", "-----begin "+label+"-----\n", "---- BEGIN "+label+" ---- x\n")
	}
	// The same format, and the key of that block.
	agree := func(block, text string) {
		t.Helper()
		want, err := engine.Open([]byte(block), engine.Limits{})
		require.NoError(t, err)
		got, err := engine.Open([]byte(text), engine.Limits{})
		if assert.NoError(t, err, "%s", text) {
			assert.Equal(t, want.Format, got.Format, "%s", text)
			assert.Equal(t, want.PublicKey, got.PublicKey, "%s", text)
		}
	}
	for first, text := range files {
		for _, fake := range fakes {
			agree(text, fake+text)
			agree(text, text+fake)
		}
		for second, other := range files {
			if strings.Contains(first, "spki") && !strings.Contains(second, "spki") {
				agree(other, text+other)
			} else {
				agree(text, text+other)
			}
		}
	}
}
