package mend

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pemblock"
)

// extractBare reads a body that has lost both of its markers.
func (m *mender) extractBare(r *reading) []Candidate {
	text := withoutName(r.text)
	starts := append(keyStarts(text, 8), 0)
	for _, start := range starts {
		letters := bareLetters(text[start:])
		if !m.Spend(len(letters)) {
			break
		}
		data, err := base64.RawStdEncoding.DecodeString(letters)
		if err != nil {
			continue
		}
		label := pemblock.LabelOf(data)
		if label == "" {
			continue
		}
		out := pemblock.Encode(label, nil, data)
		if m.IsKey(out) && m.endsHere(out, text[start:], len(letters)) {
			codes := r.codes
			if !r.isDER {
				codes = slices.Concat(r.codes, []string{"no-begin", "no-end"}, layoutCodes(text[start:]))
			}
			return []Candidate{{Data: out, Repairs: named(codes), Extra: strings.TrimSpace(text[:start]) != ""}}
		}
	}
	return nil
}

// endsHere reports whether a key ends after the first n letters of base64 of a text. Where they
// end inside of a word, the rest of it may as well belong to the key, and what was cut out be
// another; where there is padding further on, that may be the end of the key.
func (m *mender) endsHere(key []byte, text string, n int) bool {
	proof := m.Proof(key)
	if proof == Proved {
		return true
	}
	rest := afterLetters(text, n)
	isWord := rest == "" || !isBase64(rest[0])
	if strings.IndexByte(rest, '=') > 0 {
		return isWord && proof != NoProof
	}
	return isWord || proof != NoProof
}

// bareLetters returns the base64 of the key that a text may begin with, without its padding: as
// many letters as the structure inside has, or those before the first =. It is empty for a text
// that does not begin as a key does.
func bareLetters(text string) string {
	const sample = 32 // letters of what says which structure it is, and how large
	head, err := base64.RawStdEncoding.DecodeString(firstLetters(text, sample))
	isBlock := bytes.HasPrefix(head, []byte(pemblock.OpenSSHMagic))
	size := structureSize(head)
	switch {
	case err != nil || size == 0 && !isBlock && !bytes.HasPrefix(head, []byte{der.TagSequence}):
		return ""
	case size > 0:
		return firstLetters(text, base64.RawStdEncoding.EncodedLen(size))
	}
	return firstLetters(text, 2*maxHeadless) // openssh-key-v1 does not say how long it is
}

// firstLetters returns the first letters of base64 in a text, at most so many, up to a =.
func firstLetters(text string, max int) string {
	end := wordEnd(standard, text[:min(len(text), max)], 0)
	if end == max || end == len(text) || text[end] == '=' {
		return text[:end]
	}
	letters := append(make([]byte, 0, min(max, len(text))), text[:end]...)
	for pos := end; pos < len(text) && len(letters) < max && text[pos] != '='; pos++ {
		if standard.has(text[pos]) {
			letters = append(letters, text[pos])
		}
	}
	return string(letters)
}

// afterLetters returns what follows the first n letters of base64 in a text.
func afterLetters(text string, n int) string {
	for i := range len(text) {
		switch {
		case n == 0:
			return text[i:]
		case standard.has(text[i]):
			n--
		}
	}
	return ""
}
