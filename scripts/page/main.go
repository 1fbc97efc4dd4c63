// Command page makes keyconv.html: keyconv as one file that runs in a browser and cannot
// send anything, and the package for npm. It needs only Go, and the same source gives the
// same bytes in any folder. docs/page.md and web/README.md say what is in the file.
//
//	go run ./scripts/page -o keyconv.html
//	go run ./scripts/page -npm folder
//	go run ./scripts/page -extract keyconv.html >keyconv.wasm
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}

var harmless = regexp.MustCompile(`^[\w.+-]*$`)

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("page", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var b build
	output := flags.String("o", "", "write the page to this `file`")
	npm := flags.String("npm", "", "write the package for npm into this `folder`")
	extract := flags.String("extract", "", "print the program in the page of this `file`")
	flags.StringVar(&b.Version, "version", "", "the `version`, such as v1.2.3")
	flags.StringVar(&b.Commit, "commit", "", "the `commit` that it is made from")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// Both become part of a list of flags for the linker.
	for _, text := range []string{b.Version, b.Commit} {
		if !harmless.MatchString(text) {
			return fmt.Errorf("%q is not a version or a commit", text)
		}
	}
	if *extract != "" {
		program, err := extracted(*extract)
		if err == nil {
			_, err = stdout.Write(program)
		}
		return err
	}
	if *output == "" && *npm == "" {
		return errors.New("what to make? -o keyconv.html, or -npm folder")
	}
	program, err := b.compile()
	if err != nil {
		return err
	}
	if *output != "" {
		page, err := b.page(program)
		if err == nil {
			err = os.WriteFile(*output, page, 0o644)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(stderr, "%s: %d bytes; its program has %d, SHA-256 %s\n", *output, len(page), len(program), b.Wasm)
	}
	if *npm != "" {
		return b.npm(program, *npm)
	}
	return nil
}
