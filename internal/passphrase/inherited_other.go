//go:build !unix && !windows

package passphrase

import "os"

// inheritedFile refuses: nothing starts this program with files of its own, in a browser.
func inheritedFile(int) (f *os.File, problem string) {
	return nil, "is not there"
}
