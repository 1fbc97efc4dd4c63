package ppk

import (
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
)

// TestTypesAreThoseOfPuTTY: a type that PuTTY has is read and written here, and no other.
func TestTypesAreThoseOfPuTTY(t *testing.T) {
	known := 0
	for _, kt := range rawkey.Types() {
		has := kt.PuTTY != rawkey.Never && kt.PuTTY != ""
		for _, algorithm := range kt.Algorithms {
			_, err := typeOf(algorithm)
			assert.Equal(t, has, err == nil, algorithm)
			if err == nil {
				known++
			}
			_, err = typeOf(algorithm + certSuffix)
			assert.Equal(t, has && kt.Certificates, err == nil, "a certificate for %s", algorithm)
		}
	}
	assert.Len(t, puttyAlgorithms(), known)
}
