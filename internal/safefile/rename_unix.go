//go:build unix && !linux && !darwin

package safefile

import "errors"

// renameNew fails: these systems do not have such a call.
func (*folder) renameNew(string, string) error { return errors.ErrUnsupported }
