package lazy_test

import (
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/stretchr/testify/assert"
)

func TestValueIsMadeOnce(t *testing.T) {
	made := 0
	v := lazy.Value[[]int]{Make: func() []int { made++; return []int{made} }}
	assert.Zero(t, made)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() { assert.Equal(t, []int{1}, v.Get()) })
	}
	wait.Wait()
	assert.Equal(t, 1, made)
	assert.Zero(t, testing.AllocsPerRun(10, func() { v.Get() }))
}
