package pemkey_test

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

var benchTypes = []string{"rsa2048", "dsa1024", "ecdsa256", "ecdsa521", "ed25519", "ed448"}

// BenchmarkParse reads plain files, openssh-key-v1 also with golang.org/x/crypto/ssh and
// PKCS#8 with crypto/x509, which both know fewer types and check less.
func BenchmarkParse(b *testing.B) {
	for _, name := range benchTypes {
		file := keytest.Read(b, "twins", name+".puttygen.openssh")
		benchmark(b, "openssh/"+name+"/keyconv", func() error { _, err := pemkey.Parse(file); return err })
		benchmark(b, "openssh/"+name+"/x-crypto-ssh", func() error { _, err := ssh.ParseRawPrivateKey(file); return err })
		file = keytest.Read(b, "twins", name+".pkcs8.pem")
		benchmark(b, "pkcs8/"+name+"/keyconv", func() error { _, err := pemkey.Parse(file); return err })
		benchmark(b, "pkcs8/"+name+"/x509", func() error {
			block, _ := pem.Decode(file)
			_, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			return err
		})
	}
}

// BenchmarkParseEncrypted is almost only the key derivation, 4 rounds of bcrypt.
func BenchmarkParseEncrypted(b *testing.B) {
	file, pass := keytest.Read(b, "twins", "ed25519.aes256-ctr.openssh"), []byte(keytest.Passphrase)
	benchmark(b, "openssh/ed25519/keyconv", func() error { _, err := pemkey.ParseWithPassphrase(file, pass); return err })
	benchmark(b, "openssh/ed25519/x-crypto-ssh", func() error { _, err := ssh.ParseRawPrivateKeyWithPassphrase(file, pass); return err })
}

// BenchmarkMarshal writes plain files; keyconv reads what it wrote.
func BenchmarkMarshal(b *testing.B) {
	for _, name := range benchTypes {
		key, err := pemkey.Parse(keytest.Read(b, "twins", name+".pkcs8.pem"))
		require.NoError(b, err)
		benchmark(b, "openssh/"+name+"/keyconv", func() error {
			_, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.OpenSSH})
			return err
		})
		benchmark(b, "openssh/"+name+"/x-crypto-ssh", func() error {
			block, err := ssh.MarshalPrivateKey(key.Private, key.Comment)
			if err == nil {
				pem.EncodeToMemory(block)
			}
			return err
		})
		benchmark(b, "pkcs8/"+name+"/keyconv", func() error {
			_, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.PKCS8})
			return err
		})
		benchmark(b, "pkcs8/"+name+"/x509", func() error { return marshalX509(key.Private) })
	}
}

func marshalX509(private crypto.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err == nil {
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	return err
}

// benchmark leaves out what a peer cannot do.
func benchmark(b *testing.B, name string, run func() error) {
	b.Helper()
	if err := run(); err != nil {
		require.NotContains(b, name, "keyconv")
		b.Logf("%s: %v", name, err)
		return
	}
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
