//go:build !windows

package login

import "github.com/keyconv/keyconv/internal/session"

// registryStore returns nothing: only Windows has a registry.
func registryStore() session.Store { return session.Store{} }
