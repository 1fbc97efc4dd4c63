package keyconv

import (
	"bytes"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"slices"

	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
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
	candidates []Candidate
	files      []*File  // the candidates as they were opened; nil where that failed
	guesses    []bool   // which of them have letters in place of others, and so need proof
	comments   []string // those of a .ppk in UTF-8, where the text has them in a code page
	keys       int      // openssh-key-v1 has room for several in a block
	lost       int      // the line where a key begins that could not be mended, or 0
	among      bool     // whether that is one of several keys, and so not the whole text
	cause      string   // why that key is not one, where its content shows that
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
	return slices.Clone(t.candidates)
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
// has more than [sshkey.MaxTextKeys] keys, OpenMended returns a *LimitError.
func MendLimits(data []byte, limits Limits) *Mended {
	o := &opener{limits: limits.Metered(), known: map[[32]byte]*File{}}
	if sshkey.CheckFileSize(len(data)) != nil {
		return o.asItIs(data, nil)
	}
	if isWhole(data) {
		return o.asItIs(data, o.open(data))
	}
	legal := mend.TrimLegal(data)
	clean, f := o.needsNoMending(legal)
	if clean && (f == nil || !f.Private || !f.Extra) {
		return o.respelled(legal, f)
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
		o.err = sshkey.CheckTextKeys(count)
	}
	if mended == 0 {
		o.err = firstOf(o.err, o.over)
	}
	if mended == 0 && count <= 1 || o.err != nil {
		m := o.asItIs(data, nil)
		m.texts[0].lost, m.texts[0].keys = found.Lost, max(count, 1)
		if count == 1 {
			m.texts[0].cause = found.Keys[0].Cause
		}
		return m
	}
	m := &Mended{limits: o.limits}
	for _, key := range found.Keys {
		m.texts = append(m.texts, o.text(key))
	}
	return m
}

// opener opens each text once, however many readings of a damaged file lead to it, and
// counts the cost.
type opener struct {
	limits Limits
	known  map[[sha256.Size]byte]*File // nil for what is not a key
	err    error                       // a *LimitError where the work is over the limit
	over   error                       // the first *LimitError of a text that would be a key otherwise
}

// judge returns what mending asks.
func (o *opener) judge() mend.Judge {
	return mend.Judge{IsKey: o.isKey, Proof: o.proof, Spend: o.spend}
}

// spend counts the bytes that mending has read, and returns false where it is to stop.
func (o *opener) spend(bytes int) bool {
	if o.err == nil {
		o.err = o.limits.Spend(uint64(bytes) * mendStepsPerByte)
	}
	return o.err == nil
}

// open returns the file of a text, or nil where it cannot be opened.
func (o *opener) open(data []byte) *File {
	sum := sha256.Sum256(data)
	f, known := o.known[sum]
	if known || o.err != nil {
		return f
	}
	f, err := open(data, o.limits)
	if limit := (*LimitError)(nil); errors.As(err, &limit) {
		o.over = firstOf(o.over, limit)
		if limit.Kind == sshkey.LimitWork {
			o.err = limit
		}
	}
	o.known[sum] = f
	return f
}

// isKey reports whether a text opens and, if it is not encrypted, holds a key whose halves
// match, or one that is carried as it is.
func (o *opener) isKey(data []byte) bool {
	f := o.open(data)
	if f == nil {
		return false
	}
	if f.Encrypted() || f.Carried() != nil {
		return true
	}
	_, err := f.Decrypt(nil)
	return err == nil
}

// proof returns what a key file shows, without a passphrase, of whether it is whole. PKCS#8
// and SEC 1 need not have the public half in them.
func (o *opener) proof(data []byte) mend.Proof {
	f := o.open(data)
	switch {
	case f == nil:
		return mend.NoProof
	case f.Encrypted():
		return mend.NeedsPassphrase
	case f.Carried() != nil: // halves that cannot be compared
		return mend.NoProof
	case !f.mayLackPublic() || containsPublic(data, f.PublicKey):
		return mend.Proved
	}
	return mend.NoProof
}

// mayLackPublic reports whether there are files of the format without anything to compare the
// private half with.
func (f *File) mayLackPublic() bool { return f.Format == PEM || f.Format == PKCS8 }

// containsPublic reports whether a PEM block has the point of the public key in it.
func containsPublic(data []byte, pub ssh.PublicKey) bool {
	const most = 32 // bytes of its last number
	blob := pub.Marshal()
	point := blob[max(0, len(blob)-most):]
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if bytes.Contains(block.Bytes, point) {
			return true
		}
	}
	return false
}

// needsNoMending reports whether the text is as a program writes it, or cannot be helped by
// mending: a public key, a form that is not supported. It also returns the file, if it
// could be opened.
func (o *opener) needsNoMending(data []byte) (bool, *File) {
	f, err := open(data, o.limits)
	var none *NotPrivateError
	var limit *LimitError
	switch {
	case errors.As(err, &none):
		return none.Format != Unknown, nil
	case errors.As(err, &limit):
		return true, nil
	case err != nil:
		return false, nil
	}
	o.known[sha256.Sum256(data)] = f
	isPPK := f.Format == PPK || f.Format == PPK2
	if isPPK && f.Extra { // perhaps another key, which PuTTY would not see
		return false, nil
	}
	return !f.Private && !hasKeyMarker(data) || f.Private && f.Keys == 1 && mend.HasGoodLines(data), f
}

// asItIs returns a text without changes; f is nil where it cannot be opened.
func (o *opener) asItIs(data []byte, f *File) *Mended {
	t := mendedText{candidates: []Candidate{{Data: data}}, files: []*File{f}, keys: 1}
	if f != nil {
		t.keys = f.Keys
	}
	return &Mended{texts: []mendedText{t}, limits: o.limits, err: o.err}
}

// respelled is asItIs that also has the texts that a .ppk was if its comment was converted to
// UTF-8 after the MAC was made: the MAC says so, once there is a passphrase.
func (o *opener) respelled(data []byte, f *File) *Mended {
	m := o.asItIs(data, f)
	if f == nil || f.ppk == nil || !f.Encrypted() && o.isKey(data) {
		return m
	}
	t := &m.texts[0]
	for _, comment := range mend.Respelled(f.Comment) {
		text := bytes.Replace(data, []byte("\nComment: "+f.Comment), []byte("\nComment: "+comment), 1)
		if bytes.Equal(text, data) || !o.isKey(text) {
			continue
		}
		t.candidates = append(t.candidates, Candidate{Data: text, Repairs: []Repair{Repair(mend.RespelledRepair)}})
		t.files, t.comments = append(t.files, o.open(text)), append(t.comments, f.Comment)
	}
	if n := len(t.candidates); n > 1 {
		t.comments = append([]string{""}, t.comments...)
		if !f.Encrypted() { // the text as it is has the wrong MAC
			t.candidates, t.files, t.comments = t.candidates[1:], t.files[1:], t.comments[1:]
		}
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
		t.candidates = append(t.candidates, Candidate{Data: c.Data, Repairs: repairs, Extra: c.Extra})
		t.files, t.guesses, t.comments = append(t.files, o.open(c.Data)), append(t.guesses, c.Guess), append(t.comments, c.Comment)
	}
	t.keys = 1
	if f := t.files[0]; f != nil {
		t.keys = f.Keys
	}
	return t
}
