//go:build !windows

package clipboard

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// patience is how long a program may take, since the desktop that it talks to may be dead.
const patience = 10 * time.Second

// linger is how long a program that has ended is waited for: those of X11 and Wayland leave
// a process behind, which holds the text until another program copies one.
const linger = time.Second

// programs take the text from standard input, and are tried in this order.
var programs = []struct {
	name  string
	args  []string
	needs string // the environment variable without which it cannot work; "" for none
	env   string // what has to be in its environment; "" for nothing
	wide  bool   // whether it takes what is not ASCII in UTF-16
}{
	{name: "pbcopy", env: "LC_CTYPE=UTF-8"}, // macOS, where it takes Mac OS Roman otherwise
	{name: "wl-copy", needs: "WAYLAND_DISPLAY"},
	{name: "xclip", args: []string{"-selection", "clipboard"}, needs: "DISPLAY"},
	{name: "xsel", args: []string{"--clipboard", "--input"}, needs: "DISPLAY"},
	{name: "clip.exe", wide: true}, // of Windows, in WSL
}

// Copy puts a text on the clipboard. It returns a *NoneError where nothing can.
func Copy(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var failed error
	none := &NoneError{}
	for _, p := range programs {
		if p.needs != "" && os.Getenv(p.needs) == "" {
			continue
		}
		path, err := exec.LookPath(p.name)
		if err != nil {
			if p.needs != "" {
				none.Programs = append(none.Programs, p.name)
			}
			continue
		}
		given := text
		if p.wide && strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
			if given, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text); err != nil {
				return err
			}
		}
		cmd := exec.CommandContext(ctx, path, p.args...)
		cmd.Stdin, cmd.WaitDelay = strings.NewReader(given), linger
		if p.env != "" {
			cmd.Env = append(os.Environ(), p.env)
		}
		err = cmd.Run()
		if err == nil || errors.Is(err, exec.ErrWaitDelay) {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s does not end: %w", p.name, ctx.Err())
		}
		failed = errors.Join(failed, fmt.Errorf("%s does not reach the clipboard: %w", p.name, err))
	}
	if failed != nil {
		return failed
	}
	return none
}
