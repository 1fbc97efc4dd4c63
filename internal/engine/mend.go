package engine

import (
	"bytes"
	"context"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/mend"
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
	err    error  // why no key of the text may be opened, or nil
}

// mendedText is one of the key files that a text is made of.
type mendedText struct {
	candidates []openedCandidate
	keys       int    // openssh-key-v1 has room for several in a block
	lost       int    // the line where a key begins that could not be mended, or 0
	among      bool   // whether that is one of several keys, and so not the whole text
	cause      string // why that key is not one, where its content shows that
}

// openedCandidate is a candidate with what else is known of it.
type openedCandidate struct {
	Candidate
	opened
	guess   bool   // whether it has letters in place of others, and so needs proof
	comment string // that of a .ppk in UTF-8, where the text has it in a code page
	// keys has each key of a file with several that is not text; nil for any other.
	keys []openedKey
}

// Keys returns how many private keys the text has, with those that could not be mended; at
// least 1, also where it has none that can be read.
func (m *Mended) Keys() int {
	n := 0
	for _, t := range m.texts {
		n += t.keys
	}
	return n
}

// Candidates returns the texts that the key of that index (from 0) may have been,
// the likeliest first: at least one, or nil for an index that is not below Keys. An
// unencrypted candidate has been parsed, and its halves match; [OpenMended] also makes it
// pass Validate, which takes longer. Only the passphrase can say which encrypted candidate
// is right, by the MAC, so all have to be tried.
func (m *Mended) Candidates(index int) []Candidate {
	t, _ := m.locate(index)
	if t == nil {
		return nil
	}
	var list []Candidate
	for _, c := range t.candidates {
		list = append(list, c.Candidate)
	}
	return list
}

// locate returns the text that has the key of an index, and which one it is there, or
// nil where there are fewer.
func (m *Mended) locate(index int) (t *mendedText, within int) {
	for i := range m.texts {
		if t := &m.texts[i]; index >= 0 && index < t.keys {
			return t, index
		}
		index -= m.texts[i].keys
	}
	return nil, 0
}

// Mend turns a damaged text back into the key files it was. A text that needs no mending,
// or cannot be mended, comes back as it is: the same slice, without repairs. The cost grows
// no faster than the length of the text; see [MendLimits].
func Mend(data []byte) *Mended { return MendLimits(data, Limits{}) }

// MendLimits is Mend with other limits than the defaults. The work of mending counts
// with that of [OpenMended]: where it comes to more than the limits allow, or the text
// has more than [sshkey.MaxTextKeys] keys, OpenMended returns a *sshkey.LimitError.
func MendLimits(data []byte, limits Limits) *Mended {
	o := &opener{ctx: context.Background(), limits: budget.Metered(limits), known: map[[32]byte]opened{}}
	return o.mended(data)
}

// mended is MendLimits with those of the opener. It stops when the context is done; OpenMended
// returns the error of the context then.
func (o *opener) mended(data []byte) *Mended {
	if budget.CheckFileSize(len(data)) != nil {
		return o.asItIs(data, opened{})
	}
	if o.detect(data).About().Whole {
		f := o.open(data)
		if f.err != nil && !o.hasSoundKey(data) {
			if key, cut := o.cutEnd(data); cut {
				return o.ofKeys([]mend.Key{key})
			}
		}
		keys := o.keysOf(data, f.file)
		m := o.asItIs(data, f)
		m.texts[0].candidates[0].keys, m.texts[0].keys = keys, max(m.texts[0].keys, len(keys))
		return m
	}
	legal := mend.TrimLegal(data)
	if !hasKeyMarker(legal) {
		if keys := o.mislabelled(bytes.TrimSpace(legal)); len(keys) > 0 {
			o.err = firstOf(o.err, budget.CheckTextKeys(len(keys)))
			return o.ofKeys(keys)
		}
	}
	clean, first := o.needsNoMending(legal)
	if f := first.file; clean && (f == nil || !f.Private || !f.Extra) {
		if f != nil && f.ppk != nil {
			return o.respelled(legal, first)
		}
		return o.asItIs(legal, first)
	}
	found := mend.Text(data, o.judge())
	if !hasKeyMarker(data) && o.err == nil {
		if wrapped := o.wrappedKeys(data, maxUnwraps); len(wrapped) > found.Mended() {
			found = mend.Result{Keys: wrapped}
		}
	}
	count, mended := len(found.Keys), found.Mended()
	if count <= 1 && clean || count == 1 && mended == 1 && bytes.Equal(found.Keys[0].Candidates[0].Data, legal) {
		return o.asItIs(legal, o.open(legal))
	}
	if o.err == nil {
		o.err = budget.CheckTextKeys(count)
	}
	if mended == 0 {
		o.err = firstOf(o.err, o.over)
	}
	if mended == 0 && count <= 1 || o.err != nil {
		if len(legal) < len(data) {
			first = opened{} // its error may have another line
		}
		m := o.asItIs(data, opened{err: first.err})
		m.texts[0].lost, m.texts[0].keys = found.Lost, max(count, 1)
		if count == 1 {
			m.texts[0].cause = found.Keys[0].Cause
		}
		return m
	}
	return o.ofKeys(found.Keys)
}

// cutEnd returns the key of a file that is not text without what editors and shells write after it.
func (o *opener) cutEnd(data []byte) (key mend.Key, cut bool) {
	const maxEnd = 4
	for n := 1; n <= maxEnd && n < len(data) && bytes.IndexByte([]byte("\r\n\x00\x1a "), data[len(data)-n]) >= 0; n++ {
		if whole := data[:len(data)-n]; o.isKey(whole) || o.hasSoundKey(whole) {
			return mend.Key{Candidates: []mend.Candidate{{Data: whole, Repairs: []mend.Repair{mend.RepairOf("after")}}}}, true
		}
	}
	return mend.Key{}, false
}

// ofKeys opens the keys of a text.
func (o *opener) ofKeys(keys []mend.Key) *Mended {
	m := &Mended{limits: o.limits, err: o.err}
	for _, key := range keys {
		m.texts = append(m.texts, o.text(key))
	}
	return m
}

// asItIs returns a text without changes.
func (o *opener) asItIs(data []byte, is opened) *Mended {
	t := mendedText{candidates: []openedCandidate{{Candidate: Candidate{Data: data}, opened: is}}, keys: 1}
	if is.file != nil {
		t.keys = is.file.Keys
	}
	return &Mended{texts: []mendedText{t}, limits: o.limits, err: o.err}
}

// respelled is asItIs that also has the texts that a .ppk was if its comment was converted to
// UTF-8 after the MAC was made: the MAC says so, once there is a passphrase.
func (o *opener) respelled(data []byte, is opened) *Mended {
	m, f := o.asItIs(data, is), is.file
	if !f.Encrypted() && o.isKey(data) {
		return m
	}
	t := &m.texts[0]
	for _, comment := range mend.Respelled(f.Comment) {
		text := bytes.Replace(data, []byte("\nComment: "+f.Comment), []byte("\nComment: "+comment), 1)
		if bytes.Equal(text, data) || !o.isKey(text) {
			continue
		}
		repaired := Candidate{Data: text, Repairs: []Repair{Repair(mend.RepairOf("comment"))}}
		t.candidates = append(t.candidates, openedCandidate{Candidate: repaired, opened: o.open(text), comment: f.Comment})
	}
	if len(t.candidates) > 1 && !f.Encrypted() { // the text as it is has the wrong MAC
		t.candidates = t.candidates[1:]
	}
	return m
}

// text opens the candidates of a key.
func (o *opener) text(key mend.Key) mendedText {
	var t mendedText
	if len(key.Candidates) == 0 {
		key.Candidates = []mend.Candidate{{Data: key.Damaged}}
		if !o.isKey(key.Damaged) {
			t.lost, t.among, t.cause = key.Line, true, key.Cause
		}
	}
	for _, c := range key.Candidates {
		var repairs []Repair
		for _, r := range c.Repairs {
			repairs = append(repairs, Repair(r))
		}
		f := o.open(c.Data)
		keys := o.keysOf(c.Data, f.file)
		t.candidates = append(t.candidates, openedCandidate{Candidate{c.Data, repairs, c.Extra}, f, c.Guess, c.Comment, keys})
	}
	t.keys = max(1, len(t.candidates[0].keys))
	if f := t.candidates[0].file; f != nil {
		t.keys = f.Keys
	}
	return t
}
