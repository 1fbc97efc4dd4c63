package sshkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// The methods here have value receivers on purpose: with pointer receivers fmt would
// print the secret of a Key that is not reached through a pointer.

var errNoEncoding = errors.New("sshkey: a private key is not encoded this way; use package ppk or pemkey")

// String describes the key by type, size and fingerprint.
func (k Key) String() string {
	pub, err := k.Public()
	if err != nil {
		return fmt.Sprintf("sshkey.Key(%T)", k.Private)
	}
	return fmt.Sprintf("%s %d %s", pub.Type(), Bits(pub), FingerprintSHA256(pub))
}

// GoString returns String, so that %#v shows no secret.
func (k Key) GoString() string { return k.String() }

// Format writes String, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue returns String, for log/slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalJSON encodes String.
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }

// MarshalText returns an error, in encoding/xml too.
func (k Key) MarshalText() ([]byte, error) { return nil, errNoEncoding }

// MarshalBinary returns an error.
func (k Key) MarshalBinary() ([]byte, error) { return nil, errNoEncoding }

// GobEncode returns an error.
func (k Key) GobEncode() ([]byte, error) { return nil, errNoEncoding }
