//go:build !windows

package cli

import "github.com/keyconv/keyconv/internal/fault"

func changeMenus(bool) error {
	return fault.New(fault.Failed, "this system has no Explorer: its menus are for Windows")
}
