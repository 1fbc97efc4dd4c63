package main

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/sshkey"
)

// sessionKey is the file that a program will log in with.
type sessionKey struct {
	file    string
	opened  *keyconv.File // that of --key
	convert *conversion   // what makes file of it; nil for what is there
}

// sessionKey finds the file: the key itself, a converted one that is there, or one that
// is to be made.
func (a *app) sessionKey(name string, kind sessionKind) (sessionKey, error) {
	f, data, err := a.openData(name)
	if err != nil {
		return sessionKey{}, err
	}
	key := sessionKey{file: name, opened: f}
	switch {
	case !f.Private:
		return key, notPrivate(f)
	case a.flags.index <= 1 && kind.isOpened(f, data): // programs take the first of several keys
		return key, a.checkUsable(f)
	case !kind.ppk && f.PublicKey != nil && lacksOpenSSH(f.PublicKey):
		t, _ := sshkey.TypeOf(f.PublicKey.Type())
		return key, &wrongKind{"this is an " + t.Title + " key, and OpenSSH has none"}
	}
	c := toPPK(3)
	switch {
	case !kind.ppk && isPPK(f):
		c = toPEM("")
	case !kind.ppk:
		c = toFormat(keyconv.OpenSSH)
	}
	c.accept = nil // a damaged .ppk has to be written anew too
	key.file, key.convert = a.outputName(name, c.extension), &c
	return key, a.useConverted(name, &key, kind)
}

// checkUsable is for a key that is used as it is: what a conversion would refuse.
func (a *app) checkUsable(f *keyconv.File) error {
	if err := f.Usable(); err != nil && !isTokenKey(f) {
		return err
	}
	if !a.flags.strict {
		return nil
	}
	return refuseWeak(f.KeyFindings())
}

// useConverted takes a converted key that is there already, if it is the same key.
func (a *app) useConverted(name string, key *sessionKey, kind sessionKind) error {
	if _, err := os.Lstat(key.file); err != nil {
		return nil // the conversion will tell what is wrong, if anything is
	}
	if same, err := sameFile(name, key.file); err != nil || same {
		return withHint(&wrongKind{fmt.Sprintf("%s does not open this file as it is (%s), and a converted one would have its name", kind.program, key.opened.Title)},
			"keyconv convert --to %s %s -o FILE makes one of another name, for --key FILE", key.convert.format(key.opened.Encrypted(), ""), shellName(name))
	}
	there, data, err := a.openOther(key.file)
	if err != nil || !there.Private || !kind.isOpened(there, data) {
		return a.notConverted(name, key.file, "is no key that "+kind.program+" opens")
	}
	want, _, err := a.publicHalf(name, key.opened)
	if err != nil {
		return err
	}
	got, _, err := a.publicHalf(key.file, there)
	if err != nil {
		return fmt.Errorf("%s: %w", displayName(key.file), err)
	}
	if !samePublicKey(want, got) {
		return a.notConverted(name, key.file, "is another key: "+sshkey.FingerprintSHA256(sshkey.WithoutCertificate(got)))
	}
	key.convert = nil
	return a.checkUsable(key.opened)
}

// openOther is openData for a file to which --index and the record do not belong.
func (a *app) openOther(name string) (*keyconv.File, []byte, error) {
	index, record := a.flags.index, a.record
	a.flags.index, a.record = 0, nil
	defer func() { a.flags.index, a.record = index, record }()
	return a.openData(name)
}

func sameFile(a, b string) (bool, error) {
	first, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second), nil
}

// notConverted: a key is never replaced by the way, since it may be the only copy.
func (a *app) notConverted(name, output, why string) error {
	return withHint(&occupied{displayName(output) + " exists already, and " + why},
		"convert the key to a file of another name, keyconv convert --to FORMAT %s -o FILE, and give that with --key", shellName(name))
}

// occupied is a file where something else is to be written.
type occupied struct{ msg string }

func (e *occupied) Error() string { return e.msg }
func (e *occupied) Unwrap() error { return safefile.ErrExists }

// warnOfMode is for a key that ssh will refuse, as it is: one that others can read
// (sshkey_perm_ok in OpenSSH's authfile.c). A converted key is owner-only.
func (a *app) warnOfMode(file string) {
	info, err := os.Stat(file)
	if err != nil || hasRegistry || info.Mode().Perm()&0o077 == 0 {
		return
	}
	a.warn(file, "others may read it (mode %04o), so ssh will not use it: keyconv fix-permissions %s", info.Mode()&fs.ModePerm, shellName(file))
}
