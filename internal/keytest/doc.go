// Package keytest is what the tests of this module share: the files below
// testdata, real programs to compare with, and random keys of every type. Only
// tests import it.
package keytest
