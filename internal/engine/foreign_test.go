package engine

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// block returns a PEM block of 300 bytes.
func block(label string) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: bytes.Repeat([]byte{0x30, 0x81, 0xf7}, 100)}))
}

func zipOf(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		_, err := w.Create(name)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

func gzipOf(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func tarOf(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	require.NoError(t, w.WriteHeader(&tar.Header{Name: "key.gpg", Size: 4, Mode: 0o600}))
	_, err := w.Write([]byte("\x00\x01\x02\x03"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// certificates returns an X.509 certificate, a request and a public key in DER.
func certificates(t *testing.T) (certificate, request, public string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	cert, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{}, &key.PublicKey, key)
	require.NoError(t, err)
	req, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "x"}}, key)
	require.NoError(t, err)
	pub, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	require.NoError(t, err)
	return string(cert), string(req), string(pub)
}

// TestForeignFiles: each file that is not a key file is named for what it is, also after
// mending was tried.
func TestForeignFiles(t *testing.T) {
	certificate, request, public := certificates(t)
	compressed := gzipOf(t, string(keytest.Read(t, "console-rsa2048.pem")))
	wide := string([]byte{0xff, 0xfe})
	for _, unit := range utf16.Encode([]rune("<!DOCTYPE html><html>")) {
		wide += string([]byte{byte(unit), byte(unit >> 8)})
	}
	console := string(keytest.Read(t, "console-rsa2048.pem"))
	cut := console[:len(console)/2]
	samples := map[Format][]string{
		"tpm":    {block("TSS2 PRIVATE KEY"), strings.ReplaceAll(block("TSS2 PRIVATE KEY"), "\n", `\n`), "\x30\x20\x06\x06\x67\x81\x05\x0a\x01\x03" + strings.Repeat("\x04", 24)},
		"cosign": {block("ENCRYPTED COSIGN PRIVATE KEY"), block("ENCRYPTED SIGSTORE PRIVATE KEY")},
		"sm2":    {block("SM2 PRIVATE KEY"), block("SM2 ENCRYPTED PRIVATE KEY")},
		"age":    {"# created: 2026-01-01\nAGE-SECRET-KEY-1QQQQ\n", "#  Serial: 1, Slot: 1\nAGE-PLUGIN-YUBIKEY-1QQQQ\n"}, "age-encrypted": {"age-encryption.org/v1\n-> X25519 x\n\x01\x02", block("AGE ENCRYPTED FILE")},
		"minisign": {"untrusted comment: minisign encrypted secret key\nRWRT\n"}, "openvpn": {"#\n-----BEGIN OpenVPN Static key V1-----\n6acef03f62675b4b1bbd03e53b187727\n-----END OpenVPN Static key V1-----\n"},
		"pgp-message": {"\x85\x01\x0c\x03" + strings.Repeat("k", 30), "\x8c\x0d\x04" + strings.Repeat("k", 30), "\xa3\x01" + strings.Repeat("k", 30), "\xc1\x4c\x03" + strings.Repeat("k", 30)},
		"pgp":         {"\x95\x01\xd8\x04" + strings.Repeat("k", 30), "\x99\x01\x0d\x04" + strings.Repeat("k", 30), "\xc5\x58\x04" + strings.Repeat("k", 30), "\x94\x58\x04" + strings.Repeat("k", 30)},
		"dnssec":      {"Private-key-format: v1.3\nAlgorithm: 15 (ED25519)\nPrivateKey: yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n"},
		"nkey":        {"-----BEGIN NATS USER JWT-----\neyJ0\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\nSUAIBDPB\n------END USER NKEY SEED------\n"},
		"raw-key":     {"yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n"}, "uuencoded": {"begin 644 id_rsa\n#0V%T\n`\nend\n", "begin-base64 600 id_rsa\nQ2F0\n====\n"},
		"ssh-signature": {block("SSH SIGNATURE")}, "pkcs7": {block("PKCS7"), block("CMS"), "\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + strings.Repeat("x", 245)},
		"x509-crl": {block("X509 CRL")}, "parameters": {block("EC PARAMETERS"), block("DH PARAMETERS")},
		"ansible-vault": {"$ANSIBLE_VAULT;1.1;AES256\n3365\n", "key: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3365\n"},
		"sops":          {"key: ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]\nsops:\n    version: 3.8.1\n", `{"data": "ENC[AES256_GCM,data:xx]", "sops": {}}`, "key: ENC[AES256_GCM,data:xx]\nsops:\n  age:\n    - enc: |\n" + block("AGE ENCRYPTED FILE")},
		"openssl-enc":   {"Salted__\x01\xff\x80" + strings.Repeat("k", 40), "U2FsdGVkX1/" + strings.Repeat("k", 60) + "\n"},
		"git-lfs":       {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1675\n"}, "git-annex": {"/annex/objects/SHA256E-s1675--4d7a.pem\n"},
		"bks":     {"\x00\x00\x00\x02\x00\x00\x00\x14" + strings.Repeat("x", 40)},
		"keepass": {"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5"}, "sqlite": {"SQLite format 3\x00"},
		"word": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 50), zipOf(t, "[Content_Types].xml", "word/document.xml")},
		"zip":  {zipOf(t, "id_rsa")}, "gzip": {compressed}, "bzip2": {"BZh91AY&SY"}, "xz": {"\xfd7zXZ\x00\x00"}, "zstd": {"\x28\xb5\x2f\xfd\x04"}, "7z": {"7z\xbc\xaf\x27\x1c\x00"}, "rar": {"Rar!\x1a\x07\x01\x00"},
		"tar": {tarOf(t)}, "rtf": {`{\rtf1\ansi no key}`, "{\\rtf1\\ansi\n" + strings.ReplaceAll(cut, "\n", "\\par\n") + "}"}, "pdf": {"%PDF-1.7\n%\xe2\xe3"},
		"picture": {"\x89PNG\r\n\x1a\n\x00", "\xff\xd8\xff\xe0"}, "program": {"\x7fELF\x02", "MZ\x90\x00"},
		"html": {"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "\n<!-- x -->\n<HTML>", wide}, "xml": {`<?xml version="1.0"?><a/>`}, "xml-rsa": {"<RSAKeyValue><Modulus>x</Modulus></RSAKeyValue>"},
		"gzip-base64": {"content: " + base64.StdEncoding.EncodeToString([]byte(compressed)), "H4sICBw3QWUAA2tleQ" + strings.Repeat("k", 60)},
		"shortcut":    {"L\x00\x00\x00\x01\x14\x02\x00", "[InternetShortcut]\nURL=x\n"}, "putty-session": {"[HKEY_CURRENT_USER\\Software\\SimonTatham\\PuTTY\\Sessions\\x]\n", "HostName=h\nPublicKeyFile=k.ppk\n"},
		"ssh-config": {"Host x\n  HostName h\n  IdentityFile ~/.ssh/k\n"}, "wireguard": {"[Interface]\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n"},
		"text": {"12:00 started\nerror\n", "hello", "\x1b[31mred\x1b[0m"}, "json": {`{"type": "service_account", "private_key_id": "abc"}`, "[1, 2]"},
		"pem-other": {block("FOO PRIVATE KEY"), block("NEBULA ENCRYPTED X PRIVATE KEY"), block("TACK KEY")},
		"x509":      {certificate}, "x509-request": {request}, SPKI: {public},
	}
	for _, kind := range foreigns.Get() {
		if kind.format == knownHosts {
			continue // which are read
		}
		require.NotEmpty(t, samples[kind.format], kind.format)
	}
	for format, texts := range samples {
		for _, text := range texts {
			_, err := Open([]byte(text), Limits{})
			assertNotPrivate(t, err, format, text)
			_, err = OpenMended(Mend([]byte(text)), 0, Limits{})
			assertNotPrivate(t, err, format, text)
			assert.NotEmpty(t, format.About().Title, format)
		}
	}
}

func assertNotPrivate(t *testing.T, err error, want Format, text string) {
	t.Helper()
	var none *NotPrivateError
	if assert.ErrorAs(t, err, &none, "%s: %.60q", want, text) {
		assert.Equal(t, want, none.Format, "%.60q", text)
	}
}

// TestForeignFilesWithAKey: what only surrounds a key does not hide it, nor that it is damaged.
func TestForeignFilesWithAKey(t *testing.T) {
	key := string(keytest.Read(t, "console-rsa2048.pem"))
	for name, text := range map[string]string{
		"HTML": "<!DOCTYPE html><html><body><pre>\n" + key + "</pre></html>\n", "JSON": `{"private_key": "` + strings.ReplaceAll(key, "\n", `\n`) + `"}`,
		"ssh config": "Host x\n HostName h\n" + key,
	} {
		_, err := OpenMended(Mend([]byte(text)), 0, Limits{})
		assert.NoError(t, err, name)
		_, err = OpenMended(Mend([]byte(strings.Replace(text, key[100:120], "", 1))), 0, Limits{})
		assert.ErrorContains(t, err, "damaged", name)
	}
}

func TestNotPrivateErrorIsASentence(t *testing.T) {
	for format, want := range map[Format]string{
		Public: "this is an OpenSSH public key, not a private key that can be read", "x509": "this is an X.509 certificate (of TLS, not of SSH), not a private key that can be read",
		"rtf": "this is an RTF document, not a private key that can be read", "json": "this is JSON text, not a private key that can be read",
		"jwk-public": "this is a JSON Web Key of a public key, not a private key that can be read", SPKI: "this is a PEM public key, not a private key that can be read",
		"ssh1-public": "this is an SSH-1 public key, not a private key that can be read", "word": "this is a document of Word, Excel or another Office program, not a private key that can be read",
	} {
		assert.EqualError(t, &NotPrivateError{Format: format}, want)
	}
}
