package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHintFor(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("anything"), ""},
		{usagef("no"), ""},
		{usagef("no").With(say("do this")), "do this"},
		{usagef("no").With(say("do %s", "that")), "do that"},
		{fmt.Errorf("ppk: %w", fault.New(fault.NotAKey, "x").With(say("wrapped"))), "wrapped"},
		{fault.New(fault.NeedsPassphrase, "x").With(fault.Advice{Do: fault.GivePassphrase}), "give it with --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"},
		{fault.New(fault.NeedsPassphrase, "x").With(fault.Advice{Do: fault.GivePassphrase, Format: engine.OpenSSH}), "give it with --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N; a key made in cmd with ssh-keygen -N '' has two quotes as its passphrase, and an empty one opens it"},
		{&fault.Error{Exit: fault.NeedsPassphrase, Msg: "x", Err: passphrase.ErrMSYS, Advice: fault.Advice{Do: fault.GivePassphrase}}, "in Git Bash run it as winpty keyconv ..., which lets it ask; or give it with --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"},
		{passphrase.ErrMismatch, "run the command again and type the same passphrase twice"},
		{output.Exists("x", ""), "--force replaces it; -o FILE or -d DIR writes elsewhere"},
		{&sshkey.LimitError{Kind: sshkey.LimitKDFMemory, Value: 5, Max: 4}, "if you trust the file, allow it with --max-kdf-memory 5"},
		{&sshkey.LimitError{Kind: sshkey.LimitKDFWork, Value: 7, Max: 4}, "if you trust the file, allow it with --max-kdf-work 7"},
		{&sshkey.LimitError{Kind: sshkey.LimitKeySize, Value: 7, Max: 4}, ""},
		{&engine.NotPrivateError{Format: "gzip"}, "gunzip -c key.der prints what is in it"},
	} {
		assert.Equal(t, test.want, hintFor("key.der", test.err), "%v", test.err)
	}
	assert.NotEmpty(t, hintFor("x", &sshkey.SyntaxError{Msg: "x"}))
	assert.NotEmpty(t, hintFor("x", sshkey.ErrIncorrectPassphrase))
}

// TestEveryUnreadableKindHasAHint: who gives the wrong file is told which is right.
func TestEveryUnreadableKindHasAHint(t *testing.T) {
	for _, format := range []engine.Format{
		engine.Empty, engine.Unknown, engine.Public, engine.RFC4716, engine.SPKI,
		"x509", "x509-request", "pgp", "ssh1-public", "jwk-public",
	} {
		assert.NotEmpty(t, hintFor("key", &engine.NotPrivateError{Format: format}), format)
	}
}

// TestUnsupportedHints takes the errors of real files, since the hints go by their words.
func TestUnsupportedHints(t *testing.T) {
	dir := t.TempDir()
	rsa := keytest.Read(t, "twins", "rsa2048.pem")
	openssl := func(in []byte, args ...string) string {
		return keytest.WriteFile(t, t.TempDir(), "new.pem", keytest.Run(t, in, "openssl", args...))
	}
	legacy := []string{"-provider", "default", "-provider", "legacy", "-passout", "pass:x"}
	encrypts := "openssl pkey -provider default -provider legacy -in "
	generate := "SSH programs do not take such a key: keyconv generate "
	for _, test := range []struct{ name, file, want string }{
		{"PKCS#8", openssl(rsa, append([]string{"pkcs8", "-topk8", "-v2", "id-aes128-wrap-pad"}, legacy...)...), encrypts},
		{"explicit", openssl(nil, "ecparam", "-name", "brainpoolP256r1", "-genkey", "-noout", "-param_enc", "explicit"), generate},
		{"curve", openssl(nil, "ecparam", "-name", "secp256k1", "-genkey", "-noout"), generate},
		{"X448", openssl(nil, "genpkey", "-algorithm", "X448"), generate},
		{"RSA-PSS", openssl(nil, "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:1024"), generate},
		{"primes", openssl(nil, "genrsa", "-primes", "3", "1024"), generate},
		{"token", filepath.Join(keytest.Root(t), "testdata/corpus/import-edge/sk"), "the secret cannot leave the token"},
		{"sk .ppk", filepath.Join(keytest.Root(t), "testdata/corpus/edge/blob-sk-ssh-ed25519_openssh.com.ppk"), "the secret cannot leave the token"},
		{"version", keytest.WriteFile(t, dir, "4.ppk", []byte("PuTTY-User-Key-File-4: ssh-rsa\n")), "save it as version 3"},
		{"PKCS#12", keytest.WriteFile(t, dir, "two.p12", wrapPKCS12(t)), "openssl pkcs12 -legacy -in "},
	} {
		var stderr bytes.Buffer
		code := Run(t.Context(), []string{"convert", "--to", "ppk", test.file, "-o", "-"}, Streams{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr})
		assert.Equal(t, fault.NotAKey, code, test.name)
		assert.Contains(t, stderr.String(), "\nhint: "+test.want, test.name)
	}
}

// wrapPKCS12 returns a PKCS#12 file under a cipher that is not read, with the passphrase x.
func wrapPKCS12(t *testing.T) []byte {
	t.Helper()
	key := keytest.WriteFile(t, t.TempDir(), "key", keytest.Read(t, "console-rsa2048.pem"))
	certificate := keytest.Run(t, nil, "openssl", "req", "-x509", "-key", key, "-subj", "/CN=test", "-days", "1")
	return keytest.Run(t, certificate, "openssl", "pkcs12", "-export", "-inkey", key, "-keypbe", "id-aes128-wrap-pad",
		"-provider", "default", "-provider", "legacy", "-passout", "pass:x")
}

func TestShellName(t *testing.T) {
	for _, test := range []struct{ name, unix, windows string }{
		{"key.pem", "key.pem", "key.pem"},
		{"my key.pem", "'my key.pem'", `"my key.pem"`},
		{`C:\keys\a.pem`, `'C:\keys\a.pem'`, `C:\keys\a.pem`},
		{`C:\my keys\a.pem`, `'C:\my keys\a.pem'`, `"C:\my keys\a.pem"`},
		{"it's", `'it'\''s'`, `"it's"`},
		{"$HOME", "'$HOME'", `"$HOME"`},
		{"a&b", "'a&b'", `"a&b"`},
		{"-key.pem", "./-key.pem", "./-key.pem"},
		{"", "''", `""`},
		{"a\nb", "FILE", "FILE"},
		{"-", "FILE", "FILE"},
	} {
		assert.Equal(t, test.unix, shellNameOn("linux", test.name))
		assert.Equal(t, test.windows, shellNameOn("windows", test.name))
	}
}

// TestEveryAdviceHasWords: a job must not advise what the command line cannot say.
func TestEveryAdviceHasWords(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(keytest.Root(t), "internal", "fault", "advice.go"))
	require.NoError(t, err)
	found := regexp.MustCompile(`Do = "([a-z-]+)"`).FindAllSubmatch(source, -1)
	assert.Greater(t, len(found), 20)
	for _, m := range found {
		assert.NotEmpty(t, advice(fault.Advice{Do: fault.Do(m[1]), Text: "x"}), "%s", m[1])
	}
}

// TestEveryForeignKindHasAHint: what is named for what it is comes with what to do.
func TestEveryForeignKindHasAHint(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(keytest.Root(t), "internal", "engine", "foreign.go"))
	require.NoError(t, err)
	found := regexp.MustCompile(`(?m)^\t+\{"?([a-zA-Z0-9-]+)"?, `).FindAllSubmatch(source, -1)
	assert.Greater(t, len(found), 45)
	for _, m := range found {
		format := engine.Format(strings.ToLower(string(m[1])))
		if format == "knownhosts" {
			format = "known_hosts"
		}
		assert.NotEmpty(t, hintFor("key", &engine.NotPrivateError{Format: format}), "%s", format)
	}
}
