// Package sixwords makes passphrases that a person can write down.
package sixwords

import (
	"strings"

	"github.com/sethvargo/go-diceware/diceware"
)

// count is how many words a passphrase has: 77 bits, as each is one of 7776, the long list of
// the EFF (https://www.eff.org/dice, CC BY 3.0 US).
const count = 6

// Make returns a new passphrase of the system's random numbers: six words with "-" between.
func Make() (string, error) {
	words, err := diceware.Generate(count)
	return strings.Join(words, "-"), err
}
