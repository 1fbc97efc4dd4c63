package pemkey

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sshTypes are the key types that ssh-keygen reads.
var sshTypes = []string{"rsa1024", "rsa2048", "rsa4096", "dsa1024", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519"}

// TestReadSSHKeygen reads what ssh-keygen makes of a key from openssl.
func TestReadSSHKeygen(t *testing.T) {
	ciphers := sshCiphers(t)
	for _, name := range keytest.Some(3, sshTypes) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := newOpenSSLKey(t, name)
			want := mustParse(t, made.pem, "")
			file := made.pem
			if name == "ed25519" {
				// ssh-keygen 9.2 does not read Ed25519 in PKCS#8.
				var err error
				file, err = Marshal(want, nil)
				require.NoError(t, err)
			}
			plain := sshKeygen(t, file, "-p", "-N", "", "-P", "", "-C", "")
			assertSame(t, want, mustParse(t, plain, ""))
			assert.Equal(t, made.public, sshKeygenPublic(t, plain, ""))
			for _, cipher := range ciphers {
				file := sshKeygen(t, plain, "-p", "-N", passphrase, "-P", "", "-a", "1", "-Z", cipher)
				f, err := Decode(file)
				require.NoError(t, err)
				assert.Equal(t, cipher, f.Encryption)
				assert.Equal(t, &KDF{Name: "bcrypt", Rounds: 1}, f.KDF)
				assert.Equal(t, made.public, f.PublicKey.Marshal())
				assertSame(t, want, mustParse(t, file, passphrase))
			}
		})
	}
}

func TestReadSSHKeygenOtherForms(t *testing.T) {
	for _, name := range keytest.Some(3, sshTypes) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := newOpenSSLKey(t, name)
			want := mustParse(t, made.pem, "")
			if name == "ed25519" {
				return // it has neither form in ssh-keygen 9.2
			}
			for _, form := range []string{"PEM", "PKCS8"} {
				plain := sshKeygen(t, made.pem, "-p", "-N", "", "-P", "", "-m", form)
				assert.NotContains(t, string(plain), "OPENSSH")
				assertSame(t, want, mustParse(t, plain, ""))
				file := sshKeygen(t, made.pem, "-p", "-N", passphrase, "-P", "", "-m", form)
				assertSame(t, want, mustParse(t, file, passphrase))
			}
		})
	}
}

// TestReadSSHKeygenComments: any comment survives.
func TestReadSSHKeygenComments(t *testing.T) {
	for _, comment := range []string{"", "user@host", "  spaces  ", "grüße 漢字", strings.Repeat("long ", 200)} {
		dir := t.TempDir()
		keytest.Run(t, nil, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", dir+"/key")
		file := keytest.Run(t, nil, "cat", dir+"/key")
		assert.Equal(t, comment, mustParse(t, file, "").Comment)
		f, err := Decode(file)
		require.NoError(t, err)
		assert.Equal(t, comment, f.Comment)
	}
}

// TestReadPuttygen reads the three forms that puttygen exports.
func TestReadPuttygen(t *testing.T) {
	for _, kt := range keytest.Some(3, opensslTypes) {
		t.Run(kt.name, func(t *testing.T) {
			t.Parallel()
			made := newOpenSSLKey(t, kt.name)
			want := mustParse(t, made.pem, "")
			want.Comment = kt.name + " comment"
			source, err := Marshal(want, &Options{Encoding: OpenSSH})
			require.NoError(t, err)
			ppk := puttygen(t, source, "", "-O", "private")
			assert.Equal(t, made.public, puttygenPublic(t, ppk, ""))
			for _, form := range puttyForms(kt.name) {
				plain := puttygen(t, ppk, "", "-O", form)
				key := mustParse(t, plain, "")
				assertSame(t, want, key)
				if form != "private-openssh" {
					assert.Equal(t, want.Comment, key.Comment, form)
				}
				if form == "private-openssh-new" && kt.name != "ecdsa256" && kt.name != "ed448" {
					continue // puttygen does 16 rounds of bcrypt, which is slow
				}
				file := puttygen(t, ppk, "", "-O", form, "--new-passphrase", passphraseFile(t, passphrase))
				assertSame(t, want, mustParse(t, file, passphrase))
			}
		})
	}
}

// puttyForms returns the forms that puttygen exports a type to. For EdDSA private-openssh is
// the same as private-openssh-new.
func puttyForms(name string) []string {
	switch name[:3] {
	case "rsa", "dsa":
		return []string{"private-openssh", "private-openssh-new", "private-sshcom"}
	case "ecd":
		return []string{"private-openssh", "private-openssh-new"}
	}
	return []string{"private-openssh-new"}
}
