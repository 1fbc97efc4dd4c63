package rawkey_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// publicOf takes an authorized_keys line apart.
func publicOf(t testing.TB, line []byte) (pub ssh.PublicKey, comment string) {
	t.Helper()
	parts := strings.SplitN(strings.TrimSuffix(string(line), "\n"), " ", 3)
	require.GreaterOrEqual(t, len(parts), 2)
	blob, err := base64.StdEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	pub, err = rawkey.ParsePublic(blob)
	require.NoError(t, err)
	assert.Equal(t, parts[0], pub.Type())
	assert.Equal(t, blob, pub.Marshal())
	if len(parts) == 3 {
		comment = parts[2]
	}
	return pub, comment
}

// puttyBits is what puttygen shows: it counts Ed25519 as 255.
func puttyBits(pub ssh.PublicKey) int {
	if pub.Type() == ssh.KeyAlgoED25519 {
		return 255
	}
	return rawkey.Bits(pub)
}

// sshKind is what ssh-keygen writes after the comment.
func sshKind(pub ssh.PublicKey) string {
	switch pub.Type() {
	case ssh.KeyAlgoRSA:
		return "RSA"
	case rawkey.KeyAlgoDSA:
		return "DSA"
	case ssh.KeyAlgoED25519:
		return "ED25519"
	}
	return "ECDSA"
}

// fingerprintLine is our fingerprint in the words of a program.
func fingerprintLine(program, hash string, pub ssh.PublicKey, comment string) string {
	sha, md5 := sshkey.FingerprintSHA256(pub), sshkey.FingerprintMD5(pub)
	switch program + " " + hash {
	case "puttygen sha256":
		return fmt.Sprintf("%s %d %s", pub.Type(), puttyBits(pub), sha)
	case "puttygen md5":
		return fmt.Sprintf("%s %d %s", pub.Type(), puttyBits(pub), md5)
	case "ssh-keygen sha256":
		return fmt.Sprintf("%d %s %s (%s)", rawkey.Bits(pub), sha, comment, sshKind(pub))
	}
	return fmt.Sprintf("%d MD5:%s %s (%s)", rawkey.Bits(pub), md5, comment, sshKind(pub))
}

// TestTwinsAreDescribedAsThere holds against what the programs once printed.
func TestTwinsAreDescribedAsThere(t *testing.T) {
	lines := 0
	for _, kt := range keytest.Types() {
		line := keytest.Read(t, "twins", kt.Name+".pub")
		pub, comment := publicOf(t, line)
		assert.Equal(t, string(line), string(sshkey.AuthorizedKey(pub, comment)))
		for row := range strings.Lines(string(keytest.Read(t, "twins", kt.Name+".fingerprints.tsv"))) {
			columns := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
			assert.Equal(t, columns[2], fingerprintLine(columns[0], columns[1], pub, comment))
			lines++
		}
	}
	assert.Equal(t, 26, lines) // ssh-keygen has no Ed448
}

// TestRandomKeysAreDescribedAsByPrograms holds against the programs at hand.
func TestRandomKeysAreDescribedAsByPrograms(t *testing.T) {
	for _, kt := range keytest.Types() {
		t.Run(kt.Name, func(t *testing.T) {
			key := kt.New(t)
			pub, err := key.Public()
			require.NoError(t, err)
			file := keytest.WriteFile(t, t.TempDir(), "key.pub", sshkey.AuthorizedKey(pub, key.Comment))
			programs := []string{"puttygen", "ssh-keygen"}
			if kt.Name == "ed448" {
				programs = programs[:1] // OpenSSH has no Ed448
			}
			for _, program := range programs {
				for _, hash := range []string{"sha256", "md5"} {
					flags := []string{"-l", "-E", hash, file}
					if program == "ssh-keygen" {
						flags = []string{"-l", "-E", hash, "-f", file}
					}
					out := keytest.Run(t, nil, program, flags...)
					assert.Equal(t, fingerprintLine(program, hash, pub, key.Comment)+"\n", string(out))
				}
			}
		})
	}
}

func TestAuthorizedKey(t *testing.T) {
	pub, err := keytest.Type(t, "ed25519").New(t).Public()
	require.NoError(t, err)
	bare := pub.Type() + " " + base64.StdEncoding.EncodeToString(pub.Marshal())
	for _, tt := range []struct{ comment, want string }{
		{"", bare + "\n"},
		{"me@home", bare + " me@home\n"},
		{"two words ", bare + " two words \n"},
		{"grüße", bare + " grüße\n"},
		{"evil\nssh-rsa AAAA\r\x00", bare + " evil ssh-rsa AAAA  \n"},
	} {
		assert.Equal(t, tt.want, string(sshkey.AuthorizedKey(pub, tt.comment)))
	}
	read, comment, _, _, err := ssh.ParseAuthorizedKey(sshkey.AuthorizedKey(pub, "c"))
	require.NoError(t, err)
	assert.Equal(t, "c", comment)
	assert.Equal(t, pub.Marshal(), read.Marshal())
}

// TestOneLineIsByteSafe: a comment may be in Latin-1, and then stays so.
func TestOneLineIsByteSafe(t *testing.T) {
	var all []byte
	for b := range 256 {
		all = append(all, byte(b))
	}
	want := bytes.Clone(all)
	want[0], want['\r'], want['\n'] = ' ', ' ', ' '
	assert.Equal(t, string(want), rawkey.OneLine(string(all)))
	assert.Equal(t, "gr\xfc\xdfe", rawkey.OneLine("gr\xfc\xdfe"))
	assert.Empty(t, rawkey.OneLine(""))
}

func TestBitsOfTokensAndOthers(t *testing.T) {
	for _, algorithm := range []string{"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"} {
		assert.Equal(t, 256, rawkey.Bits(namedKey(algorithm)))
	}
	assert.Zero(t, rawkey.Bits(namedKey("ssh-moon")))
}

// namedKey is a public key that is nothing but a name.
type namedKey string

func (k namedKey) Type() string                      { return string(k) }
func (k namedKey) Marshal() []byte                   { return []byte(k) }
func (namedKey) Verify([]byte, *ssh.Signature) error { return nil }
