package keyfile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// Read returns the content of a regular file. It returns an *sshkey.LimitError for more than
// [sshkey.MaxFileSize] bytes, which it does not read, and an *fs.PathError otherwise: for a
// folder, a pipe or a device too, as those can keep a program waiting.
func Read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// A buffer that grows would leave parts of the key behind, so it has room for all.
	data := make([]byte, min(info.Size(), sshkey.MaxFileSize)+1)
	n, err := io.ReadFull(file, data)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return data[:n], nil
	case err != nil:
		return nil, err
	case n > sshkey.MaxFileSize:
		return nil, quote.InPackage("keyfile", &sshkey.LimitError{
			Kind: sshkey.LimitFileSize, What: "file size in bytes", Value: uint64(max(info.Size(), int64(n))), Max: sshkey.MaxFileSize,
		})
	}
	return nil, &fs.PathError{Op: "read", Path: path, Err: errGrows}
}

var (
	errNotRegular = errors.New("not a regular file")
	errGrows      = errors.New("the file grows while it is read")
)

// Parse reads a private key of any format from a file, mended where the options ask for it.
// It is [Read] and [keyconv.ParseContext], whose errors it returns.
func Parse(ctx context.Context, path string, opts *keyconv.ParseOptions) (*sshkey.Key, error) {
	data, err := Read(path)
	if err != nil {
		return nil, err
	}
	defer clear(data)
	return keyconv.ParseContext(ctx, data, opts)
}
