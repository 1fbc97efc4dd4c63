package sshkey

import (
	"slices"
	"sync/atomic"
	"testing"
)

// CountChecks counts how often the numbers of an RSA key are checked from now on, until
// the end of the test.
func CountChecks(t *testing.T) *atomic.Int64 {
	var n atomic.Int64
	before := testOnlyCheck
	t.Cleanup(func() { testOnlyCheck = before })
	testOnlyCheck = func() { n.Add(1) }
	return &n
}

// AddType adds a type of key until the end of the test.
func AddType(t *testing.T, added Type) {
	before := types
	t.Cleanup(func() { types = before })
	types = append(slices.Clone(types), added)
}
