package der

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func join(parts ...any) (out []byte) {
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			out = append(out, byte(p))
		case []byte:
			out = append(out, p...)
		}
	}
	return out
}

// TestIndefinite: an element of indefinite length ends at its own two zeros, not at those
// of an element inside or at zeros that are content.
func TestIndefinite(t *testing.T) {
	inner := join(0x30, 0x80, 0x02, 1, 5, 0, 0)
	zeros := join(0x04, 4, 0, 0, 0, 0)
	data := join(0x30, 0x80, inner, zeros, 0, 0, 0x05, 0)
	d := New(data)
	s := d.Sequence("it")
	assert.Equal(t, 5, s.Sequence("inner").Small("five"))
	assert.Equal(t, make([]byte, 4), s.Element(TagOctets, "zeros"))
	require.NoError(t, s.End("it"))
	d.Null("what follows")
	require.NoError(t, d.End("all"))
	for cut := range len(data) - 2 {
		d := New(data[:cut])
		d.Sequence("it")
		require.Error(t, d.Err(), cut)
	}
	d = New(join(0x04, 0x80, 1, 2, 0, 0)) // of a string that is not in pieces
	d.Element(TagOctets, "a string")
	require.Error(t, d.Err())
}

func TestPieces(t *testing.T) {
	for _, data := range [][]byte{
		join(0x24, 0x80, 0x04, 2, 1, 2, 0x04, 0, 0x04, 1, 3, 0, 0),
		join(0x24, 7, 0x04, 1, 1, 0x04, 2, 2, 3),
	} {
		d := New(data)
		assert.EqualValues(t, TagOctets, d.Peek())
		assert.Equal(t, []byte{1, 2, 3}, d.Element(TagOctets, "it"))
		require.NoError(t, d.End("all"))
	}
	for _, data := range [][]byte{
		join(0x24, 3, 0x02, 1, 1), join(0x24, 2, 0x04, 1), join(0x24, 5, 0x24, 3, 0x04, 1, 1), join(0x24, 0x80, 0x04, 1, 1),
	} {
		d := New(data)
		d.Element(TagOctets, "it")
		require.Error(t, d.Err(), "%x", data)
	}
}

func TestDepth(t *testing.T) {
	tower := func(n int) []byte {
		return join(bytes.Repeat([]byte{0x30, 0x80}, n), make([]byte, 2*n))
	}
	d := New(tower(maxDepth))
	d.Sequence("it")
	require.NoError(t, d.End("it"))
	d = New(tower(maxDepth + 1))
	d.Sequence("it")
	require.Error(t, d.End("it"))
}
