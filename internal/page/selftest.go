package page

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/sshkey"
)

// known has a key in each format, as PuTTYgen 0.78, OpenSSH 9.2 and OpenSSL 3.0 wrote
// them: an Ed25519 key, and an RSA key for the formats that have no Ed25519.
//
//go:embed known
var known embed.FS

// knownKeys are the fingerprints of the keys in known, as ssh-keygen shows them.
var knownKeys = map[string]bool{
	"SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM": true, // Ed25519,
	"SHA256:haITHCTQ9PNuWRAX4J3km0b1askQvDXV5CkpjUu4U0w": true, // RSA,
}

// knownPassphrase opens known/encrypted.ppk.
const knownPassphrase = "correct horse"

// cheap is the memory of the key derivation of known/encrypted.ppk, in KiB, so that the test
// takes no time.
const cheap = 64

// selfTest converts known keys in both directions: from each format to .ppk, and back to
// the bytes that other programs wrote. The page does nothing unless all of it passes.
func selfTest(context.Context, Request, [][]byte) (*Answer, error) {
	a := &Answer{}
	for _, f := range engine.Formats() {
		if err := testFormat(f); err != nil {
			return nil, fmt.Errorf("the self-test failed for the format %s: %w", f, err)
		}
		a.Checks++
	}
	if err := testEncrypted(); err != nil {
		return nil, fmt.Errorf("the self-test failed for an encrypted key: %w", err)
	}
	a.Checks++
	return a, nil
}

func testFormat(format engine.Format) error {
	text, err := known.ReadFile("known/" + string(format))
	switch {
	case err != nil: // a format that was added since: what it writes has to open again
		return testWriting(format)
	case !format.About().Private:
		return testPublic(text, format)
	}
	key, err := openKnown(text)
	if err != nil {
		return err
	}
	if format != engine.PPK {
		if err := testThrough(key, engine.PPK); err != nil {
			return err
		}
	}
	written, err := engine.Marshal(key, format, nil)
	if err == nil && !bytes.Equal(written, text) && format != engine.OpenSSH { // which has random numbers in it
		err = errors.New("it writes other bytes than the programs whose format it is")
	}
	if err == nil && format == engine.OpenSSH {
		_, err = openKnown(written)
	}
	return err
}

// testThrough writes the key in a format and opens that.
func testThrough(key *sshkey.Key, format engine.Format) error {
	written, err := engine.Marshal(key, format, nil)
	if err == nil {
		_, err = openKnown(written)
	}
	return err
}

// openKnown opens a private key, and makes sure which it is.
func openKnown(text []byte) (*sshkey.Key, error) {
	key, err := engine.Parse(text, nil)
	if err != nil {
		return nil, err
	}
	if err := key.Validate(); err != nil {
		return nil, err
	}
	pub, err := key.Public()
	if err != nil {
		return nil, err
	}
	if !knownKeys[sshkey.FingerprintSHA256(pub)] {
		return nil, errors.New("it reads another key")
	}
	return key, nil
}

func testPublic(text []byte, format engine.Format) error {
	f, err := engine.Open(text, engine.Limits{})
	if err != nil {
		return err
	}
	if !knownKeys[sshkey.FingerprintSHA256(f.PublicKey)] {
		return errors.New("it reads another key")
	}
	written, err := engine.MarshalPublic(f.PublicKey, f.Comment, format)
	if err == nil && !bytes.Equal(written, text) {
		err = errors.New("it writes other bytes than the programs whose format it is")
	}
	return err
}

// testWriting writes the known keys in a format, those that it holds.
func testWriting(format engine.Format) error {
	for _, name := range []string{"known/ppk", "known/pem"} {
		text, err := known.ReadFile(name)
		if err != nil {
			return err
		}
		key, err := openKnown(text)
		if err != nil {
			return err
		}
		if !format.About().Private {
			_, err = engine.Marshal(key, format, nil) // which opens what it wrote
		} else if err = testThrough(key, format); fault.Is[*sshkey.UnsupportedError](err) {
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// testEncrypted opens a key that PuTTYgen encrypted, refuses a wrong passphrase, and
// encrypts it again.
func testEncrypted() error {
	text, err := known.ReadFile("known/encrypted.ppk")
	if err != nil {
		return err
	}
	f, err := engine.Open(text, engine.Limits{})
	if err != nil {
		return err
	}
	if _, err := f.Decrypt([]byte(knownPassphrase + "?")); !errors.Is(err, sshkey.ErrIncorrectPassphrase) {
		return errors.New("it takes a wrong passphrase")
	}
	key, err := f.Decrypt([]byte(knownPassphrase))
	if err != nil {
		return err
	}
	again, err := engine.MarshalWithPassphrase(key, []byte(knownPassphrase), engine.PPK, &engine.Options{Memory: cheap, Rounds: 1, Parallelism: 1})
	if err != nil {
		return err
	}
	if f, err = engine.Open(again, engine.Limits{}); err != nil {
		return err
	}
	key, err = f.Decrypt([]byte(knownPassphrase))
	if err != nil {
		return err
	}
	plain, err := engine.Marshal(key, engine.PPK, nil)
	if err == nil {
		_, err = openKnown(plain)
	}
	return err
}
