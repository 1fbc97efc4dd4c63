package pemkey

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writeCase is one way to write an encrypted file.
type writeCase struct {
	name string
	opts Options
}

// cheap are options whose key derivation costs nothing.
func cheap(encoding Encoding, cipher string) writeCase {
	o := Options{Encoding: encoding, Cipher: cipher}
	switch encoding {
	case PKCS8:
		o.Rounds = 1000
	case OpenSSH:
		o.Rounds = 1
	}
	return writeCase{cipher, o}
}

func pkcs8Cases() []writeCase {
	return []writeCase{
		cheap(PKCS8, ""), cheap(PKCS8, "aes128-cbc"), cheap(PKCS8, "aes192-cbc"), cheap(PKCS8, "aes256-cbc"), cheap(PKCS8, "3des-cbc"),
		{"scrypt", Options{Encoding: PKCS8, KDF: "scrypt", Memory: 1024}},
		{"scrypt 3des", Options{Encoding: PKCS8, KDF: "scrypt", Memory: 2, Cipher: "3des-cbc"}},
		{"pbkdf2", Options{Encoding: PKCS8, KDF: "pbkdf2", Rounds: 1}},
	}
}

// randomKey returns a new key of a type of keytest.
func randomKey(t testing.TB, name string) *sshkey.Key {
	t.Helper()
	return keytest.Type(t, name).New(t)
}

// TestOpenSSLReads: openssl reads every PEM and PKCS#8 that we write, finds the key good,
// and writes the same DER; so all numbers are right.
func TestOpenSSLReads(t *testing.T) {
	for _, kt := range keytest.Some(2, keytest.Types()) {
		t.Run(kt.Name, func(t *testing.T) {
			t.Parallel()
			key := kt.New(t)
			files := map[string][]byte{}
			var err error
			files["plain"], err = Marshal(key, &Options{Encoding: PKCS8})
			require.NoError(t, err)
			for _, c := range pkcs8Cases() {
				files[c.name], err = MarshalWithPassphrase(key, []byte(passphrase), &c.opts)
				require.NoError(t, err)
			}
			if !strings.HasPrefix(kt.Name, "ed") {
				files["traditional"], err = Marshal(key, nil)
				require.NoError(t, err)
				files["legacy"], err = MarshalWithPassphrase(key, []byte(passphrase), nil)
				require.NoError(t, err)
			}
			for name, file := range files {
				pub, err := key.Public()
				require.NoError(t, err)
				assert.Equal(t, pub.Marshal(), opensslPublic(t, file, "-passin", "pass:"+passphrase), name)
				out := keytest.Run(t, file, "openssl", "pkcs8", "-topk8", "-nocrypt", "-passin", "pass:"+passphrase)
				assert.Equal(t, string(files["plain"]), string(out), name)
				assert.Contains(t, string(keytest.Run(t, file, "openssl", "pkey", "-check", "-noout", "-passin", "pass:"+passphrase)), "Key is valid", name)
			}
			if out, ok := files["traditional"]; ok {
				assert.Equal(t, string(out), string(keytest.Run(t, out, "openssl", "pkey", "-traditional")), "byte for byte")
			}
		})
	}
}

// TestOpenSSLReadsDefaults: openssl reads files with the real costs.
func TestOpenSSLReadsDefaults(t *testing.T) {
	key := randomKey(t, "ecdsa256")
	plain, err := Marshal(key, &Options{Encoding: PKCS8})
	require.NoError(t, err)
	for _, kdf := range []string{"", "scrypt"} {
		out, err := MarshalWithPassphrase(key, []byte("grüße"), &Options{Encoding: PKCS8, KDF: kdf})
		require.NoError(t, err)
		back := keytest.Run(t, out, "openssl", "pkcs8", "-topk8", "-nocrypt", "-passin", "pass:grüße")
		assert.Equal(t, string(plain), string(back))
	}
}

// TestSSHKeygenReads: ssh-keygen reads every form, and writes what we write when it removes
// the passphrase; so all numbers are right.
func TestSSHKeygenReads(t *testing.T) {
	ciphers := sshCiphers(t)
	for _, kt := range keytest.Some(3, keytest.Types()) {
		if kt.Name == "ed448" {
			continue // OpenSSH has no Ed448
		}
		t.Run(kt.Name, func(t *testing.T) {
			t.Parallel()
			key := kt.New(t)
			pub, err := key.Public()
			require.NoError(t, err)
			cases := []writeCase{{"legacy", Options{}}, cheap(PKCS8, "")}
			if kt.Name == "ed25519" {
				cases = []writeCase{{"traditional is openssh-key-v1", Options{Rounds: 1}}}
			}
			for _, cipher := range append(keytest.Some(3, ciphers), "") {
				cases = append(cases, cheap(OpenSSH, cipher))
			}
			for _, c := range cases {
				out, err := MarshalWithPassphrase(key, []byte(passphrase), &c.opts)
				require.NoError(t, err, c.name)
				_, err = keytest.RunError(t, nil, "ssh-keygen", "-y", "-P", "wrong", "-f", keytest.WriteFile(t, t.TempDir(), "k", out))
				require.ErrorContains(t, err, "incorrect passphrase", c.name)
				assert.Equal(t, pub.Marshal(), sshKeygenPublic(t, out, passphrase), c.name)
				plain := sshKeygen(t, out, "-p", "-P", passphrase, "-N", "")
				back := mustParse(t, plain, "")
				assertSame(t, key, back)
				again, err := marshal(back, nil, &Options{Encoding: OpenSSH}, checkintOf(t, plain))
				require.NoError(t, err)
				assert.Equal(t, string(plain), string(again), c.name)
			}
			for _, encoding := range []Encoding{Traditional, OpenSSH} {
				out, err := Marshal(key, &Options{Encoding: encoding})
				require.NoError(t, err)
				assert.Equal(t, pub.Marshal(), sshKeygenPublic(t, out, ""))
			}
		})
	}
}

// TestPuttygenReads: puttygen reads the forms that it knows, and makes the same PPK of each
// of them.
func TestPuttygenReads(t *testing.T) {
	for _, kt := range keytest.Some(3, keytest.Types()) {
		t.Run(kt.Name, func(t *testing.T) {
			t.Parallel()
			key := kt.New(t)
			pub, err := key.Public()
			require.NoError(t, err)
			cases := []writeCase{cheap(OpenSSH, ""), cheap(OpenSSH, "aes256-cbc")}
			if !strings.HasPrefix(kt.Name, "ed") {
				cases = append(cases, writeCase{"legacy", Options{}})
			}
			if slices.Contains([]string{"rsa2048", "dsa1024"}, kt.Name) {
				cases = append(cases, writeCase{"ssh.com", Options{Encoding: SSHCom}})
			}
			var first []byte
			for _, c := range cases {
				plain, err := Marshal(key, &Options{Encoding: c.opts.Encoding})
				require.NoError(t, err)
				assert.Equal(t, pub.Marshal(), puttygenPublic(t, plain, ""), c.name)
				ppk := puttygen(t, plain, "", "-O", "private", "-C", "one")
				if first == nil {
					first = ppk
				}
				assert.Equal(t, string(first), string(ppk), c.name)

				encrypted, err := MarshalWithPassphrase(key, []byte(passphrase), &c.opts)
				require.NoError(t, err)
				empty := passphraseFile(t, "")
				assert.Equal(t, string(first), string(puttygen(t, encrypted, passphrase, "-O", "private", "-C", "one", "--new-passphrase", empty)), c.name)
			}
			assertSame(t, key, mustParse(t, puttygen(t, first, "", "-O", puttyForms(kt.Name)[0]), ""))
		})
	}
}

// TestSSHComAsPuttygen: we write what puttygen exports, byte for byte, with comments around
// the lengths where lines break.
func TestSSHComAsPuttygen(t *testing.T) {
	for _, name := range []string{"rsa2048", "dsa1024"} {
		for _, length := range keytest.Some(4, []int{0, 1, 59, 60, 61, 129, 130, 131, 200, 201}) {
			key := randomKey(t, name)
			key.Comment = strings.Repeat("0123456789", 21)[:length]
			source, err := Marshal(key, &Options{Encoding: OpenSSH})
			require.NoError(t, err)
			want := puttygen(t, source, "", "-O", "private-sshcom")
			got, err := Marshal(key, &Options{Encoding: SSHCom})
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got), "%s %d", name, length)
			assert.Equal(t, key.Comment, mustParse(t, got, "").Comment)
		}
	}
}

// TestMarshalIsNew: salt, IV and checkint differ each time.
func TestMarshalIsNew(t *testing.T) {
	key := randomKey(t, "ecdsa256")
	for _, c := range []writeCase{cheap(OpenSSH, ""), cheap(PKCS8, ""), {"legacy", Options{}}} {
		a, err := MarshalWithPassphrase(key, []byte("x"), &c.opts)
		require.NoError(t, err)
		b, err := MarshalWithPassphrase(key, []byte("x"), &c.opts)
		require.NoError(t, err)
		assert.False(t, bytes.Equal(a, b))
	}
}
