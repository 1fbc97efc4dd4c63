//go:build !windows

package cli

import "errors"

// hasExplorer tells Windows from the rest.
const hasExplorer = false

// The menus are never changed: changeExplorer refuses it.

func addMenu(menu, string) error { return errors.ErrUnsupported }

func removeMenu(menu) error { return errors.ErrUnsupported }

func makeLink(_, _, _, _ string) error { return errors.ErrUnsupported }
