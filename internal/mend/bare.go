package mend

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// extractBare reads a body that has lost both of its markers.
func (m *mender) extractBare(r *reading) []Candidate {
	text := withoutName(r.text)
	starts := append(keyStarts(text, 8), 0)
	for _, start := range starts {
		if !m.Spend(len(text) - start) {
			break
		}
		body := cutBase64(onlyBase64(text[start:]))
		data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
		if err != nil {
			continue
		}
		label := pemblock.LabelOf(data)
		if label == "" {
			continue
		}
		out := pemblock.Encode(label, nil, data)
		if m.IsKey(out) && (endsWithWord(text[start:], len(strings.TrimRight(body, "="))) || m.Proof(out) != NoProof) {
			codes := r.codes
			if !r.isDER {
				codes = slices.Concat(r.codes, []string{"no-begin", "no-end"}, layoutCodes(text[start:]))
			}
			return []Candidate{{Data: out, Repairs: named(codes), Extra: strings.TrimSpace(text[:start]) != ""}}
		}
	}
	return nil
}

// endsWithWord reports whether the first n letters of base64 end where a word of the text
// ends. Where they end inside of one, the rest of it may as well belong to the key, and what
// was cut out be another.
func endsWithWord(text string, n int) bool {
	for i := range len(text) {
		if n == 0 {
			return !isBase64(text[i])
		}
		if isBase64(text[i]) {
			n--
		}
	}
	return true
}
