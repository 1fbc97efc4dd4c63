package passphrase

import "os"

// inheritedFile refuses every number: programs on Windows inherit handles, whose numbers
// the user cannot choose, and the shells cannot pass one.
func inheritedFile(int) (f *os.File, problem string) {
	return nil, "is not there: Windows has only 0, the standard input"
}
