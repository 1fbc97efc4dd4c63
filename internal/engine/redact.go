package engine

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"github.com/keyconv/keyconv/internal/redact"
)

// The methods here have value receivers on purpose: with pointer receivers fmt would
// print the fields of a value that it does not have by pointer.

// String describes the file in a line, without anything of its private half.
func (f File) String() string {
	return redact.Describe("engine.File", f.PublicKey, string(f.Format), f.Encryption)
}

// GoString is String, for %#v. Other verbs do not print the private half of a File: it is
// in closures.
func (f File) GoString() string { return f.String() }

// LogValue is String, for log/slog.
func (f File) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON encodes String.
func (f File) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// String describes the candidate in a line, without anything of its text.
func (c Candidate) String() string {
	return redact.Describe("engine.Candidate", nil, fmt.Sprintf("%d bytes", len(c.Data)), fmt.Sprintf("%d repairs", len(c.Repairs)))
}

// Format writes String, whatever the verb.
func (c Candidate) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue is String, for log/slog.
func (c Candidate) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON encodes String.
func (c Candidate) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// String says how many keys there are, without anything of the text.
func (m Mended) String() string {
	return redact.Describe("engine.Mended", nil, fmt.Sprintf("%d keys", m.Keys()))
}

// Format writes String, whatever the verb.
func (m Mended) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, m.String()) }

// LogValue is String, for log/slog.
func (m Mended) LogValue() slog.Value { return slog.StringValue(m.String()) }

// MarshalJSON encodes String.
func (m Mended) MarshalJSON() ([]byte, error) { return json.Marshal(m.String()) }
