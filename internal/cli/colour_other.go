//go:build !windows

package cli

import "os"

func enableColour(*os.File) bool { return true }
