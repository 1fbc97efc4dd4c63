package pemkey

import (
	"encoding/json"
	"log/slog"

	"github.com/keyconv/keyconv/internal/redact"
)

// String describes the file in a line, without anything of its private half.
func (f File) String() string {
	return redact.Describe("pemkey.File", f.PublicKey, string(f.Format), f.Encryption)
}

// GoString is String, for %#v. What other verbs print of a File has no private half: that
// is behind a function.
func (f File) GoString() string { return f.String() }

// LogValue is String, for log/slog.
func (f File) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON encodes String.
func (f File) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }
