//go:build !unix && !windows

package passphrase

import (
	"errors"
	"os"
)

// terminal is never there: a page in a browser asks in a way of its own.
type terminal struct{}

func openTerminal() (*terminal, error) { return nil, errors.ErrUnsupported }

func (*terminal) close()                    {}
func (*terminal) hide() error               { return errors.ErrUnsupported }
func (*terminal) show()                     {}
func (*terminal) print(string) error        { return errors.ErrUnsupported }
func (*terminal) readLine() ([]byte, error) { return nil, errors.ErrUnsupported }

func onResume() (resumed <-chan os.Signal, stop func()) { return nil, func() {} }
