package engine_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// FuzzMend: no text makes mending crash or costs more than its length allows. Every
// candidate opens, and is a valid key that mending does not change again.
func FuzzMend(f *testing.F) {
	seeds := 0
	for _, v := range victims(f) {
		for _, d := range damagesOf(v) {
			f.Add([]byte(d.do(v.text)))
			seeds++
		}
	}
	for _, s := range keytest.Shapes() {
		f.Add(s.Make(4 << 10))
	}
	if seeds < 100 {
		f.Fatalf("only %d seeds", seeds)
	}
	checked := map[[sha256.Size]byte]bool{} // most damages of a key end in the same candidate
	f.Fuzz(func(t *testing.T, data []byte) {
		m := mendLinear(t, data)
		for i := range m.Keys() {
			for _, c := range m.Candidates(i) {
				if sum := sha256.Sum256(c.Data); len(c.Repairs) > 0 && !checked[sum] {
					checkCandidate(t, c)
					checked[sum] = true
				}
			}
		}
	})
}

// mendLinear fails where mending takes more work than a constant times the length, beside
// the check of a key.
func mendLinear(t *testing.T, data []byte) (m *engine.Mended) {
	limits := budget.Metered(engine.Limits{})
	keytest.RequireLinear(t, data, func() { m = engine.MendLimits(data, limits) })
	requireSteps(t, limits, data)
	return m
}

// requireSteps allows for many readings of each byte, and for checks of as many keys as
// there is room for.
func requireSteps(t *testing.T, limits engine.Limits, data []byte) {
	const perByte, perKey, keyBytes = 5000, rawkey.MaxCheckSteps, 50
	steps, _ := budget.Spent(limits)
	if steps > uint64(perByte*len(data)+perKey*(len(data)/keyBytes+sshkey.MaxBlockKeys)) {
		t.Fatalf("%d steps for %d bytes", steps, len(data))
	}
}

func checkCandidate(t *testing.T, c engine.Candidate) {
	f, err := engine.Open(c.Data, engine.Limits{})
	if err != nil {
		t.Fatalf("a candidate does not open: %v", err)
	}
	if !f.Encrypted() {
		key, err := f.Decrypt(nil)
		if err != nil {
			t.Fatalf("a candidate does not parse: %v", err)
		}
		if err := key.Validate(); err != nil {
			t.Fatalf("a candidate is not valid: %v", err)
		}
	}
	again := engine.Mend(c.Data).Candidates(0)[0]
	if len(again.Repairs) > 0 || !bytes.Equal(again.Data, c.Data) {
		t.Fatalf("mending what was mended: %v", again.Repairs)
	}
}

// BenchmarkMend shows that the cost of each damage grows with the length of the text
// and no faster: ns/byte must not rise from 1 KiB to 1 MiB.
func BenchmarkMend(b *testing.B) {
	key := string(keytest.Read(b, "corpus", "generated", "ed25519.openssh-new"))
	for _, d := range append(append([]damage(nil), damages...), pemDamages...) {
		for _, size := range []int{1 << 10, 32 << 10, 1 << 20} {
			text := largeText(d, key, size)
			b.Run(fmt.Sprintf("%s/%dKiB", d.name, size>>10), func(b *testing.B) {
				data := []byte(text)
				for b.Loop() {
					engine.Mend(data)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(data)), "ns/byte")
			})
		}
	}
}

// largeText returns a key after other text, together about as large as size once damaged,
// and not larger: a key that is cut off would be other work.
func largeText(d damage, key string, size int) string {
	const line = "Dear Bob, this is my key.\n"
	n := size
	for {
		text := d.do(strings.Repeat(line, max(0, n)/len(line)) + key)
		if len(text) <= size || n < len(line) {
			return text
		}
		n = n*size/len(text) - len(line)
	}
}
