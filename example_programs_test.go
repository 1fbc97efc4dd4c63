package keyconv_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"strings"
	"sync"

	"github.com/keyconv/keyconv"
	"golang.org/x/crypto/ssh"
)

// A value of Vault or Terraform is a key in JSON, often with its line ends as \n in words, or
// in base64. Mending finds it.
func ExampleParseContext_json() {
	state, err := json.Marshal(map[string]string{
		"private_key_pem": strings.ReplaceAll(string(mustRead("twins/ecdsa256.pkcs8.pem")), "\n", `\n`),
	})
	if err != nil {
		log.Fatal(err)
	}
	key, err := keyconv.ParseContext(context.Background(), state, &keyconv.ParseOptions{Mend: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key)
	// Output: ecdsa-sha2-nistp256 256 SHA256:ygQM3G+EUnMBjdewbqEXGAhlao4RhT+1A+arGdfOzZM
}

// convertText is what a page in a browser calls, by way of syscall/js, and what a module of
// wasip1 does: text in, text out, in memory.
func convertText(text, passphrase, to string) (string, error) {
	format, err := keyconv.ParseFormat(to)
	if err != nil {
		return "", err
	}
	key, err := keyconv.ParseContext(context.Background(), []byte(text), &keyconv.ParseOptions{Mend: true, Passphrase: answer(passphrase)})
	if err != nil {
		return "", err
	}
	out, _, err := keyconv.Write(key, format, nil, nil)
	return string(out), err
}

// A page in a browser converts without a server.
func Example_browser() {
	out, err := convertText(string(mustRead("twins/ed25519.v3.enc.ppk")), "correct horse", "openssh")
	line, _, _ := strings.Cut(out, "\n")
	fmt.Println(line, err)
	// Output: -----BEGIN OPENSSH PRIVATE KEY----- <nil>
}

// An ssh client, a signature, or a recipient of age: a key is what each of them takes.
func Example_signer() {
	key, err := keyconv.Parse(mustRead("twins/rsa2048.v3.enc.ppk"), answer("correct horse"))
	if err != nil {
		log.Fatal(err)
	}
	signer, err := key.Signer() // for ssh.PublicKeys; with SHA-2, and the certificate, if there is one
	if err != nil {
		log.Fatal(err)
	}
	signature, err := signer.Sign(rand.Reader, []byte("data"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(signature.Format, signer.PublicKey().Verify([]byte("data"), signature))
	_, ok := key.Private.(crypto.Signer) // for crypto/tls, crypto/x509
	fmt.Println(ok)
	// Output:
	// rsa-sha2-512 <nil>
	// true
}

// Ten thousand keys: as many at a time as there are processors, one File each.
func Example_many() {
	data := mustRead("twins/ed25519.openssh")
	var types sync.Map
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for range 25 {
				f, err := keyconv.Open(data, nil)
				if err != nil {
					log.Fatal(err)
				}
				key, err := f.Decrypt(nil)
				if err != nil {
					log.Fatal(err)
				}
				pub, err := key.Public()
				if err != nil {
					log.Fatal(err)
				}
				types.Store(pub.Type(), ssh.FingerprintSHA256(pub))
			}
		})
	}
	workers.Wait()
	types.Range(func(name, _ any) bool { fmt.Println(name); return true })
	// Output: ssh-ed25519
}
