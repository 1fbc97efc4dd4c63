package dropbearkey

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"github.com/keyconv/keyconv/internal/redact"
)

// The methods here but String and LogValue have value receivers on purpose: with pointer
// receivers fmt would print the private half of a File that is not passed as a pointer. Packages fmt
// and encoding/json, which call them, answer for a nil pointer themselves.

// String describes the file in a line, without its private half.
func (f *File) String() string {
	if f == nil {
		return "dropbearkey.File(<nil>)"
	}
	return redact.Describe("dropbearkey.File", f.PublicKey, "none")
}

// Format writes String for every verb.
func (f File) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, f.String()) }

// LogValue returns String, for log/slog, which calls it on a nil pointer too. On a value that is
// not a pointer log/slog calls the other methods.
func (f *File) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON encodes String.
func (f File) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }
