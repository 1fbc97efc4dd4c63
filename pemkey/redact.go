package pemkey

import (
	"encoding/json"
	"log/slog"

	"github.com/keyconv/keyconv/internal/redact"
)

// String describes the file in a line, without its private half.
func (f *File) String() string {
	if f == nil {
		return "pemkey.File(<nil>)"
	}
	return redact.Describe("pemkey.File", f.PublicKey, string(f.Format), f.Encryption)
}

// GoString returns String, for %#v. No verb prints the private half, which a function holds:
// File cannot have the method Format, as it has a field of that name.
func (f File) GoString() string { return f.String() }

// LogValue returns String, for log/slog, which calls it on a nil pointer too. On a value that is
// not a pointer log/slog calls the other methods.
func (f *File) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON encodes String.
func (f File) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }
