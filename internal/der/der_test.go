package der

import (
	"bytes"
	"encoding/asn1"
	"math/rand/v2"
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

// TestOIDAgreesWithASN1: object identifiers are read as encoding/asn1 reads them.
func TestOIDAgreesWithASN1(t *testing.T) {
	contents := [][]byte{
		{}, {0x2a}, {0x7f}, {0x80}, {0x80, 0x01}, {0x81, 0x00}, {0x50}, {0x4f}, {0x27}, {0x28}, {0x2a, 0x86}, {0x2a, 0x80, 0x01},
		{0x88, 0x37, 0x01}, {0x2a, 0x87, 0xff, 0xff, 0xff, 0x7f}, {0x2a, 0x88, 0x80, 0x80, 0x80, 0x00}, {0x87, 0xff, 0xff, 0xff, 0x7f},
		{0x2a, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00}, bytes.Repeat([]byte{1}, 127), bytes.Repeat([]byte{1}, 128),
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		content := make([]byte, 1+random.IntN(9))
		for i := range content {
			content[i] = byte(random.Uint32()) & []byte{0x0f, 0x8f, 0xff, 0x7f}[random.IntN(4)]
		}
		contents = append(contents, content)
	}
	for _, content := range contents {
		var want asn1.ObjectIdentifier
		data := append([]byte{TagOID, byte(len(content))}, content...)
		if len(content) > 127 {
			data = append([]byte{TagOID, 0x81, byte(len(content))}, content...)
		}
		_, err := asn1.Unmarshal(data, &want)
		d := New(data)
		got := d.OID("it")
		assert.Equal(t, err == nil && len(content) <= 127, d.Err() == nil, "%x", content)
		if d.Err() == nil {
			assert.Equal(t, want.String(), got, "%x", content)
		}
	}
}
