package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// pageName is the page that runs in a browser. It has no version in its name, since people
// keep it and open it again.
const pageName = "keyconv.html"

// page makes the page, which says the version and the commit of the release.
func (s source) page(ctx context.Context, opts options) (file, error) {
	fmt.Fprintln(opts.log, "build", pageName)
	made := filepath.Join(s.folder, "built", pageName)
	if err := os.MkdirAll(filepath.Dir(made), modeFolder); err != nil {
		return file{}, err
	}
	// The builder itself runs here, and sets what its own call of Go needs. It is built as the
	// program for this platform is, with which it shares most packages.
	here := s.environment(target{runtime.GOOS, runtime.GOARCH})
	_, err := command(ctx, s.folder, here, "go", "run", "-trimpath", "-mod=readonly", "./scripts/page",
		"-o", made, "-version", opts.version.Tag(), "-commit", s.commit)
	if err != nil {
		return file{}, err
	}
	data, err := os.ReadFile(made)
	return file{pageName, modeFile, data}, err
}
