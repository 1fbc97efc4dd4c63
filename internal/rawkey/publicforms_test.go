package rawkey_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestPublicFormsOfTwins: the same bytes as puttygen and openssl write.
func TestPublicFormsOfTwins(t *testing.T) {
	for _, kt := range keytest.Types() {
		t.Run(kt.Name, func(t *testing.T) {
			line := keytest.Read(t, "twins", kt.Name+".pub")
			rfc4716 := keytest.Read(t, "twins", kt.Name+".rfc4716.pub")
			spki := keytest.Read(t, "twins", kt.Name+".spki.pem")

			pub, comment, err := rawkey.DecodeAuthorizedKey(line)
			require.NoError(t, err)
			assert.Equal(t, kt.Name+" twin", comment)
			assert.Equal(t, string(line), string(sshkey.AuthorizedKey(pub, comment)))
			assert.Equal(t, string(rfc4716), string(rawkey.RFC4716(pub, comment)))
			out, err := rawkey.SPKI(pub)
			require.NoError(t, err)
			assert.Equal(t, string(spki), string(out))

			back, comment, err := rawkey.DecodeRFC4716(rfc4716)
			require.NoError(t, err)
			assert.Equal(t, kt.Name+" twin", comment)
			assert.Equal(t, pub.Marshal(), back.Marshal())
			back, err = rawkey.DecodeSPKI(spki)
			require.NoError(t, err)
			assert.Equal(t, pub.Marshal(), back.Marshal())
		})
	}
}

func TestRFC4716OfTheCorpus(t *testing.T) {
	seen := 0
	for _, f := range keytest.Corpus(t, "generated") {
		if !strings.HasSuffix(f.Name, ".rfc4716.pub") {
			continue
		}
		seen++
		pub, comment, err := rawkey.DecodeRFC4716(f.Data)
		require.NoError(t, err, f.Name)
		assert.Equal(t, string(f.Data), string(rawkey.RFC4716(pub, comment)), f.Name)
		crlf := bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n")) // as on Windows
		again, _, err := rawkey.DecodeRFC4716(crlf)
		require.NoError(t, err, f.Name)
		assert.Equal(t, pub.Marshal(), again.Marshal())
	}
	assert.Equal(t, 10, seen)
}

// TestRFC4716CommentsInPuttygen: it reads the comment that we wrote.
func TestRFC4716CommentsInPuttygen(t *testing.T) {
	pub, err := keytest.Type(t, "ed25519").New(t).Public()
	require.NoError(t, err)
	for _, comment := range []string{"plain", `a "quoted" word`, `back\slash\\`, `"`, `\`, "grüße", strings.Repeat("long ", 60) + "."} {
		data := rawkey.RFC4716(pub, comment)
		_, back, err := rawkey.DecodeRFC4716(data)
		require.NoError(t, err)
		assert.Equal(t, comment, back)
		file := keytest.WriteFile(t, t.TempDir(), "key", data)
		line := keytest.Run(t, nil, "puttygen", "-L", file)
		assert.Equal(t, string(sshkey.AuthorizedKey(pub, comment)), string(line))
	}
}

func TestDecodeRFC4716(t *testing.T) {
	pub, err := keytest.Type(t, "ed25519").New(t).Public()
	require.NoError(t, err)
	body := base64.StdEncoding.EncodeToString(pub.Marshal())
	const begin, end = "---- BEGIN SSH2 PUBLIC KEY ----\n", "\n---- END SSH2 PUBLIC KEY ----\n"
	for _, tt := range []struct{ name, data, comment, err string }{
		{"no header", begin + body + end, "", ""},
		{"no quotes", begin + "Comment: me@home\n" + body + end, "me@home", ""},
		{"other headers", begin + "Subject: x\nx-private: y\ncomment: \"c\"\n" + body + end, "c", ""},
		{"continued", begin + "Comment: \"one \\\ntwo\"\n" + body + end, "one two", ""},
		{"text around", "hello\n\n" + begin + body + end + "bye\n", "", ""},
		{"no end", begin + body, "", "line 2: the file ends without the line ---- END SSH2 PUBLIC KEY ----"},
		{"continued to the end", begin + "Comment: \\", "", "the file ends without the line"},
		{"no begin", body + end, "", "line 1: there is no line ---- BEGIN SSH2 PUBLIC KEY ----"},
		{"bad base64", begin + body[1:] + end, "", "line 3: the base64 before this line is cut off or damaged"},
		{"empty", begin + end, "", "public key: key type: the data ends early"},
		{"nothing", "", "", "there is no line"},
	} {
		got, comment, err := rawkey.DecodeRFC4716([]byte(tt.data))
		if tt.err != "" {
			require.ErrorContains(t, err, tt.err, tt.name)
			assert.Nil(t, got)
			continue
		}
		require.NoError(t, err, tt.name)
		assert.Equal(t, pub.Marshal(), got.Marshal(), tt.name)
		assert.Equal(t, tt.comment, comment, tt.name)
	}
}

func TestDecodeAuthorizedKey(t *testing.T) {
	pub, err := keytest.Type(t, "ecdsa256").New(t).Public()
	require.NoError(t, err)
	key := strings.TrimSpace(string(sshkey.AuthorizedKey(pub, "")))
	tabs := strings.ReplaceAll(key, " ", "\t")
	for _, tt := range []struct {
		data, comment string
		ok            bool
	}{
		{key, "", true},
		{key + "\r\n", "", true},
		{key + " two words \n", "two words", true},
		{"# a note\n\n  " + key + " c\nmore", "c", true},
		{`command="echo \"a b\"",no-pty ` + key + " c", "c", true},
		{`environment="A=ssh-rsa AAAA" ` + key, "", true},
		{tabs + "\tc", "c", true}, // sshd takes tabs too
		{"no-pty\t" + tabs, "", true},
		{"", "", false},
		{"# " + key, "", false},
		{"ssh-rsa " + strings.Fields(key)[1], "", false},
		{strings.Fields(key)[0], "", false},
		{key[:len(key)-3], "", false},
	} {
		assert.Equal(t, tt.ok, rawkey.IsAuthorizedKey([]byte(tt.data)), "%q", tt.data)
		got, comment, err := rawkey.DecodeAuthorizedKey([]byte(tt.data))
		if !tt.ok {
			var syntax *sshkey.SyntaxError
			require.ErrorAs(t, err, &syntax, "%q", tt.data)
			continue
		}
		require.NoError(t, err, "%q", tt.data)
		assert.Equal(t, pub.Marshal(), got.Marshal())
		assert.Equal(t, tt.comment, comment)
		theirs, _, _, _, err := ssh.ParseAuthorizedKey([]byte(tt.data))
		require.NoError(t, err, "%q", tt.data)
		assert.Equal(t, pub.Marshal(), theirs.Marshal())
	}
}

func TestSPKI(t *testing.T) {
	shown, _ := publicOf(t, keytest.Read(t, "corpus", "generated", "ecdsa256-cert.pub"))
	cert := shown.(*ssh.Certificate)
	certified, err := rawkey.SPKI(cert)
	require.NoError(t, err)
	plain, err := rawkey.SPKI(cert.Key)
	require.NoError(t, err)
	assert.Equal(t, string(plain), string(certified))

	_, err = rawkey.SPKI(namedKey("ssh-moon"))
	require.ErrorContains(t, err, "SPKI for the key type ssh-moon is not supported")
	token, err := rawkey.ParsePublic(blob("sk-ssh-ed25519@openssh.com", make([]byte, 32), "ssh:"))
	require.NoError(t, err)
	_, err = rawkey.SPKI(token)
	require.ErrorContains(t, err, "is not supported")

	rsaPublic := keytest.Read(t, "corpus", "import-edge", "rsa.pempub")
	pub, err := rawkey.DecodeSPKI(rsaPublic)
	require.NoError(t, err)
	assert.Equal(t, "ssh-rsa", pub.Type())
	for _, data := range []string{"", "nothing", strings.Replace(string(plain), "MFkw", "AAAA", 1), string(plain[:80])} {
		_, err := rawkey.DecodeSPKI([]byte(data))
		var syntax *sshkey.SyntaxError
		require.ErrorAs(t, err, &syntax, "%q", data)
	}
}

// TestUnsupportedSPKI: a public key that is whole and that SSH has no type for is named, and
// is not called damaged.
func TestUnsupportedSPKI(t *testing.T) {
	type algorithm struct {
		OID        asn1.ObjectIdentifier
		Parameters asn1.ObjectIdentifier `asn1:"optional"`
	}
	ec := asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	for name, a := range map[string]algorithm{
		"an ML-DSA-65 key":                 {OID: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 18}},
		"an ML-KEM-1024 key":               {OID: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 4, 3}},
		"an SLH-DSA key":                   {OID: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 31}},
		"an X25519 key":                    {OID: asn1.ObjectIdentifier{1, 3, 101, 110}},
		"an X448 key":                      {OID: asn1.ObjectIdentifier{1, 3, 101, 111}},
		"an RSA-PSS key":                   {OID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}},
		"the elliptic curve P-224":         {ec, asn1.ObjectIdentifier{1, 3, 132, 0, 33}},
		"the elliptic curve secp256k1":     {ec, asn1.ObjectIdentifier{1, 3, 132, 0, 10}},
		"the elliptic curve SM2":           {ec, asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 301}},
		"the elliptic curve 1.3.132.0.999": {ec, asn1.ObjectIdentifier{1, 3, 132, 0, 999}},
		"a key of algorithm 1.2.3.4":       {OID: asn1.ObjectIdentifier{1, 2, 3, 4}},
	} {
		data, err := asn1.Marshal(struct {
			Algorithm algorithm
			Public    asn1.BitString
		}{a, asn1.BitString{Bytes: make([]byte, 65), BitLength: 8 * 65}})
		require.NoError(t, err, name)
		_, err = rawkey.DecodeSPKI(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: data}))
		require.ErrorIs(t, err, errors.ErrUnsupported, name)
		require.ErrorContains(t, err, name)
	}
}
