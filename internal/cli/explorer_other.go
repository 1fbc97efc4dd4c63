//go:build !windows

package cli

import "github.com/keyconv/keyconv/internal/fault"

func changeMenus(bool) error {
	return fault.New(fault.Failed, "there is no Explorer on this system: it is a part of Windows")
}
