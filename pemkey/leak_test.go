package pemkey

import (
	"bytes"
	"math/rand"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/require"
)

// leakLength is the number of consecutive characters of a key, 9 bytes, that a message must
// not show.
const leakLength = 12

// plainFiles are files whose base64 is the secret.
func plainFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, twin := range privateTwins(t) {
		if !twin.Encrypted {
			files[twin.Name] = twin.Data
		}
	}
	require.GreaterOrEqual(t, len(files), 20)
	return files
}

// bodyParts returns every piece of leakLength characters of the base64 in a file.
func bodyParts(data []byte) map[string]bool {
	var body strings.Builder
	for _, line := range strings.Split(string(data), "\n") {
		if !strings.ContainsAny(line, "-:") {
			body.WriteString(line)
		}
	}
	parts := map[string]bool{}
	for i := 0; i+leakLength <= body.Len(); i++ {
		parts[body.String()[i:i+leakLength]] = true
	}
	return parts
}

// requireNoLeak makes sure that the error for a damaged file does not show its content.
func requireNoLeak(t testing.TB, parts map[string]bool, data []byte) {
	t.Helper()
	_, err := ParseWithPassphrase(data, []byte("x"))
	if err == nil {
		return
	}
	requireDocumented(t, err)
	message := err.Error()
	for i := 0; i+leakLength <= len(message); i++ {
		require.False(t, parts[message[i:i+leakLength]], "the message shows the key: %s", message)
	}
}

// TestNoLeakOneLine: a whole key without line ends is not a label.
func TestNoLeakOneLine(t *testing.T) {
	for name, data := range plainFiles(t) {
		parts := bodyParts(data)
		for _, between := range []string{"", " ", `\n`, "\t", ","} {
			line := bytes.ReplaceAll(bytes.TrimSpace(data), []byte("\n"), []byte(between))
			_, err := Parse(line)
			require.Error(t, err, name)
			requireNoLeak(t, parts, line)
			requireNoLeak(t, parts, append(line, '\n'))
			requireNoLeak(t, parts, bytes.Replace(line, []byte("-----END"), []byte("\n-----END"), 1))
			requireNoLeak(t, parts, bytes.Replace(line, []byte("KEY-----"), []byte("KEY-----\n"), 1))
		}
	}
}

// TestNoLeakTruncated cuts a file off at every byte, from both ends, and takes
// lines and line ends out.
func TestNoLeakTruncated(t *testing.T) {
	for name, data := range plainFiles(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := bodyParts(data)
			step := 1 + len(data)/times(800)
			for i := 0; i <= len(data); i += step {
				requireNoLeak(t, parts, data[:i])
				requireNoLeak(t, parts, data[i:])
			}
			for i, c := range data {
				if c == '\n' {
					requireNoLeak(t, parts, slicesOf(data[:i], data[i+1:]))
					requireNoLeak(t, parts, slicesOf(data[:i], []byte(": "), data[i+1:]))
					requireNoLeak(t, parts, slicesOf(data[:i], []byte("-----"), data[i+1:]))
				}
			}
			lines := bytes.SplitAfter(data, []byte("\n"))
			for i := range lines {
				requireNoLeak(t, parts, slicesOf(append(append([][]byte{}, lines[:i]...), lines[i+1:]...)...))
			}
		})
	}
}

// TestNoLeakMutated changes files at random: characters, and bytes below the
// base64.
func TestNoLeakMutated(t *testing.T) {
	for name, data := range plainFiles(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewSource(1))
			parts := bodyParts(data)
			der, label := derOf(t, normalDashes(data)), labelOf(t, data)
			for range times(300) {
				text := bytes.Clone(data)
				for range 1 + random.Intn(3) {
					text[random.Intn(len(text))] = "\n\r -:=A\x00\xff"[random.Intn(9)]
				}
				requireNoLeak(t, parts, text)

				inner := bytes.Clone(der)
				for range 1 + random.Intn(3) {
					inner[random.Intn(min(len(inner), 200))] = byte(random.Intn(256))
				}
				requireNoLeak(t, parts, pemOf(label, inner))
			}
		})
	}
}

// normalDashes makes standard PEM of ssh.com's form.
func normalDashes(data []byte) []byte {
	data = bytes.ReplaceAll(data, []byte("---- BEGIN"), []byte("-----BEGIN"))
	data = bytes.ReplaceAll(data, []byte("---- END"), []byte("-----END"))
	return bytes.ReplaceAll(data, []byte("KEY ----\n"), []byte("KEY-----\n"))
}

func labelOf(t testing.TB, data []byte) string {
	t.Helper()
	f, err := Decode(data)
	require.NoError(t, err)
	return f.Label
}

// TestNoLeakOfLabels: base64 between the dashes of BEGIN is shown in part only.
func TestNoLeakOfLabels(t *testing.T) {
	data := keytest.Read(t, "twins", "ecdsa256.pem")
	lines := ecLines(t)
	parts := bodyParts(data)
	for _, begin := range []string{lines[0] + lines[1], "-----BEGIN " + strings.Join(lines[1:4], "") + "-----"} {
		for _, rest := range [][]string{lines[1:], lines[2:], {lines[4]}, nil} {
			requireNoLeak(t, parts, []byte(strings.Join(append([]string{begin}, rest...), "\n")))
		}
	}
}
