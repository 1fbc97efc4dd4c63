package cli

import (
	"os"
	"testing"

	"github.com/keyconv/keyconv/internal/login"
)

// TestMain keeps the tests away from the configuration of the person who runs them.
func TestMain(m *testing.M) {
	login.SSHHome = os.UserHomeDir
	os.Exit(m.Run())
}
