// Package meter counts the work that a file has cost.
package meter

import "sync/atomic"

// Meter is the work that one file has cost so far. A nil Meter counts nothing.
type Meter struct {
	reading, deriving atomic.Uint64
}

// Read adds steps of reading, and returns all of them.
func (m *Meter) Read(steps uint64) uint64 {
	if m == nil {
		return steps
	}
	return m.reading.Add(steps)
}

// Derive adds steps of a key derivation.
func (m *Meter) Derive(steps uint64) {
	if m != nil {
		m.deriving.Add(steps)
	}
}

// Spent returns the steps of reading and of key derivations.
func (m *Meter) Spent() (reading, deriving uint64) {
	if m == nil {
		return 0, 0
	}
	return m.reading.Load(), m.deriving.Load()
}
