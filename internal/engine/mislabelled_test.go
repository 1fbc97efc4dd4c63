package engine_test

import (
	"bytes"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// underLabel puts a label in place of that of a block.
func underLabel(t *testing.T, text []byte, label string) []byte {
	t.Helper()
	block, _ := pem.Decode(text)
	require.NotNil(t, block)
	return bytes.ReplaceAll(text, []byte(block.Type), []byte(label))
}

// TestKeyUnderTheLabelOfSomethingElse: the key is read, and the repair is named.
func TestKeyUnderTheLabelOfSomethingElse(t *testing.T) {
	for _, name := range []string{"rsa2048.pem", "ecdsa256.pkcs8.pem", "rsa2048.aes128.pem", "ed25519.openssh", "rsa2048.enc.openssh", "ecdsa521.openssh"} {
		clean := keytest.Read(t, "twins", name)
		for _, label := range []string{"CERTIFICATE", "PUBLIC KEY", "KEY", "RSA PUBLIC KEY", "CERTIFICATE REQUEST", "SSH KEY"} {
			m := engine.Mend(underLabel(t, clean, label))
			var texts []string
			for _, c := range m.Candidates(0) { // of an encrypted one the passphrase knows the label
				texts = append(texts, string(c.Data))
			}
			assert.Contains(t, texts, string(clean), "%s under %s", name, label)
			assert.Equal(t, []string{"label"}, codesOf(m.Candidates(0)[0].Repairs), "%s under %s", name, label)
		}
	}
}

// TestFileInTheArmourOfCertutil: certutil -encode puts any file under CERTIFICATE.
func TestFileInTheArmourOfCertutil(t *testing.T) {
	for _, name := range []string{"rsa2048.pem", "ed25519.v3.ppk", "ed25519.openssh"} {
		clean := keytest.Read(t, "twins", name)
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: clean})
		for _, text := range []string{string(text), strings.ReplaceAll(string(text), "\n", "\r\n")} {
			m := engine.Mend([]byte(text))
			require.Len(t, m.Candidates(0), 1, name)
			assert.Equal(t, string(clean), string(m.Candidates(0)[0].Data), name)
			assert.Equal(t, []string{"base64"}, codesOf(m.Candidates(0)[0].Repairs), name)
		}
	}
}

// TestCertificateIsNoKey: what has its right label stays what it is.
func TestCertificateIsNoKey(t *testing.T) {
	for _, label := range []string{"CERTIFICATE", "PUBLIC KEY"} {
		text := pem.EncodeToMemory(&pem.Block{Type: label, Bytes: []byte("a text of another kind")})
		m := engine.Mend(text)
		_, err := engine.OpenMended(m, 0, engine.Limits{})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "asn1:", label)
	}
}

// TestDoubtfulLabel: what is encrypted as a whole may be something else than its label says. Where
// the size speaks against the label, no program is said to open the file.
func TestDoubtfulLabel(t *testing.T) {
	for name, answers := range map[string]map[string]engine.Answer{
		"rsa2048.aes128.pem":  {"RSA PRIVATE KEY": engine.Opens, "EC PRIVATE KEY": engine.NotKnown, "PRIVATE KEY": engine.NotKnown},
		"ecdsa521.aes128.pem": {"EC PRIVATE KEY": engine.Opens, "RSA PRIVATE KEY": engine.NotKnown},
		"dsa1024.aes128.pem":  {"DSA PRIVATE KEY": engine.Opens, "EC PRIVATE KEY": engine.NotKnown},
	} {
		for label, want := range answers {
			text := underLabel(t, keytest.Read(t, "twins", name), label)
			f, err := engine.Open(text, engine.Limits{})
			require.NoError(t, err, "%s under %s", name, label)
			for _, v := range engine.InspectFile(f, text).Programs {
				if v.ID == engine.ProgramOpenSSH {
					assert.Equal(t, want, v.Answer, "%s under %s", name, label)
				}
			}
		}
	}
}
