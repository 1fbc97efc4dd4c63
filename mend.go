package keyconv

import (
	"bytes"
	"slices"

	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/sshkey"
)

// Repair is one thing that was wrong with a text.
type Repair struct {
	Code    string // stable, for programs: "utf-16", "one-line", ...
	Message string // for people
}

// Candidate is a text as it may have been before the damage.
type Candidate struct {
	Data    []byte
	Repairs []Repair // nil if only line ends, a byte order mark or blank lines around differ
	Extra   bool     // whether text, or other blocks, around the key were left out
}

// Mended is what Mend made of a text.
type Mended struct {
	texts  []mendedText
	limits Limits // with the meter of the work that it took
	lost   int    // the line where a key begins that could not be mended, or 0
	err    error  // why nothing of the text is to be opened, or nil
}

// mendedText is one of the key files that a text is made of.
type mendedText struct {
	candidates []Candidate
	files      []*File // the candidates as they were opened; nil where that failed
	keys       int     // openssh-key-v1 has room for several in a block
}

// Keys is how many private keys the text has; at least 1, also where it has none
// that can be read.
func (m *Mended) Keys() int {
	n := 0
	for _, t := range m.texts {
		n += t.keys
	}
	return n
}

// Candidates returns the texts that the key of that index (from 0) may have been,
// the likeliest first; there is at least one, and nil for an index that is not below
// Keys. An unencrypted candidate has been parsed, and its halves match; [OpenMended]
// also wants it to pass Validate, which takes longer. Of encrypted ones only the
// passphrase can say which is right, by the MAC: so all have to be tried.
func (m *Mended) Candidates(index int) []Candidate {
	t, _ := m.locate(index)
	return slices.Clone(t.candidates)
}

// locate returns the text that has the key of an index, and which one it is there. The
// text is empty where there are fewer.
func (m *Mended) locate(index int) (t mendedText, within int) {
	for _, t := range m.texts {
		if index >= 0 && index < t.keys {
			return t, index
		}
		index -= t.keys
	}
	return mendedText{}, 0
}

// Mend turns a damaged text back into the key files it was. A text that needs no
// mending, and one that cannot be mended, comes back as it is: the same slice, with
// no repairs. The cost grows with the length of the text and no faster; see
// [MendLimits].
func Mend(data []byte) *Mended { return MendLimits(data, Limits{}) }

// MendLimits is Mend with other limits than the defaults. The work of mending counts
// with that of [OpenMended]: where it comes to more than the limits allow, or the text
// has more than [sshkey.MaxTextKeys] keys, OpenMended returns a *LimitError.
func MendLimits(data []byte, limits Limits) *Mended {
	o := &opener{limits: limits.Metered(), known: map[[32]byte]*File{}}
	if sshkey.CheckFileSize(len(data)) != nil {
		return o.asItIs(data, nil)
	}
	legal := mend.TrimLegal(data)
	if clean, f := o.needsNoMending(legal); clean {
		return o.asItIs(legal, f)
	}
	found := mend.Text(data, mend.Judge{IsKey: o.isKey, Spend: o.spend})
	if len(found.Keys) == 1 && bytes.Equal(found.Keys[0][0].Data, legal) {
		return o.asItIs(legal, o.open(legal))
	}
	if o.err == nil {
		o.err = sshkey.CheckTextKeys(len(found.Keys))
	}
	if len(found.Keys) == 0 {
		o.err = firstOf(o.err, o.over)
	}
	if len(found.Keys) == 0 || o.err != nil {
		m := o.asItIs(data, nil)
		m.lost, m.texts[0].keys = found.Lost, max(len(found.Keys), 1)
		return m
	}
	m := &Mended{limits: o.limits}
	for _, candidates := range found.Keys {
		m.texts = append(m.texts, o.text(candidates))
	}
	return m
}
