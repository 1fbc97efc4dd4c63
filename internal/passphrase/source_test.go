package passphrase

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func fileWith(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passphrase.txt")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// firstLines has contents of a source and the passphrase in them.
var firstLines = map[string]struct{ content, want string }{
	"no line end":          {"secret", "secret"},
	"LF":                   {"secret\n", "secret"},
	"CRLF":                 {"secret\r\n", "secret"},
	"CR":                   {"secret\r", "secret"},
	"more lines":           {"secret\nanother\n", "secret"},
	"more lines, CR":       {"secret\ranother\r", "secret"},
	"empty":                {"", ""},
	"empty line":           {"\n", ""},
	"empty first line":     {"\nsecret\n", ""},
	"spaces":               {" se cret\t \n", " se cret\t "},
	"UTF-8":                {"sëcrét €\n", "sëcrét €"},
	"largest":              {strings.Repeat("s", maxSize), strings.Repeat("s", maxSize)},
	"largest of two lines": {"secret\n" + strings.Repeat("s", maxSize-7), "secret"},
	"UTF-8 BOM":            {"\xef\xbb\xbfsecret\r\n", "secret"},
	"UTF-8 BOM alone":      {"\xef\xbb\xbf", ""},
	"UTF-16 LE BOM alone":  {"\xff\xfe", ""},
	"UTF-16 LE BOM":        {"\xff\xfes\x00\xac\x20\r\x00\n\x00", "s€"},
	"UTF-16 BE BOM":        {"\xfe\xff\x00s\x20\xac\x00\r\x00\n", "s€"},
	"UTF-16 LE no BOM":     {"s\x00\xe9\x00\r\x00\n\x00", "sé"},
	"UTF-16 BE no BOM":     {"\x00s\x00\xe9\x00\n\x00x", "sé"},
	"UTF-16 pair":          {"\xff\xfe\x3d\xd8\x11\xdd\n\x00", "\U0001F511"},
}

// badContents has contents that cannot be meant as a passphrase.
var badContents = map[string]struct{ content, problem string }{
	"NUL":                     {"sec\x00ret\n", problemNUL},
	"NUL alone":               {"\x00", problemNUL},
	"two NULs":                {"\x00\x00", problemNUL},
	"NUL in the second line":  {"secret\n\x00", problemNUL},
	"NUL in UTF-16":           {"\xff\xfes\x00\x00\x00", problemNUL},
	"UTF-32":                  {"\xff\xfe\x00\x00s\x00\x00\x00", problemNUL},
	"UTF-16 beyond Latin-1":   {"\xac\x20\n\x00", problemNUL},
	"half a unit":             {"\xff\xfes\x00e", problemUTF16},
	"half a pair":             {"\xff\xfe\x3d\xd8", problemUTF16},
	"half a pair and another": {"\xff\xfe\x3d\xd8s\x00", problemUTF16},
	"second half first":       {"\xff\xfe\x11\xdd\x3d\xd8", problemUTF16},
	"too long":                {strings.Repeat("s", maxSize+1), "is longer than 64 KiB, too long for a passphrase"},
	"too long, short line":    {"secret\n" + strings.Repeat("s", maxSize), "is longer than 64 KiB, too long for a passphrase"},
}

func TestFile(t *testing.T) {
	for name, tt := range firstLines {
		t.Run(name, func(t *testing.T) {
			got, err := File(fileWith(t, tt.content)).Read(t.Context(), nil)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got.Bytes))
		})
	}
	for name, tt := range badContents {
		t.Run(name, func(t *testing.T) {
			source := File(fileWith(t, tt.content))
			got, err := source.Read(t.Context(), nil)
			assertUsage(t, err, source.String(), tt.problem)
			assert.Zero(t, got)
		})
	}
}

func assertUsage(t *testing.T, err error, source, problem string) {
	t.Helper()
	var usage *UsageError
	require.ErrorAs(t, err, &usage)
	assert.Equal(t, UsageError{source, problem}, *usage)
	assert.EqualError(t, err, source+" "+problem)
}

func TestFileThatCannotBeRead(t *testing.T) {
	_, err := File(filepath.Join(t.TempDir(), "nothing.txt")).Read(t.Context(), nil)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.NotContains(t, err.Error(), "nothing.txt", "it can be the passphrase")

	_, err = File(t.TempDir()).Read(t.Context(), nil)
	require.Error(t, err)
	var usage *UsageError
	assert.False(t, errors.As(err, &usage))
}

func TestStdin(t *testing.T) {
	for name, tt := range firstLines {
		t.Run(name, func(t *testing.T) {
			got, err := FD(0).Read(t.Context(), iotest.OneByteReader(strings.NewReader(tt.content)))
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got.Bytes))
		})
	}
	for name, tt := range badContents {
		t.Run(name, func(t *testing.T) {
			_, err := FD(0).Read(t.Context(), strings.NewReader(tt.content))
			assertUsage(t, err, "the standard input", tt.problem)
		})
	}
}

func TestReadErrorHasNoPassphrase(t *testing.T) {
	cause := errors.New("the cable is out")
	stdin := io.MultiReader(strings.NewReader("hunter2"), iotest.ErrReader(cause))
	got, err := FD(0).Read(t.Context(), stdin)
	assert.ErrorIs(t, err, cause)
	assert.EqualError(t, err, "the cable is out")
	assert.Zero(t, got)
}

const variable = "KEYCONV_TEST_PASSPHRASE"

func TestEnv(t *testing.T) {
	for name, tt := range firstLines {
		t.Run(name, func(t *testing.T) {
			if !fitsEnvironment(tt.content) {
				return
			}
			t.Setenv(variable, tt.content)
			got, err := Env(variable).Read(t.Context(), nil)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got.Bytes))

			value, ok := os.LookupEnv(variable)
			assert.False(t, ok, "the variable is still there")
			assert.Empty(t, value)
			_, err = Env(variable).Read(t.Context(), nil)
			assertUsage(t, err, "the environment variable", "is not set")
		})
	}
}

// fitsEnvironment reports whether a variable can have the value: none holds a NUL, Linux
// ends at 128 KiB and Windows at 32, and Windows has UTF-16.
func fitsEnvironment(value string) bool {
	return !strings.ContainsRune(value, 0) && len(value) < 1<<14 &&
		(runtime.GOOS != "windows" || utf8.ValidString(value))
}

func TestEnvNames(t *testing.T) {
	for name, problem := range map[string]string{
		"":             "has a name that no variable can have",
		"A=B":          "has a name that no variable can have",
		"A\x00":        "has a name that no variable can have",
		variable + "X": "is not set",
	} {
		source := Env(name)
		_, err := source.Read(t.Context(), nil)
		assertUsage(t, err, source.String(), problem)
	}
}

// TestSecretInPlaceOfAName: no error shows it; each says what it looks like.
func TestSecretInPlaceOfAName(t *testing.T) {
	for name, looks := range map[string]string{
		"hunter2": "",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl": "the text of a key",
		strings.Repeat("c2VjcmV0", 8):               "base64, as in a key",
		"correct\nhorse":                            "several lines of text",
		strings.Repeat("very long ", 100):           "a text of 100",
	} {
		for _, source := range []Source{File(name), Env(name), Env(name + "=")} {
			_, err := source.Read(t.Context(), nil)
			require.Error(t, err)
			assert.NotContains(t, err.Error(), name)
			if looks != "" {
				assert.Contains(t, err.Error(), "what stands in the place of its name looks like "+looks)
			} else {
				assert.NotContains(t, err.Error(), "looks like")
			}
		}
	}
}

// TestLineEnd: it counts only where no text follows.
func TestLineEnd(t *testing.T) {
	for content, want := range map[string]string{
		"secret": "", "secret\n": "\n", "secret\r\n": "\r\n", "secret\r": "\r", "\n": "\n",
		"secret\n\n": "", "secret\nmore": "", "secret\r\n\r\n": "", "secret\n\r": "",
		"\xff\xfes\x00\r\x00\n\x00": "\r\n",
	} {
		got, err := FD(0).Read(t.Context(), strings.NewReader(content))
		require.NoError(t, err)
		assert.Equal(t, want, got.LineEnd, "%q", content)
	}
}

func TestNoSource(t *testing.T) {
	var none Source
	assert.False(t, none.IsSet())
	_, err := none.Read(t.Context(), strings.NewReader("secret"))
	assert.EqualError(t, err, "no source of a passphrase")
	for _, s := range []Source{File(""), Env(""), FD(0), FD(-1)} {
		assert.True(t, s.IsSet())
	}
}

func TestSourcesCompare(t *testing.T) {
	one, same := File("a"), File("a")
	assert.True(t, one == same)
	assert.False(t, File("a") == Env("a"))
	assert.False(t, FD(0) == FD(3))
	assert.False(t, FD(0) == Source{})
}

// TestReadEndsWithTheContext: nothing is ever written to the pipe.
func TestReadEndsWithTheContext(t *testing.T) {
	reader, writer := io.Pipe()
	defer func() { assert.NoError(t, writer.Close()) }()
	ctx, cancel := context.WithCancel(t.Context())
	stdin := readSignal{reader, cancel}
	_, err := FD(0).Read(ctx, stdin)
	assert.ErrorIs(t, err, context.Canceled)

	_, err = FD(0).Read(ctx, strings.NewReader("secret"))
	assert.ErrorIs(t, err, context.Canceled)
}

// readSignal calls onRead as soon as a read begins.
type readSignal struct {
	io.Reader
	onRead func()
}

func (r readSignal) Read(p []byte) (int, error) {
	r.onRead()
	return r.Reader.Read(p)
}

// TestBufferIsCleared holds on to the memory that Read reads into.
func TestBufferIsCleared(t *testing.T) {
	spy := &bufferSpy{text: "secret\nand more"}
	got, err := FD(0).Read(t.Context(), spy)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(got.Bytes))
	assert.Equal(t, make([]byte, len(spy.buf)), spy.buf)
}

type bufferSpy struct {
	text string
	buf  []byte
}

func (s *bufferSpy) Read(p []byte) (int, error) {
	if s.buf != nil {
		return 0, io.EOF
	}
	s.buf = p
	return copy(p, s.text), nil
}
