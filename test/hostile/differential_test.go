package hostile

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reader says how another program shows the public half of a private key file.
type reader struct {
	program string
	args    func(path string) []string
	blob    func(out []byte) []byte // nil where it does not show it
}

var readers = []reader{
	{"puttygen", func(path string) []string {
		return []string{path, "-O", "public-openssh", "-o", "/dev/stdout", "--old-passphrase", "/dev/null"}
	}, lineBlob},
	{"ssh-keygen", func(path string) []string { return []string{"-y", "-P", "", "-f", path} }, lineBlob},
	{"openssl", func(path string) []string { return []string{"pkey", "-in", path, "-passin", "pass:", "-pubout"} }, spkiBlob},
}

// lineBlob returns the blob in a line of authorized_keys.
func lineBlob(out []byte) []byte {
	fields := strings.Fields(string(out))
	if len(fields) < 2 {
		return nil
	}
	blob, _ := base64.StdEncoding.DecodeString(fields[1])
	return blob
}

func spkiBlob(out []byte) []byte {
	pub, err := rawkey.DecodeSPKI(out)
	if err != nil {
		return nil // DSA, which is not read in this form
	}
	return pub.Marshal()
}

// TestOthersReadTheSameKey changes the content of files of every form. What is still read
// here is the key that puttygen, ssh-keygen and openssl find in the same file, where they
// read it at all, and a change to a part that is compared is always noticed.
func TestOthersReadTheSameKey(t *testing.T) {
	for _, r := range readers {
		keytest.Tool(t, r.program)
	}
	tried, accepted, agreed := 0, 0, 0
	random := newRandom(t)
	seen := map[string]bool{}
	for range size(80, 4000) {
		for _, kt := range keytest.Types() {
			for _, name := range []string{"PKCS#1", "DSA", "SEC 1", "PKCS#8", "openssh-key-v1", "ssh.com", "ppk 3"} {
				f := formOf(t, name)
				if !f.has(kt.Name) {
					continue
				}
				key := kt.New(t)
				text, err := f.write(key)
				require.NoError(t, err)
				damaged := mutate(random, text)
				if bytes.Equal(damaged, text) || seen[string(damaged)] {
					continue
				}
				tried++
				got, err := read(damaged)
				if err != nil {
					continue
				}
				accepted++
				require.False(t, f.proves(kt.Name) && isAnother(t, key, got, err), "another key, of\n%s", damaged)
				agreed += agreeing(t, damaged, publicBlob(t, got))
			}
		}
	}
	t.Logf("%d changed files, %d accepted, which other programs read as the same key %d times", tried, accepted, agreed)
	assert.Greater(t, accepted, 10)
	assert.Greater(t, agreed, 10)
}

func formOf(t *testing.T, name string) form {
	t.Helper()
	for _, f := range forms {
		if f.name == name {
			return f
		}
	}
	t.Fatalf("no form is called %q", name)
	return form{}
}

// agreeing returns how many of the other programs read the file, and fails where one reads
// another key.
func agreeing(t *testing.T, file, blob []byte) (n int) {
	t.Helper()
	path := keytest.WriteFile(t, t.TempDir(), "key", file)
	for _, r := range readers {
		out, err := keytest.RunError(t, nil, r.program, r.args(path)...)
		if err != nil {
			continue
		}
		if theirs := r.blob(out); theirs != nil {
			n++
			require.Equal(t, theirs, blob, "%s reads another key in\n%s", r.program, file)
		}
	}
	return n
}
