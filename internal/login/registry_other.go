//go:build !windows

package login

import (
	"errors"

	"github.com/keyconv/keyconv/internal/session"
)

// HasRegistry reports whether this system is Windows.
const HasRegistry = false

// SystemCodePage returns the usual ANSI code page of Windows, since this system has none.
func SystemCodePage() session.CodePage { return session.DefaultCodePage }

// InRegistry returns an error: only Windows has a registry.
func (*Saver) InRegistry(*session.RegistryKey, session.Session, session.CodePage) (Place, error) {
	return Place{}, errors.ErrUnsupported
}
