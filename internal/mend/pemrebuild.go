package mend

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// built is what a segment may have been.
type built struct {
	data  []byte
	codes []string
	guess bool
}

// rebuild writes the segment again, in each way that makes it a key: in the first alone where
// that proves itself.
func (m *mender) rebuild(s segment, headers []string, body string, params []byte) (found []built) {
	for _, b := range s.bodies(body) {
		data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(b.text, "="))
		if err != nil || len(data) == 0 {
			continue
		}
		b.codes = append(b.codes, paddingCodes(b.text)...)
		for _, label := range s.labels(headers, data) {
			out := pemblock.Encode(label, headers, data)
			if label == labelEC {
				out = append(bytes.Clone(params), out...)
			}
			if slices.ContainsFunc(found, func(b built) bool { return bytes.Equal(b.data, out) }) || !m.IsKey(out) {
				continue
			}
			proof := m.Proof(out)
			if b.guess && proof == NoProof {
				continue
			}
			codes := b.codes
			if len(headers) == 0 && !fits(s.label, data) || len(headers) > 0 && label != s.label {
				codes = append(slices.Clone(codes), "label")
			}
			found = append(found, built{out, codes, b.guess})
			if proof != NeedsPassphrase {
				return found
			}
		}
	}
	return found
}

const (
	labelEC    = "EC PRIVATE KEY"
	labelPKCS8 = "PRIVATE KEY"
)

// LegacyLabels are those of blocks that RFC 1421 encrypts as a whole.
var LegacyLabels = []string{"RSA PRIVATE KEY", labelEC, "DSA PRIVATE KEY", labelPKCS8}

// labels returns the labels that belong to the content. Where it is encrypted as a whole,
// only the passphrase shows whether the label is right.
func (s segment) labels(headers []string, data []byte) []string {
	isLegacy := len(headers) > 0 && strings.HasPrefix(headers[0], "Proc-Type")
	switch label := pemblock.LabelOf(data); {
	case isLegacy && slices.Contains(LegacyLabels, s.label):
		return []string{s.label}
	case isLegacy:
		return LegacyLabels
	case label != "":
		return []string{label}
	}
	return nil
}

// fits reports whether a label belongs to the content of a block: the content's own, or one
// that openssl and ssh-keygen take for it too, which is that of the algorithm around PKCS#8.
func fits(label string, data []byte) bool {
	own := pemblock.LabelOf(data)
	if own != labelPKCS8 {
		return own == label || own == ""
	}
	start := data[:min(len(data), 40)]
	return label == labelPKCS8 ||
		label == "RSA PRIVATE KEY" && bytes.Contains(start, []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")) || // rsaEncryption
		label == labelEC && bytes.Contains(start, []byte("\x2a\x86\x48\xce\x3d\x02\x01")) // id-ecPublicKey
}

// paddingCodes names what is wrong with the = at the end.
func paddingCodes(text string) []string {
	letters := len(strings.TrimRight(text, "="))
	switch have, want := len(text)-letters, (4-letters%4)%4; {
	case have < want:
		return []string{"padding"}
	case have > want:
		return []string{"padding-extra"}
	}
	return nil
}
