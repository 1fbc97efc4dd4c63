package mend

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// judging returns a Judge that says the same of every text, and counts the bytes.
func judging(isKey bool) (judge Judge, asked, spent *int) {
	asked, spent = new(int), new(int)
	return Judge{
		IsKey: func(data []byte) bool { *asked += len(data); return isKey },
		Proof: func([]byte) Proof { return Proved },
		Spend: func(bytes int) bool { *spent += bytes; return true },
	}, asked, spent
}

// TestAskedInProportion: the bytes that the functions of a Judge are called with grow in
// proportion to the text.
func TestAskedInProportion(t *testing.T) {
	const size = 16 << 10
	for _, s := range keytest.Some(40, keytest.Shapes()) {
		count := func(size int) (asked, spent float64) {
			for _, size := range s.Sizes(size) {
				judge, a, n := judging(false)
				Text(s.Make(size), judge)
				asked, spent = max(asked, float64(*a)), max(spent, float64(*n))
			}
			return asked, spent
		}
		asked1, spent1 := count(size)
		asked2, spent2 := count(2 * size)
		assert.LessOrEqual(t, asked2, 2.2*asked1+2000, s.Name)
		assert.LessOrEqual(t, spent2, 2.2*spent1+2000, s.Name)
		assert.Less(t, asked2, 30.0*2*size, s.Name)
	}
}

// TestSegmentsDoNotOverlap: however many keys are on one line, their segments are together
// not much longer than the text.
func TestSegmentsDoNotOverlap(t *testing.T) {
	for _, s := range keytest.Shapes() {
		data := s.Make(16 << 10)
		r := &reading{text: string(data)}
		list, _ := r.segments()
		total := 0
		for _, seg := range list {
			total += len(seg.body) + len(seg.begin) + len(seg.end) + len(seg.beside)
		}
		assert.LessOrEqual(t, total, 2*len(r.text), s.Name)
	}
}

// TestStopsWhenSpent: IsKey is not called again after Spend returned false.
func TestStopsWhenSpent(t *testing.T) {
	text := strings.Repeat("-----BEGIN PRIVATE KEY-----\nMAcCAQAwAAQA\n-----END PRIVATE KEY-----\n", 50)
	judge, asked, _ := judging(true)
	require.Len(t, Text([]byte(text), judge).Keys, 50)
	*asked = 0
	n := 0
	judge.Spend = func(int) bool { n++; return n <= 10 }
	assert.Len(t, Text([]byte(text), judge).Keys, 9)
	assert.Less(t, *asked, len(text)/4)
}

// TestOneKeyMore: of too many keys, Text returns one more than the limit.
func TestOneKeyMore(t *testing.T) {
	text := strings.Repeat("-----BEGIN PRIVATE KEY-----\nMAcCAQAwAAQA\n-----END PRIVATE KEY-----\n", 3*sshkey.MaxTextKeys)
	judge, _, _ := judging(true)
	assert.Len(t, Text([]byte(text), judge).Keys, sshkey.MaxTextKeys+1)
}

// TestFindPEM: damaged markers are found, and what is not a marker is not.
func TestFindPEM(t *testing.T) {
	for text, want := range map[string][]string{
		"-----BEGIN RSA PRIVATE KEY-----":                       {"-----BEGIN RSA PRIVATE KEY-----"},
		"x-----BEGIN\n PRIVATE\tKEY -----  y":                   {"-----BEGIN\n PRIVATE\tKEY -----  "},
		"----- END EC PARAMETERS-----":                          {"----- END EC PARAMETERS-----"},
		"\u2014\u2013BEGIN PRIVATE KEY\u2014":                   {"\u2014\u2013BEGIN PRIVATE KEY\u2014"},
		"-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----x": {"-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"},
		"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----":            {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"},
		strings.Repeat("-", 15) + "BEGIN PRIVATE KEY-":          {strings.Repeat("-", 10) + "BEGIN PRIVATE KEY-"},
		"BEGIN PRIVATE KEY-----":                                nil,
		"-----BEGIN PUBLIC KEY----- PRIVATE":                    nil,
		"-----BEGIN A B C D PRIVATE KEY-----":                   nil,
		"-----BEGIN PRIVATE KEY":                                nil,
	} {
		var got []string
		for _, m := range findPEM(text) {
			got = append(got, text[m.start:m.end])
		}
		assert.Equal(t, want, got, "%q", text)
	}
}
