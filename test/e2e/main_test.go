//go:build unix

package e2e

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
)

func TestMain(m *testing.M) { keytest.MainWithCommand(m) }
