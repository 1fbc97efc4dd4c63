package engine

import (
	"bytes"
	"encoding/pem"
	"slices"

	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/internal/pemblock"
)

// mislabelled returns the private keys in the PEM blocks of a text that have the label of
// something else: certutil -encode of Windows puts any file under CERTIFICATE. The text has no
// marker of a key.
func (o *opener) mislabelled(data []byte) (keys []mend.Key) {
	if !bytes.Contains(data, []byte("-----BEGIN ")) || !o.spend(len(data)) {
		return nil
	}
	block, rest := pem.Decode(data)
	extra := block != nil && len(bytes.TrimSpace(rest)) > 0
	for ; block != nil; block, rest = pem.Decode(rest) {
		list := o.underLabel(block)
		for i := range list {
			list[i].Line = 1 + bytes.Count(data[:bytes.Index(data, []byte("-----BEGIN "+block.Type))], []byte("\n"))
			for n := range list[i].Candidates {
				list[i].Candidates[n].Extra = list[i].Candidates[n].Extra || extra
			}
		}
		keys = append(keys, list...)
	}
	return keys
}

// underLabel returns the private keys in a block with the label of something else: one whose
// content is that of another block, or the keys of a text in base64.
func (o *opener) underLabel(block *pem.Block) []mend.Key {
	if bytes.Contains(block.Bytes, []byte("PRIVATE KEY")) || bytes.Contains(block.Bytes, []byte("PuTTY-User-Key-File-")) {
		keys := mend.Text(block.Bytes, o.judge()).Keys
		for i := range keys {
			for n := range keys[i].Candidates {
				c := &keys[i].Candidates[n]
				c.Repairs = slices.Insert(c.Repairs, 0, mend.RepairOf("base64"))
			}
		}
		return keys
	}
	key, format := mend.Key{}, Detect(block.Bytes)
	if format.About().Whole && format != "der" && (o.isKey(block.Bytes) || o.hasSoundKey(block.Bytes)) {
		key.Candidates = []mend.Candidate{{Data: block.Bytes, Repairs: []mend.Repair{mend.RepairOf("base64")}}}
	}
	for _, label := range labelsOf(block) {
		text := pemblock.Encode(label, headersOf(block), block.Bytes)
		if o.isKey(text) {
			key.Candidates = append(key.Candidates, mend.Candidate{Data: text, Repairs: []mend.Repair{mend.RepairOf("label")}})
		}
	}
	if len(key.Candidates) == 0 {
		return nil
	}
	return []mend.Key{key}
}

// headersOf returns the headers of a block that is encrypted as a whole (RFC 1421 section 4.6).
func headersOf(block *pem.Block) []string {
	if block.Headers["DEK-Info"] == "" {
		return nil
	}
	return []string{"Proc-Type: " + block.Headers["Proc-Type"], "DEK-Info: " + block.Headers["DEK-Info"]}
}

// labelsOf returns the labels that a block may have had.
func labelsOf(block *pem.Block) []string {
	if label := pemblock.LabelOf(block.Bytes); label != "" {
		return []string{label}
	}
	if headersOf(block) != nil {
		return mend.LegacyLabels
	}
	return nil
}
