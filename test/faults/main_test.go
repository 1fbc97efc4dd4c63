//go:build unix

package faults

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
)

func TestMain(m *testing.M) { keytest.MainWithCommand(m) }
