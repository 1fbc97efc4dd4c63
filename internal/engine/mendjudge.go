package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/pem"
	"errors"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// opener opens each text once, however many readings of a damaged file lead to it, and
// counts the cost.
type opener struct {
	ctx    context.Context // that of one call of OpenKey, whose steps ask it
	limits Limits
	known  map[[sha256.Size]byte]opened
	err    error // a *sshkey.LimitError where the work is over the limit, or that of the context
	over   error // the first *sshkey.LimitError of a text that would be a key otherwise

	detected []byte // what detect was asked about last, and its answer
	format   Format

	looked []byte // what needsNoMending was asked about last, and its answer
	clean  bool
	first  opened
}

// judge returns what mending asks.
func (o *opener) judge() mend.Judge {
	return mend.Judge{IsKey: o.isKey, IsWhole: o.isWholeText, Proof: o.proof, Spend: o.spend}
}

// isWholeText reports whether a text is a JSON Web Key, a set of them, or an RSAKeyValue.
func (o *opener) isWholeText(data []byte) bool {
	if !bytes.Contains(data, []byte(`"kty"`)) && !bytes.Contains(data, []byte("<RSAKeyValue")) {
		return false
	}
	return o.detect(data).About().Whole && (o.isKey(data) || o.hasSoundKey(data))
}

// spend counts the bytes that mending has read, and returns false where it is to stop.
func (o *opener) spend(bytes int) bool {
	o.err = firstOf(o.err, o.ctx.Err())
	if o.err == nil {
		o.err = budget.Spend(o.limits, uint64(bytes)*mendStepsPerByte)
	}
	return o.err == nil
}

// opened is a text as it was opened: a file, or why it is none. The zero value was not opened.
type opened struct {
	file *File
	err  error
}

// open opens a text.
func (o *opener) open(data []byte) opened {
	sum := sha256.Sum256(data)
	o.err = firstOf(o.err, o.ctx.Err())
	is, known := o.known[sum]
	if known || o.err != nil {
		return is
	}
	f, err := open(data, o.detect(data), o.limits)
	if limit := (*sshkey.LimitError)(nil); errors.As(err, &limit) {
		o.over = firstOf(o.over, limit)
		if limit.Kind == sshkey.LimitWork {
			o.err = limit
		}
	}
	o.known[sum] = opened{f, err}
	return o.known[sum]
}

// isKey reports whether a text opens and, if it is not encrypted, holds a key whose halves
// match, or one that is carried as it is.
func (o *opener) isKey(data []byte) bool {
	f := o.open(data).file
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
	f := o.open(data).file
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
	const size = 32 // bytes of its last number
	blob := pub.Marshal()
	point := blob[max(0, len(blob)-size):]
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if bytes.Contains(block.Bytes, point) {
			return true
		}
	}
	return false
}
