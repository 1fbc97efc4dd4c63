package rawkey_test

import (
	"math/big"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
)

// TestAffineOfNoPoint: half of all bytes are not a point, and none make it panic.
func TestAffineOfNoPoint(t *testing.T) {
	none := 0
	for i := range byte(20) {
		public := make([]byte, ed448.PublicKeySize)
		public[0] = i
		parts := rawkey.PublicParts(rawkey.Ed448PublicKey(public))
		x, y := parts[2].Value.(*big.Int), parts[3].Value.(*big.Int)
		assert.Zero(t, y.Cmp(big.NewInt(int64(i))))
		if x.Sign() == 0 {
			none++
		}
	}
	assert.Positive(t, none)
}
