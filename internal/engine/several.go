package engine

import (
	"fmt"
	"iter"

	"github.com/keyconv/keyconv/internal/budget"
)

// Forms that are not text but have room for several keys are JWK sets, PKCS#12 files and
// Java keystores. Each of their keys is opened for itself, so that a damaged one does not hide
// the others.

// openedKey is a key of such a file, or why it cannot be read.
type openedKey struct {
	file *File
	err  error
}

// keysOf opens the keys of a file with several of them; nil for any other. first is the file
// of the first, or nil.
func (o *opener) keysOf(data []byte, first *File) (keys []openedKey) {
	if o.err != nil || first != nil && first.Keys < 2 {
		return nil
	}
	r, _ := findRow(o.detect(data))
	if r.all == nil {
		return nil
	}
	for f, err := range r.all(data, o.limits) {
		steps := failedSteps(r.format, len(data), err)
		if err == nil {
			steps = r.complete(f, data, o.limits)
		}
		if o.err = budget.Spend(o.limits, steps); o.err != nil {
			return nil
		}
		keys = append(keys, openedKey{f, err})
	}
	if len(keys) < 2 {
		return nil
	}
	return keys
}

// hasSoundKey reports whether one of several keys can be read.
func (o *opener) hasSoundKey(data []byte) bool {
	for _, key := range o.keysOf(data, nil) {
		if key.err == nil {
			return true
		}
	}
	return false
}

// pick returns a copy of the key of an index.
func pick(keys []openedKey, index int) (*File, error) {
	if index >= len(keys) {
		return nil, prefixed(fmt.Errorf("there is no key %d", index))
	}
	if err := keys[index].err; err != nil {
		return nil, err
	}
	picked := *keys[index].file
	return &picked, nil
}

// filesOf makes the files of this package of those of another.
func filesOf[T any](all iter.Seq2[*T, error], file func(*T) *File) iter.Seq2[*File, error] {
	return func(yield func(*File, error) bool) {
		for k, err := range all {
			var f *File
			if err == nil {
				f = file(k)
			}
			if !yield(f, err) {
				return
			}
		}
	}
}
