//go:build unix && !linux && !darwin

package safefile

import "errors"

// renameNew is what these systems do not have.
func (*folder) renameNew(string, string) error { return errors.ErrUnsupported }
