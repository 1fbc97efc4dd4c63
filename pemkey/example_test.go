package pemkey_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
)

// sec1 is a key as `openssl ecparam -genkey -name prime256v1 -noout` writes it. It
// protects nothing.
const sec1 = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIDt9hm47vDh+o3n+zedv7anK2pYoqRJqWk7wDu5G8VwyoAoGCCqGSM49
AwEHoUQDQgAEtXJBjC7BMMWVoDmW0K3h+f9h0N/jv7VrqnhLA63OiPaRTiue5bnR
iObwW2qBt6jUqFmsUh6Jn7NWJdNqhKPq4Q==
-----END EC PRIVATE KEY-----
`

func ExampleParse() {
	key, err := pemkey.Parse([]byte(sec1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(key) // type and fingerprint: a Key never prints its secret
	// Output: ecdsa-sha2-nistp256 256 SHA256:D/RSK5VLt9qYiqK/02rAEAXBFoZknu61eEfjsq6EGlU
}

func ExampleDecode() {
	file, err := pemkey.Decode([]byte(sec1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.Format, "line", file.Line, "encrypted:", file.Encrypted())
	fmt.Println(file.PublicKey.Type())
	// Output:
	// SEC 1 line 1 encrypted: false
	// ecdsa-sha2-nistp256
}

func ExampleMarshal() {
	key := &sshkey.Key{
		Private: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		Comment: "user@host",
	}
	out, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.OpenSSH})
	if err != nil {
		fmt.Println(err)
		return
	}
	first, _, _ := strings.Cut(string(out), "\n")
	fmt.Println(first)
	back, err := pemkey.Parse(out)
	fmt.Println(back.Comment, err)
	// Output:
	// -----BEGIN OPENSSH PRIVATE KEY-----
	// user@host <nil>
}

// The error shows whether the passphrase is wrong or missing, or the file cannot be read.
func ExampleParseWithPassphrase() {
	key, err := pemkey.Parse([]byte(sec1))
	if err != nil {
		fmt.Println(err)
		return
	}
	encrypted, err := pemkey.MarshalWithPassphrase(key, []byte("right"), &pemkey.Options{
		Encoding: pemkey.PKCS8,
		Rounds:   1000, // far too few: it is an example
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = pemkey.Parse(encrypted)
	var missing *sshkey.PassphraseMissingError
	fmt.Println("missing:", errors.As(err, &missing))

	_, err = pemkey.ParseWithPassphrase(encrypted, []byte("wrong"))
	fmt.Println("wrong:", errors.Is(err, sshkey.ErrIncorrectPassphrase))

	_, err = pemkey.ParseWithPassphrase(encrypted, []byte("right"))
	fmt.Println("right:", err)
	// Output:
	// missing: true
	// wrong: true
	// right: <nil>
}
