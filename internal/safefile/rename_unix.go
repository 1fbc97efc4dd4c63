//go:build unix && !linux && !darwin

package safefile

import "errors"

// renameNew is what these systems do not have.
func renameNew(string, string) error { return errors.ErrUnsupported }
