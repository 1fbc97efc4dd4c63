package engine

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/jwkkey"
	"github.com/keyconv/keyconv/sshkey"
)

// Open reads everything that can be read without the passphrase. The zero limits
// mean the defaults. It returns a *NotPrivateError for a file without a key, otherwise the
// errors of the reading package.
func Open(data []byte, limits sshkey.Limits) (*File, error) {
	f, err := open(data, Detect(data), limits)
	if err != nil {
		return nil, nameForeign(data, err)
	}
	return f, nil
}

// nameForeign returns an error of open that has a name for what is not a key file.
func nameForeign(data []byte, err error) error {
	var none *NotPrivateError
	if errors.As(err, &none) && (none.Format == Unknown || none.Format == "der-other") {
		if kind := findForeign(data); kind != nil {
			return prefixed(&NotPrivateError{Format: kind.format, Title: kind.title})
		}
	}
	return err
}

// open is Open for a file of a format, which does not look for a name of what is not a key
// file.
func open(data []byte, format Format, limits sshkey.Limits) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, prefixed(err)
	}
	limits = budget.Metered(limits)
	if err := budget.Spend(limits, uint64(len(data))*stepsPerByte); err != nil {
		return nil, prefixed(err)
	}
	r, _ := findRow(format)
	if r.open == nil {
		return nil, prefixed(&NotPrivateError{Format: format})
	}
	f, err := r.open(data, limits)
	if err != nil {
		_ = budget.Spend(limits, failedSteps(format, len(data), err)) // over the limit, the next text is refused
		return nil, err
	}
	if err := budget.Spend(limits, uint64(max(f.Keys, 1))*r.complete(f, data, limits)); err != nil {
		return nil, prefixed(err)
	}
	return f, nil
}

// complete sets what is the same for all files of a format, and returns what it cost to check
// the key.
func (r *row) complete(f *File, data []byte, limits Limits) (steps uint64) {
	f.Format, f.Private, f.limits = r.format, r.holds.Private, limits
	f.clean = func() ([]byte, []Repair) { return cleaned(data, limits, nil) }
	if f.Title == "" {
		f.Title = r.title
	}
	if !f.Private || f.Encryption != "none" || f.PublicKey == nil {
		return 0
	}
	return rawkey.CheckSteps(f.PublicKey)
}

// OpenKey opens the key of an index (from 0) in a text, and returns how many keys the text has.
// It does what [MendLimits] and [OpenMended] do, and opens a file that needs no mending at once.
func OpenKey(ctx context.Context, data []byte, index int, limits Limits) (f *File, keys int, err error) {
	o := &opener{ctx: ctx, limits: budget.Metered(limits), known: map[[32]byte]opened{}}
	legal := mend.TrimLegal(data)
	if index == 0 && hasKeyMarker(legal) && !o.detect(legal).About().Whole {
		clean, first := o.needsNoMending(legal)
		if f := first.file; clean && f != nil && f.Private && !f.Extra && f.ppk == nil {
			return f, 1, nil
		}
	}
	m := o.mended(data)
	f, err = OpenMended(m, index, limits)
	return f, m.Keys(), err
}

// needsNoMending reports whether the text is as a program writes it, or cannot be helped by
// mending: a public key, a form that is not supported. It also returns the file, if it
// could be opened, or why not.
func (o *opener) needsNoMending(data []byte) (clean bool, is opened) {
	if len(data) > 0 && len(data) == len(o.looked) && &data[0] == &o.looked[0] {
		return o.clean, o.first
	}
	defer func() { o.looked, o.clean, o.first = data, clean, is }()
	f, err := open(data, o.detect(data), o.limits)
	var none *NotPrivateError
	var limit *sshkey.LimitError
	switch {
	case errors.As(err, &none):
		return none.Format != Unknown, opened{err: err}
	case errors.As(err, &limit):
		return true, opened{err: err}
	case err != nil:
		return false, opened{err: err}
	}
	clean = !f.Private && !hasKeyMarker(data) || f.Private && f.Keys == 1 && mend.HasGoodLines(data)
	if clean && f.ppk == nil && !f.Extra {
		return true, opened{file: f}
	}
	o.known[sha256.Sum256(data)] = opened{file: f}
	if f.ppk != nil && f.Extra { // perhaps another key, which PuTTY would not see
		return false, opened{}
	}
	return clean, opened{file: f}
}

// detect is Detect, which reads all of a text, and is asked about one several times in a row.
func (o *opener) detect(data []byte) Format {
	if len(data) == 0 || len(data) != len(o.detected) || &data[0] != &o.detected[0] {
		o.detected, o.format = data, Detect(data)
	}
	return o.format
}

// Unknown is the format of a file that is not a key file, Empty that of an empty one.
const (
	Unknown Format = "unknown"
	Empty   Format = "empty"
)

// Detect returns what a file is by its content. It does not make sure that the file can
// be read: [Open] does, and names in a *NotPrivateError many kinds of files that are Unknown
// here, such as archives. Of several private keys Detect looks at the first.
func Detect(data []byte) Format {
	if len(bytes.TrimSpace(data)) == 0 {
		return Empty
	}
	s := newSniff(data)
	for i := range formats {
		r := &formats[i]
		if r.is != nil && r.is(s) || slices.ContainsFunc(r.labels, func(label string) bool { return slices.Contains(s.labels, label) }) {
			return r.format
		}
	}
	return Unknown
}

// hasKeyMarker reports whether a text seems to have a private key in the clear.
func hasKeyMarker(data []byte) bool {
	return bytes.Contains(data, []byte("PRIVATE KEY")) || bytes.Contains(data, []byte("PuTTY-User-Key-File-"))
}

// sniff is a file as the recognisers see it.
type sniff struct {
	data   []byte
	labels []string // those of BEGIN lines, each once, but of private keys only the first
	first  []byte   // the first line

	jwk struct{ known, isKey, isPrivate bool }
}

// newSniff returns the first line and the labels of a file. It looks for the word BEGIN, since
// most lines of a large text do not have it.
func newSniff(data []byte) *sniff {
	lineLength := func(text []byte) int {
		if i := bytes.IndexAny(text, "\r\n"); i >= 0 {
			return i
		}
		return len(text)
	}
	s := &sniff{data: data, first: data[:lineLength(data)]}
	seen := false
	const word, dashes = "BEGIN ", len("-----")
	for pos := 0; ; {
		i := bytes.Index(data[pos:], []byte(word))
		if i < 0 {
			return s
		}
		start := pos + i - dashes
		pos += i + len(word)
		if start < 0 || start > 0 && data[start-1] != '\n' && data[start-1] != '\r' {
			continue
		}
		end := pos + lineLength(data[pos:])
		label, _, ok := pemblock.BeginLabel(string(bytes.TrimRight(data[start:end], " \t")))
		private := ok && slices.Contains(pemblock.PrivateLabels, label)
		isKnown := func(r row) bool { return slices.Contains(r.labels, label) }
		if ok && !(private && seen) && slices.ContainsFunc(formats, isKnown) && !slices.Contains(s.labels, label) {
			s.labels = append(s.labels, label)
		}
		seen, pos = seen || private, end
	}
}

// isJWK returns what [jwkkey.Is] does, which reads all of the JSON, and so is asked once.
func (s *sniff) isJWK() (key, private bool) {
	if !s.jwk.known {
		s.jwk.known = true
		s.jwk.isKey, s.jwk.isPrivate = jwkkey.Is(s.data)
	}
	return s.jwk.isKey, s.jwk.isPrivate
}

// The costs of reading, in the steps of [sshkey.Limits]: measured, and rounded up. [Open]
// counts them for every format, so that no reader can forget to.
const (
	// stepsPerByte is for recognising the format of a text and decoding it.
	stepsPerByte = 60
	// mendStepsPerByte is for finding the keys in a damaged text.
	mendStepsPerByte = 60
	// minKeyBytes is less than a key takes in a block whose check costs much.
	minKeyBytes = 300
)

// failedSteps returns what it cost, at most, to find out that a file of that size does not
// hold a usable key. Only numbers that contradict each other have cost any arithmetic, and
// only a block of OpenSSH has several keys.
func failedSteps(format Format, size int, err error) uint64 {
	var invalid *sshkey.InvalidKeyError
	if !errors.As(err, &invalid) {
		return 0
	}
	keys := 1
	if format == OpenSSH {
		keys = min(1+size/minKeyBytes, sshkey.MaxBlockKeys)
	}
	return uint64(keys) * rawkey.MaxCheckSteps
}

// Attempts returns how many passphrases may be tried on the file for the work that the key
// derivations of one passphrase may cost; at least 1. It bounds how many spellings of a
// passphrase a caller tries.
func (f *File) Attempts() uint64 { return max(1, f.passphraseWork()/max(1, f.KDF.steps())) }

// passphraseWork returns the limit on the key derivations of one passphrase, in steps.
func (f *File) passphraseWork() uint64 {
	return cmp.Or(f.limits.PassphraseWork, sshkey.MaxPassphraseWork)
}

// steps returns what a key derivation costs, in proportion to what it may cost by default.
// An unknown one counts as the most expensive.
func (k *KDF) steps() uint64 {
	if k == nil {
		return 0
	}
	switch {
	case k.Name == "MD5" || k.Name == "SHA-1" || k.Name == "JKS-SHA1" || k.Name == "PVK-SHA1":
		return 10_000
	case strings.HasPrefix(k.Name, "Argon2"):
		return budget.DerivationSteps(k.Memory*k.Rounds, sshkey.MaxArgon2Work)
	case k.Name == "bcrypt":
		return budget.DerivationSteps(k.Rounds, sshkey.MaxBcryptRounds)
	case strings.HasPrefix(k.Name, "PBKDF2"), strings.HasPrefix(k.Name, "PBE-"):
		return budget.DerivationSteps(k.Rounds, sshkey.MaxPBKDF2Iterations)
	case k.Name == "scrypt":
		return budget.DerivationSteps(k.Rounds, sshkey.MaxScryptWork)
	}
	return sshkey.MaxPassphraseWork
}
