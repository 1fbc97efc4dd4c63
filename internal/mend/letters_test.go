package mend

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLetters compares the bits of each set with the characters that it stands for.
func TestLetters(t *testing.T) {
	const upper, lower, numbers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"
	for want, set := range map[string]letters{
		upper + lower + numbers + "+/":                  standard,
		upper + lower + numbers + "+/=":                 anyBase64,
		upper + lower + numbers + "-_":                  forURLs,
		upper + numbers:                                 labelLetters,
		numbers + "abcdefABCDEF":                        hexDigits,
		numbers:                                         digits,
		numbers + "abcdefABCDEF \t\r\n:,-;{}[]()\"'|.+": hexList,
		numbers + " \t\r\n,-+":                          decimalList,
	} {
		for c := range 256 {
			assert.Equal(t, c < 128 && strings.IndexByte(want, byte(c)) >= 0, set.has(byte(c)), "%q in %q", c, want)
		}
	}
}
