//go:build !windows

package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commandInHint finds the command in a hint about a file: a program, and all up to what
// follows a command in a sentence.
var commandInHint = regexp.MustCompile(`\b((?:keyconv|openssl|puttygen|ssh-keygen|gunzip|bunzip2|xz|zstd|tar|gpg|ansible-vault|keytool) ['/-]*[a-z].*?)(?:$|;|:| (?:prints|makes|unpacks|encrypts|converts|shows) )`)

// hinted is a file that gets a hint with a command.
type hinted struct {
	file   []byte
	more   string // what the command would ask for
	result string // a file that the command makes; "" for standard output
	want   string // what the result begins with
}

func hintedFiles(t *testing.T) map[string]hinted {
	t.Helper()
	console := keytest.Read(t, "console-rsa2048.pem")
	dir := t.TempDir()
	key := keytest.WriteFile(t, dir, "console.pem", console)
	filter := func(name string, args ...string) []byte { return keytest.Run(t, console, name, args...) }
	openssl := func(in []byte, args ...string) []byte { return keytest.Run(t, in, "openssl", args...) }
	legacy := []string{"-provider", "default", "-provider", "legacy", "-passout", "pass:x"}
	encrypted := func(args ...string) []byte { return openssl(console, append(args, legacy...)...) }
	const recrypt = " -passin pass:x -passout pass:y"
	keytest.WriteFile(t, dir, "password", []byte("x"))
	vault := filepath.Join(dir, "vaulted")
	keytest.Run(t, nil, "ansible-vault", "encrypt", "--vault-password-file", filepath.Join(dir, "password"), "--output", vault, key)
	vaulted, err := os.ReadFile(vault)
	require.NoError(t, err)
	return map[string]hinted{
		"gzip": {filter("gzip", "-c"), "", "", "-----BEGIN RSA"}, "bzip2": {filter("bzip2", "-c"), "", "", "-----BEGIN RSA"},
		"xz": {filter("xz", "-c"), "", "", "-----BEGIN RSA"}, "zstd": {filter("zstd", "-c"), "", "", "-----BEGIN RSA"},
		"tar":      {keytest.Run(t, nil, "tar", "-C", dir, "-cf", "-", "vaulted"), "", "vaulted", "$ANSIBLE_VAULT"},
		"vault":    {vaulted, " --vault-password-file " + filepath.Join(dir, "password"), "", "-----BEGIN RSA"},
		"token":    {keytest.Read(t, "corpus/import-edge/sk"), "", "", "sk-ssh-ed25519@openssh.com AAAA"},
		"exponent": {openssl(nil, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-pkeyopt", "rsa_keygen_pubexp:9223372036854775837"), "", "", "ssh-rsa AAAA"},
		"PKCS#8":   {encrypted("pkcs8", "-topk8", "-v2", "id-aes256-wrap-pad"), recrypt, "new.pem", "-----BEGIN ENCRYPTED PRIVATE KEY"},
		"PKCS#12":  {wrapPKCS12(t), recrypt, "key.pem", "Bag Attributes"},
		"keystore": {keytest.Read(t, "jks", "secret.jceks"), " -srcstorepass '" + keytest.Passphrase + "' -deststorepass '" + keytest.Passphrase + "'", "new.p12", "\x30\x82"},
		"SSH-1":    {[]byte("1024 65537 " + strings.Repeat("123456789", 30) + " c\n"), " -q -N '' -f new", "new", "-----BEGIN OPENSSH"},
		"X448":     {openssl(nil, "genpkey", "-algorithm", "X448"), "", "FILE", "-----BEGIN OPENSSH"},
		"cosign":   {[]byte("-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED COSIGN PRIVATE KEY-----\n"), "", "FILE", "-----BEGIN OPENSSH"},
		"TPM":      {[]byte("-----BEGIN TSS2 PRIVATE KEY-----\nMAAA\n-----END TSS2 PRIVATE KEY-----\n"), "", "FILE", "-----BEGIN OPENSSH"},
		"PGP":      {[]byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlFgE\n-----END PGP PRIVATE KEY BLOCK-----\n"), "", "FILE", "-----BEGIN OPENSSH"},
	}
}

// TestCommandsInHints pastes the command of each hint about a file, with a file of its kind.
func TestCommandsInHints(t *testing.T) {
	tested := map[string]bool{}
	for name, tt := range hintedFiles(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := keytest.WriteFile(t, dir, "the key", tt.file)
			t.Chdir(dir)
			var stderr bytes.Buffer
			Run(t.Context(), []string{"convert", "--to", "ppk", file, "-o", "-"}, Streams{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr})
			_, hint, _ := strings.Cut(stderr.String(), "\nhint: ")
			hint, _, _ = strings.Cut(hint, "\n")
			found := commandInHint.FindStringSubmatch(hint)
			require.NotNil(t, found, "%s", stderr.String())
			tested[strings.ReplaceAll(hint, "'"+file+"'", "INPUT")] = true
			got := paste(t, found[1]+tt.more)
			if tt.result != "" {
				var err error
				got, err = os.ReadFile(tt.result)
				require.NoError(t, err)
			}
			assert.Equal(t, tt.want, string(got[:min(len(got), len(tt.want))]), "%s", found[1])
		})
	}
	for _, hint := range hintsNotPrivate.Get() {
		assert.Equal(t, commandInHint.MatchString(hint), tested[hint], hint)
	}
	for _, hint := range hintsUnsupported.Get() {
		assert.Equal(t, commandInHint.MatchString(hint), tested[hint], hint)
	}
}

// paste runs a command in a shell, or here if it is one of ours.
func paste(t *testing.T, command string) []byte {
	t.Helper()
	if args, ok := strings.CutPrefix(command, "keyconv "); ok {
		words, rest, _ := strings.Cut(args, " '")
		line := strings.Fields(words)
		if rest != "" {
			line = append(line, strings.TrimSuffix(rest, "'"))
		}
		var stdout, stderr bytes.Buffer
		require.Zero(t, Run(t.Context(), line, Streams{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr}), "%s: %s", command, stderr.String())
		return stdout.Bytes()
	}
	cmd := exec.CommandContext(keytest.Patiently(t), "sh", "-c", command)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s: %s", command, stderr.String())
	return out
}
