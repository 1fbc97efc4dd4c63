package main

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// gzip looks 32 KiB back, and sees a literal, a length and a distance as letters of one
// alphabet. A program of Go for WebAssembly repeats itself over megabytes, so that it is
// folded first: repeats become references, and what belongs together goes into a stream
// of its own, each of which gzip then compresses better. That makes the page a fifth
// smaller. web/worker.js unfolds it.

// The streams of a folded program, each after its length in 4 bytes (little endian), after
// the size of the program in 4 bytes.
const (
	runs     = iota // how many literals come before each reference
	lengths         // how much each reference repeats
	kinds           // 0 to 3 for one of the last four distances, otherwise 4 and the high byte of a new one
	middles         // of a new distance
	lows            // of a new distance
	literals        // bytes as they are
	streams
)

// recent is how many distances are remembered.
const recent = 4

// minRepeat is the shortest repeat that is looked for at a new distance.
const minRepeat = 4

// The look-up of repeats: the size of a hash, and how many places with the same next 4 or 8
// bytes are compared.
const (
	hashBits   = 20
	shortTries = 6
	longTries  = 64
)

// folder folds a program.
type folder struct {
	data    []byte
	out     [streams][]byte
	last    [recent]int
	short   chain
	long    chain
	pending int // literals since the last reference
}

// chain finds earlier places by a hash of the bytes there.
type chain struct {
	width int
	first []int32 // by hash: the latest place, from 1 on; 0 is none
	next  []int32 // by place: the one before with the same hash
}

func newChain(width, size int) chain {
	return chain{width, make([]int32, 1<<hashBits), make([]int32, size+1)}
}

// hash multiplies the bytes with an odd constant (Fibonacci hashing).
func (c *chain) hash(b []byte) uint64 {
	n := uint64(binary.LittleEndian.Uint32(b))
	if c.width == 8 {
		n = binary.LittleEndian.Uint64(b)
	}
	return n * 0x9e3779b97f4a7c15 >> (64 - hashBits)
}

func (c *chain) add(b []byte, place int) {
	h := c.hash(b)
	c.next[place+1] = c.first[h]
	c.first[h] = int32(place + 1)
}

// repeat is a reference to what was there before; its worth is in bits, about.
type repeat struct {
	length, distance int
	worth            float64
}

// fold folds a program of less than 252 * 64 KiB, which fits into the kinds.
func fold(data []byte) []byte {
	f := &folder{data: data, short: newChain(4, len(data)), long: newChain(8, len(data))}
	for at := 0; at < len(data); {
		best := f.find(at)
		if best.worth > 0 {
			// A better repeat may begin one byte later.
			if later := f.find(at + 1); later.worth <= best.worth+6 {
				f.refer(best)
				for range best.length {
					f.remember(at)
					at++
				}
				continue
			}
		}
		f.out[literals] = append(f.out[literals], data[at]-predicted(data, at, f.last[0]))
		f.pending++
		f.remember(at)
		at++
	}
	f.count(runs, f.pending)
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(data)))
	for _, stream := range f.out {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(stream)))
		out = append(out, stream...)
	}
	return out
}

// predicted returns the byte at a distance back, 0 for none. Where a repeat ends, numbers
// such as addresses differ a little.
func predicted(data []byte, at, distance int) byte {
	if distance == 0 {
		return 0
	}
	return data[at-distance]
}

func (f *folder) remember(at int) {
	if at+8 <= len(f.data) {
		f.short.add(f.data[at:], at)
		f.long.add(f.data[at:], at)
	}
}

// find returns the repeat that is worth the most.
func (f *folder) find(at int) repeat {
	var best repeat
	if at+8 > len(f.data) {
		return best
	}
	try := func(distance, min int, costs float64) {
		earlier := f.data[at-distance:]
		if best.length > 0 && at+best.length < len(f.data) && earlier[best.length-1] != f.data[at+best.length-1] {
			return
		}
		n := 0
		for at+n < len(f.data) && earlier[n] == f.data[at+n] {
			n++
		}
		// A literal takes about 5 bits.
		if worth := 5*float64(n) - costs; n >= min && worth > best.worth {
			best = repeat{n, distance, worth}
		}
	}
	for i, distance := range f.last {
		if distance > 0 && distance <= at {
			try(distance, 2, 6+0.7*float64(i))
		}
	}
	for _, search := range []struct {
		chain *chain
		tries int
	}{{&f.short, shortTries}, {&f.long, longTries}} {
		c := search.chain
		place := c.first[c.hash(f.data[at:])]
		for tries := search.tries; place > 0 && tries > 0; tries-- {
			distance := at + 1 - int(place)
			if distance > 0 {
				try(distance, minRepeat, 10+0.85*float64(bits.Len(uint(distance))))
			}
			place = c.next[place]
		}
	}
	return best
}

// refer writes a reference.
func (f *folder) refer(r repeat) {
	f.count(runs, f.pending)
	f.count(lengths, r.length)
	f.pending = 0
	i := 0
	for i < recent && f.last[i] != r.distance {
		i++
	}
	if i < recent {
		f.out[kinds] = append(f.out[kinds], byte(i))
	} else {
		f.out[kinds] = append(f.out[kinds], byte(recent+r.distance>>16))
		f.out[middles] = append(f.out[middles], byte(r.distance>>8))
		f.out[lows] = append(f.out[lows], byte(r.distance))
		i = recent - 1
	}
	copy(f.last[1:i+1], f.last[:i])
	f.last[0] = r.distance
}

func (f *folder) count(stream, n int) {
	f.out[stream] = binary.AppendUvarint(f.out[stream], uint64(n))
}

var errFolded = errors.New("this is not a folded program")

// unfold is what web/worker.js does, for tests and for people who look into a page.
func unfold(folded []byte) ([]byte, error) {
	var in [streams][]byte
	if len(folded) < 4 {
		return nil, errFolded
	}
	size := int(binary.LittleEndian.Uint32(folded))
	rest := folded[4:]
	for i := range in {
		if len(rest) < 4 || len(rest)-4 < int(binary.LittleEndian.Uint32(rest)) {
			return nil, errFolded
		}
		n := int(binary.LittleEndian.Uint32(rest))
		in[i], rest = rest[4:4+n], rest[4+n:]
	}
	number := func(stream int) int {
		v, n := binary.Uvarint(in[stream])
		in[stream] = in[stream][max(n, 0):]
		return int(v)
	}
	var out []byte
	var last [recent]int
	for len(out) < size {
		n := number(runs)
		if n > len(in[literals]) {
			return nil, errFolded
		}
		for _, b := range in[literals][:n] {
			out = append(out, b+predicted(out, len(out), last[0]))
		}
		in[literals] = in[literals][n:]
		if len(out) >= size {
			break
		}
		length := number(lengths)
		if len(in[kinds]) == 0 {
			return nil, errFolded
		}
		kind := int(in[kinds][0])
		in[kinds] = in[kinds][1:]
		distance, i := 0, recent-1
		if kind < recent {
			distance, i = last[kind], kind
		} else if len(in[middles]) == 0 || len(in[lows]) == 0 {
			return nil, errFolded
		} else {
			distance = (kind-recent)<<16 | int(in[middles][0])<<8 | int(in[lows][0])
			in[middles], in[lows] = in[middles][1:], in[lows][1:]
		}
		copy(last[1:i+1], last[:i])
		last[0] = distance
		if distance < 1 || distance > len(out) || length < 1 {
			return nil, errFolded
		}
		for ; length > 0; length-- {
			out = append(out, out[len(out)-distance])
		}
	}
	return out, nil
}
