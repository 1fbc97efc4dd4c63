package rawkey_test

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPublicLines(t *testing.T) {
	ed := strings.TrimSpace(string(keytest.Read(t, "twins", "ed25519.pub")))
	kind, rest, _ := strings.Cut(ed, " ")
	base64, _, _ := strings.Cut(rest, " ")
	key := kind + " " + base64
	for _, tt := range []struct {
		line string
		want rawkey.PublicLine // without the key
		err  string
	}{
		{line: key},
		{line: key + " me at home", want: rawkey.PublicLine{Comment: "me at home"}},
		{line: "  " + key + "\t me \r", want: rawkey.PublicLine{Comment: "me"}},
		{line: `no-pty,command="echo \"a b\"" ` + key, want: rawkey.PublicLine{Options: `no-pty,command="echo \"a b\""`}},
		{line: `from="10.0.0.*"` + " \t" + key + " c", want: rawkey.PublicLine{Options: `from="10.0.0.*"`, Comment: "c"}},
		{line: "cert-authority " + key, want: rawkey.PublicLine{Options: "cert-authority"}},
		{line: "Restrict,pty " + key, want: rawkey.PublicLine{Options: "Restrict,pty"}},
		{line: "github.com,140.82.112.3 " + key, want: rawkey.PublicLine{Hosts: "github.com,140.82.112.3"}},
		{line: "[h]:2222 " + key + " c", want: rawkey.PublicLine{Hosts: "[h]:2222", Comment: "c"}},
		{line: "|1|abc=|def= " + key, want: rawkey.PublicLine{Hosts: "|1|abc=|def="}},
		{line: "@cert-authority *.example.com " + key, want: rawkey.PublicLine{Marker: "@cert-authority", Hosts: "*.example.com"}},
		{line: "@revoked * " + key, want: rawkey.PublicLine{Marker: "@revoked", Hosts: "*"}},
		{line: key[:len(key)-3], err: "line 3: the base64 of the public key is damaged or cut off"},
		{line: kind, err: "line 3: the base64 of the public key is damaged or cut off"},
		{line: "host 1024 35 123456789", err: "line 3: this is a public key of SSH-1"},
		{line: "hello", err: "line 3: this is not a public key"},
		{line: "@revoked", err: "line 3: this is not a public key"},
	} {
		for _, end := range []string{"\n", "\r\n", "\r"} {
			lines := rawkey.PublicLines([]byte("# a comment" + end + end + strings.TrimSuffix(tt.line, "\r") + end))
			require.Len(t, lines, 1, tt.line)
			got := lines[0]
			if tt.err != "" {
				assert.EqualError(t, got.Err, tt.err, tt.line)
				assert.Nil(t, got.Key)
				continue
			}
			require.NoError(t, got.Err, tt.line)
			assert.Equal(t, kind, got.Key.Type())
			got.Key, tt.want.Line = nil, 3
			assert.Equal(t, tt.want, got, tt.line)
		}
	}
}

// TestAuthorizedKeysWithABadLine: one line that is damaged does not make it another file,
// and one key does not make a text of a list.
func TestAuthorizedKeysWithABadLine(t *testing.T) {
	pub := string(keytest.Read(t, "twins", "ed25519.pub"))
	for text, want := range map[string]bool{
		"bad\n" + pub: true, pub + "bad\n": true, "# x\nbad\n" + pub + pub: true, "bad\nbad\n" + pub: false, "Dear Sir,\nmy key is\n" + pub + "Yours\n": false,
	} {
		assert.Equal(t, want, rawkey.IsAuthorizedKey([]byte(text)), text)
		_, comment, err := rawkey.DecodeAuthorizedKey([]byte(text))
		if assert.Equal(t, want, err == nil, text); want {
			assert.Equal(t, "ed25519 twin", comment)
		}
	}
}
