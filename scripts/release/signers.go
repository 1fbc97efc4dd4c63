package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// signersName is the file with the keys that sign a release, in the form of ssh-keygen(1),
// "ALLOWED SIGNERS"; signerName is the principal of their lines.
const (
	signersName = "SIGNERS"
	signerName  = "keyconv"
)

// signer is a line of the file.
type signer struct {
	key          ssh.PublicKey
	options      string
	after, until time.Time // zero if always
}

// parseSigners reads the lines for releases. What it does not know in them ssh-keygen judges
// afterwards.
func parseSigners(text []byte) ([]signer, error) {
	var signers []signer
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		name, rest, _ := bytes.Cut(line, []byte(" "))
		if len(line) == 0 || line[0] == '#' || string(name) != signerName {
			continue
		}
		key, _, options, _, err := ssh.ParseAuthorizedKey(rest)
		if err != nil {
			return nil, fmt.Errorf("%s: the line %q: %w", signersName, line, err)
		}
		s := signer{key: key, options: strings.Join(options, ",")}
		if s.after, err = s.day("valid-after"); err != nil {
			return nil, err
		}
		if s.until, err = s.day("valid-before"); err != nil {
			return nil, err
		}
		signers = append(signers, s)
	}
	return signers, nil
}

// day reads a time as ssh-keygen(1) has it: YYYYMMDD, or with HHMM and SS after it, in local
// time unless a Z follows.
func (s signer) day(option string) (time.Time, error) {
	m := regexp.MustCompile(option + `="(\d+)(Z?)"`).FindStringSubmatch(s.options)
	if m == nil {
		return time.Time{}, nil
	}
	place := time.Local
	if m[2] == "Z" {
		place = time.UTC
	}
	const layout = "20060102150405"
	return time.ParseInLocation(layout[:min(len(m[1]), len(layout))], m[1], place)
}

// checkSigner refuses a key that a reader of the file would refuse.
func checkSigner(signers []signer, key ssh.PublicKey, now time.Time) error {
	if len(signers) == 0 {
		return fmt.Errorf("%s has no key for %q, so nobody could verify a signature: add the line of the signing key and commit it", signersName, signerName)
	}
	print := ssh.FingerprintSHA256(key)
	err := fmt.Errorf("the key %s is not in %s", print, signersName)
	for _, s := range signers {
		if !bytes.Equal(s.key.Marshal(), key.Marshal()) {
			continue
		}
		switch {
		case !s.after.IsZero() && now.Before(s.after):
			err = fmt.Errorf("the key %s signs from %s on, says %s", print, s.after.Format(time.DateOnly), signersName)
		case !s.until.IsZero() && !now.Before(s.until):
			err = fmt.Errorf("the key %s has expired: %s says until %s", print, signersName, s.until.Format(time.DateOnly))
		default:
			return nil
		}
	}
	return err
}

// publicOf returns the public half of a key file, which may be encrypted, or of a .pub whose
// private half an agent has.
func publicOf(name string) (ssh.PublicKey, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("the signing key: %w", err)
	}
	if key, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		return key, nil
	}
	private, err := ssh.ParsePrivateKey(text)
	if err == nil {
		return private.PublicKey(), nil
	}
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) && locked.PublicKey != nil {
		return locked.PublicKey, nil
	}
	if beside, err := os.ReadFile(name + ".pub"); err == nil {
		if key, _, _, _, err := ssh.ParseAuthorizedKey(beside); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("the signing key %s: %w", name, cmp.Or(err, errors.New("this is not a key")))
}
