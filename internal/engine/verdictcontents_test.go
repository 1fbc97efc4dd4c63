package engine_test

import (
	"encoding/pem"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/require"
)

// TestVerdictContents asks the programs about what is inside a clean text: small keys, blocks
// under the label of another form, and each encryption that openssl and ssh-keygen write.
func TestVerdictContents(t *testing.T) {
	dir := t.TempDir()
	var cases []matrixCase
	add := func(name string, data []byte, encrypted bool) {
		ending := map[bool]string{true: ".enc"}[encrypted]
		cases = append(cases, matrixCase{
			name: name, encrypted: encrypted, ppk: strings.HasPrefix(string(data), "PuTTY"),
			path: keytest.WriteFile(t, dir, fmt.Sprintf("k%d%s", len(cases), ending), data), verdicts: verdictsOf(data),
		})
	}
	addSmallKeys(t, add)
	addLabels(t, add)
	addLargeExponent(t, add)
	addEncryptions(t, add)
	compare(t, cases)
}

// sample returns the first and every eighth after it where a sample is wanted, and otherwise
// all.
func sample[T any](list []T) (some []T) {
	for i, item := range list {
		if i%8 == 0 || !keytest.Sampled() {
			some = append(some, item)
		}
	}
	return some
}

// addSmallKeys has RSA keys around the limit of OpenSSH.
func addSmallKeys(t *testing.T, add func(string, []byte, bool)) {
	for _, bits := range sample([]int{1024, 512, 768, 1016, 1023, 1032}) {
		pkcs8 := keytest.Run(t, nil, "openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", fmt.Sprintf("rsa_keygen_bits:%d", bits))
		key := mustParse(t, pkcs8)
		for _, format := range []engine.Format{engine.PEM, engine.PKCS8, engine.OpenSSH, engine.PPK, engine.PPK2} {
			add(fmt.Sprintf("RSA of %d bits in %s", bits, format), marshal(t, key, format, false), false)
		}
	}
}

// addLargeExponent has an exponent for which package rsa has room, and no use.
func addLargeExponent(t *testing.T, add func(string, []byte, bool)) {
	if math.MaxInt == math.MaxInt32 {
		return // where there is no room for it either
	}
	pkcs8 := keytest.Run(t, nil, "openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:4294967297")
	for _, format := range []engine.Format{engine.PEM, engine.PKCS8, engine.OpenSSH, engine.PPK, engine.PPK2, engine.SSHCom} {
		add("RSA with e of 33 bits in "+string(format), marshal(t, mustParse(t, pkcs8), format, false), false)
	}
}

// addLabels puts each content under the label of each other.
func addLabels(t *testing.T, add func(string, []byte, bool)) {
	twins := []string{"rsa2048.pem", "rsa2048.pkcs8.pem", "ecdsa256.pem", "ecdsa256.pkcs8.pem", "dsa1024.pem", "dsa1024.pkcs8.pem", "rsa2048.openssh", "rsa2048.pkcs8.enc.pem"}
	for _, twin := range twins {
		block, _ := pem.Decode(keytest.Read(t, "twins", twin))
		for _, label := range []string{"RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"} {
			data := pem.EncodeToMemory(&pem.Block{Type: label, Bytes: block.Bytes})
			add(twin+" under "+label, data, strings.Contains(twin, ".enc"))
		}
	}
}

// addEncryptions has each cipher and derivation.
func addEncryptions(t *testing.T, add func(string, []byte, bool)) {
	plain := keytest.Read(t, "twins", "rsa2048.pem")
	legacy := []string{"-provider", "legacy", "-provider", "default"}
	for _, cipher := range sample(strings.Fields(`des-cbc des-cfb des-ofb des-ede-cbc des-ede3-cbc des-ede3-cfb des-ede3-ofb aes-128-cbc aes-192-cbc
		aes-256-cbc aes-128-cfb aes-256-cfb8 aes-192-cfb1 aes-256-ofb aes-128-ctr aes-256-ctr bf-cbc cast5-cbc rc2-cbc rc2-40-cbc desx-cbc chacha20
		camellia-128-cbc aria-256-ctr sm4-ofb seed-cbc`)) {
		out, err := keytest.RunError(t, plain, "openssl", append([]string{"rsa", "-traditional", "-" + cipher, "-passout", "pass:" + passphrase}, legacy...)...)
		if err == nil {
			add("PEM under "+cipher, out, true)
		}
	}
	for _, options := range sample([]string{
		"-v2 aes-128-cbc", "-v2 aes-192-cbc", "-v2 aes-256-cbc", "-v2 aes-256-cfb", "-v2 aes-128-ofb", "-v2 des-ede3-cbc", "-v2 des-cbc", "-v2 bf-cbc", "-v2 rc2-cbc",
		"-v2 aes-256-cbc -v2prf hmacWithSHA1", "-v2 aes-256-cbc -v2prf hmacWithSHA512",
		"-v2 aria-192-cfb", "-v2 camellia-256-cbc", "-v2 camellia-128-ctr", "-v2 sm4-ctr", "-v2 seed-cbc", "-v2 aes-128-ecb", "-v2 aes-256-cbc -v2prf hmacWithMD5",
		"-v1 PBE-MD5-DES", "-v1 PBE-SHA1-DES", "-v1 PBE-SHA1-3DES", "-v1 PBE-SHA1-2DES", "-v1 PBE-SHA1-RC2-40", "-v1 PBE-SHA1-RC2-128", "-v1 PBE-SHA1-RC4-128",
		"-scrypt", "-scrypt -scrypt_N 8192", "-scrypt -scrypt_N 32768",
	}) {
		args := append([]string{"pkcs8", "-topk8", "-passout", "pass:" + passphrase}, strings.Fields(options)...)
		if !strings.Contains(options, "scrypt") {
			args = append(args, "-iter", "1000")
		}
		out, err := keytest.RunError(t, plain, "openssl", append(args, legacy...)...)
		if err == nil {
			add("PKCS#8 with "+options, out, true)
		}
	}
	for _, cipher := range sample(strings.Fields(`aes128-cbc aes192-cbc aes256-cbc 3des-cbc aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com
		aes256-gcm@openssh.com chacha20-poly1305@openssh.com`)) {
		data, err := engine.MarshalWithPassphrase(mustParse(t, plain), []byte(passphrase), engine.OpenSSH, &engine.Options{Cipher: cipher, Rounds: 4})
		require.NoError(t, err)
		add("openssh-key-v1 under "+cipher, data, true)
	}
}
