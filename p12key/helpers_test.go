package p12key

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

const passphrase = keytest.Passphrase

func read(t testing.TB, name string) []byte {
	t.Helper()
	return keytest.Read(t, "p12", name)
}

// row is a line of testdata/p12/manifest.tsv.
type row struct {
	name, keyType, passphrase, encryption string
	data                                  []byte
}

func manifest(t testing.TB) []row {
	t.Helper()
	var rows []row
	for line := range strings.Lines(string(read(t, "manifest.tsv"))) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		require.Len(t, fields, 4, "%q", line)
		if fields[0] == "file" {
			continue
		}
		if fields[2] == "-" {
			fields[2] = ""
		}
		rows = append(rows, row{fields[0], fields[1], fields[2], fields[3], read(t, fields[0])})
	}
	require.Len(t, rows, 28)
	return rows
}

// refused are the files of the manifest without a readable key, and why.
var refused = map[string]struct {
	decoded bool // whether only Decrypt shows that
	as      any
	message string
}{
	"no-key.p12":       {true, new(*sshkey.InvalidKeyError), "no private key"},
	"no-key-plain.p12": {false, new(*sshkey.InvalidKeyError), "no private key"},
}

// readable are the files of the manifest that hold a key.
func readable(t testing.TB) []row {
	t.Helper()
	var rows []row
	for _, r := range manifest(t) {
		if _, no := refused[r.name]; !no {
			rows = append(rows, r)
		}
	}
	require.Len(t, rows, 26)
	return rows
}

// twinKey returns the key that all files of one type hold, read by crypto/x509 if it knows
// the type.
func twinKey(t testing.TB, keyType string) *sshkey.Key {
	t.Helper()
	data := pkcs8Of(t, keyType)
	private, err := x509.ParsePKCS8PrivateKey(data)
	if keyType == "ed448" || keyType == "dsa1024" {
		key, err := pemkey.ParsePKCS8(data)
		require.NoError(t, err)
		return key
	}
	require.NoError(t, err)
	return &sshkey.Key{Private: private}
}

// pkcs8Of returns the DER of the key that all files of one type hold.
func pkcs8Of(t testing.TB, keyType string) []byte {
	t.Helper()
	block, _ := pem.Decode(keytest.Read(t, "twins", keyType+".pkcs8.pem"))
	require.NotNil(t, block)
	return block.Bytes
}

// requireDocumented makes sure that an error is of a type that the documentation
// names and has the prefix of the package.
func requireDocumented(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "p12key: "), "%q", err)
	documented := errors.Is(err, sshkey.ErrIncorrectPassphrase) ||
		errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError)) ||
		errors.As(err, new(*sshkey.PassphraseMissingError))
	require.True(t, documented, "%T %v", err, err)
}

func mustMarshal(t testing.TB, value any) []byte {
	t.Helper()
	der, err := asn1.Marshal(value)
	require.NoError(t, err)
	return der
}

var (
	oidHMACSHA256 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	oidsOfPBMAC1  = [2]asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 5, 14}, {1, 2, 840, 113549, 1, 5, 12}}
)

// contentOf returns what the MAC of a file covers.
func contentOf(t testing.TB, data []byte) []byte {
	t.Helper()
	var file pfx
	require.NoError(t, unmarshal(data, &file, "the file"))
	var content []byte
	require.NoError(t, unmarshal(file.AuthSafe.Content.Bytes, &content, "the content"))
	return content
}

// seal makes a file of some content, with the MAC of RFC 9579 (PBMAC1), which
// OpenSSL 3.0 does not make, and with any number of iterations. The MAC is that of
// one iteration.
func seal(t testing.TB, content []byte, passphrase string, iterations int64) []byte {
	t.Helper()
	salt := []byte("saltsalt")
	kdf := mustMarshal(t, struct {
		Salt       []byte
		Iterations int64
		KeyLength  int
		PRF        pkix.AlgorithmIdentifier
	}{salt, iterations, sha256.Size, pkix.AlgorithmIdentifier{Algorithm: oidHMACSHA256}})
	params := mustMarshal(t, kdfAndMore{
		KDF:    pkix.AlgorithmIdentifier{Algorithm: oidsOfPBMAC1[1], Parameters: asn1.RawValue{FullBytes: kdf}},
		Second: pkix.AlgorithmIdentifier{Algorithm: oidHMACSHA256},
	})
	key, err := pbkdf2.Key(sha256.New, passphrase, salt, 1, sha256.Size)
	require.NoError(t, err)
	mac := hmac.New(sha256.New, key)
	mac.Write(content)

	file := pfx{Version: 3, AuthSafe: contentInfo{Type: asnData, Content: asn1.RawValue{
		Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: mustMarshal(t, content),
	}}}
	file.MacData.Mac.Algorithm = pkix.AlgorithmIdentifier{Algorithm: oidsOfPBMAC1[0], Parameters: asn1.RawValue{FullBytes: params}}
	file.MacData.Mac.Digest = mac.Sum(nil)
	file.MacData.Iterations = 1
	return mustMarshal(t, file)
}
