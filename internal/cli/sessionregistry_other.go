//go:build !windows

package cli

import (
	"errors"

	"github.com/keyconv/keyconv/internal/session"
)

// hasRegistry tells Windows from the rest.
const hasRegistry = false

// placeRegistry is never asked for: form refuses it.
func placeRegistry(*sessionOptions, *session.RegistryKey, session.Session) (place, error) {
	return place{}, errors.ErrUnsupported
}
