package cli

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
)

// TestEstimate: after a tenth of the work the estimate is within a factor of two of the
// truth, whatever the order of cheap and dear inputs. The work is simulated: three
// processors take the inputs in their order, and each costs as much as its class, more or
// less.
func TestEstimate(t *testing.T) {
	const processors = 3
	random := rand.New(rand.NewPCG(1, 2))
	repeat := func(n int, c cost) []cost { return slices.Repeat([]cost{c}, n) }
	mixed := slices.Concat(repeat(400, costPlain), repeat(40, costDerived))
	random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	for name, inputs := range map[string][]cost{
		"plain": repeat(500, costPlain), "encrypted": repeat(60, costDerived), "mixed": mixed,
		"encrypted last":  slices.Concat(repeat(2000, costPlain), repeat(200, costDerived)),
		"encrypted first": slices.Concat(repeat(50, costDerived), repeat(2000, costPlain)),
		"in turns":        slices.Repeat([]cost{costPlain, costPlain, costDerived}, 60),
		"not looked at":   repeat(200, costUnknown),
	} {
		random := rand.New(rand.NewPCG(1, 2))
		p := newProgress(len(inputs))
		var begins, ends []time.Duration // of each input
		free := make([]time.Duration, processors)
		for i, c := range inputs {
			takes := map[cost]time.Duration{costUnknown: 30, costPlain: 2, costDerived: 150}[c] * time.Millisecond
			takes += time.Duration(random.Int64N(int64(takes))) - takes/2
			first := slices.Index(free, slices.Min(free))
			begins = append(begins, free[first])
			free[first] += takes
			p.inputs[i] = inputProgress{cost: c, worked: takes}
			ends = append(ends, free[first])
		}
		all := slices.Max(free)
		for _, part := range []time.Duration{10, 4, 2} {
			now := all / part
			for i, end := range ends {
				p.inputs[i].begun, p.inputs[i].done = begins[i] <= now, end <= now
			}
			got, ok := p.left(now)
			assert.True(t, ok, name)
			truth := (all - now).Seconds()
			assert.Greater(t, got.Seconds(), truth/2, "%s after 1/%d", name, part)
			assert.Less(t, got.Seconds(), truth*2, "%s after 1/%d", name, part)
		}
	}
	_, ok := newProgress(10).left(time.Second)
	assert.False(t, ok, "nothing is done")
}

// TestCostOf looks at files alone.
func TestCostOf(t *testing.T) {
	twin := func(name string) string { return keytest.Testdata(t, "twins", name) }
	assert.Equal(t, costPlain, costOf(twin("rsa2048.pem")))
	assert.Equal(t, costDerived, costOf(twin("rsa2048.enc.openssh")))
	assert.Equal(t, costUnknown, costOf(t.TempDir()))
	assert.Equal(t, costUnknown, costOf("-"))
	p := newProgress(2)
	p.look(t.Context(), []string{twin("ed25519.v3.enc.ppk"), twin("ed25519.v3.ppk")})
	assert.Equal(t, []inputProgress{{cost: costDerived}, {cost: costPlain}}, p.inputs)
}
