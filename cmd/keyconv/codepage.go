package main

import (
	"errors"
	"unicode/utf8"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
)

// decrypt opens f with the passphrase p, or with what a program that does not use
// UTF-8 made of its letters, as PuTTYgen on Windows does. An output gets p itself.
func (a *app) decrypt(name string, f *keyconv.File, p []byte) (*sshkey.Key, error) {
	key, err := a.decryptBytes(f, p)
	if !errors.Is(err, keyconv.ErrIncorrectPassphrase) {
		return key, err
	}
	for _, s := range passphrase.Spellings(p) {
		key, other := a.decryptBytes(f, s.Bytes)
		if is[interrupted](other) {
			return nil, other // what was left behind still reads the bytes
		}
		clear(s.Bytes)
		if other == nil {
			a.note(name, "its passphrase was set in %s, not in UTF-8; what keyconv writes has it in UTF-8", s.Encoding)
			return key, nil
		}
	}
	return nil, err
}

func (a *app) decryptBytes(f *keyconv.File, p []byte) (*sshkey.Key, error) {
	var memory uint64
	if f.KDF != nil {
		memory = f.KDF.Memory
	}
	return derive(a, memory, func() (*sshkey.Key, error) { return f.Decrypt(p) })
}

// warnOfPassphrase is for a passphrase that others will not type the same way: the
// windows of PuTTY on Windows use the ANSI code page, and bytes that are no text cannot
// be typed at all.
func (a *app) warnOfPassphrase(name string, format keyconv.Format, p []byte) {
	switch {
	case !utf8.Valid(p):
		a.warn(name, "the passphrase is not UTF-8, so it cannot be typed elsewhere; save its file as UTF-8 and set it again")
	case format != keyconv.PPK && format != keyconv.PPK2:
	case len(p) != utf8.RuneCount(p):
		a.warn(name, "the passphrase has letters outside of ASCII: PuTTY on Windows may not accept it as you type it there")
	}
}
