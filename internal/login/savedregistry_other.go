//go:build !windows

package login

import "github.com/keyconv/keyconv/internal/session"

// registrySessions returns none: only Windows has a registry.
func registrySessions() ([]session.Saved, []error) { return nil, nil }
