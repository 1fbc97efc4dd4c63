// Package meter has the counters of what it costs to read a file, which copies of
// [sshkey.Limits] share. Package budget counts with them.
package meter

import "sync/atomic"

// Meter counts the steps of reading and of key derivations.
type Meter struct{ Reading, Deriving atomic.Uint64 }
