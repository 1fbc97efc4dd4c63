//go:build unix || windows

package keyfile

import "github.com/keyconv/keyconv/internal/safefile"

func replace(path string, data []byte) error {
	_, err := safefile.Replace(path, data)
	return err
}

func create(path string, data []byte) error {
	_, err := safefile.Write(path, data, safefile.Options{})
	return err
}
