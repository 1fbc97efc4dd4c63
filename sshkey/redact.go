package sshkey

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"github.com/keyconv/keyconv/internal/rawkey"
)

// The methods here but String and LogValue have value receivers on purpose: with pointer
// receivers fmt would print the secret of a Key that is not passed as a pointer. Packages fmt
// and encoding/json, which call them, answer for a nil pointer themselves.

var errNoEncoding = &UnsupportedError{Code: UnsupportedForm, What: "a private key in an encoding other than a key file"}

// String describes the key by type, size and fingerprint.
func (k *Key) String() string {
	if k == nil {
		return "sshkey.Key(<nil>)"
	}
	pub, err := k.Public()
	if err != nil {
		return fmt.Sprintf("sshkey.Key(%T)", k.Private)
	}
	return fmt.Sprintf("%s %d %s", pub.Type(), rawkey.Bits(pub), FingerprintSHA256(pub))
}

// Format writes String, whatever the verb: %#v shows no secret either.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue returns String, for log/slog, which calls it on a nil pointer too.
func (k *Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalJSON encodes String.
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }

// MarshalText returns an *UnsupportedError, in encoding/xml too.
func (k Key) MarshalText() ([]byte, error) { return nil, errNoEncoding }

// MarshalBinary returns an *UnsupportedError, in encoding/gob too.
func (k Key) MarshalBinary() ([]byte, error) { return nil, errNoEncoding }
