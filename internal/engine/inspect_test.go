package engine_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInspectFingerprints compares what Inspect says of every private twin with what
// ssh-keygen -l and puttygen -l said.
func TestInspectFingerprints(t *testing.T) {
	withPublic := 0
	for _, twin := range keytest.Twins(t, "pkcs1", "dsa", "sec1", "sec1-params", "pkcs8", "openssh-key-v1", "sshcom", "ppk2", "ppk3", "public", "rfc4716", "spki") {
		info, err := engine.Inspect(twin.Data, engine.Limits{})
		require.NoError(t, err, twin.Name)
		if info.SHA256 == "" {
			assert.True(t, info.File.Encrypted(), twin.Name)
			assert.Empty(t, info.MD5+info.Type)
			assert.Zero(t, info.Bits)
			continue
		}
		withPublic++
		said := string(keytest.Read(t, "twins", twin.Type+".fingerprints.tsv"))
		assert.Contains(t, said, " "+info.SHA256, twin.Name)
		assert.Contains(t, said, info.MD5, twin.Name)
		assert.Equal(t, algorithms[twin.Type], info.Type)
		assert.True(t, strings.HasSuffix(twin.Type, strconv.Itoa(info.Bits)) || info.Type == "ssh-ed25519" && info.Bits == 256, "%s: %d bits", twin.Name, info.Bits)
		assert.Equal(t, info.File.Private, len(info.Programs) == len(engine.Programs()), twin.Name)
		assert.Nil(t, info.Certificate)
		assert.Equal(t, 1, info.File.Keys)
	}
	assert.Greater(t, withPublic, 100)
}

// TestInspectFile is about what else is in the clear.
func TestInspectFile(t *testing.T) {
	for name, want := range map[string]struct {
		title, encryption, comment string
		hasComment                 bool
		kdf                        *engine.KDF
	}{
		"rsa2048.v3.ppk":        {"PuTTY private key, version 3", "none", "rsa2048 twin", true, nil},
		"rsa2048.v3.enc.ppk":    {"PuTTY private key, version 3", "aes256-cbc", "rsa2048 twin", true, &engine.KDF{Name: "Argon2id", Memory: 64, Rounds: 1, Parallelism: 1}},
		"rsa2048.v2.enc.ppk":    {"PuTTY private key, version 2", "aes256-cbc", "rsa2048 twin", true, &engine.KDF{Name: "SHA-1", Rounds: 1}},
		"rsa2048.openssh":       {"OpenSSH private key (openssh-key-v1)", "none", "rsa2048 twin", true, nil},
		"rsa2048.enc.openssh":   {"OpenSSH private key (openssh-key-v1)", "aes256-ctr", "", false, &engine.KDF{Name: "bcrypt", Rounds: 4}},
		"rsa2048.pem":           {"PEM private key (PKCS#1, RSA PRIVATE KEY)", "none", "", false, nil},
		"rsa2048.aes192.pem":    {"PEM private key (PKCS#1, RSA PRIVATE KEY)", "AES-192-CBC", "", false, &engine.KDF{Name: "MD5", Rounds: 1}},
		"ecdsa256.params.pem":   {"PEM private key (SEC 1, EC PRIVATE KEY)", "none", "", false, nil},
		"dsa1024.pem":           {"PEM private key (DSA, DSA PRIVATE KEY)", "none", "", false, nil},
		"rsa2048.pkcs8.pem":     {"PEM private key (PKCS#8, PRIVATE KEY)", "none", "", false, nil},
		"rsa2048.pkcs8.enc.pem": {"PEM private key (PKCS#8, ENCRYPTED PRIVATE KEY)", "aes256-cbc", "", false, &engine.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 1000}},
		"rsa2048.sshcom":        {"ssh.com private key", "none", "rsa2048 twin", true, nil},
		"rsa2048.pub":           {"OpenSSH public key", "none", "rsa2048 twin", true, nil},
		"rsa2048.rfc4716.pub":   {"SSH2 public key (RFC 4716)", "none", "rsa2048 twin", true, nil},
		"rsa2048.spki.pem":      {"PEM public key", "none", "", false, nil},
	} {
		info, err := engine.Inspect(keytest.Read(t, "twins", name), engine.Limits{})
		require.NoError(t, err, name)
		f := info.File
		assert.Equal(t, want.title, f.Title, name)
		assert.Equal(t, want.encryption, f.Encryption, name)
		assert.Equal(t, want.comment, f.Comment, name)
		assert.Equal(t, want.hasComment, f.HasComment, name)
		assert.Equal(t, want.kdf, f.KDF, name)
		assert.False(t, f.Extra && !strings.Contains(name, "params"), name)
	}
}

// TestInspectCertificate compares it with puttygen's cert-info and fingerprints.
func TestInspectCertificate(t *testing.T) {
	key := keytest.Type(t, "ecdsa256").New(t)
	line := certify(t, key, "-I", "an id", "-n", "root,admin", "-z", "77", "-V", "20200101:20300101")
	require.NoError(t, engine.AddCertificate(key, line))
	ppk := marshal(t, key, engine.PPK, true)
	path := keytest.WriteFile(t, t.TempDir(), "key.ppk", ppk)
	said := func(args ...string) string { return string(keytest.Run(t, nil, "puttygen", append(args, path)...)) }
	for _, data := range [][]byte{ppk, line} {
		info, err := engine.Inspect(data, engine.Limits{})
		require.NoError(t, err)
		require.NotNil(t, info.Certificate)
		assert.Equal(t, "ecdsa-sha2-nistp256", info.Type)
		assert.Equal(t, 256, info.Bits)
		assert.Contains(t, said("-l"), " "+info.SHA256+"\n")
		assert.Contains(t, said("-l", "-E", "md5"), " "+info.MD5+"\n")
		assert.Contains(t, said("-l", "-E", "sha256-cert"), " "+info.CertificateSHA256+"\n")
		assert.Contains(t, said("-l", "-E", "md5-cert"), " "+info.CertificateMD5+"\n")
		assert.NotEqual(t, info.SHA256, info.CertificateSHA256)
		cert := said("-O", "cert-info")
		assert.Contains(t, cert, "Certificate ID string: "+info.Certificate.KeyId+"\n")
		assert.Contains(t, cert, "Valid user names: "+strings.Join(info.Certificate.ValidPrincipals, ",")+"\n")
		assert.EqualValues(t, 77, info.Certificate.Serial)
	}
	info, err := engine.Inspect(ppk, engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, "PuTTY 0.78 or later", verdictOf(t, info, "PuTTY").Program)
	assert.Equal(t, "WinSCP with the code of PuTTY 0.78 or later", verdictOf(t, info, "WinSCP").Program)
	assert.False(t, verdictOf(t, info, "FileZilla").Opens(), "fzputtygen 3.63.0 says: file format error")
	info, err = engine.Inspect(line, engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, "OpenSSH certificate for a key of type ecdsa-sha2-nistp256", info.File.Title)
	assert.Empty(t, info.Programs)
	listed := string(keytest.Run(t, nil, "ssh-keygen", "-L", "-f", keytest.WriteFile(t, t.TempDir(), "c.pub", line)))
	assert.Contains(t, listed, info.SHA256)
	assert.Contains(t, listed, "Serial: 77")
}

// TestInspectSeveralKeys: the first is described, and all are counted.
func TestInspectSeveralKeys(t *testing.T) {
	data := append(keytest.Read(t, "twins", "rsa2048.pem"), keytest.Read(t, "twins", "ecdsa256.pem")...)
	info, err := engine.Inspect(data, engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, 2, info.File.Keys)
	assert.Equal(t, "ssh-rsa", info.Type)
}

// TestInspectToken: a key on a token is described, though it cannot be converted.
func TestInspectToken(t *testing.T) {
	data := encryptedToken(t)
	info, err := engine.Inspect(data, engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, "sk-ssh-ed25519@openssh.com", info.Type)
	assert.Equal(t, 256, info.Bits)
	path := keytest.WriteFile(t, t.TempDir(), "key", data)
	assert.Contains(t, string(keytest.Run(t, nil, "ssh-keygen", "-l", "-f", path)), info.SHA256)
	for _, v := range info.Programs[:6] { // those that were tried with every type
		assert.Equal(t, strings.HasPrefix(v.Program, "OpenSSH"), v.Opens(), v.Program)
		assert.NotEmpty(t, v.Source)
		assert.NotEqual(t, engine.NotKnown, v.Answer, v.Program)
		assert.Equal(t, v.Opens(), v.Why == "", v.Program)
	}
}
