package ppk

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// sample is a file that puttygen wrote.
type sample struct {
	name       string
	keyType    string
	passphrase string
	data       []byte
	public     []byte // the blob that it should have
}

// samples are all files that puttygen wrote: those of the corpus and the twins.
func samples(t testing.TB) []sample {
	t.Helper()
	var all []sample
	for _, f := range keytest.Corpus(t, "generated") {
		if !strings.HasSuffix(f.Name, ".ppk") {
			continue
		}
		line := keytest.Read(t, "corpus", "generated", f.Type+".pub")
		if strings.Contains(f.Name, ".cert.") {
			line = keytest.Read(t, "corpus", "generated", f.Type+"-cert.pub")
		}
		all = append(all, sample{f.Name, f.Type, f.Passphrase, f.Data, publicBlob(t, line)})
	}
	fromCorpus := len(all)
	require.GreaterOrEqual(t, fromCorpus, 60)
	for _, f := range keytest.Twins(t, "ppk2", "ppk3") {
		passphrase := ""
		if f.Encrypted {
			passphrase = keytest.Passphrase
		}
		line := keytest.Read(t, "twins", f.Type+".pub")
		all = append(all, sample{"twins/" + f.Name, "twins/" + f.Type, passphrase, f.Data, publicBlob(t, line)})
	}
	require.GreaterOrEqual(t, len(all)-fromCorpus, 42)
	return all
}

func publicBlob(t testing.TB, line []byte) []byte {
	t.Helper()
	blob, err := base64.StdEncoding.DecodeString(strings.Fields(string(line))[1])
	require.NoError(t, err)
	return blob
}

// TestFilesOfPuttygen reads every file of puttygen and writes it again, byte for
// byte.
func TestFilesOfPuttygen(t *testing.T) {
	first := map[string]*sshkey.Key{} // of each type
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			f := decoded(t, s.data)
			assert.Equal(t, s.passphrase != "", f.Encrypted())
			assert.Contains(t, s.name, map[int]string{2: ".v2.", 3: ".v3."}[f.Version])
			assert.Equal(t, s.public, f.PublicKey.Marshal())
			assert.Contains(t, string(s.data), "\nComment: "+f.Comment+"\n")
			assert.Equal(t, f.Version == 3 && f.Encrypted(), f.Argon2 != nil)

			key, err := ParseWithPassphrase(s.data, []byte(s.passphrase))
			require.NoError(t, err)
			pub, err := rawkey.CertifiedPublic(key.Private, key.Certificate)
			require.NoError(t, err)
			assert.Equal(t, s.public, pub.Marshal())
			assert.Equal(t, strings.Contains(s.name, ".cert."), key.Certificate != nil)
			assert.Equal(t, f.Comment, key.Comment)

			assert.Equal(t, string(s.data), string(rewritten(t, f, key, s.passphrase)))

			if first[s.keyType] == nil {
				first[s.keyType] = key
				require.NoError(t, key.Validate())
			}
			assert.True(t, key.Equal(first[s.keyType]), "all files of a type hold the same key")
		})
	}
	assert.Len(t, first, 17)
}

// TestTwinsInOtherFormats: a PPK file holds the same private key as the file of
// another format does, read by other code.
func TestTwinsInOtherFormats(t *testing.T) {
	for _, kt := range keytest.Types() {
		t.Run(kt.Name, func(t *testing.T) {
			key, err := Parse(keytest.Read(t, "twins", kt.Name+".v3.ppk"))
			require.NoError(t, err)
			assert.True(t, key.Equal(&sshkey.Key{Private: otherFormat(t, kt.Name)}))
			assert.Equal(t, kt.Name+" twin", key.Comment)
		})
	}
}

// otherFormat reads a twin without this module.
func otherFormat(t *testing.T, keyType string) any {
	t.Helper()
	switch keyType {
	case "dsa1024": // golang.org/x/crypto/ssh reads DSA in PEM only
		private, err := ssh.ParseRawPrivateKey(keytest.Read(t, "twins", "dsa1024.pem"))
		require.NoError(t, err)
		return private
	case "ed448": // nor Ed448 at all: a PKCS#8 file ends with the seed (RFC 8410)
		block, _ := pem.Decode(keytest.Read(t, "twins", "ed448.pkcs8.pem"))
		return ed448.NewKeyFromSeed(block.Bytes[len(block.Bytes)-ed448.SeedSize:])
	}
	private, err := ssh.ParseRawPrivateKey(keytest.Read(t, "twins", keyType+".openssh"))
	require.NoError(t, err)
	if p, ok := private.(*ed25519.PrivateKey); ok {
		return *p
	}
	return private
}

// TestCertificates: what is inside is the certificate that ssh-keygen made, and a
// file without it is the plain one.
func TestCertificates(t *testing.T) {
	seen := 0
	for _, s := range samples(t) {
		if !strings.Contains(s.name, ".cert.") {
			continue
		}
		seen++
		f := decoded(t, s.data)
		cert, ok := f.PublicKey.(*ssh.Certificate)
		require.True(t, ok, s.name)
		assert.Equal(t, s.public, cert.Marshal(), s.name)
		key, err := f.Decrypt([]byte(s.passphrase))
		require.NoError(t, err)
		require.NotNil(t, key.Certificate)
		assert.Equal(t, s.public, key.Certificate.Marshal())

		key.Certificate = nil
		plain := keytest.Read(t, "corpus", "generated", s.keyType+".v3.ppk")
		out, err := Marshal(key, nil)
		require.NoError(t, err)
		assert.Equal(t, publicPart(plain), publicPart(out), s.name)
	}
	assert.Equal(t, 18, seen)
}

// publicPart is the lines of a file between the comment and the private half.
func publicPart(data []byte) string {
	_, rest, _ := bytes.Cut(data, []byte("Public-Lines"))
	part, _, _ := bytes.Cut(rest, []byte("Private-Lines"))
	return string(part)
}
